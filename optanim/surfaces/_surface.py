"""The type of a loss surface: its value, its gradient and facts about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from optanim.formulas.plain_text import formula
from optanim.printable import cut
from optanim.schema.words import Words
from optanim.surfaces._hessian import Differences, Hessian

Array = npt.NDArray[np.float64]


class DataNote(str):
    """What a caption says of the data, in English, and in the words of another language.

    Args:
        key: a name of `Words`.
        values: those in its braces.
    """

    def __new__(cls, key: str, **values: object) -> DataNote:
        note = super().__new__(cls, getattr(Words(), key).format(**values))
        note.key, note.values = key, values
        return note

    key: str
    values: dict[str, object]

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.key,), self.values

    def in_words(self, words: Words) -> str:
        """The note in the words of a language."""
        text: str = getattr(words, self.key).format(**self.values)
        return text


@dataclass(frozen=True)
class Data:
    """The n data points of a regression, and the model that is fitted to them.

    Attributes:
        inputs: (k, n), in the order of the file and in its units.
        y: targets (n,).
        predict: parameters p (d,), inputs (k, m) -> the predictions (m,).
        names: names of the inputs, and of y, for the axes of a figure.
        gradient: p (d,), indices of points (m,) -> the gradient (d,) of the mean loss over them.
        notes: what a caption says of the data.
    """

    inputs: Array
    y: Array
    predict: Callable[[Array, Array], Array]
    names: tuple[str, ...]
    gradient: Callable[[Array, npt.NDArray[np.int64]], Array]
    notes: tuple[str, ...] = ()

    @property
    def x(self) -> Array:
        """The first input (n,)."""
        first: Array = self.inputs[0]
        return first

    def __repr__(self) -> str:
        return f"<Data: {len(self.x)} points of {' and '.join(self.names)}>"


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
        ascends: whether optimizers climb it, and minimize −f; then no known point is a minimum.
        landmarks: points worth seeing besides the minima, such as saddles.
        guessed: whether nobody stated the domain: it then bounds nothing.
        hessian: p (d,) -> the Hessian (d, d), without noise and over all data. By default it is
            computed by central differences of `gradient`, also after `replace(surface, value=…)`;
            after `replace(surface, gradient=…)` alone it is the one before.
    """

    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    domain: tuple[tuple[float, float], ...]
    minima: tuple[tuple[float, ...], ...]
    formula: str
    axes: tuple[str, ...] = ("x", "y")
    data: Data | None = None
    batch_size: int | None = None
    ascends: bool = False
    landmarks: tuple[tuple[float, ...], ...] = ()
    guessed: bool = False
    hessian: Callable[[Array], Array] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        hessian: Callable[[Array], Array] | None = self.hessian
        if not isinstance(hessian, Hessian):
            stated = Hessian(hessian or Differences(self.gradient), self.value)
        elif hessian.value is not self.value:
            stated = Hessian(Differences(self.gradient), self.value)
        else:
            return
        object.__setattr__(self, "hessian", stated)

    def __repr__(self) -> str:
        what = cut(formula(self.formula), 60) if self.formula else "a long formula"
        return f"<Surface {what} of {', '.join(self.axes)}>"

    @property
    def dimensions(self) -> int:
        return len(self.domain)

    @property
    def has_exact_hessian(self) -> bool:
        """Whether the Hessian is exact; otherwise it is by differences of the gradient."""
        return isinstance(self.hessian, Hessian) and self.hessian.exact

    def is_finite_at(self, points: Array) -> npt.NDArray[np.bool_]:
        """Whether the value and the gradient are finite at each of the points (d, …), (…)."""
        with np.errstate(all="ignore"):
            values = np.broadcast_to(self.value(points), points.shape[1:])
            slopes = np.broadcast_to(self.gradient(points), points.shape)
            return np.asarray(np.isfinite(values) & np.isfinite(slopes).all(axis=0))

    @property
    def climbed(self) -> Surface:
        """The surface for optimizers that climb it."""
        return replace(self, minima=(), ascends=True)

    @property
    def negated(self) -> Surface:
        """The surface −f, to be minimized."""
        value, gradient, hessian = self.value, self.gradient, self.hessian
        down = replace(
            self, value=lambda p: -value(p), gradient=lambda p: -gradient(p), ascends=False
        )
        if not self.has_exact_hessian:
            return down
        return replace(down, hessian=lambda p: -hessian(p))
