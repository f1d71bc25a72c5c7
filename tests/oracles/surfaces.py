"""The surfaces of the cases, each with its loss written a second time for the oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import cos, radians, sin
from typing import Any

import numpy as np

from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array, Surface, noisy

SEED = 7
"""Seed of the noise of a noisy surface."""


@dataclass(frozen=True)
class OracleSurface:
    """A surface, a start on it, and what the oracle differentiates.

    Attributes:
        title: its name in `optanim show`.
        name: of the surface in the catalogue, with its options.
        start: where the paths begin.
        rate: factor of the learning rate of a case.
        unit: this factor for optimizers whose steps are about as long as the rate.
        loss: x, y -> the loss, of numbers, complex numbers, tensors of PyTorch or arrays of JAX.
        noise: standard deviation of the noise of each coordinate of each gradient.
    """

    title: str
    name: str
    start: tuple[float, float]
    rate: float
    unit: float
    loss: Callable[[Any, Any], Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    noise: float = 0.0

    def surface(self) -> Surface:
        """Ours, with a stream of noise of its own."""
        made: Surface = catalogue("surfaces")[self.name].function(**self.options)
        return noisy(made, self.noise, SEED)

    def draw(self) -> Callable[[], Array]:
        """A function that gives the noise (2,) of the first gradient, of the second, …"""
        flat = replace(catalogue("surfaces")[self.name].function(), gradient=np.zeros_like)
        gradient = noisy(flat, self.noise, SEED).gradient
        return lambda: gradient(np.zeros(2))


_COS, _SIN = cos(radians(30)), sin(radians(30))


def _turned(x: Any, y: Any) -> Any:
    u, v = _COS * (x - 3) + _SIN * (y - 2), _COS * (y - 2) - _SIN * (x - 3)
    return u * u + 5 * v * v


SURFACES = {
    "turned": OracleSurface(
        "turned bowl", "quadratic", (-4, 3), 0.5, 0.5, _turned,
        {"a": 1.0, "b": 5.0, "center": (3.0, 2.0), "rotation": 30.0},
    ),
    "rosenbrock": OracleSurface(
        "Rosenbrock", "rosenbrock", (-1.2, 1), 0.003, 0.2,
        lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    ),
    "himmelblau": OracleSurface(
        "Himmelblau", "himmelblau", (0.5, 1), 0.03, 1,
        lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    ),
    "bowl": OracleSurface("bowl", "quadratic", (-4, 3), 1, 1, lambda x, y: x**2 + 2 * y**2),
    "far": OracleSurface(
        "moved bowl", "quadratic", (-4, 3), 1, 1,
        lambda x, y: (x - 3) ** 2 + 2 * (y - 2) ** 2, {"center": (3.0, 2.0)},
    ),
    "noisy": OracleSurface(
        "noisy bowl", "quadratic", (-4, 3), 1, 1,
        lambda x, y: (x - 3) ** 2 + 2 * (y - 2) ** 2, {"center": (3.0, 2.0)}, 1.0,
    ),
}  # fmt: skip

COMMON = ("turned", "rosenbrock", "himmelblau")
"""Those of a case that names none."""
