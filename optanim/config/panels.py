"""The panels of a run, and whether they can show its surfaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, get_type_hints

from optanim.config.varied_key import KeyMap
from optanim.config.yaml_nodes import KeyPath
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Chosen
from optanim.schema.view import View
from optanim.surfaces import Needs, Surface

MAP_PANELS = ("basins", "map")
"""The panels that are outcome maps of one optimizer: each of their cells is a trial."""


def default_panels(surface: Surface | None, *, map: bool = False) -> tuple[Chosen, ...]:
    """The panels of a config that has none.

    Args:
        surface: of the run; None if it is unknown.
        map: whether the config has a map of two keys.
    """
    if map:
        return (Chosen(catalogue("panels")["map"]),)
    if not surface:
        return ()
    names = ["curve" if surface.dimensions == 1 else "contour"]
    if surface.data:
        names.append("fit")
    return tuple(Chosen(catalogue("panels")[name]) for name in names)


def panel_problems(
    panels: Sequence[Chosen],
    surface: Surface | None,
    trial_surfaces: Sequence[Surface | None],
    *,
    grid: bool = False,
    map: bool = False,
) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the problems of panels: a message, its path in the config, and a line of help.

    Args:
        panels: panels of the run.
        surface: surface of the run; None if it is unknown.
        trial_surfaces: surface of each trial, which may be its own; None if it is unknown.
        grid: whether there is a panel for each optimizer.
        map: whether the config has a map of two keys.
    """
    yield from _map_problems(panels, map=map)
    for i, panel in enumerate(panels):
        of, needs = panel.options.get("of"), needs_of(panel.entry)
        if of is not None and of > len(trial_surfaces):
            message = f"of: there is no optimizer {of}, the run has {len(trial_surfaces)}"
            yield message, ("panels", i, "of"), "optimizers are counted from 1"
            continue
        if panel.entry.name in MAP_PANELS and not of and len(trial_surfaces) > 1 and not grid:
            message = f"{panel.entry.name} shows one optimizer, the run has {len(trial_surfaces)}"
            yield message, ("panels", i), "of: 1 shows the first; layout: grid has a panel for each"
            continue
        shown = trial_surfaces[of - 1] if of else surface
        if not surface or not shown:
            continue
        if reason := needs.mismatch(shown):
            entries = catalogue("panels").values()
            usable = ", ".join(e.name for e in entries if not needs_of(e).mismatch(surface))
            yield f"{panel.entry.name} {reason}", ("panels", i), f"panels that can: {usable}"
        elif needs.dimensions and not of and not any(own is surface for own in trial_surfaces):
            message = f"{panel.entry.name} shows the run's surface, but no optimizer is on it"
            yield message, ("panels", i), "of: 1 shows the surface of the first optimizer"


def zoom_problems(
    panels: Sequence[Chosen], view: View, map: KeyMap | None, surface: Surface
) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the problems of a zoom that its panels cannot show.

    Args:
        panels: panels of the run.
        view: the section `view`.
        map: the keys of the panel `map`; None without.
        surface: of the run.
    """
    if view.zoom is None:
        return
    for i, panel in enumerate(panels):
        if panel.entry.name not in MAP_PANELS:
            message = f"view.zoom is a film of maps, and {panel.entry.name} is none"
            yield message, ("panels", i), f"maps are: {', '.join(MAP_PANELS)}"
    sides = [(side.low, side.high) for side in (map.x, map.y)] if map else [view.x, view.y]
    if not map and not surface.guessed:
        # The window of a surface without a stated domain follows from the trial.
        sides = [own or side for own, side in zip(sides, surface.domain, strict=False)]
    for name, to, side in zip("xy", view.zoom.to, sides, strict=True):
        if side and not side[0] < to < side[1]:
            message = f"view.zoom.to: {to:g} is not on the axis {name}"
            yield message, ("view", "zoom", "to"), f"from {side[0]:g} to {side[1]:g}"


def _map_problems(panels: Sequence[Chosen], *, map: bool) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the problems of a panel `map` without keys, or of keys without a panel."""
    shown = [i for i, panel in enumerate(panels) if panel.entry.name == "map"]
    help = "map: {x: optimizer.lr, y: optimizer.momentum}, for example"
    if shown and not map:
        yield "the panel map needs the keys of a map", ("panels", shown[0]), help
    if map and not shown:
        yield "no panel shows the map", ("map",), "panels: [map], or leave out one of them"


def rate_problems(
    panels: Sequence[Chosen], optimizers: Sequence[Chosen]
) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the problems of panels of learning rates, as `panel_problems` does.

    Args:
        panels: panels of the run.
        optimizers: of its trials.
    """
    for i, panel in enumerate(panels):
        of = panel.options.get("of")
        shown = optimizers if of is None else optimizers[of - 1 : of]
        if panel.entry.name == "schedule" and not any("lr" in c.entry.options for c in shown):
            names = ", ".join(dict.fromkeys(chosen.entry.name for chosen in shown))
            message = f"schedule shows learning rates, and {names} has none"
            if shown:
                yield message, ("panels", i), "the panel loss, or rates, is for any optimizer"


def needs_of(entry: Entry) -> Needs:
    """The requirements of a panel, from the annotated type of its scene."""
    annotations = {"scene": entry.function.__annotations__.get("scene", Any)}
    hint = get_type_hints(
        SimpleNamespace(__annotations__=annotations),
        getattr(entry.function, "__globals__", {}),
        include_extras=True,
    )["scene"]
    metadata = getattr(hint, "__metadata__", ())
    return next((item for item in metadata if isinstance(item, Needs)), Needs())
