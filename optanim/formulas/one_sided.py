"""One-sided slopes of a formula at a point, by series along a ray.

At a kink the exact derivative is 0/0, as that of sqrt(x**2) at 0. There a formula f has the slope

    (s₊ + s₋)/2    s₊ = lim (f(p + t e) − f(p))/t    s₋ = lim (f(p) − f(p − t e))/t    t ↓ 0

along an axis e. Each limit is read from the first terms of f(p ± t e) as a sum of powers of t,
whose exponents may be fractions: sqrt(t**2) is t. If one of them does not exist or is infinite,
there is no slope.

The slope beside the kink is the limit of the gradient along a curve,

    lim ∂f/∂x (p + t e₁ + π t² e₂)    t ↓ 0

which is a subgradient of a convex f. The slopes to the right along each axis need not make one:
those of |x − y| at 0 are 1 and 1, and all its gradients are ±(1, −1).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from optanim.formulas.operations import Operation, Operations
from optanim.formulas.syntax_tree import Call, Name, Negative, Node, Number, Power, Product, Sum

MAX_TERMS = 8
"""Number of terms that are kept of a series."""

ROUNDING = 1e-14
"""A sum this much smaller than its terms is 0: it is what rounding left of them."""

JUMP = 1e-6
"""The largest difference of a limit from the value, relative to 1 or to the value, by rounding."""


class _UndefinedError(ArithmeticError):
    """A function has no value along the ray, or none at its end."""


@dataclass(frozen=True)
class _Series:
    """A sum of terms c·tᵉ for small t > 0.

    Attributes:
        terms: (e, c) with rising e; no c is 0.
        order: the exponent of what is left out, inf if it is nothing.
    """

    terms: tuple[tuple[float, float], ...]
    order: float = math.inf

    @property
    def lead(self) -> float:
        """The smallest exponent."""
        return self.terms[0][0] if self.terms else self.order

    @property
    def sign(self) -> int:
        """The sign for small t; 0 if it is 0."""
        return int(math.copysign(1, self.terms[0][1])) if self.terms else 0

    @property
    def end(self) -> float:
        """The limit at t = 0."""
        if self.lead < 0:
            raise _UndefinedError
        return self.terms[0][1] if self.terms and self.lead == 0 else 0.0

    def __add__(self, other: _Series) -> _Series:
        return _sum((*self.terms, *other.terms), min(self.order, other.order))

    def __sub__(self, other: _Series) -> _Series:
        return self + other.times(-1)

    def __mul__(self, other: _Series) -> _Series:
        products = ((a + b, c * d) for a, c in self.terms for b, d in other.terms)
        return _sum(products, min(self.order + other.lead, other.order + self.lead))

    def times(self, factor: float) -> _Series:
        """The series times a number."""
        return _sum(((e, factor * c) for e, c in self.terms), self.order)

    def power(self, exponent: float) -> _Series:
        """The series to a constant power, by the binomial series."""
        if exponent == 0:
            return _constant(1.0)
        if not self.terms:
            if exponent < 0:
                raise _UndefinedError
            return _Series((), self.order * exponent)
        (lead, first), whole = self.terms[0], exponent == int(exponent)
        if first < 0 and not whole:
            raise _UndefinedError
        rest = _Series(((-lead, 1 / first),)) * self - _constant(1.0)
        coefficients, k = [1.0], 0
        while k < MAX_TERMS and coefficients[-1]:
            coefficients.append(coefficients[-1] * (exponent - k) / (k + 1))
            k += 1
        return _Series(((lead * exponent, first**exponent),)) * rest.composed(coefficients)

    def composed(self, coefficients: Iterable[float]) -> _Series:
        """Σ cₖ sᵏ of a series s that tends to 0; a last coefficient of 0 says that all follow."""
        terms, power, order = list[tuple[float, float]](), _constant(1.0), self.order
        for coefficient in coefficients:
            terms += ((e, coefficient * c) for e, c in power.terms)
            order, power = min(order, power.order), power * self
            if not power.terms:
                break
        if power.terms and coefficient:
            order = min(order, power.lead)
        return _sum(terms, order)

    def derivative(self) -> _Series:
        return _sum(((e - 1, c * e) for e, c in self.terms), self.order - 1)

    def integral(self, start: float) -> _Series:
        """The integral from t = 0, plus a number."""
        if self.lead <= -1:
            raise _UndefinedError
        terms = ((e + 1, c / (e + 1)) for e, c in self.terms)
        return _sum(((0.0, start), *terms), self.order + 1)

    def expanded(self, taylor: Callable[[float], Iterable[float]]) -> _Series:
        """A function of the series, from its Taylor coefficients at a number."""
        end = self.end
        return (self - _constant(end)).composed(taylor(end))


def _constant(value: float) -> _Series:
    return _Series(((0.0, value),) if value else ())


def _sum(terms: Iterable[tuple[float, float]], order: float) -> _Series:
    """The series of terms in any order, equal exponents added up."""
    sums: dict[float, tuple[float, float]] = {}
    for exponent, coefficient in terms:
        key = round(exponent, 9)
        total, size = sums.get(key, (0.0, 0.0))
        sums[key] = total + coefficient, size + abs(coefficient)
    kept = sorted(
        (exponent, total)
        for exponent, (total, size) in sums.items()
        if abs(total) > ROUNDING * size and exponent < order - 1e-9
    )
    if not all(math.isfinite(coefficient) for _, coefficient in kept):
        raise _UndefinedError
    if len(kept) > MAX_TERMS:
        order = min(order, kept[MAX_TERMS][0])
    return _Series(tuple(kept[:MAX_TERMS]), order)


def _exp(a: _Series) -> _Series:
    return a.expanded(lambda x: (math.exp(x) / math.factorial(k) for k in range(MAX_TERMS + 1)))


def _sin(a: _Series, quarter: int = 0) -> _Series:
    """The sine, or the cosine if `quarter` is 1."""

    def taylor(x: float) -> Iterable[float]:
        # What is not 0 only because pi has no exact number is 0.
        sine, cosine = (a if abs(a) > 1e-15 * abs(x) else 0.0 for a in (math.sin(x), math.cos(x)))
        circle = (sine, cosine, -sine, -cosine)
        return (circle[(k + quarter) % 4] / math.factorial(k) for k in range(MAX_TERMS + 1))

    return a.expanded(taylor)


def _tanh(a: _Series) -> _Series:
    def taylor(x: float) -> list[float]:
        # y' = 1 − y²
        c = [math.tanh(x)]
        for k in range(MAX_TERMS):
            square = math.fsum(c[i] * c[k - i] for i in range(k + 1))
            c.append(((k == 0) - square) / (k + 1))
        return c

    return a.expanded(taylor)


def _log(a: _Series) -> _Series:
    if a.end <= 0:
        raise _UndefinedError
    return (a.derivative() * a.power(-1)).integral(math.log(a.end))


def _asin(a: _Series) -> _Series:
    if len(a.terms) == (a.lead == 0) and math.isinf(a.order):  # constant along the ray
        return _constant(math.asin(a.end))
    slope = a.derivative() * (_constant(1.0) - a * a).power(-0.5)
    return slope.integral(math.asin(a.end))


def _larger(a: _Series, b: _Series) -> _Series:
    difference = a - b
    # What is equal so far may differ later.
    return (a if difference.sign >= 0 else b) + _Series((), difference.order)


def _sigmoid(a: _Series) -> _Series:
    return (_constant(1.0) + _tanh(a.times(0.5))).times(0.5)


FUNCTIONS: dict[str, Callable[..., _Series]] = {
    "sin": _sin,
    "cos": lambda a: _sin(a, 1),
    "tan": lambda a: _sin(a) * _sin(a, 1).power(-1),
    "asin": _asin,
    "acos": lambda a: _constant(math.pi / 2) - _asin(a),
    "atan": lambda a: (a.derivative() * (_constant(1.0) + a * a).power(-1)).integral(
        math.atan(a.end)
    ),
    "sinh": lambda a: (_exp(a) - _exp(a.times(-1))).times(0.5),
    "cosh": lambda a: (_exp(a) + _exp(a.times(-1))).times(0.5),
    "tanh": _tanh,
    "exp": _exp,
    "log": _log,
    "log10": lambda a: _log(a).times(1 / math.log(10)),
    "sqrt": lambda a: a.power(0.5),
    "abs": lambda a: a.times(-1) if a.sign < 0 else a,
    "sign": lambda a: _constant(float(a.sign)),
    "max": _larger,
    "min": lambda a, b: _larger(a.times(-1), b.times(-1)).times(-1),
    "sigmoid": _sigmoid,
    "softplus": lambda a: (a.derivative() * _sigmoid(a)).integral(
        max(a.end, 0) + math.log1p(math.exp(-abs(a.end)))
    ),
}


def _series_of(node: Node, names: Mapping[str, _Series]) -> _Series:
    """The series of a node, from those of the names."""
    match node:
        case Number(value):
            return _constant(value)
        case Name(name):
            return names[name]
        case Negative(operand):
            return _series_of(operand, names).times(-1)
        case Sum(terms):
            total = _constant(0.0)
            for sign, part in terms:
                total += _series_of(part, names).times(-1.0 if sign == "-" else 1.0)
            return total
        case Product(factors):
            total = _constant(1.0)
            for sign, part in factors:
                factor = _series_of(part, names)
                total *= factor.power(-1) if sign == "/" else factor
            return total
        case Power(base, exponent):
            return _power(_series_of(base, names), _series_of(exponent, names))
        case Call(function, arguments):
            return FUNCTIONS[function](*(_series_of(part, names) for part in arguments))


def _power(base: _Series, exponent: _Series) -> _Series:
    if exponent == _constant(exponent.end):
        return base.power(exponent.end)
    if not base.terms and math.isinf(base.order) and exponent.end > 0:
        return base
    return _exp(exponent * _log(base))


def middle_slope(tree: Node, point: Mapping[str, float], name: str) -> float:
    """The middle of the two one-sided slopes at a point along an axis; NaN if one does not exist.

    Args:
        tree: a formula with folded constants.
        point: a number for each of its names.
        name: the axis.
    """
    still = {other: _constant(value) for other, value in point.items()}
    slopes = []
    try:
        value = _series_of(tree, still).end
        for side in (1.0, -1.0):
            ray = _sum(((0.0, point[name]), (1.0, side)), math.inf)
            series = _series_of(tree, {**still, name: ray})
            rise = series - _constant(series.end)
            jumps = abs(series.end - value) > JUMP * max(1.0, abs(value))
            if jumps or rise.lead < 1 - 1e-9 or rise.order <= 1:
                return math.nan
            slopes.append(side * sum(c for e, c in rise.terms if abs(e - 1) < 1e-9))
    except (ArithmeticError, ValueError):
        return math.nan
    return (slopes[0] + slopes[1]) / 2


def slope_beside(
    tree: Node,
    derivative: tuple[Operations, int],
    point: Mapping[str, float],
    name: str,
    toward: Sequence[str],
) -> float:
    """The limit of a derivative at a point, from where names are larger.

    Where the formula jumps, or the limit is not found, it is the middle of the one-sided slopes.

    Args:
        tree: a formula with folded constants.
        derivative: its derivative, the index of one of the operations.
        point: a number for each of its names.
        name: that of the derivative.
        toward: the names that grow, each by much less than the one before.
    """
    still = {other: _constant(value) for other, value in point.items()}
    curve = dict(still)
    for power, other in enumerate(toward, 1):
        # With π, the curve lies on no kink that someone types, such as that of abs(y - x**2).
        curve[other] += _Series(((float(power), math.pi ** (power - 1)),))
    try:
        value = _series_of(tree, still).end
        if abs(_series_of(tree, curve).end - value) <= JUMP * max(1.0, abs(value)):
            return _series_of_operation(*derivative, curve).end
    except (ArithmeticError, ValueError, TypeError):
        pass
    return middle_slope(tree, point, name)


def _series_of_operation(
    operations: Operations, index: int, names: Mapping[str, _Series]
) -> _Series:
    """The series of an operation, from those of the names."""
    series = dict[int, _Series]()
    for i in operations.needed([index]):
        operation = operations[i]
        operands = [series[operand] for operand in operation.operands]
        match operation:
            case Operation("number"):
                series[i] = _constant(operation.number)
            case Operation("name"):
                series[i] = names[operation.name]
            case _:
                series[i] = OPERATORS[operation.operator](*operands)
    return series[index]


def _side(a: _Series) -> _Series:
    if not a.terms and not math.isinf(a.order):
        raise _UndefinedError
    return _constant(float(a.sign))


OPERATORS: dict[str, Callable[..., _Series]] = {
    **FUNCTIONS,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a * b.power(-1),
    "negative": lambda a: a.times(-1),
    "power": _power,
    "side": _side,
}
