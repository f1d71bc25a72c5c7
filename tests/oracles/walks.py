"""What properties of optimizers are measured on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from optanim.experiment.simulate import Trajectory, simulate
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array, Surface


def surface(name: str, **options: Any) -> Surface:
    """A surface of the catalogue."""
    made: Surface = catalogue("surfaces")[name].function(**options)
    return made


TURNED = surface("quadratic", b=5.0, center=(3.0, 2.0), rotation=30.0)
"""A turned bowl away from the origin."""

HESSIAN = TURNED.hessian(np.zeros(2))
CENTER = np.array(TURNED.minima[0])

PLANE = replace(
    surface("quadratic"),
    value=lambda p: p[0],
    gradient=lambda p: np.stack([np.ones_like(p[0]), np.zeros_like(p[0])]),
    minima=(),
)
"""A slope of 1 without end."""


def walk(
    optimizer: str, on: Surface, start: tuple[float, ...] = (-4, 3), steps: int = 50, **options: Any
) -> Trajectory:
    """The trajectory of an optimizer of the catalogue."""
    function = catalogue("optimizers")[optimizer].function
    return simulate(on, partial(function, **options), list(start), steps=steps)


def cosines(steps: Array, metric: Array | None = None) -> Array:
    """The cosines between each of the steps (2, T) and the next, in a metric (2, 2)."""
    metric = np.eye(2) if metric is None else metric
    lengths = np.sqrt(np.einsum("it,ij,jt->t", steps, metric, steps))
    products = np.einsum("it,ij,jt->t", steps[:, :-1], metric, steps[:, 1:])
    return np.asarray(np.abs(products / (lengths[:-1] * lengths[1:])))


def apart_by_ranks(optimizer: str, **options: Any) -> float:
    """How far a path on log(1 + f) is from that on f: 0 where only the order of losses counts."""
    rosenbrock = surface("rosenbrock")
    value: Callable[[Array], Array] = rosenbrock.value
    other = replace(rosenbrock, value=lambda p: np.log1p(value(p)))
    one, two = (walk(optimizer, f, (-1.2, 1), 60, **options).points for f in (rosenbrock, other))
    return float(np.abs(one - two).max())
