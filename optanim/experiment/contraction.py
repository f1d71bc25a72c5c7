"""The contraction of trajectories: the factor of the distance to a minimum in an update."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from optanim.surfaces import Array, Surface

NO_DISTANCE = 1e-12
"""The part of the start's distance below which rounding decides what is left of it."""


@np.errstate(all="ignore")  # the coordinates of a trial that diverges may overflow
def contraction_rates(
    points: Array, steps: npt.NDArray[np.int64], surface: Surface, shown: Sequence[int]
) -> Array:
    """The factor by which the distance to a known minimum changes in an update, (F, R).

    It is exp of the slope of log ‖w(t) − w*‖, fitted to the second half of the steps up to a shown
    step by least squares: an ellipse of the way in is averaged out. Where the distance has fallen
    to the rounding of numbers, only the steps before count. NaN before three steps.

    Args:
        points: (d, T + 1, R), NaN after the last point of each.
        steps: the number of updates of each, (R,).
        surface: with known minima; that nearest to the end counts.
        shown: F steps.
    """
    count = points.shape[2]
    ends = points[:, steps, np.arange(count)]
    minima = np.array(surface.minima).T
    nearest = np.linalg.norm(minima[:, :, None] - ends[:, None], axis=0).argmin(axis=0)
    distances = np.linalg.norm(points - minima[:, None, nearest], axis=0)
    gone = ~(distances > NO_DISTANCE * distances[0]) | ~np.isfinite(distances)
    first_gone = np.where(gone.any(axis=0), gone.argmax(axis=0), len(gone))
    logs = np.where(gone, 0.0, np.log(distances))
    times = np.arange(len(logs), dtype=np.float64)[:, None]
    zero = np.zeros((1, count))
    # Sums up to a step, without it: the sums of any window are differences of them.
    sums = np.concatenate([zero, logs.cumsum(axis=0)])
    moments = np.concatenate([zero, (times * logs).cumsum(axis=0)])
    rates = np.full((len(shown), count), np.nan)
    for i, step in enumerate(shown):
        last = np.minimum(step, first_gone - 1)
        first = (last + 1) // 2
        n = last - first + 1
        total, moment = (
            (table[last + 1, np.arange(count)] - table[first, np.arange(count)])
            for table in (sums, moments)
        )
        middle = (first + last) / 2
        slope = (moment - middle * total) / (n * (n * n - 1.0) / 12)
        rates[i] = np.where(n >= 2, np.exp(slope), np.nan)
        # At once: the whole fall is all that is known.
        fell = (n < 2) & (first_gone > 0) & (first_gone <= np.minimum(step, steps))
        rates[i] = np.where(fell, NO_DISTANCE ** (1 / np.maximum(first_gone, 1)), rates[i])
    return rates
