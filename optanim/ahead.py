"""What a process that renders needs, imported before it is known what: see `optanim.batch.crew`."""

from __future__ import annotations

from optanim import alt, jobs  # noqa: F401
from optanim.catalogue import catalogue
from optanim.drawing import undisturbed

with undisturbed():
    from optanim import paint  # noqa: F401

    for _kind in ("panels", "formats", "languages"):
        for _entry in catalogue(_kind).values():
            _entry.options  # noqa: B018
