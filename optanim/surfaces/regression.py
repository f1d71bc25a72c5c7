import numpy as np

from optanim.errors import OptionError, quoted
from optanim.formulas.expression import Expression, compiled, shortened
from optanim.schema.formula_types import AxisNames, Points, Subgradient, Windows
from optanim.schema.types import Count
from optanim.surfaces._regression.csv_numbers import MAX_MAGNITUDE
from optanim.surfaces._regression.dataset import (
    Dataset,
    check_classes,
    dataset_of_file,
    dataset_of_points,
    standardized,
    table_of,
)
from optanim.surfaces._regression.losses import ABSOLUTE, LIKELIHOOD, LOGISTIC, SQUARED, Loss, huber
from optanim.surfaces._regression.mean_loss import MeanLoss, linear, nonlinear
from optanim.surfaces._regression.model import SIGN, Model, logit, read_model, signed
from optanim.surfaces._regression.optimum import full_rank, least_squares, window_for_fit
from optanim.surfaces._regression.section import Regression
from optanim.surfaces._surface import Array, Data, Surface
from optanim.surfaces._user_defined import check_minima, ordered_axes, stated_window, window_around
from optanim.surfaces._window import Window


def regression(
    *,
    regression: Regression,
    batch_size: Count | None = None,
    subgradient: Subgradient = None,
    axes: AxisNames = None,
    minima: Points = (),
    domain: Windows = None,
) -> Surface:
    """Regression: the mean loss of a model over data; `regression: {data: a.csv, model: w*x + b}`.

        f(w, b) = 1/n Σ ρ(y − model(x; w, b))
        mse: ρ(r) = r²      mae: ρ(r) = |r|
        huber: ρ(r) = ½r² if |r| ≤ δ, otherwise δ|r| − ½δ²
        logloss: −ln model if y = 1, −ln(1 − model) if y = 0

    The model is of x, or of any columns by their names. The gradient is exact; the derivative of
    |r| at r = 0 is taken as 0, the `middle`, or `one-sided`, as where parameters are larger. If the
    model is linear in its parameters, or the sigmoid of such a one with logloss, and the minimum is
    unique, the minimum is computed. With `batch_size`, each gradient is over that number of points;
    the value is still the mean over all points.

    Names: ko 회귀 손실.

    Hessian: exact.

    Reference: the article's own example, hours of study against marks, ŷ = Wx; Huber 1964,
    "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 35; Cox 1958,
    "The regression analysis of binary sequences", Journal of the Royal Statistical Society B 20(2).
    """
    try:
        model, data = _model_and_data(regression, axes or ())
        fitted, loss = _fitted_model(regression, model, data)
    except OptionError as error:
        raise error.inside("regression") from None
    names, n = ordered_axes(axes, model.parameters), len(data.y)
    if batch_size is not None and batch_size > n:
        message = f"batch_size must be at most {n}, the number of data points, got {batch_size}"
        raise OptionError(message, ("batch_size",))
    fit, fitted_minima, fitted_window = _fitted(fitted, names, loss, subgradient)
    check_minima(fit.value, fit.gradient, minima, len(names))
    window, minima = stated_window(domain, len(names)), minima or fitted_minima
    predict = compiled([model.formula.value], (*names, *model.inputs))

    def predicted(p: Array, inputs: Array) -> Array:
        return predict(*p, *data.scaled(inputs))[0]

    return Surface(
        value=fit.value,
        gradient=fit.gradient,
        domain=window or fitted_window or window_around(minima, len(names)),
        minima=tuple(minima),
        formula=shortened(_in_tex(loss, model, n)),
        axes=names,
        data=Data(data.inputs, data.y, predicted, data.labels, fit.batch_gradient, data.notes),
        batch_size=batch_size,
        guessed=window is None,
        hessian=fit.hessian,
    )


def _in_tex(loss: Loss, model: Model, n: int) -> str:
    """The mean loss of a model over n points, in TeX."""
    classes = loss in (LOGISTIC, LIKELIHOOD)
    of = f"y, {model.formula.tex}" if classes else model.formula.taken_from("y").tex
    return rf"\frac{{1}}{{{n}}}\sum {loss.tex.format(of)}"


def _model_and_data(section: Regression, axes: tuple[str, ...]) -> tuple[Model, Dataset]:
    """The model of a section `regression`, and its data."""
    if section.data is not None and section.points is not None:
        message = "'data' and 'points' cannot both be set"
        raise OptionError(message, ("points",), key=True, help="keep one of them")
    if section.positive is not None and section.loss != "logloss":
        message = f"positive is an option of the loss 'logloss', the loss is {quoted(section.loss)}"
        raise OptionError(message, ("positive",), key=True)
    columns = section.columns or {}
    table = None if section.points else table_of(section, list(columns.values()))
    if table:
        table.check_all(
            ((key,), name) for key, name in (("x", section.x), ("y", section.y)) if name is not None
        )
    names = table.names if table else (section.x or "x", section.y or "y")
    model = read_model(section.model, names, x=section.x, columns=columns, axes=axes)
    data = dataset_of_file(section, model, table) if table else dataset_of_points(section, model)
    if section.standardize:
        data = standardized(data, model.inputs)
    return model, data


class _Fitted:
    """What is fitted: a formula of parameters and inputs, for targets t.

    Attributes:
        formula: of the parameters and the inputs.
        inputs: names of the inputs.
        values: of the inputs, (k, n), as the formula takes them.
        targets: (n,).
        data: for messages.
    """

    def __init__(
        self, formula: Expression, inputs: tuple[str, ...], values: Array, targets: Array,
        data: Dataset,
    ) -> None:  # fmt: skip
        self.formula, self.inputs, self.values = formula, inputs, values
        self.targets, self.data = targets, data


def _fitted_model(section: Regression, model: Model, data: Dataset) -> tuple[_Fitted, Loss]:
    """The formula whose residuals have a loss, and that loss."""
    if section.delta is not None and section.loss != "huber":
        message = f"delta is an option of the loss 'huber', the loss is {quoted(section.loss)}"
        raise OptionError(message, ("delta",), key=True)
    inputs = data.scaled(data.inputs)
    if section.loss != "logloss":
        residual = {"mse": SQUARED, "mae": ABSOLUTE, "huber": huber(section.delta or 1.0)}
        return _Fitted(model.formula, model.inputs, inputs, data.y, data), residual[section.loss]
    check_classes(section, data)
    z, sign = logit(model.formula), 2 * data.y - 1
    names = (*model.inputs, SIGN)
    if z is not None:
        values = np.concatenate([inputs, sign[None]])
        return _Fitted(signed(z), names, values, np.zeros_like(data.y), data), LOGISTIC
    if model.formula.linear_in(model.parameters):
        message = "logloss needs a model of a probability, from 0 to 1"
        raise OptionError(message, ("model",), help=f"model: sigmoid({model.formula.text})")
    values = np.concatenate([inputs, -sign[None]])
    return _Fitted(signed(model.formula), names, values, 1 - data.y, data), LIKELIHOOD


def _fitted(
    fitted: _Fitted, names: tuple[str, ...], loss: Loss, subgradient: Subgradient
) -> tuple[MeanLoss, tuple[tuple[float, ...], ...], Window | None]:
    """The mean loss; for a linear model also its minimum, if it is unique, and a window."""
    formula, values, one_sided = fitted.formula, fitted.values, subgradient == "one-sided"
    if not formula.linear_in(names):
        fit = nonlinear(formula, names, fitted.inputs, values, fitted.targets, loss,
                        one_sided=one_sided)  # fmt: skip
        return fit, (), None
    J, t = _design(fitted, names)
    fit = linear(J, t, loss, one_sided=one_sided)
    if not full_rank(J):
        return fit, (), None
    minimum = loss.minimum(J, t)
    if loss is LOGISTIC:
        # From the center to a side, z changes by 5 and more: a sigmoid is nearly 0 or 1 there.
        center = np.zeros(len(names)) if minimum is None else minimum
        t = np.full_like(t, 4.0)
    else:
        center = least_squares(J, t) if minimum is None else minimum
    minima = () if minimum is None else (tuple(minimum.tolist()),)
    return fit, minima, window_for_fit(J, t, center)


def _design(fitted: _Fitted, names: tuple[str, ...]) -> tuple[Array, Array]:
    """J (n, d) and t (n,), so that the residuals of a linear model are t − Jp.

    Raises:
        OptionError: the model has no finite value at a point of the data.
    """
    formula = fitted.formula
    model_and_partials = compiled(
        [formula.value, *formula.partials(names)], (*names, *fitted.inputs)
    )
    offsets, *slopes = model_and_partials(*np.zeros(len(names)), *fitted.values)
    n = len(fitted.targets)
    J = np.stack([np.broadcast_to(slope, n) for slope in slopes], axis=1)
    t = fitted.targets - offsets
    rows = np.abs(np.column_stack([J, t]))
    bad = np.flatnonzero(~(rows <= 10 * MAX_MAGNITUDE).all(axis=1))
    if len(bad):
        finite = np.isfinite(rows[bad[0]]).all()
        kind = f"value below {MAX_MAGNITUDE:g}" if finite else "finite value"
        values = fitted.data.inputs[:, bad[0]].tolist()
        known = [name for name in fitted.inputs if name != SIGN]
        where = ", ".join(f"{name} = {v:g}" for name, v in zip(known, values, strict=False))
        message = f"the model has no {kind} at {where}, point {bad[0] + 1} of the data"
        raise OptionError(message, ("regression", "model"))
    return J, t
