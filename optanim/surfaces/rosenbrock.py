import numpy as np

from optanim.formulas.numbers import factor, number_in_tex
from optanim.schema.types import Positive, Real
from optanim.surfaces._surface import Array, Surface


def rosenbrock(*, a: Real = 1.0, b: Positive = 100.0) -> Surface:
    """Rosenbrock: a curved valley with a nearly flat floor.

        f(x, y) = (a − x)² + b(y − x²)²

    Names: ko 로젠브록 함수.

    Reference: Rosenbrock 1960, "An automatic method for finding the greatest or least value of a
    function", The Computer Journal 3(3), 175–184; a = 1, b = 100.
    """

    def value(w: Array) -> Array:
        x, y = w
        return (a - x) ** 2 + b * (y - x * x) ** 2

    def gradient(w: Array) -> Array:
        x, y = w
        d = y - x * x
        return np.array([-2 * (a - x) - 4 * b * x * d, 2 * b * d])

    def hessian(w: Array) -> Array:
        x, y = w
        xy = -4 * b * x
        return np.array([[2 + 4 * b * (3 * x * x - y), xy], [xy, 2 * b]])

    formula = f"({number_in_tex(a)} - x)^2 + {factor(b)}(y - x^2)^2"
    domain = ((min(-2.0, a - 1), max(2.0, a + 1)), (-1.0, max(3.0, a * a + 1)))
    return Surface(value, gradient, domain, ((a, a * a),), formula, hessian=hessian)
