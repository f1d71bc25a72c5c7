from collections.abc import Callable

import numpy as np

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.formulas.expression import RESERVED, Expression, compiled, parse, readable
from optanim.schema.formula_types import AxisNames, Formula, Parameters, Points, Windows
from optanim.surfaces._surface import Array, Surface
from optanim.surfaces._user_defined import check_minima, ordered_axes, stated_window, window_around


def expression(
    *,
    expr: Formula,
    params: Parameters = {},  # noqa: B006
    axes: AxisNames = None,
    minima: Points = (),
    domain: Windows = None,
) -> Surface:
    """Loss: a formula of one or two names, typed in; `surface: {expr: x**2 + 2*y**2}`.

        f(axes) = expr, with numbers for params

    The gradient is exact. The axes are the free names, by default in alphabetical order. The
    default domain is ±5 by ±4 around the minima or the origin; it is larger if the minima are far
    apart. It is an error if a stated minimum has a lower point close to it.

    Reference: the author's own; derivatives by SymPy.
    """
    try:
        formula = parse(expr)
        free = _free(formula, params)
        names = ordered_axes(axes, free)
        formula = formula.given(params)
    except OptionError as error:
        raise error if error.path else error.inside("expr") from None
    value, gradient = _compiled(formula, names)
    check_minima(value, gradient, minima, len(names))
    window = stated_window(domain, len(names)) or window_around(minima, len(names))
    tex = formula.tex
    return Surface(value, gradient, window, tuple(minima), tex if readable(tex) else "", names)


def _free(formula: Expression, params: dict[str, float]) -> tuple[str, ...]:
    """The free names without the parameters: one or two, for the axes.

    Raises:
        OptionError: there are none or more, or a parameter is not in the formula.
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
    if not free:
        message = "the formula has no free name, so the surface has no axis"
        raise OptionError(message, help="for example x**2 + 2*y**2")
    if len(free) > 2:
        culprit = next(name for name in free if name not in ("x", "y"))
        help = f"params: {{{culprit}: 1}} gives one of them a number"
        products = [name for name in free if len(name) > 1 and set(name) <= set(formula.names)]
        if products:
            culprit, help = products[0], f"a product is written {'*'.join(products[0])}"
        message = f"the formula has {len(free)} free names, at most two axes: {', '.join(free)}"
        raise OptionError(message, span=formula.where(culprit), help=help)
    return free


def _compiled(
    formula: Expression, axes: tuple[str, ...]
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """The value and the gradient of a formula, as functions of points (d,) or (d, …)."""
    f, g = compiled([formula.sympy], axes), compiled(formula.partials(axes), axes)

    def value(w: Array) -> Array:
        if w.ndim == 1:
            return np.float64(f.at(*w.tolist())[0])  # type: ignore[return-value]
        return f(*w)[0]

    def gradient(w: Array) -> Array:
        return np.array(g.at(*w.tolist())) if w.ndim == 1 else g(*w)

    return value, gradient
