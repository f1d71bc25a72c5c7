import numpy as np

from tests.oracles.case import Property
from tests.oracles.walks import CENTER, HESSIAN, TURNED, cosines, surface, walk

BETAS = ("FR", "PR+", "HS", "DY")


def _two_steps() -> float:
    ends = [walk("conjugate_gradient", TURNED, steps=2, beta=beta).points[:, -1] for beta in BETAS]
    return float(max(np.abs(end - CENTER).max() for end in ends))


def _conjugate() -> float:
    paths = [walk("conjugate_gradient", TURNED, steps=2, beta=beta).points for beta in BETAS]
    return float(max(cosines(np.diff(path), HESSIAN).max() for path in paths))


def _formulas() -> float:
    """The second direction on Rosenbrock against each β, computed anew from its points."""
    f, apart = surface("rosenbrock"), []
    for beta in BETAS:
        points = walk("conjugate_gradient", f, (-1.2, 1), 2, beta=beta).points
        before, g = f.gradient(points[:, 0]), f.gradient(points[:, 1])
        y, p = g - before, -before
        exact = {"FR": g @ g / (before @ before), "PR+": max(0.0, g @ y / (before @ before)),
                 "HS": g @ y / (p @ y), "DY": g @ g / (p @ y)}  # fmt: skip
        direction, step = -g + exact[beta] * p, points[:, 2] - points[:, 1]
        across = direction[0] * step[1] - direction[1] * step[0]
        apart.append(abs(across) / np.hypot(*direction) / np.hypot(*step))
    return float(max(apart))


def _rosenbrock() -> float:
    ends = [walk("conjugate_gradient", surface("rosenbrock"), (-1.2, 1), 25, search=search)
            for search in ("exact", "wolfe")]  # fmt: skip
    return float(max(end.values[-1] for end in ends))


PROPERTIES = [
    Property("it is at the minimum of a turned bowl after two steps, for each β", _two_steps),
    Property("its directions are conjugate: p₁ᵀHp₂ = 0", _conjugate),
    Property("each β is that of its formula on Rosenbrock", _formulas),
    Property("PR+ is at the minimum of Rosenbrock in 25 steps", _rosenbrock),
]
