"""More than a point: what an optimizer may yield beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from optanim.errors import quoted
from optanim.surfaces import Array

CrowdKind = Literal["simplex", "generation", "proposals"]
"""What the points of a crowd are: corners of a polygon, samples, or points that were refused."""


@dataclass(frozen=True, slots=True)
class State:
    """A point with what the optimizer holds beside it, after an update.

    Claims, tables and alt texts are about the point, which represents the rest.

    Attributes:
        point: (d,), the representative, such as the best corner or the mean.
        crowd: (d, n), the other points of this step; n may change from step to step.
        kind: what the crowd is: the corners of a "simplex", a "generation" of samples, or
            "proposals" that were refused.
        shape: (d, d), symmetric and positive definite: a covariance, an inverse Hessian, or r²·I
            for a region of radius r. It is drawn as the ellipse
            {p : (p − point)ᵀ shape⁻¹ (p − point) = 1}.
        mean: (d,), the point of a second path, such as an average of the points.
        initial: whether this is the state at the start, before the first update. Only the first
            state that an optimizer yields may be one, and its point is the start.

    Raises:
        ValueError: an array has the wrong shape, or there is no such kind.
    """

    point: Array
    crowd: Array | None = None
    kind: CrowdKind = "generation"
    shape: Array | None = None
    mean: Array | None = None
    initial: bool = False

    def __post_init__(self) -> None:
        d = len(self.point)
        if self.kind not in get_args(CrowdKind):
            kinds = ", ".join(get_args(CrowdKind))
            raise ValueError(f"the kind of a crowd must be one of {kinds}, got {quoted(self.kind)}")
        if self.crowd is not None and (self.crowd.ndim != 2 or len(self.crowd) != d):
            raise ValueError(f"a crowd must have shape ({d}, n), got {self.crowd.shape}")
        if self.shape is not None and self.shape.shape != (d, d):
            raise ValueError(f"a shape must be ({d}, {d}), got {self.shape.shape}")
        if self.mean is not None and self.mean.shape != self.point.shape:
            raise ValueError(f"a mean must have shape {self.point.shape}, got {self.mean.shape}")
