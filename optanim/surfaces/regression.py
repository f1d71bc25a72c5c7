import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from optanim.errors import OptionError, quoted
from optanim.formulas.expression import Expression, compiled, parse, readable
from optanim.schema.formula_types import AxisNames, DataPoints, Formula, Points, Windows
from optanim.schema.types import Count, InputFile, Positive, Text
from optanim.surfaces._regression.columns import LARGEST, Columns, read_columns
from optanim.surfaces._regression.losses import ABSOLUTE, SQUARED, Loss, huber
from optanim.surfaces._regression.mean_loss import MeanLoss, curved, linear
from optanim.surfaces._regression.optimum import full_rank, least_squares, window
from optanim.surfaces._surface import Array, Data, Surface
from optanim.surfaces._user_defined import check_minima, ordered_axes, stated_window, window_around


@dataclass(frozen=True, kw_only=True)
class Regression:
    """What is fitted to what.

    Attributes:
        model: what y should be, a formula of x and of one or two parameters.
        data: a CSV file; or
        points: the points themselves, [x, y] each.
        x: the column of x; by default the one called x, or the first of two.
        y: the same; by default the one called y, or the second of two.
        loss: of a residual: its square, its absolute value, or Huber's loss.
        delta: up to where Huber's loss is quadratic; by default 1.
    """

    model: Formula
    data: InputFile = None
    points: DataPoints = None
    x: Text | None = None
    y: Text | None = None
    loss: Literal["mse", "mae", "huber"] = "mse"
    delta: Positive | None = None


def regression(
    *,
    regression: Regression,
    batch_size: Count | None = None,
    axes: AxisNames = None,
    minima: Points = (),
    domain: Windows = None,
) -> Surface:
    """Regression: the mean loss of a model over data; `regression: {data: a.csv, model: w*x + b}`.

        f(w, b) = 1/n Σ ρ(y − model(x; w, b))
        mse: ρ(r) = r²      mae: ρ(r) = |r|
        huber: ρ(r) = ½r² where |r| ≤ δ, else δ|r| − ½δ²

    The gradient is exact; at the kink of |r| it is 0, as that of a point that is met. Where the
    model is linear in its parameters, the minimum is known, if it is unique. `batch_size` draws
    the gradient from so many points at a time, the value stays that of all.

    Reference: the article's own example, hours of study against marks, ŷ = Wx; Huber 1964,
    "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35.
    """
    try:
        columns = _columns(regression)
        model, free = _model(regression.model, columns.names[0])
        loss = _loss(regression)
    except OptionError as error:
        raise error.inside("regression") from None
    named, n = ordered_axes(axes, free), len(columns.x)
    if batch_size is not None and batch_size > n:
        message = f"a batch of {batch_size} points, the data have {n}"
        raise OptionError(message, ("batch_size",))
    fit, lowest, sides = _fitted(model, named, columns, loss)
    check_minima(fit.value, fit.gradient, minima, len(named))
    minima = minima or lowest
    predict = compiled([model.sympy], (*named, "x"))
    tex = rf"\frac{{1}}{{{n}}}\sum {loss.tex.format(model.taken_from('y').tex)}"
    return Surface(
        value=fit.value,
        gradient=fit.gradient,
        domain=stated_window(domain, len(named)) or sides or window_around(minima, len(named)),
        minima=tuple(minima),
        formula=tex if readable(tex) else "",
        axes=named,
        data=Data(columns.x, columns.y, lambda p, x: predict(*p, x)[0], columns.names, fit.part),
        batch_size=batch_size,
    )


def _columns(said: Regression) -> Columns:
    if said.data is not None and said.points is not None:
        message = "'data' and 'points' stand side by side"
        raise OptionError(message, ("points",), key=True, help="keep one of them")
    if said.points is not None:
        for path in np.argwhere(np.abs(said.points) > LARGEST).tolist():
            number = said.points[path[0]][path[1]]
            message = f"a number of data is at most {LARGEST:g}, got {number:g}"
            raise OptionError(message, ("points", *path))
        x, y = np.array(said.points, dtype=np.float64).T.copy()
        return Columns(x, y, (said.x or "x", said.y or "y"))
    if said.data is None:
        help = "data: a CSV file, or points: [[1, 12], [2, 19]]"
        raise OptionError("has neither data nor points", help=help)
    return read_columns(Path(said.data), said.x, said.y)


def _loss(said: Regression) -> Loss:
    if said.delta is not None and said.loss != "huber":
        message = f"delta belongs to the loss 'huber', the loss is {quoted(said.loss)}"
        raise OptionError(message, ("delta",), key=True)
    return {"mse": SQUARED, "mae": ABSOLUTE, "huber": huber(said.delta or 1.0)}[said.loss]


def _model(text: str, column: str) -> tuple[Expression, tuple[str, ...]]:
    """The model, and its names that are left for axes: one or two."""
    try:
        model = parse(text)
        return model, _parameters(model, column)
    except OptionError as error:
        raise error.inside("model") from None


def _parameters(model: Expression, column: str) -> tuple[str, ...]:
    free = tuple(name for name in model.names if name != "x")
    example = "for example w*x + b"
    if "y" in free:
        message = "'y' is what the model should say, it cannot be a part of it"
        raise OptionError(message, span=model.where("y"), help=example)
    if column in free and ("x" not in model.names or len(free) > 2):
        instead = re.sub(rf"\b{re.escape(column)}\b", "x", model.text)
        message = f"the column {quoted(column)} is written x in a model"
        raise OptionError(message, span=model.where(column), help=f"write {instead}")
    for name in free:
        if _glued(name, model, free):
            help = f"a product is written {'*'.join(name)}"
            raise OptionError(f"{quoted(name)} is one name", span=model.where(name), help=help)
    if not free:
        raise OptionError("no name is free, the surface would have no axis", help=example)
    if len(free) > 2:
        count = {3: "three", 4: "four"}.get(len(free), str(len(free)))
        message = f"{count} names are free beside x, two can be axes: {', '.join(free)}"
        late = max(free, key=lambda name: model.where(name)[0])
        raise OptionError(message, span=model.where(late), help="a number in place of one of them")
    return free


def _glued(name: str, model: Expression, free: tuple[str, ...]) -> bool:
    """Whether a name was meant as a product: Wx in a model without x, or wx beside w and x."""
    if len(name) == 1:
        return False
    if "x" not in model.names:
        return "x" in name and name.isalpha() and len(name) <= 3
    return set(name) <= set(model.names) and ("x" in name or len(free) > 2)


def _fitted(
    model: Expression, named: tuple[str, ...], columns: Columns, loss: Loss
) -> tuple[MeanLoss, tuple[tuple[float, ...], ...], tuple[tuple[float, float], ...] | None]:
    """The mean loss; and where the model is linear, its minimum, if it is unique, and a window."""
    if not model.linear_in(named):
        return curved(model, named, columns.x, columns.y, loss), (), None
    J, t = _design(model, named, columns)
    fit = linear(J, t, loss)
    if not full_rank(J):
        return fit, (), None
    lowest = loss.lowest(J, t)
    center = least_squares(J, t) if lowest is None else lowest
    return fit, () if lowest is None else (tuple(lowest.tolist()),), window(J, t, center)


def _design(model: Expression, named: tuple[str, ...], columns: Columns) -> tuple[Array, Array]:
    """A linear model as residuals t − Jp: J (n, d), t (n,)."""
    both = compiled([model.sympy, *model.partials(named)], (*named, "x"))
    at_zero, *slopes = both(*np.zeros(len(named)), columns.x)
    J, t = np.stack(slopes, axis=1), columns.y - at_zero
    parts = np.abs(np.column_stack([J, t]))
    bad = np.flatnonzero(~(parts <= 10 * LARGEST).all(axis=1))
    if len(bad):
        kind = (
            "finite value" if not np.isfinite(parts[bad[0]]).all() else f"value below {LARGEST:g}"
        )
        at = float(columns.x[bad[0]])
        message = f"the model has no {kind} at x = {at:g}, point {bad[0] + 1} of the data"
        raise OptionError(message, ("regression", "model"))
    return J, t
