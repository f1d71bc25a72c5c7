"""What a process that renders needs, imported before it is known what: see `optanim.batch.crew`."""

from __future__ import annotations

import gc

# What imports make is no garbage. Processes that are forked from this one never look through it.
gc.set_threshold(50_000)

from optanim import alt, jobs  # noqa: E402, F401
from optanim.catalogue import catalogue  # noqa: E402
from optanim.drawing import undisturbed  # noqa: E402

with undisturbed():
    from optanim import paint  # noqa: F401

    for _kind in ("panels", "formats", "languages"):
        for _entry in catalogue(_kind).values():
            _entry.options  # noqa: B018

gc.freeze()
