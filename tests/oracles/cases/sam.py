from functools import partial

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.optimizers.gd import gd
from optanim.optimizers.sam import sam
from optanim.surfaces.parabola import parabola
from tests.oracles.case import Case, Property

SAM = "pytorch_optimizer.SAM"
GD, ADAM = ("gd", "torch.optim.SGD"), ("adam", "torch.optim.Adam")
ROUNDED = {"steps": 40, "bound": 1e-5, "because": "the norm of the gradient has 32 bits there"}

CASES = {
    "defaults": Case(SAM, inner=GD, **ROUNDED, special="the gradient is asked uphill"),
    "rho": Case(SAM, {"rho": 0.3}, inner=GD, **ROUNDED),
    "adam": Case(SAM, inner=ADAM, **ROUNDED),
}


def _on_a_parabola() -> float:
    """The distance from x ← x − 2aη(x + ρ sign x), with all its digits."""
    rate, rho = 0.2, 0.25
    made = simulate(
        parabola(a=0.5), partial(sam, inner=partial(gd, lr=rate), rho=rho), [3.0], steps=50
    )
    x = made.points[0]
    uphill = x[:-1] + rho * np.sign(x[:-1])
    return float(np.abs(x[1:] - (x[:-1] - rate * uphill)).max())


PROPERTIES = [
    Property("on a parabola the gradient is that of a point ρ farther out", _on_a_parabola)
]
