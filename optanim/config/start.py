"""The start of a trial: a point where its surface has a value and a gradient."""

from __future__ import annotations

import numpy as np

from optanim.config.problems import KeyPath, Report
from optanim.errors import did_you_mean, quoted
from optanim.surfaces import Surface


def start_of(
    start: list[float] | dict[str, float], path: KeyPath, surface: Surface, report: Report
) -> tuple[float, ...] | None:
    """The point (d,) of a start; None if it has a problem.

    Args:
        start: numbers in the order of the axes, or by name of the axis.
        path: path of the start in the config.
        surface: surface of the trial.
        report: called with each problem.
    """
    axes = ", ".join(surface.axes)
    if isinstance(start, dict):
        unknown = [name for name in start if name not in surface.axes]
        for name in unknown:
            help = did_you_mean(name, surface.axes, "axes")
            report(f"the surface has no axis {quoted(name)}", (*path, name), help, True)
        if missing := [name for name in surface.axes if name not in start]:
            report(f"start lacks {', '.join(missing)}", path)
        if unknown or missing:
            return None
        start = [start[name] for name in surface.axes]
    if len(start) != surface.dimensions:
        report(f"start has {len(start)} numbers, the surface has the axes {axes}", path)
        return None
    point = np.array(start, dtype=np.float64)
    with np.errstate(all="ignore"):
        finite = np.isfinite(surface.value(point)) and np.isfinite(surface.gradient(point)).all()
    if not finite:
        report(f"the surface has no finite value and gradient at {quoted(start)}", path)
        return None
    return tuple(float(number) for number in start)
