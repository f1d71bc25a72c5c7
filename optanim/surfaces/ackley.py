import numpy as np

from optanim.formulas.numbers import factor, number_in_tex
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def ackley(*, a: Positive = 20.0, b: Positive = 0.2, c: Positive = 2 * np.pi) -> Surface:
    """Ackley: a nearly flat, dented plain around a funnel.

        f(x, y) = a + e − a·exp(−b√((x² + y²)/2)) − exp((cos cx + cos cy)/2)

    The funnel ends in a cusp; the gradient at its tip is taken as zero.

    Names: ko 애클리 함수.

    Reference: Ackley 1987, "A Connectionist Machine for Genetic Hillclimbing", Kluwer; in two
    variables, with the constants that Bäck 1996, "Evolutionary Algorithms in Theory and
    Practice", Oxford, made usual.
    """

    def value(w: Array) -> Array:
        x, y = w
        r = np.sqrt((x * x + y * y) / 2)
        return a - a * np.exp(-b * r) + (np.e - np.exp((np.cos(c * x) + np.cos(c * y)) / 2))

    def gradient(w: Array) -> Array:
        x, y = w
        r = np.sqrt((x * x + y * y) / 2)
        funnel = a * b * np.exp(-b * r) / (2 * np.where(r > 0, r, 1.0))
        dents = c / 2 * np.exp((np.cos(c * x) + np.cos(c * y)) / 2)
        return np.array([funnel * x + dents * np.sin(c * x), funnel * y + dents * np.sin(c * y)])

    turn = r"2\pi " if c == 2 * np.pi else factor(c)
    formula = (
        rf"{number_in_tex(a)} + e - {factor(a)}e^{{-{factor(b)}\sqrt{{(x^2 + y^2)/2}}}}"
        rf" - e^{{(\cos {turn}x + \cos {turn}y)/2}}"
    )
    return Surface(value, gradient, ((-4.0, 4.0), (-4.0, 4.0)), ((0.0, 0.0),), formula)
