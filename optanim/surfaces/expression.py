from collections.abc import Callable

import numpy as np

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.expression import RESERVED, Expression, compiled, parse, readable
from optanim.rules import AxisNames, Formula, Parameters, Points, Windows
from optanim.surface import Array, Surface

HALF = (5.0, 4.0)
"""Half the sides of the default window, those of `quadratic`."""


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
        named = _ordered(axes, free)
        formula = formula.given(params)
    except OptionError as error:
        raise error if error.path else error.inside("expr") from None
    sides = _domain(minima, domain, len(named))
    value, gradient = _compiled(formula, named)
    for i, minimum in enumerate(minima):
        _check_minimum(value, gradient, minimum, ("minima", i))
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


def _ordered(axes: tuple[str, ...] | None, free: tuple[str, ...]) -> tuple[str, ...]:
    if axes is None or (len(axes) == len(free) and set(axes) == set(free)):
        return axes or free
    for i, name in enumerate(axes):
        if name not in free:
            help = did_you_mean(name, free, "free names")
            raise OptionError(f"{quoted(name)} is no free name", ("axes", i), help=help)
    message = f"axes must have each free name once: {', '.join(free)}"
    raise OptionError(message, ("axes",), help=f"axes: [{', '.join(free)}]")


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


def _domain(
    minima: tuple[tuple[float, ...], ...],
    domain: tuple[tuple[float, float], ...] | None,
    count: int,
) -> tuple[tuple[float, float], ...]:
    for i, minimum in enumerate(minima):
        if len(minimum) != count:
            message = f"a minimum of {len(minimum)} numbers, the axes are {count}"
            raise OptionError(message, ("minima", i))
    if domain is not None:
        if len(domain) != count:
            message = f"domain has {len(domain)} ranges, the axes are {count}"
            raise OptionError(message, ("domain",), help="a [low, high] for each axis")
        return domain
    points = np.array(minima or [(0.0,) * count])
    middle, reach = (points.min(0) + points.max(0)) / 2, 0.75 * np.ptp(points, axis=0)
    half = np.maximum(HALF[:count], reach)
    return tuple((float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True))


def _check_minimum(
    value: Callable[[Array], Array],
    gradient: Callable[[Array], Array],
    minimum: tuple[float, ...],
    path: tuple[str | int, ...],
) -> None:
    """Refuse a minimum that has a lower point right beside it.

    A step of 0.02 against the gradient, or along an axis: an author who rounds to two digits
    passes. Where there is no gradient, as at the tip of sqrt(x**2 + y**2), the axes must do.
    """
    point = np.array(minimum)
    least = float(value(point))
    if not np.isfinite(least):
        raise OptionError(f"the formula has no finite value at {quoted(minimum)}", path)
    step = 0.02 * max(1.0, float(np.abs(point).max()))
    ways = [*np.eye(len(point)), *-np.eye(len(point))]
    slope = gradient(point)
    length = float(np.linalg.norm(slope))
    if np.isfinite(length) and length > 0:
        ways.append(-slope / length)
    beside = [point + step * way for way in ways]
    values = np.array([float(value(near)) for near in beside])
    if not np.isfinite(values).any():
        return
    low = int(np.nanargmin(values))
    if least - values[low] > 0.01 * np.nanmax(np.abs(values - least)):
        where = quoted([float(f"{part:.6g}") for part in beside[low]])
        message = f"{quoted(minimum)} is no minimum: the value is {least:.6g} there"
        help = f"it is {values[low]:.6g} at {where}; leave minima out if you do not know them"
        raise OptionError(message, path, help=help)
