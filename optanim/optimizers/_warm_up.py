"""The parts of a schedule: the number of their steps, and the rise of a warm-up."""

from __future__ import annotations

from math import cos, pi

from optanim.optimizers._schedule import Schedule
from optanim.schema.warm_up import WarmUpShape


def steps_of(part: float, steps: int) -> float:
    """The number of steps of a part of a run of `steps`: a share below 1, or a number of steps."""
    return part if part >= 1 else part * steps


def warm_up_share(t: int, count: int, shape: WarmUpShape) -> float:
    """The share of the value after the warm-up that update t = 1, …, `count` of it has.

    It rises from above 0, as an update with the rate 0 would not move, and reaches 1 at the first
    update after the warm-up.
    """
    share = t / (count + 1)
    return (1 - cos(pi * share)) / 2 if shape == "cosine" else share


def warmed_up(t: int, *, schedule: Schedule, count: int, shape: WarmUpShape) -> float:
    """The value of a schedule that begins after a warm-up of `count` updates, at update t."""
    if t > count:
        return schedule(t - count)
    return schedule(1) * warm_up_share(t, count, shape)
