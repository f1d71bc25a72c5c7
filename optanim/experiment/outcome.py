"""The account of a trial: what became of it, as facts that a sentence or a table can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from optanim.experiment.simulate import Trajectory
from optanim.surfaces import Array, Surface, Window, comparable, off_map

WITHIN = 0.01
"""Settled is within such a part of the start's distance: three pixels of a figure."""

NOTICEABLE = 0.1
"""From such a part of the start's distance on, an overshoot is seen."""

STAY = 5
"""So many more steps it must stay: what only rolls through has not settled."""

Status = Literal["arrived", "left", "resting", "cycling", "moving", "diverged"]


@dataclass(frozen=True)
class Outcome:
    """What a trial of d parameters came to.

    Distances are Euclidean, in the parameters' own units; where one side of the surface's domain
    is more than three times the other, the shorter is stretched to the longer first, and
    distances are in units of that. The start's distance is that from `minimum`; from a start
    there, half the diagonal of the domain.

    Attributes:
        status: the first of these that is true.
            "diverged": a point or loss was not finite; at step `since`.
            "arrived": from step `since` on within `within` of `minimum`, for five more steps at
            least, or for half of a trial of fewer than ten.
            "left": outside the frame from step `since` on, and inside before.
            "resting": the last quarter of the steps is less than a hundredth of the path, and so
            would be all that follows, if each quarter shrank as this one did from the one before:
            what creeps along a valley does not rest. From step `since` on it is within a hundredth
            of the path's length of the end.
            "cycling": the last quarter is at least a tenth of the path, comes back (its ends are
            no farther apart than a quarter of its length), and is never farther from its middle
            than the start is. It need not be exact, nor for ever: it is a swing that lasts.
            "moving": anything else.
        since: the step at which that began; None for "cycling" and "moving".
        steps: updates walked.
        start: (d,), the first point.
        end: (d,), the last point; finite, also of a trial that diverged.
        loss: at the end.
        minimum: (d,), the known minimum nearest to the end; None where none is known.
        distance: from the end to it; None without it.
        within: the tolerance of "arrived"; None without a minimum.
        overshoots: how often it passes the minimum and goes on for a tenth of the start's
            distance, as seen along the line from the start to the minimum: the sign changes of
            that coordinate, each counted once it is so large; before the frame is left. None
            without a minimum.
        around: (d,), the middle of a cycle; the minimum, where it is within a tenth of the
            start's distance of that. None without a cycle.
        length: of the path, in the parameters' own units.
    """

    status: Status
    since: int | None
    steps: int
    start: tuple[float, ...]
    end: tuple[float, ...]
    loss: float
    minimum: tuple[float, ...] | None
    distance: float | None
    within: float | None
    overshoots: int | None
    around: tuple[float, ...] | None
    length: float


@np.errstate(all="ignore")  # a trial that diverges may be farther away than numbers go
def measure_outcome(
    trajectory: Trajectory,
    surface: Surface,
    *,
    within: float | None = None,
    frame: Window | None = None,
) -> Outcome:
    """What a trial came to.

    Args:
        trajectory: the trial.
        surface: where it walked.
        within: how near to a minimum is there; by default a hundredth of the start's distance.
        frame: the window that is seen, a (low, high) for each parameter; by default the map of
            `optanim.scene.viewport`, half as large again as the domain.
    """
    points, last = trajectory.points, trajectory.steps
    stretch = _stretch(surface)
    path = points * stretch
    off = off_map(points, np.array(surface.domain)) if frame is None else _outside(points, frame)
    left = _since(off) or None  # 0: it was never in the frame
    if not surface.minima:
        minimum, away, reach, overshoots, settled = None, None, 0.0, None, None
    else:
        minimum = min(
            surface.minima,
            key=lambda m: float(_norm(path[:, -1] - np.array(m) * stretch[:, 0])),
        )
        m = np.array(minimum)[:, None] * stretch
        away = _norm(path - m)
        sides = np.ptp(np.array(surface.domain), axis=1) * stretch[:, 0]
        reach = float(away[0]) or float(_norm(sides)) / 2
        within = WITHIN * reach if within is None else within
        overshoots = _overshoots((path - m)[:, : None if left is None else left + 1])
        settled = _since(away <= within)
        if settled is not None and last - settled < min(STAY, last // 2):
            settled = None
    middle = _cycle(path)
    status: Status = "moving"
    since = None
    if trajectory.status == "diverged":
        status, since = "diverged", last + 1
    elif settled is not None:
        status, since = "arrived", settled
    elif left is not None:
        status, since = "left", left
    elif (rested := _rest(path)) is not None:
        status, since = "resting", rested
    elif middle is not None:
        status = "cycling"
    around = None
    if status == "cycling" and middle is not None:
        around = tuple((middle / stretch[:, 0]).tolist())
        if minimum and _norm(middle - m[:, 0]) <= NOTICEABLE * reach:
            around = minimum
    return Outcome(
        status=status,
        since=since,
        steps=last,
        start=tuple(points[:, 0].tolist()),
        end=tuple(points[:, -1].tolist()),
        loss=float(trajectory.values[-1]),
        minimum=minimum,
        distance=None if away is None else float(away[-1]),
        within=within if minimum else None,
        overshoots=overshoots,
        around=around,
        length=float(_lengths(points).sum()),
    )


def _stretch(surface: Surface) -> Array:
    """What each parameter is multiplied by, (d, 1), before distances are measured."""
    sides = np.ptp(np.array(surface.domain, dtype=np.float64), axis=1, keepdims=True)
    return np.ones_like(sides) if comparable(sides[:, 0]) else sides.max() / sides


def _since(true: npt.NDArray[np.bool_]) -> int | None:
    """From where on all are true, to the end; None if the last is not."""
    false = np.flatnonzero(~true)
    since = int(false[-1]) + 1 if len(false) else 0
    return since if since < len(true) else None


def _outside(points: Array, frame: Window) -> npt.NDArray[np.bool_]:
    low, high = np.array(frame).T[:, :, None]
    return np.asarray(((points < low) | (points > high)).any(axis=0))


def _norm(vectors: Array) -> Array:
    """Euclidean lengths of vectors (d, …), also of those whose squares are no numbers."""
    size = np.abs(vectors).max(axis=0)
    return np.asarray(size * np.linalg.norm(vectors / np.where(size > 0, size, 1), axis=0))


def _lengths(path: Array) -> Array:
    return _norm(np.diff(path, axis=1))


def _overshoots(path: Array) -> int:
    """How often a path (d, T + 1), the minimum at 0, passes it by a tenth of its first distance."""
    size = np.abs(path[:, 0]).max()
    if not size:
        return 0
    # In units of the start: squares of what is tiny would vanish.
    start = path[:, 0] / size
    along = start @ (path / size) / (start @ start)
    count, side = 0, 1
    for beyond in along[np.abs(along) >= NOTICEABLE]:
        if beyond * side < 0:
            count, side = count + 1, -side
    return count


def _quarter(path: Array) -> int:
    """How many steps are the last quarter of a path (d, T + 1)."""
    return max(1, (path.shape[1] - 1) // 4)


def _rest(path: Array) -> int | None:
    """Since when the path (d, T + 1) is as good as at its end; None if it goes on."""
    lengths, n = _lengths(path), _quarter(path)
    little = 0.01 * lengths.sum()
    last, before = lengths[-n:].sum(), lengths[-2 * n : -n].sum()
    # A geometric series of quarters: last²/before + last³/before² + …
    if last > 0 and not (last < little and last * last < little * (before - last)):
        return None
    return _since(_norm(path - path[:, -1:]) <= little)


def _cycle(path: Array) -> Array | None:
    """The middle (d,) of the swing that the path (d, T + 1) ends in; None if it ends in none."""
    part = path[:, -_quarter(path) - 1 :]
    middle, length = (part.min(axis=1) + part.max(axis=1)) / 2, _lengths(part).sum()
    lasts = length >= 0.1 * _lengths(path).sum()
    comes_back = _norm(part[:, -1] - part[:, 0]) <= 0.25 * length
    # Wider than the start is no cycle: that is how divergence begins.
    reach = _norm(path[:, 0] - middle) * (1 + 1e-9)
    bounded = _norm(part - middle[:, None]).max() <= reach
    return middle if lasts and comes_back and bounded else None
