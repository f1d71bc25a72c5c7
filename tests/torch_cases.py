"""The cases in which optanim and PyTorch must walk the same path, in float64.

What PyTorch lacks is compared with another package for PyTorch. `python -m tests.torch_cases`
records their paths, for machines that do not have them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from optanim.experiment.simulate import simulate
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array

STEPS, EVERY = 200, 20
RECORDED = Path(__file__).with_name("torch_paths.json")

SURFACES: dict[str, tuple[str, dict[str, Any], list[float], float, Callable[[Any, Any], Any]]] = {
    # name, options, start, a factor for the rate, and the same loss for PyTorch to differentiate
    "bowl": ("quadratic", {}, [-4.0, 3.0], 1.0, lambda x, y: x**2 + 2 * y**2),
    "far": ("quadratic", {"center": (3.0, 2.0)}, [-4.0, 3.0], 1.0,
            lambda x, y: (x - 3) ** 2 + 2 * (y - 2) ** 2),
    "himmelblau": ("himmelblau", {}, [0.5, 1.0], 0.03,
                   lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2),
    "rosenbrock": ("rosenbrock", {}, [-1.2, 1.0], 0.003,
                   lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2),
}  # fmt: skip

OPTIMIZERS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    # ours, PyTorch's or PACKAGE.CLASS of another package, our options, theirs
    ("gd", "SGD", {}, {}),
    ("momentum", "SGD", {"momentum": 0.9}, {"momentum": 0.9}),
    ("nesterov", "SGD", {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}),
    ("adagrad", "Adagrad", {"eps": 1e-10}, {"eps": 1e-10}),
    ("rmsprop", "RMSprop", {"rho": 0.9, "eps": 1e-8}, {"alpha": 0.9, "eps": 1e-8}),
    ("adam", "Adam", {}, {}),
    ("adam", "Adam", {"weight_decay": 0.1}, {"weight_decay": 0.1}),
    ("adamw", "AdamW", {"weight_decay": 0.1}, {"weight_decay": 0.1}),
    ("lion", "lion_pytorch.Lion", {}, {}),
    ("lion", "lion_pytorch.Lion", {"weight_decay": 0.1}, {"weight_decay": 0.1}),
]

SCHEDULES: dict[str, tuple[str, dict[str, Any], Callable[[float], dict[str, Any]]]] = {
    "cosine": ("CosineAnnealingLR", {"T_max": STEPS, "eta_min": 0.0}, lambda lr: {"end": 0.0}),
    "exponential": ("ExponentialLR", {"gamma": 0.97}, lambda lr: {"gamma": 0.97}),
    "step": ("StepLR", {"step_size": 60, "gamma": 0.5}, lambda lr: {"every": 60, "gamma": 0.5}),
}


@dataclass(frozen=True)
class Case:
    """An optimizer on a surface, with a constant rate or a schedule."""

    optimizer: str
    torch: str
    ours_options: dict[str, Any] = field(hash=False)
    torch_options: dict[str, Any] = field(hash=False)
    surface: str
    schedule: str = ""

    def __str__(self) -> str:
        decay = "-decay" if "weight_decay" in self.ours_options else ""
        return (
            f"{self.optimizer}{decay}-{self.surface}{'-' if self.schedule else ''}{self.schedule}"
        )

    @property
    def package(self) -> str:
        """The package that has the optimizer: `torch`, or another one for PyTorch."""
        return self.torch.rpartition(".")[0] or "torch"

    @property
    def lr(self) -> float:
        return 0.1 * SURFACES[self.surface][3]

    def ours(self) -> Array:
        """(2, STEPS + 1); for Nesterov the look-ahead points, which PyTorch reports."""
        name, options, start, *_ = SURFACES[self.surface]
        lr: Any = self.lr
        if self.schedule:
            _, _, more = SCHEDULES[self.schedule]
            schedule = catalogue("schedules")[self.schedule].function
            lr = partial(schedule, steps=STEPS, start=self.lr, **more(self.lr))
        optimizer = partial(
            catalogue("optimizers")[self.optimizer].function, lr=lr, **self.ours_options
        )
        surface = catalogue("surfaces")[name].function(**options)
        # One update more: the look-ahead of the last step is asked for in the next.
        path = simulate(surface, optimizer, start, steps=STEPS + 1)
        return path.looked if self.optimizer == "nesterov" else path.points[:, :-1]

    def theirs(self) -> Array:
        """(2, STEPS + 1) points of PyTorch, or of the other package."""
        import torch

        *_, start, _, loss = SURFACES[self.surface]
        w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        module, _, name = self.torch.rpartition(".")
        made = getattr(import_module(module or "torch.optim"), name)
        optimizer = made([w], lr=self.lr, **self.torch_options)
        scheduler = None
        if self.schedule:
            name, options, _ = SCHEDULES[self.schedule]
            scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **options)
        points = [w.detach().numpy().copy()]
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss(w[0], w[1]).backward()
            optimizer.step()
            if scheduler:
                scheduler.step()
            points.append(w.detach().numpy().copy())
        return np.stack(points, axis=1)


CASES = [Case(*names, surface) for names in OPTIMIZERS for surface in SURFACES] + [
    Case(*OPTIMIZERS[i], "far", schedule) for i in (0, 1, 6) for schedule in SCHEDULES
]


def same(ours: Array, theirs: Array) -> bool:
    """Equal, point for point, to 1e-12 of the point's largest coordinate; 4e-14 was measured."""
    return bool((np.abs(ours - theirs).max(0) <= 1e-12 * np.abs(theirs).max(0)).all())


def record() -> None:
    """Write the paths of PyTorch and of the other packages beside this file.

    Processors round differently. A path that was recorded before stays unless it is another one, so
    that a new case changes nothing but its own lines. So does that of a package that is missing.
    """
    import torch

    before = json.loads(RECORDED.read_text())["paths"]
    paths = {}
    for case in CASES:
        old = np.array(before.get(str(case), []))
        if old.size and not find_spec(case.package):
            paths[str(case)] = old.tolist()
            continue
        path = case.theirs()[:, ::EVERY]
        paths[str(case)] = (old if old.shape == path.shape and same(old, path) else path).tolist()
    data = {"torch": torch.__version__, "every": EVERY, "paths": paths}
    RECORDED.write_text(json.dumps(data, indent=0) + "\n")


if __name__ == "__main__":
    record()
