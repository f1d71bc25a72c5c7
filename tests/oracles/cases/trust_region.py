import numpy as np

from tests.oracles.case import Case, Property
from tests.oracles.walks import surface, walk

MINIMIZE = "scipy.optimize.minimize"


def _dogleg(**options: float) -> dict[str, object]:
    return {"method": "dogleg", "options": {"gtol": 0, "maxiter": 60, **options}}


DOGLEG = {"solver": "dogleg"}
SMALL = {**DOGLEG, "radius": 0.3, "max_radius": 0.8, "eta": 0.2}
THEIR_SMALL = _dogleg(initial_trust_radius=0.3, max_trust_radius=0.8, eta=0.2)

CASES = {
    "dogleg": Case(
        MINIMIZE, DOGLEG, _dogleg(), ("turned", "rosenbrock"), lr=None, steps=60,
        special="a path with a bend, as far as the edge of the disc",
    ),
    "small disc": Case(MINIMIZE, SMALL, THEIR_SMALL, ("turned", "rosenbrock"), lr=None, steps=60),
    # SciPy's dogleg needs a positive definite Hessian all the way.
    "basin": Case(
        MINIMIZE, DOGLEG, _dogleg(), ("himmelblau",), lr=None, steps=60, start=(5, 4)
    ),
    "small disc in a basin": Case(
        MINIMIZE, SMALL, THEIR_SMALL, ("himmelblau",), lr=None, steps=60, start=(5, 4)
    ),
}  # fmt: skip


def _radii() -> float:
    """The radii by the rule, computed anew from the points."""
    apart = 0.0
    for name, start in (("rosenbrock", (-1.2, 1)), ("himmelblau", (0.5, 1))):
        f = surface(name)
        path = walk("trust_region", f, start, 20)
        assert path.shapes is not None
        radii = np.sqrt(path.shapes[0, 0])
        for t in range(path.steps):
            w, p = path.points[:, t], path.points[:, t + 1] - path.points[:, t]
            if not p.any():
                apart = max(apart, abs(radii[t + 1] / radii[t] - 0.25))
                continue
            g, h = f.gradient(w), f.hessian(w)
            rho = (path.values[t] - path.values[t + 1]) / -(g @ p + p @ h @ p / 2)
            at_edge = np.hypot(*p) > radii[t] * (1 - 1e-9)
            factor = 0.25 if rho < 0.25 else 2.0 if rho > 0.75 and at_edge else 1.0
            apart = max(apart, abs(radii[t + 1] / radii[t] / factor - 1))
            apart = max(apart, np.hypot(*p) / radii[t] - 1)
    return float(apart)


def _optimal() -> float:
    """(H + λI)p = −g with λ ≥ 0, and λ = 0 inside the disc, on the hill of Himmelblau too."""
    apart = 0.0
    for start in ((0.5, 1), (-0.2, -0.9), (-4, 1), (0, -3)):
        f = surface("himmelblau")
        path = walk("trust_region", f, start, 1, radius=0.4)
        p = path.points[:, -1] - path.points[:, 0]
        g, h = f.gradient(path.points[:, 0]), f.hessian(path.points[:, 0])
        shift = -(p @ (g + h @ p)) / (p @ p)
        apart = max(apart, np.abs(g + h @ p + shift * p).max() / np.hypot(*g), -shift)
        apart = max(apart, -np.linalg.eigvalsh(h + shift * np.eye(2))[0])
    return float(apart)


def _leaves_a_hill() -> float:
    wells = surface("double_well")
    end = walk("trust_region", wells, (0,), 20).points[:, -1]
    return float(np.abs(np.abs(end) - np.abs(wells.minima[0])).max())


PROPERTIES = [
    Property("its radius keeps the rule, and no step is longer", _radii, 1e-6),
    Property("the exact step is the lowest of the model: (H + λI)p = −g", _optimal, 1e-8),
    Property("it leaves a hill between two wells, where the gradient is 0", _leaves_a_hill),
]
