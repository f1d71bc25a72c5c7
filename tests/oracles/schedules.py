"""The schedules and those of PyTorch: the rates of 200 updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from optanim.schema.catalogue import catalogue
from optanim.surfaces import Array
from tests.oracles.case import STEPS


@dataclass(frozen=True)
class ScheduleCase:
    """Options of a schedule, and those of a class of `torch.optim.lr_scheduler`.

    Attributes:
        oracle: `package.Class`.
        ours: our options, without `start`, which is 0.1.
        theirs: the oracle's options.
    """

    oracle: str
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    bound: float = 1e-10
    special: str = ""

    @property
    def package(self) -> str:
        return self.oracle.partition(".")[0]

    @property
    def installed(self) -> bool:
        return bool(find_spec(self.package))

    def our_path(self, schedule: str) -> Array:
        """(1, STEPS) rates."""
        made = partial(catalogue("schedules")[schedule].function, start=0.1, **self.ours)
        return np.array([[made(t, STEPS) for t in range(1, STEPS + 1)]])

    def their_path(self) -> Array:
        """(1, STEPS) rates, each read before its update."""
        import torch

        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
        module, _, name = self.oracle.rpartition(".")
        scheduler = getattr(import_module(module), name)(optimizer, **self.theirs)
        rates = []
        for _ in range(STEPS):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return np.array([rates], dtype=np.float64)


_TORCH = "torch.optim.lr_scheduler"

CASES: dict[str, dict[str, ScheduleCase]] = {
    "cosine": {
        "to 0": ScheduleCase(f"{_TORCH}.CosineAnnealingLR", {"end": 0.0}, {"T_max": STEPS}),
        "to 0.02": ScheduleCase(
            f"{_TORCH}.CosineAnnealingLR", {"end": 0.02}, {"T_max": STEPS, "eta_min": 0.02}
        ),
    },
    "exponential": {
        "0.97": ScheduleCase(f"{_TORCH}.ExponentialLR", {"gamma": 0.97}, {"gamma": 0.97}),
    },
    "step": {
        "60": ScheduleCase(
            f"{_TORCH}.StepLR", {"every": 60, "gamma": 0.5}, {"step_size": 60, "gamma": 0.5}
        ),
    },
}
