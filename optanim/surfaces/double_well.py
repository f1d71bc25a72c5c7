import numpy as np

from optanim.formulas.numbers import factor
from optanim.schema.types import Real
from optanim.surfaces._surface import Array, Surface


def double_well(*, tilt: Real = 0.0) -> Surface:
    """Double well: two dips with a hill between them, level or tilted.

        f(x) = (x² − 1)² + tilt·x

    With a tilt beyond about ±1.54, only one dip is left.

    Names: ko 이중 우물 함수.

    Reference: the quartic double-well potential of textbooks of physics, with wells at ±1; the
    tilt, which makes one of them a trap, is ours.
    """

    def value(w: Array) -> Array:
        return (w[0] * w[0] - 1) ** 2 + tilt * w[0]

    def gradient(w: Array) -> Array:
        return 4 * w * (w * w - 1) + tilt

    def hessian(w: Array) -> Array:
        return np.array([12 * w * w - 4])

    if tilt == 0:
        minima: tuple[tuple[float, ...], ...] = ((-1.0,), (1.0,))
    else:
        # A positive tilt lowers the left dip, a negative one the right dip; Newton's method.
        x = -np.sign(tilt) * (1.0 + abs(tilt))
        for _ in range(60):
            x -= (4 * x * (x * x - 1) + tilt) / (12 * x * x - 4)
        minima = ((float(x),),)
    # The other dip, while there is one, is the root on the other side of the hill.
    roots = np.roots([4.0, 0.0, -4.0, tilt])
    dips = [float(r.real) for r in roots if abs(r.imag) < 1e-9 and 3 * r.real**2 > 1]
    traps = tuple((x,) for x in dips if all(abs(x - m) > 1e-6 for (m,) in minima))
    slope = f" {'-' if tilt < 0 else '+'} {factor(abs(tilt))}x" if tilt else ""
    reach = max(1.8, 1.3 * abs(minima[0][0]))
    formula, domain = f"(x^2 - 1)^2{slope}", ((-reach, reach),)
    return Surface(
        value, gradient, domain, minima, formula, axes=("x",), landmarks=traps, hessian=hessian
    )
