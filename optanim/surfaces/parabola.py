import numpy as np

from optanim.formulas.numbers import factor
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def parabola(*, a: Positive = 1.0) -> Surface:
    """Parabola: the simplest valley, of curvature 2a.

        f(x) = ax²

    Names: ko 포물선.

    Reference: the first example of Zhang, Lipton, Li & Smola, "Dive into Deep Learning", d2l.ai,
    section "Gradient Descent"; a = 1.
    """

    def value(w: Array) -> Array:
        return a * w[0] * w[0]

    def gradient(w: Array) -> Array:
        return 2 * a * w

    def hessian(w: Array) -> Array:
        return np.array([[2 * a]])

    return Surface(
        value,
        gradient,
        ((-11.0, 11.0),),
        ((0.0,),),
        f"{factor(a)}x^2",
        axes=("x",),
        hessian=hessian,
    )
