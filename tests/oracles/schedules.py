"""The schedules and those of PyTorch: the rates of 200 updates."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from optanim.config.schedules import schedule_of
from optanim.schema.choice import Choice
from optanim.schema.warm_up import WarmUp
from optanim.surfaces import Array
from tests.oracles.case import STEPS


@dataclass(frozen=True)
class ScheduleCase:
    """Options of a schedule, and those of a class of `torch.optim.lr_scheduler`.

    Attributes:
        oracle: `package.Class`.
        ours: our options, and those of a warm-up; `start` is 0.1 without one.
        theirs: the oracle's options; `schedulers` are the names and options of other classes.
        reads: what the oracle changes, the rate or the momentum.
    """

    oracle: str
    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    bound: float = 1e-10
    special: str = ""
    reads: Literal["lr", "momentum"] = "lr"

    @property
    def package(self) -> str:
        return self.oracle.partition(".")[0]

    @property
    def installed(self) -> bool:
        return bool(find_spec(self.package))

    def our_path(self, schedule: str) -> Array:
        """(1, STEPS) values."""
        start = {"start": START} if "peak" not in self.ours else {}
        chosen = Choice("schedules", WarmUp).choose({"name": schedule, **start, **self.ours})
        made = schedule_of(chosen, STEPS)
        return np.array([[made(t) for t in range(1, STEPS + 1)]])

    def their_path(self) -> Array:
        """(1, STEPS) values, each read before its update."""
        import torch

        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=START, momentum=0.9)
        module, _, name = self.oracle.rpartition(".")
        known, options = import_module(module), dict(self.theirs)
        if parts := options.pop("schedulers", None):
            options["schedulers"] = [getattr(known, n)(optimizer, **o) for n, o in parts]
        values = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SequentialLR itself calls what is deprecated
            scheduler = getattr(known, name)(optimizer, **options)
            for _ in range(STEPS):
                values.append(float(optimizer.param_groups[0][self.reads]))
                optimizer.step()
                scheduler.step()
        return np.array([values], dtype=np.float64)


START = 0.1
"""The rate that a case begins with, if its schedule has one."""

_TORCH = "torch.optim.lr_scheduler"
_RESTARTS = f"{_TORCH}.CosineAnnealingWarmRestarts"
_ONE_CYCLE, _CYCLIC = f"{_TORCH}.OneCycleLR", f"{_TORCH}.CyclicLR"
_WHOLE = {"max_lr": 0.3, "total_steps": STEPS}
_TRIANGLE = {"base_lr": 0.02, "max_lr": 0.3}


def _after_warm_up(steps: int, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of SequentialLR for a linear warm-up and a scheduler after it."""
    warm_up = ("LinearLR", {"start_factor": 1 / (steps + 1), "total_iters": steps})
    return {"schedulers": [warm_up, (name, options)], "milestones": [steps]}


CASES: dict[str, dict[str, ScheduleCase]] = {
    "constant": {
        "alone": ScheduleCase(f"{_TORCH}.ConstantLR", {}, {"factor": 1.0}),
        "after a warm-up": ScheduleCase(
            f"{_TORCH}.SequentialLR",
            {"warmup": 30},
            _after_warm_up(30, "ConstantLR", {"factor": 1}),
        ),
    },
    "cosine": {
        "to 0": ScheduleCase(f"{_TORCH}.CosineAnnealingLR", {"end": 0.0}, {"T_max": STEPS}),
        "to 0.02": ScheduleCase(
            f"{_TORCH}.CosineAnnealingLR", {"end": 0.02}, {"T_max": STEPS, "eta_min": 0.02}
        ),
        "restarts": ScheduleCase(
            _RESTARTS, {"end": 0.01, "restart": 27}, {"T_0": 27, "eta_min": 0.01}
        ),
        "longer and longer": ScheduleCase(
            _RESTARTS, {"restart": 7, "growth": 2}, {"T_0": 7, "T_mult": 2}
        ),
        "after a warm-up": ScheduleCase(
            f"{_TORCH}.SequentialLR",
            {"warmup": 0.1},
            _after_warm_up(20, "CosineAnnealingLR", {"T_max": STEPS - 20}),
        ),
    },
    "cyclic": {
        "triangular": ScheduleCase(
            _CYCLIC, {"start": 0.02, "peak": 0.3, "rise": 18}, {**_TRIANGLE, "step_size_up": 18}
        ),
        "triangular2": ScheduleCase(
            _CYCLIC,
            {"start": 0.02, "peak": 0.3, "rise": 14, "fall": 33, "shape": "triangular2"},
            {**_TRIANGLE, "step_size_up": 14, "step_size_down": 33, "mode": "triangular2"},
        ),
        "exp_range": ScheduleCase(
            _CYCLIC,
            {"start": 0.02, "peak": 0.3, "rise": 18, "shape": "exp_range", "shrink": 0.98},
            {**_TRIANGLE, "step_size_up": 18, "mode": "exp_range", "gamma": 0.98},
        ),
        "a momentum": ScheduleCase(
            _CYCLIC,
            {"start": 0.95, "peak": 0.7, "rise": 18, "shape": "triangular2"},
            {
                **_TRIANGLE,
                "step_size_up": 18,
                "mode": "triangular2",
                "max_momentum": 0.95,
                "base_momentum": 0.7,
            },
            reads="momentum",
        ),
    },
    "exponential": {
        "0.97": ScheduleCase(f"{_TORCH}.ExponentialLR", {"gamma": 0.97}, {"gamma": 0.97}),
    },
    "inverse": {
        "0.7": ScheduleCase(
            f"{_TORCH}.LambdaLR", {"gamma": 0.7}, {"lr_lambda": lambda e: 1 / (1 + 0.7 * e)}
        ),
    },
    "inverse_sqrt": {
        "0.7": ScheduleCase(
            f"{_TORCH}.LambdaLR", {"gamma": 0.7}, {"lr_lambda": lambda e: (1 + 0.7 * e) ** -0.5}
        ),
    },
    "multistep": {
        "four": ScheduleCase(
            f"{_TORCH}.MultiStepLR",
            {"gamma": 0.5, "at": [20, 21, 80, 150]},
            {"gamma": 0.5, "milestones": [20, 21, 80, 150]},
        ),
    },
    "one_cycle": {
        "defaults": ScheduleCase(_ONE_CYCLE, {"peak": 0.3}, _WHOLE),
        "linear": ScheduleCase(
            _ONE_CYCLE,
            {"peak": 0.3, "start": 0.03, "end": 0.0003, "rise": 80, "shape": "linear"},
            {
                **_WHOLE,
                "pct_start": 0.4,
                "anneal_strategy": "linear",
                "div_factor": 10,
                "final_div_factor": 100,
            },
        ),
        "three phases": ScheduleCase(
            _ONE_CYCLE,
            {"peak": 0.3, "rise": 0.25, "three_phases": True},
            {**_WHOLE, "pct_start": 0.25, "three_phase": True},
        ),
        "a momentum": ScheduleCase(
            _ONE_CYCLE, {"start": 0.95, "peak": 0.85, "end": 0.95}, _WHOLE, reads="momentum"
        ),
        "a momentum, three phases": ScheduleCase(
            _ONE_CYCLE,
            {"start": 0.9, "peak": 0.6, "end": 0.9, "rise": 0.4, "three_phases": True},
            {
                **_WHOLE,
                "pct_start": 0.4,
                "three_phase": True,
                "base_momentum": 0.6,
                "max_momentum": 0.9,
            },
            reads="momentum",
        ),
    },
    "polynomial": {
        "2.5": ScheduleCase(
            f"{_TORCH}.PolynomialLR", {"power": 2.5}, {"total_iters": STEPS, "power": 2.5}
        ),
        "until 90": ScheduleCase(
            f"{_TORCH}.PolynomialLR",
            {"power": 3.0, "until": 90},
            {"total_iters": 90, "power": 3},
        ),
        "a line": ScheduleCase(
            f"{_TORCH}.LinearLR",
            {"end": 0.02, "until": 0.5},
            {"start_factor": 1.0, "end_factor": 0.2, "total_iters": 100},
        ),
    },
    "step": {
        "60": ScheduleCase(
            f"{_TORCH}.StepLR", {"every": 60, "gamma": 0.5}, {"step_size": 60, "gamma": 0.5}
        ),
        "after a warm-up": ScheduleCase(
            f"{_TORCH}.SequentialLR",
            {"every": 40, "gamma": 0.5, "warmup": 25},
            _after_warm_up(25, "StepLR", {"step_size": 40, "gamma": 0.5}),
        ),
    },
    "wsd": {
        "to a tenth": ScheduleCase(
            f"{_TORCH}.SequentialLR",
            {"end": 0.01, "warmup": 30, "decay": 50},
            {
                "schedulers": [
                    ("LinearLR", {"start_factor": 1 / 31, "total_iters": 30}),
                    ("ConstantLR", {"factor": 1.0}),
                    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 50}),
                ],
                "milestones": [30, STEPS - 50],
            },
        ),
    },
}
