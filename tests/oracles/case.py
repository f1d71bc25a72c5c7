"""A case: an optimizer with options, and the oracle that must walk the same path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array
from tests.oracles.surfaces import COMMON, SURFACES, OracleSurface

STEPS = 200

WITHOUT_TORCH = ("cma", "optax", "pyswarms", "scipy")
"""Packages of oracles that do not need PyTorch."""


@dataclass(frozen=True)
class Case:
    """Options of an optimizer, those of its oracle, and the surfaces on which both walk.

    Attributes:
        oracle: `package.Class` or `package.function`; how it is called: `adapters.py`.
        ours: our options without `lr`.
        theirs: the oracle's options without the rate; by default the same as ours.
        on: names of `SURFACES`.
        lr: the rate, times the factor of the surface; None if the optimizer has none.
        unit: whether steps are about as long as the rate, whatever the gradient is; the surface has
            another factor for them.
        special: what the optimizer does here and simpler ones do not; "" in other cases.
        bound: largest relative difference.
        because: why the bound is not 1e-10; "" if it is.
        path: which of our points are compared: those after each update, those at which the gradient
            was computed, or those of the average.
        state: the key of the oracle's state that has its points; "" for the parameters themselves.
        shape: of the oracle's parameters; (1, 2) where it treats matrices only.
        steps: number of updates.
        inner: our inner optimizer and the class of the oracle's, which have the rate; None if the
            optimizer is around no other.
        inner_options: the options of both beside the rate.
        start: where both begin; None is the start of the surface.
    """

    oracle: str
    ours: Mapping[str, Any] = field(default_factory=dict)
    theirs: Mapping[str, Any] | None = None
    on: tuple[str, ...] = COMMON
    lr: float | None = 0.1
    unit: bool = False
    special: str = ""
    bound: float = 1e-10
    because: str = ""
    path: Literal["points", "looked", "means"] = "points"
    state: str = ""
    shape: tuple[int, ...] = (2,)
    steps: int = STEPS
    inner: tuple[str, str] | None = None
    inner_options: Mapping[str, Any] = field(default_factory=dict)
    start: tuple[float, float] | None = None

    @property
    def package(self) -> str:
        return self.oracle.partition(".")[0]

    @property
    def their_options(self) -> dict[str, Any]:
        return dict(self.ours if self.theirs is None else self.theirs)

    @property
    def installed(self) -> bool:
        """Whether the oracle can be asked here."""
        interface = () if self.package in WITHOUT_TORCH else ("torch",)
        return all(map(find_spec, (self.package, *interface)))

    def rate(self, on: str) -> dict[str, float]:
        """The option `lr` on a surface."""
        bed = SURFACES[on]
        return {} if self.lr is None else {"lr": self.lr * (bed.unit if self.unit else bed.rate)}

    def our_path(self, optimizer: str, on: str) -> Array:
        """(2, steps + 1); an optimizer that ends by itself stays at its last point."""
        bed = self._bed(on)
        function = catalogue("optimizers")[optimizer].function
        walk = partial(function, **self.ours)
        rated: dict[str, Any] = {**self.rate(on), **self.inner_options}
        if self.inner:
            rated = {"inner": partial(catalogue("optimizers")[self.inner[0]].function, **rated)}
        walk = partial(walk, **rated)
        # One update more: the gradient at the last point is asked for in the next.
        made = simulate(bed.surface(), walk, list(bed.start), steps=self.steps + 1)
        path: Array = getattr(made, self.path).copy()
        if self.path == "means" and np.isnan(path[:, 0]).all():
            path[:, 0] = bed.start  # An average without a point yet; the oracle has the start.
        return self._filled(path[:, : self.steps + 1])

    def their_path(self, on: str) -> Array:
        """(2, steps + 1), of the oracle."""
        from tests.oracles.adapters import path_of

        return self._filled(path_of(self, self._bed(on), self.rate(on)))

    def _bed(self, on: str) -> OracleSurface:
        return replace(SURFACES[on], start=self.start or SURFACES[on].start)

    def _filled(self, path: Array) -> Array:
        return np.pad(path, ((0, 0), (0, self.steps + 1 - path.shape[1])), mode="edge")


@dataclass(frozen=True)
class Property:
    """What must hold of an optimizer that no package has, by theory.

    Attributes:
        says: the property in a few words, for `optanim show`.
        deviation: measures how far the optimizer is from it, relative to what is measured.
        bound: largest deviation.
    """

    says: str
    deviation: Callable[[], float]
    bound: float = 1e-10


def difference(ours: Array, theirs: Array) -> float:
    """The largest distance of two points of a step, relative to the larger coordinate of theirs.

    Infinite if one path has fewer points than the other, or a point that is none.
    """
    if ours.shape != theirs.shape:
        return float("inf")
    apart = np.abs(ours - theirs).max(0)
    if not np.isfinite(apart).all():
        return float("inf")
    return float(np.divide(apart, np.abs(theirs).max(0), where=apart > 0, out=0 * apart).max())
