"""Whether an optimizer sees the axes of the plane."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.schema.catalogue import catalogue
from tests.oracles.case import difference


def apart_when_turned(optimizer: str, degrees: float = 30.0, **options: Any) -> float:
    """How far the path on a turned ravine is from the turned path, relative to the points."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    walk = partial(catalogue("optimizers")[optimizer].function, **options)
    quadratic, start = catalogue("surfaces")["quadratic"].function, np.array([-4.0, 3.0])
    upright, turned = (
        simulate(quadratic(b=20.0, rotation=r), walk, list(s), steps=100).points
        for r, s in ((0.0, start), (degrees, turn @ start))
    )
    return difference(turned, turn @ upright)
