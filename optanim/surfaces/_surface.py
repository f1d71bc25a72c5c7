"""A loss surface: a value, a gradient, and what is known about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """The n points that a loss is a mean over, and the model that is fitted to them.

    Attributes:
        x: (n,), in the order of the file.
        y: (n,), what the model should say there.
        predict: parameters p (d,), x (m,) -> what the model says, (m,).
        names: of x and y, for the axes of a figure.
        gradient: p (d,), indices of points (m,) -> the gradient (d,) of the mean loss over those.
    """

    x: Array
    y: Array
    predict: Callable[[Array, Array], Array]
    names: tuple[str, str]
    gradient: Callable[[Array, npt.NDArray[np.int64]], Array]


@dataclass(frozen=True)
class Surface:
    """A function of d = 1 or 2 parameters.

    The first axis of a point array p is the coordinate: (d,) a point, (d, T) a path, (d, H, W) a
    grid. Units are whatever the formula has.

    Attributes:
        value: p -> the loss, of the shape of p without its first axis.
        gradient: p -> the gradient, of the shape of p.
        domain: for each coordinate, the window that is worth looking at.
        minima: every point inside the domain where the loss is the lowest of it; empty where that
            is on its edge. Beyond the domain some fall farther: that is for their docstring to say.
        formula: the right-hand side in TeX, without dollar signs; empty if too long to be read.
        axes: the names of the parameters.
        data: what the loss is fitted to; None where it is a formula alone.
        batch_size: how many points of the data the engine draws for a gradient; None is all.
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
