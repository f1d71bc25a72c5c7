"""The imports of a worker process, done before its first task; see `pipeline.batch`."""

from __future__ import annotations

import gc
from contextlib import suppress

# Imports make no garbage. Processes that are forked from this one never collect these objects.
gc.set_threshold(50_000)

from optanim.drawing.documentation import do_without_documentation  # noqa: E402
from optanim.drawing.isolation import isolated_import  # noqa: E402
from optanim.errors import ConfigError  # noqa: E402
from optanim.pipeline import jobs  # noqa: E402, F401
from optanim.schema.catalogue import catalogue  # noqa: E402

do_without_documentation()
with isolated_import():
    from optanim.drawing import painter  # noqa: F401

    for _kind in ("panels", "formats", "languages"):
        for _name in catalogue(_kind):
            with suppress(ConfigError):  # whoever chooses it is told
                catalogue(_kind)[_name].options  # noqa: B018

gc.freeze()
