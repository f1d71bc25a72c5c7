"""The panels of a run: those that were asked for, if they can show its surface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, get_type_hints

from optanim.config.problems import KeyPath
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Chosen
from optanim.surfaces import Needs, Surface


def default(surface: Surface) -> tuple[Chosen, ...]:
    """What is drawn of a surface if nothing is said."""
    names = ["curve" if surface.dimensions == 1 else "contour"]
    if surface.data:
        names.append("fit")
    return tuple(Chosen(catalogue("panels")[name]) for name in names)


def unfit(
    panels: Sequence[Chosen], surface: Surface, theirs: Sequence[Surface]
) -> Iterator[tuple[str, KeyPath, str]]:
    """What is wrong with panels: a message, its path in the config, a line of help.

    Args:
        panels: what is drawn.
        surface: the run's.
        theirs: that of each optimizer, which may be its own.
    """
    for i, panel in enumerate(panels):
        of, needs = panel.options.get("of"), _needs(panel.entry)
        if of is not None and of > len(theirs):
            message = f"of: there is no optimizer {of}, the run has {len(theirs)}"
            yield message, ("panels", i, "of"), "they are counted from 1"
            continue
        if lacks := needs.lacks(theirs[of - 1] if of else surface):
            able = [e.name for e in catalogue("panels").values() if not _needs(e).lacks(surface)]
            yield (
                f"{panel.entry.name} {lacks}",
                ("panels", i),
                f"panels that can: {', '.join(able)}",
            )
        elif needs.dimensions and not of and not any(own is surface for own in theirs):
            message = f"{panel.entry.name} shows the run's surface, and no optimizer is on it"
            yield message, ("panels", i), "of: 1 shows the first optimizer's own"


def _needs(entry: Entry) -> Needs:
    """What the annotated type of a panel's scene asks of a surface."""
    annotations = {"scene": entry.function.__annotations__.get("scene", Any)}
    hint = get_type_hints(
        SimpleNamespace(__annotations__=annotations),
        getattr(entry.function, "__globals__", {}),
        include_extras=True,
    )["scene"]
    marks = [mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Needs)]
    return marks[0] if marks else Needs()
