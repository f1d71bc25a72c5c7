from collections.abc import Callable

import numpy as np

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.formulas.expression import RESERVED, Expression, compiled, parse, shortened
from optanim.schema.formula_types import (
    AxisNames,
    Formula,
    Parameters,
    Points,
    Subgradient,
    Windows,
)
from optanim.schema.readings import flow
from optanim.surfaces._hessian import OfFormula
from optanim.surfaces._surface import Array, Surface
from optanim.surfaces._user_defined import check_minima, ordered_axes, stated_window, window_around


def expression(
    *,
    expr: Formula,
    params: Parameters = {},  # noqa: B006
    axes: AxisNames = None,
    minima: Points = (),
    domain: Windows = None,
    subgradient: Subgradient = None,
) -> Surface:
    """Loss: a formula of one or two names, typed in; `surface: {expr: x**2 + 2*y**2}`.

        f(axes) = expr, with numbers for params

    The gradient is exact. At a kink it is the `middle` of the slopes beside it, or `one-sided`, its
    limit from the right. The axes are the free names, by default in alphabetical order. The
    default domain is ±5 by ±4 around the minima or the origin; it is larger if the minima are far
    apart. It is an error if a stated minimum has a lower point close to it.

    Names: ko 손실 함수.

    Hessian: exact.

    Reference: the author's own; derivatives by the rules of calculus.
    """
    try:
        formula = parse(expr)
        free = _free(formula, params, axes)
        names = ordered_axes(axes, free)
        formula = formula.given(params)
    except OptionError as error:
        raise error if error.path else error.inside("expr") from None
    value, gradient = _compiled(formula, names, one_sided=subgradient == "one-sided")
    check_minima(value, gradient, minima, len(names))
    window, tex = stated_window(domain, len(names)), formula.tex
    return Surface(
        value=value,
        gradient=gradient,
        domain=window or window_around(minima, len(names)),
        minima=tuple(minima),
        formula=shortened(tex),
        axes=names,
        guessed=window is None,
        hessian=OfFormula(formula, names, one_sided=subgradient == "one-sided"),
    )


def _free(
    formula: Expression, params: dict[str, float], axes: tuple[str, ...] | None
) -> tuple[str, ...]:
    """The free names without the parameters: one or two, for the axes.

    Raises:
        OptionError: there are none or more, a parameter is not in the formula, or a name that is
            no declared axis is probably a product.
    """
    for name in params:
        if name in RESERVED:
            message = f"{quoted(name)} is the name of a function or constant"
            raise OptionError(message, ("params", name), key=True, help="choose another name")
        if name not in formula.names:
            help = did_you_mean(name, formula.names, "its names")
            message = f"the formula has no {quoted(name)}"
            raise OptionError(message, ("params", name), key=True, help=help)
    free = tuple(name for name in formula.names if name not in params)
    name, product = formula.product_in_name({*params, *(axes or ())})
    if name:
        message = f"{quoted(name)} is one name, and would be an axis"
        others = [other for other in free if other != name]
        help = f"did you mean {product}? If it is an axis, add axes: [{', '.join([name, *others])}]"
        raise OptionError(message, span=formula.where(name), help=help)
    if not free:
        message = "the formula has no free name, so the surface has no axis"
        raise OptionError(message, help="for example x**2 + 2*y**2")
    if len(free) > 2:
        others = sorted(free, key=lambda name: name in ("x", "y"))[: len(free) - 2]
        culprit = others[0]
        params = {**params, **dict.fromkeys(others, 1)}
        surface = flow({"expr": formula.text, "params": params})
        help = f"give {' and '.join(others)} a number: surface: {surface}"
        message = (
            f"the formula has {len(free)} free names: {', '.join(free)}; a picture has two axes"
        )
        raise OptionError(message, span=formula.where(culprit), help=help)
    return free


def _compiled(
    formula: Expression, axes: tuple[str, ...], *, one_sided: bool
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """The value and the gradient of a formula, as functions of points (d,) or (d, …)."""
    f = compiled([formula.value], axes)
    g = compiled(formula.partials(axes, one_sided=one_sided), axes)

    def value(w: Array) -> Array:
        if w.ndim == 1:
            return np.float64(f.at(*w.tolist())[0])  # type: ignore[return-value]
        return f(*w)[0]

    def gradient(w: Array) -> Array:
        return np.array(g.at(*w.tolist())) if w.ndim == 1 else g(*w)

    return value, gradient
