from math import cos, pi, sqrt
from typing import Literal

from optanim.errors import OptionError
from optanim.optimizers._warm_up import steps_of, warm_up_share
from optanim.schema.types import NonNegative, Positive
from optanim.schema.warm_up import PartOfRun, WarmUpShape


def wsd(
    t: int,
    steps: int,
    *,
    start: Positive = 0.1,
    end: NonNegative = 0.0,
    warmup: PartOfRun = 0.1,
    warmup_shape: WarmUpShape = "linear",
    decay: PartOfRun = 0.2,
    shape: Literal["linear", "cosine", "sqrt"] = "linear",
) -> float:
    """Warm-up–stable–decay: the rate rises, stays the same, and falls at the end of the run.

        η(t) = start · t/(W + 1) in the first W updates: warmup
        η(t) = start
        η(t) = end + (start − end)(1 − p) in the last D updates: decay
        p = k/D after k of these; with `shape`, (1 − cos πp)/2 or √p in its place

    Names: ko 워밍업–유지–감쇠.

    Reference: Hu et al. 2024, "MiniCPM", arXiv:2404.06395; the shape sqrt is that of Hägele et
    al. 2024, arXiv:2405.18392. PyTorch has no class: SequentialLR of LinearLR from the factor
    1/(W + 1), of ConstantLR, and of LinearLR to end/start.
    """
    first, last = (round(steps_of(part, steps)) for part in (warmup, decay))
    if first + last > steps:
        message = f"warmup and decay have {first} + {last} steps, and the run has {steps}"
        key = "decay" if last >= first else "warmup"
        raise OptionError(message, (key,), help="0.1 is a tenth of the run")
    if t <= first:
        return start * warm_up_share(t, first, warmup_shape)
    k = t - 1 - (steps - last)
    p = max(k, 0) / max(last, 1)
    left = {"linear": 1 - p, "cosine": (1 + cos(pi * p)) / 2, "sqrt": 1 - sqrt(p)}[shape]
    return end + (start - end) * left
