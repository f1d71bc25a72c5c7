import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from optanim.errors import OptionError, quoted
from optanim.formulas.expression import Expression, compiled, parse, readable
from optanim.schema.formula_types import AxisNames, DataPoints, Formula, Points, Windows
from optanim.schema.types import Count, InputFile, Positive, Text
from optanim.surfaces._regression.columns import MAX_MAGNITUDE, Columns, read_columns
from optanim.surfaces._regression.losses import ABSOLUTE, SQUARED, Loss, huber
from optanim.surfaces._regression.mean_loss import MeanLoss, linear, nonlinear
from optanim.surfaces._regression.optimum import full_rank, least_squares, window_for_fit
from optanim.surfaces._surface import Array, Data, Surface
from optanim.surfaces._user_defined import check_minima, ordered_axes, stated_window, window_around
from optanim.surfaces._window import Window


@dataclass(frozen=True, kw_only=True)
class Regression:
    """A model and the data that it is fitted to.

    Attributes:
        model: a formula for y, of x and of one or two parameters.
        data: a CSV file; or
        points: the data points, each as [x, y].
        x: the name of the column of x; by default x, or the first of two columns.
        y: the name of the column of y; by default y, or the second of two columns.
        loss: the loss of a residual: its square, its absolute value, or Huber's loss.
        delta: the residual up to which Huber's loss is quadratic; by default 1.
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
        huber: ρ(r) = ½r² if |r| ≤ δ, otherwise δ|r| − ½δ²

    The gradient is exact; the derivative of |r| at r = 0 is taken as 0. If the model is linear in
    its parameters and the minimum is unique, the minimum is computed. With `batch_size`, each
    gradient is over that number of points; the value is still the mean over all points.

    Reference: the article's own example, hours of study against marks, ŷ = Wx; Huber 1964,
    "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35.
    """
    try:
        columns = _columns(regression)
        model, free = _model(regression.model, columns.names[0])
        loss = _loss(regression)
    except OptionError as error:
        raise error.inside("regression") from None
    names, n = ordered_axes(axes, free), len(columns.x)
    if batch_size is not None and batch_size > n:
        message = f"batch_size must be at most {n}, the number of data points, got {batch_size}"
        raise OptionError(message, ("batch_size",))
    fit, fitted_minima, fitted_window = _fitted(model, names, columns, loss)
    check_minima(fit.value, fit.gradient, minima, len(names))
    minima = minima or fitted_minima
    window = stated_window(domain, len(names)) or fitted_window
    predict = compiled([model.sympy], (*names, "x"))
    tex = rf"\frac{{1}}{{{n}}}\sum {loss.tex.format(model.taken_from('y').tex)}"
    return Surface(
        value=fit.value,
        gradient=fit.gradient,
        domain=window or window_around(minima, len(names)),
        minima=tuple(minima),
        formula=tex if readable(tex) else "",
        axes=names,
        data=Data(
            columns.x, columns.y, lambda p, x: predict(*p, x)[0], columns.names, fit.batch_gradient
        ),
        batch_size=batch_size,
    )


def _columns(section: Regression) -> Columns:
    """The data of a section `regression`."""
    if section.data is not None and section.points is not None:
        message = "'data' and 'points' cannot both be set"
        raise OptionError(message, ("points",), key=True, help="keep one of them")
    if section.points is not None:
        for row, column in np.argwhere(np.abs(section.points) > MAX_MAGNITUDE).tolist():
            number = section.points[row][column]
            message = f"a number in the data must be at most {MAX_MAGNITUDE:g}, got {number:g}"
            raise OptionError(message, ("points", row, column))
        x, y = np.array(section.points, dtype=np.float64).T.copy()
        return Columns(x, y, (section.x or "x", section.y or "y"))
    if section.data is None:
        help = "data: a CSV file, or points: [[1, 12], [2, 19]]"
        raise OptionError("has neither data nor points", help=help)
    return read_columns(Path(section.data), section.x, section.y)


def _loss(section: Regression) -> Loss:
    """The loss of a section `regression`."""
    if section.delta is not None and section.loss != "huber":
        message = f"delta is an option of the loss 'huber', the loss is {quoted(section.loss)}"
        raise OptionError(message, ("delta",), key=True)
    return {"mse": SQUARED, "mae": ABSOLUTE, "huber": huber(section.delta or 1.0)}[section.loss]


def _model(text: str, column: str) -> tuple[Expression, tuple[str, ...]]:
    """The model and its one or two parameters; `column` is the name of x in the data."""
    try:
        model = parse(text)
        return model, _parameters(model, column)
    except OptionError as error:
        raise error.inside("model") from None


def _parameters(model: Expression, column: str) -> tuple[str, ...]:
    """The free names of a model without x.

    Raises:
        OptionError: the number of them is not one or two, or a name is a likely mistake.
    """
    free = tuple(name for name in model.names if name != "x")
    example = "for example w*x + b"
    if "y" in free:
        message = "'y' is the target of the model, it cannot be a part of the model"
        raise OptionError(message, span=model.where("y"), help=example)
    if column in free and ("x" not in model.names or len(free) > 2):
        corrected = re.sub(rf"\b{re.escape(column)}\b", "x", model.text)
        message = f"the column {quoted(column)} is written x in a model"
        raise OptionError(message, span=model.where(column), help=f"write {corrected}")
    for name in free:
        if _is_product(name, model, free):
            help = f"a product is written {'*'.join(name)}"
            raise OptionError(f"{quoted(name)} is one name", span=model.where(name), help=help)
    if not free:
        message = "the model has no parameter, so the surface has no axis"
        raise OptionError(message, help=example)
    if len(free) > 2:
        message = f"the model has {len(free)} parameters, at most two axes: {', '.join(free)}"
        last = max(free, key=lambda name: model.where(name)[0])
        raise OptionError(message, span=model.where(last), help="write a number for one of them")
    return free


def _is_product(name: str, model: Expression, free: tuple[str, ...]) -> bool:
    """Whether a name is probably a product: Wx in a model without x, or wx in one with w and x."""
    if len(name) == 1:
        return False
    if "x" not in model.names:
        return "x" in name and name.isalpha() and len(name) <= 3
    return set(name) <= set(model.names) and ("x" in name or len(free) > 2)


def _fitted(
    model: Expression, names: tuple[str, ...], columns: Columns, loss: Loss
) -> tuple[MeanLoss, tuple[tuple[float, ...], ...], Window | None]:
    """The mean loss; for a linear model also its minimum, if it is unique, and a window."""
    if not model.linear_in(names):
        return nonlinear(model, names, columns.x, columns.y, loss), (), None
    J, t = _design(model, names, columns)
    fit = linear(J, t, loss)
    if not full_rank(J):
        return fit, (), None
    minimum = loss.minimum(J, t)
    center = least_squares(J, t) if minimum is None else minimum
    minima = () if minimum is None else (tuple(minimum.tolist()),)
    return fit, minima, window_for_fit(J, t, center)


def _design(model: Expression, names: tuple[str, ...], columns: Columns) -> tuple[Array, Array]:
    """J (n, d) and t (n,), so that the residuals of a linear model are t − Jp.

    Raises:
        OptionError: the model has no finite value at a point of the data.
    """
    model_and_partials = compiled([model.sympy, *model.partials(names)], (*names, "x"))
    offsets, *slopes = model_and_partials(*np.zeros(len(names)), columns.x)
    J, t = np.stack(slopes, axis=1), columns.y - offsets
    rows = np.abs(np.column_stack([J, t]))
    bad = np.flatnonzero(~(rows <= 10 * MAX_MAGNITUDE).all(axis=1))
    if len(bad):
        finite = np.isfinite(rows[bad[0]]).all()
        kind = f"value below {MAX_MAGNITUDE:g}" if finite else "finite value"
        x = float(columns.x[bad[0]])
        message = f"the model has no {kind} at x = {x:g}, point {bad[0] + 1} of the data"
        raise OptionError(message, ("regression", "model"))
    return J, t
