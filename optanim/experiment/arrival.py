"""How near trials come to the known minima, and whether they stay there.

The numbers are those of docs/words.md; a test compares both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from optanim.experiment.divergence import NEVER, norm
from optanim.experiment.motion import HALF_WAY, Flags, true_from
from optanim.surfaces import Array, Surface, similar_sides

ARRIVAL_TOLERANCE = 0.01
"""The default of `within`, as a part of the start's distance: three pixels of a figure."""

DOMAIN_TOLERANCE = 0.01
"""The largest default of `within`, as a part of the diagonal of the domain."""

LOSS_TOLERANCE = 0.02
"""The part of the start's loss that a trial that arrived may have, both above the minimum's."""

MIN_STEPS_AFTER_ARRIVAL = 5
"""A trial must stay for this number of steps: one that only passes the minimum has not arrived."""

STILL_GRADIENT = 1e-6
"""The part of the start's gradient that counts as none where an optimizer ended by itself."""


@dataclass(frozen=True)
class Arrivals:
    """The approach of R trials to the known minimum nearest to the end of each; see `Outcome`.

    Attributes:
        minimum: (R,), the index of that minimum in `surface.minima`.
        start_distance: (R,), from the first point, or half the diagonal of the domain.
        end_distance: (R,), from the last point.
        within: (R,), the tolerance, in lengths that are stretched by `axis_scales` unless stated.
        near: (R,), the step from which on each stays within `within`, or `NEVER`.
        agrees: (R,), whether the loss at the end agrees with that.
    """

    minimum: npt.NDArray[np.int64]
    start_distance: Array
    end_distance: Array
    within: Array
    near: npt.NDArray[np.int64]
    agrees: Flags

    @property
    def arrived(self) -> Flags:
        """Which trials have arrived, (R,)."""
        return (self.near != NEVER) & self.agrees


def arrivals(
    points: Array, losses: Array, surface: Surface, *, within: float | None, stays: Flags
) -> Arrivals:
    """The approach of R trials to the known minima of a surface that has one or more.

    Args:
        points: (d, T + 1, R).
        losses: (T + 1, R).
        surface: that they minimize.
        within: the tolerance; None for the default.
        stays: (R,), which trials would stay where they ended, however many steps they had.
    """
    scales = axis_scales(surface)[:, None]
    minima = np.array(surface.minima).T
    nearest = norm(minima[:, :, None] - points[:, None, -1]).argmin(axis=0)
    offsets = points - minima[:, None, nearest]
    distances = norm(offsets)
    sides = np.ptp(np.array(surface.domain), axis=1)
    apart, tolerance = distances, np.full(len(nearest), np.nan if within is None else within)
    if within is None:
        # A slope of 0.4 is not negligible beside an intercept of 400.
        apart = distances if (scales == 1).all() else norm(offsets * scales[..., None])
        diagonal = float(norm(sides * scales[:, 0]))
        gaps = norm((minima[:, :, None] - minima[:, None]) * scales[..., None])
        np.fill_diagonal(gaps, np.inf)
        tolerance = np.minimum(
            ARRIVAL_TOLERANCE * _or_half(apart[0], diagonal),
            np.minimum(DOMAIN_TOLERANCE * diagonal, HALF_WAY * gaps.min(axis=0)[nearest]),
        )
    last = len(losses) - 1
    near = true_from(apart <= tolerance)
    least = np.where(stays, 0, min(MIN_STEPS_AFTER_ARRIVAL, last // 2))
    lowest = np.broadcast_to(surface.value(minima), minima.shape[1:])[nearest]
    agrees = (
        (apart[0] <= tolerance) | ~np.isfinite(lowest)
        | (losses[-1] - lowest <= LOSS_TOLERANCE * np.maximum(losses[0] - lowest, 0))
    )  # fmt: skip
    return Arrivals(
        minimum=nearest,
        start_distance=_or_half(distances[0], float(norm(sides))),
        end_distance=distances[-1],
        within=tolerance,
        near=np.where((near > last) | (last - near < least), NEVER, near),
        agrees=agrees if within is None else np.ones_like(agrees),
    )


def are_still(surface: Surface, starts: Array, ends: Array) -> Flags:
    """Whether R optimizers that ended by themselves did so where there is no gradient, (R,).

    Then they would stay, however many steps they had, as those that a rule of `stop` ended. The end
    of a recording alone says nothing: that may be just passing.

    Args:
        surface: that they minimize.
        starts: (d, R).
        ends: (d, R).
    """
    first, last = (
        np.linalg.norm(np.broadcast_to(surface.gradient(points), points.shape), axis=0)
        for points in (starts, ends)
    )
    return np.isfinite(first) & np.isfinite(last) & (last <= STILL_GRADIENT * first)


def _or_half(distances: Array, diagonal: float) -> Array:
    """Distances (R,), with half of a diagonal in place of 0."""
    return np.where(distances == 0, diagonal / 2, distances)


def axis_scales(surface: Surface) -> Array:
    """The factor of each parameter, (d,), that gives all sides of the domain the same length.

    It is 1 for each if the sides are comparable.
    """
    sides = np.ptp(np.array(surface.domain, dtype=np.float64), axis=1)
    return np.ones_like(sides) if similar_sides(sides) else sides.max() / sides
