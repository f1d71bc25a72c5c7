"""Where a path begins: a point of its surface that has a value and a gradient."""

from __future__ import annotations

import numpy as np

from optanim.config.problems import KeyPath, Say
from optanim.errors import did_you_mean, quoted
from optanim.surfaces import Surface


def start_of(
    start: list[float] | dict[str, float], path: KeyPath, surface: Surface, say: Say
) -> tuple[float, ...] | None:
    """The point that a start says; None if something is wrong with it.

    Args:
        start: numbers in the order of the axes, or by their names.
        path: where it stands in the config.
        surface: on which it lies.
        say: told what is wrong.
    """
    axes = ", ".join(surface.axes)
    if isinstance(start, dict):
        strange = [name for name in start if name not in surface.axes]
        for name in strange:
            help = did_you_mean(name, surface.axes, "axes")
            say(f"the surface has no axis {quoted(name)}", (*path, name), help, True)
        if missing := [name for name in surface.axes if name not in start]:
            say(f"start lacks {', '.join(missing)}", path)
        if strange or missing:
            return None
        start = [start[name] for name in surface.axes]
    if len(start) != surface.dimensions:
        say(f"start has {len(start)} numbers, the surface has the axes {axes}", path)
        return None
    point = np.array(start, dtype=np.float64)
    with np.errstate(all="ignore"):
        known = np.isfinite(surface.value(point)) and np.isfinite(surface.gradient(point)).all()
    if not known:
        say(f"the surface has no finite value and gradient at {quoted(start)}", path)
        return None
    return tuple(float(number) for number in start)
