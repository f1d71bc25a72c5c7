"""The Hessian of a surface: stated, of a formula, or by differences of its gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from optanim.formulas.expression import Expression, compiled

if TYPE_CHECKING:
    from optanim.formulas.evaluation import Compiled
    from optanim.surfaces._surface import Array

STEP = float(np.finfo(np.float64).eps ** (1 / 3))
"""The step of central differences with the smallest error, relative to a coordinate above 1."""


@dataclass(frozen=True)
class Differences:
    """p (d,) -> the Hessian (d, d) there, by central differences of a gradient.

    Its relative error is about 1e-10, and it is NaN where the gradient beside p is not finite.

    Attributes:
        gradient: p (d,) -> the gradient (d,), without noise.
    """

    gradient: Callable[[Array], Array]

    def __call__(self, p: Array) -> Array:
        rows = []
        for i, step in enumerate(STEP * np.maximum(1.0, np.abs(p))):
            ahead, behind = p.astype(np.float64), p.astype(np.float64)
            ahead[i], behind[i] = p[i] + step, p[i] - step
            difference = self.gradient(ahead) - self.gradient(behind)
            rows.append(difference / (ahead[i] - behind[i]))
        matrix = np.array(rows)
        return np.asarray((matrix + matrix.T) / 2)


class OfFormula:
    """p (d,) -> the exact Hessian (d, d) of a formula there.

    Args:
        formula: of the axes.
        axes: d names, the coordinates of p.
        one_sided: whether slopes at a kink are those beside it.
    """

    def __init__(self, formula: Expression, axes: Sequence[str], *, one_sided: bool) -> None:
        self._formula, self._axes, self._one_sided = formula, axes, one_sided

    @cached_property
    def _entries(self) -> Compiled:
        # Compiled on first use: most optimizers never ask.
        seconds = self._formula.second_partials(self._axes, one_sided=self._one_sided)
        return compiled(seconds, self._axes)

    def __call__(self, p: Array) -> Array:
        return symmetric(np.array(self._entries.at(*p.tolist())))


def symmetric(entries: Array) -> Array:
    """The symmetric matrices (d, d, …) with the upper triangles (d(d + 1)/2, …), for d = 1 or 2."""
    if len(entries) == 1:
        return entries[None]
    xx, xy, yy = entries
    return np.array([[xx, xy], [xy, yy]])


@dataclass(frozen=True)
class Hessian:
    """p (d,) -> the Hessian (d, d) of a surface there, without noise and over all data.

    Attributes:
        function: the same.
        value: the loss that it belongs to. A surface with another value needs another Hessian.
    """

    function: Callable[[Array], Array]
    value: Callable[[Array], Array]

    def __call__(self, p: Array) -> Array:
        return self.function(p)

    @property
    def exact(self) -> bool:
        """Whether it is not by differences."""
        return not isinstance(self.function, Differences)
