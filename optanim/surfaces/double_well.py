import numpy as np

from optanim.formulas.numbers import factor
from optanim.schema.types import Real
from optanim.surfaces._surface import Array, Surface


def double_well(*, tilt: Real = 0.0) -> Surface:
    """Double well: two dips with a hill between them, level or tilted.

        f(x) = (x² − 1)² + tilt·x

    From a tilt of about 1.54 on, either way, one dip is left.

    Reference: the quartic double-well potential of textbooks of physics, in units of its wells;
    the tilt, which makes one of them a trap, is ours.
    """

    def value(w: Array) -> Array:
        return (w[0] * w[0] - 1) ** 2 + tilt * w[0]

    def gradient(w: Array) -> Array:
        return 4 * w * (w * w - 1) + tilt

    if tilt == 0:
        minima: tuple[tuple[float, ...], ...] = ((-1.0,), (1.0,))
    else:
        # The lower dip is on the far side of the hill from where the tilt leads up.
        x = -np.sign(tilt) * (1.0 + abs(tilt))
        for _ in range(60):
            x -= (4 * x * (x * x - 1) + tilt) / (12 * x * x - 4)
        minima = ((float(x),),)
    slope = f" {'-' if tilt < 0 else '+'} {factor(abs(tilt))}x" if tilt else ""
    reach = max(1.8, 1.3 * abs(minima[0][0]))
    return Surface(
        value, gradient, ((-reach, reach),), minima, f"(x^2 - 1)^2{slope}", axes=("x",)
    )  # fmt: skip
