"""What an optimizer holds beside its points, as arrays over the steps of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from optanim.optimizers import CrowdKind, State
from optanim.surfaces import Array


@dataclass(frozen=True)
class Beside:
    """The crowds, shapes and means of a trial of d coordinates and T updates.

    Each is None if no state has one; a step without one is NaN.

    Attributes:
        crowd: (d, n, T + 1), where n is the largest number of points of a step.
        crowd_kind: what the crowd is.
        shapes: (d, d, T + 1).
        means: (d, T + 1).
    """

    crowd: Array | None = None
    crowd_kind: CrowdKind | None = None
    shapes: Array | None = None
    means: Array | None = None


def beside_points(states: Mapping[int, State], count: int) -> Beside:
    """The crowds, shapes and means of the first `count` steps, from the start (step 0) on.

    Raises:
        ValueError: the crowds are of more than one kind.
    """
    states = {step: state for step, state in states.items() if step < count}
    if not states:
        return Beside()
    d = len(next(iter(states.values())).point)
    crowds = {step: s.crowd for step, s in states.items() if s.crowd is not None}
    shapes = {step: s.shape for step, s in states.items() if s.shape is not None}
    means = {step: s.mean for step, s in states.items() if s.mean is not None}
    kinds = sorted({states[step].kind for step in crowds})
    if len(kinds) > 1:
        raise ValueError(
            f"the crowds of an optimizer must be of one kind, got {' and '.join(kinds)}"
        )
    size = max((crowd.shape[1] for crowd in crowds.values()), default=0)
    crowd = _filled((d, size, count), crowds)
    return Beside(
        crowd=crowd,
        crowd_kind=kinds[0] if kinds else None,
        shapes=_filled((d, d, count), shapes),
        means=_filled((d, count), means),
    )


def _filled(shape: tuple[int, ...], arrays: Mapping[int, Array]) -> Array | None:
    """An array of NaN with the arrays at their steps, the last axis; None if there are none."""
    if not arrays:
        return None
    filled = np.full(shape, np.nan)
    for step, array in arrays.items():
        index: tuple[Any, ...] = (*map(slice, array.shape), step)
        filled[index] = array
    return filled
