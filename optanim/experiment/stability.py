"""The largest stable learning rate that theory gives for a quadratic."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from optanim.config.run import Trial
from optanim.experiment.outcome_map import CellAxis, MapGrid
from optanim.schema.notation import is_number
from optanim.surfaces import Array, Surface

LIMITS: Mapping[str, Callable[[Array], Array]] = {
    "gd": lambda mu: 2 + 0 * mu,
    "momentum": lambda mu: 2 * (1 + mu),
    "nesterov": lambda mu: 2 * (1 + mu) / (1 + 2 * mu),
}
"""For each optimizer the largest stable product of η and the largest curvature, for momenta μ.

Those of momentum and Nesterov are where the largest root of z² − (1 + μ − ηλ) z + μ, or of
z² − (1 + μ)(1 − ηλ) z + μ(1 − ηλ), is −1.
"""

FORMULAS = {
    "gd": r"\eta = 2/\lambda",
    "momentum": r"\eta = 2(1 + \mu)/\lambda",
    "nesterov": r"\eta = 2(1 + \mu)/\lambda(1 + 2\mu)",
}
"""The same in TeX."""

INERT_KEYS = ("start", "seed")
"""Keys that change nothing of what is stable."""

PROBES = 5
"""Points of the domain at which the Hessian is compared."""

LINE_POINTS = 200
"""Points of the line."""


def constant_hessian(surface: Surface) -> Array | None:
    """The Hessian of a quadratic, (d, d); None for a surface that is none, or not known as one."""
    if not surface.has_exact_hessian or surface.ascends:
        return None
    low, high = np.array(surface.domain, np.float64).T
    shares = np.linspace(0.03, 0.97, PROBES)
    # Not on a line of symmetry.
    points = [low + (high - low) * np.roll(np.array([s, s**2]), i)[: len(low)]
              for i, s in enumerate(shares)]  # fmt: skip
    hessians = np.array([surface.hessian(point) for point in points])
    spread = np.abs(hessians - hessians[0]).max()
    constant = bool(np.isfinite(hessians).all() and spread <= 1e-12 * np.abs(hessians[0]).max())
    return np.asarray(hessians[0]) if constant else None


def stability_line(grid: MapGrid) -> Array | None:
    """The edge of what is stable on a map of the learning rate, (2, n), in the units of its keys.

    None if the surface is no quadratic, if the optimizer has no limit in `LIMITS`, or if a key
    matters for which the limit is not known.

    Args:
        grid: of the map.
    """
    trial, axes = grid.trial, {axis.key.name: axis for axis in (grid.x, grid.y)
                               if axis.key.kind == "optimizer"}  # fmt: skip
    others = [axis for axis in (grid.x, grid.y) if axis.key.name not in ("lr", *axes)]
    hessian = constant_hessian(trial.surface)
    inert = all(axis.key.kind in INERT_KEYS for axis in others)
    if trial.name not in LIMITS or hessian is None or "lr" not in axes or not inert or trial.noise:
        return None
    other = grid.y if grid.x.key.name == "lr" else grid.x
    shares = np.linspace(0, 1, LINE_POINTS)
    along = _at(other, shares)
    numbers = {name: _number(trial, name) for name in ("momentum", "dampening", "weight_decay")}
    if other.key.kind == "optimizer":
        numbers[other.key.name] = along
    mu, dampening, decay = (numbers[name] for name in ("momentum", "dampening", "weight_decay"))
    if mu is None or decay is None or dampening is None or np.any(dampening):
        return None
    curvature = float(np.linalg.eigvalsh(hessian).max()) + decay
    if not np.all(curvature > 0):
        return None
    limits = LIMITS[trial.name](np.broadcast_to(mu, along.shape)) / curvature
    line = np.stack([limits, along] if other is grid.y else [along, limits])
    return line if np.isfinite(line).all() else None


def _at(axis: CellAxis, shares: Array) -> Array:
    """The numbers of an axis at parts of its length."""
    if axis.log:
        return np.asarray(axis.low * (axis.high / axis.low) ** shares)
    return np.asarray(axis.low + (axis.high - axis.low) * shares)


def _number(trial: Trial, name: str) -> Array | float | None:
    """An option of the optimizer of a trial; 0 if it has none, None if it is no number."""
    option = trial.chosen.entry.options.get(name)
    value = trial.chosen.options.get(name, option.default) if option else 0.0
    return float(value) if is_number(value) else None
