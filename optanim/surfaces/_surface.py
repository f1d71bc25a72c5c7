"""The type of a loss surface: its value, its gradient and facts about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """The n data points of a regression, and the model that is fitted to them.

    Attributes:
        x: inputs (n,), in the order of the file.
        y: targets (n,).
        predict: parameters p (d,), x (m,) -> the predictions (m,).
        names: names of x and y, for the axes of a figure.
        gradient: p (d,), indices of points (m,) -> the gradient (d,) of the mean loss over them.
    """

    x: Array
    y: Array
    predict: Callable[[Array, Array], Array]
    names: tuple[str, str]
    gradient: Callable[[Array, npt.NDArray[np.int64]], Array]


@dataclass(frozen=True)
class Surface:
    """A function of d = 1 or 2 parameters.

    The first axis of an array of points p is the coordinate: a point is (d,), a trajectory (d, T),
    a grid (d, H, W). Units are those of the formula.

    Attributes:
        value: p -> the loss, with the shape of p without its first axis.
        gradient: p -> the gradient, with the shape of p.
        domain: the interesting range (low, high) of each coordinate.
        minima: all lowest points inside the domain; empty if the lowest point is on its edge. The
            docstring of the surface says if the loss is lower outside the domain.
        formula: the right-hand side in TeX, without dollar signs; "" if it is too long to read.
        axes: names of the parameters.
        data: the data that the loss is fitted to; None if it is a formula only.
        batch_size: number of data points for each gradient of a simulation; None is all.
    """

    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    domain: tuple[tuple[float, float], ...]
    minima: tuple[tuple[float, ...], ...]
    formula: str
    axes: tuple[str, ...] = ("x", "y")
    data: Data | None = None
    batch_size: int | None = None

    @property
    def dimensions(self) -> int:
        return len(self.domain)
