import numpy as np

from optanim.formulas.numbers import factor
from optanim.schema.types import Positive
from optanim.surfaces._surface import Array, Surface


def wave(*, c: Positive = 0.15) -> Surface:
    """Wave: swings that grow with the distance, and a poor valley on the way to a deep one.

        f(x) = x·cos(cπx)

    Names: ko 물결 함수.

    Reference: Zhang, Lipton, Li & Smola, "Dive into Deep Learning", d2l.ai, section "Gradient
    Descent", "Local Minima"; c = 0.15. The minimum is the lowest point of the window of three
    half-waves; outside it there is always a lower one.
    """
    turn = c * np.pi

    def value(w: Array) -> Array:
        return w[0] * np.cos(turn * w[0])

    def gradient(w: Array) -> Array:
        return np.cos(turn * w) - turn * w * np.sin(turn * w)

    def hessian(w: Array) -> Array:
        return np.array([-turn * (2 * np.sin(turn * w) + turn * w * np.cos(turn * w))])

    # The second positive root of u·tan u = 1.
    minima = ((3.4256184594817283 / turn,),)
    reach = 1.5 / c
    formula = rf"x\cos({factor(c)}\pi x)"
    return Surface(
        value, gradient, ((-reach, reach),), minima, formula, axes=("x",), hessian=hessian
    )
