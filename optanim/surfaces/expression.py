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

    The gradient is exact. Axes are the free names, by default in alphabetical order. The window,
    unless a domain is given, is ±5 by ±4 around the minima or the origin, larger where several
    minima need it. A point that is lower right beside a stated minimum is an error.

    Reference: the author's own; derivatives by SymPy.
    """
    try:
        formula = parse(expr)
        free = _free(formula, params)
        named = ordered_axes(axes, free)
        formula = formula.given(params)
    except OptionError as error:
        raise error if error.path else error.inside("expr") from None
    value, gradient = _compiled(formula, named)
    check_minima(value, gradient, minima, len(named))
    sides = stated_window(domain, len(named)) or window_around(minima, len(named))
    tex = formula.tex
    return Surface(value, gradient, sides, tuple(minima), tex if readable(tex) else "", named)


def _free(formula: Expression, params: dict[str, float]) -> tuple[str, ...]:
    """The free names that are left for axes: one or two."""
    for name in params:
        if name in RESERVED:
            message = f"{quoted(name)} is the name of a function or constant"
            raise OptionError(message, ("params", name), key=True, help="choose another name")
        if name not in formula.names:
            help = did_you_mean(name, formula.names, "names in it")
            message = f"the formula has no {quoted(name)}"
            raise OptionError(message, ("params", name), key=True, help=help)
    free = tuple(name for name in formula.names if name not in params)
    if not free:
        message = "no name is free, the surface would have no axis"
        raise OptionError(message, help="for example x**2 + 2*y**2")
    if len(free) > 2:
        late = next(name for name in free if name not in ("x", "y"))
        count = {3: "three", 4: "four"}.get(len(free), str(len(free)))
        split = next(
            (name for name in free if len(name) > 1 and set(name) <= set(formula.names)), ""
        )
        help = f"params: {{{late}: 1}} gives one of them a number"
        if split:
            late, help = split, f"a product is written {'*'.join(split)}"
        message = f"{count} names are free, two can be axes: {', '.join(free)}"
        raise OptionError(message, span=formula.where(late), help=help)
    return free


def _compiled(
    formula: Expression, axes: tuple[str, ...]
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    f, g = compiled([formula.sympy], axes), compiled(formula.partials(axes), axes)

    def value(w: Array) -> Array:
        if w.ndim == 1:
            return np.float64(f.at(*w.tolist())[0])  # type: ignore[return-value]
        return f(*w)[0]

    def gradient(w: Array) -> Array:
        return np.array(g.at(*w.tolist())) if w.ndim == 1 else g(*w)

    return value, gradient
