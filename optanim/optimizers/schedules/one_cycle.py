from itertools import pairwise
from math import cos, pi
from typing import Literal

from optanim.errors import OptionError
from optanim.optimizers._warm_up import steps_of
from optanim.schema.types import NonNegative, Positive
from optanim.schema.warm_up import PartOfRun


def one_cycle(
    t: int,
    steps: int,
    *,
    start: NonNegative | None = None,
    peak: Positive = 0.1,
    end: NonNegative | None = None,
    rise: PartOfRun = 0.3,
    shape: Literal["cosine", "linear"] = "cosine",
    three_phases: bool = False,
) -> float:
    """One cycle: the rate rises to a peak and falls far below the start, once in the run.

        start → peak over `rise`, then peak → end over the rest
        with three phases: start → peak → start, each over `rise`, then start → end

    Names: ko 원사이클.

    Reference: Smith & Topin 2017, "Super-convergence", arXiv:1708.07120. By default the start is
    peak/25, and the end start/10⁴. PyTorch: OneCycleLR, whose max_lr is `peak`, whose pct_start is
    `rise`, and whose max_lr, div_factor and final_div_factor give the start and the end. As there,
    the first and the last update have both ends: a phase of n updates has n − 1 steps between. A
    momentum that PyTorch cycles has its max_momentum as `start` and `end`, and its base_momentum
    as `peak`.
    """
    start = peak / 25 if start is None else start
    end = start / 1e4 if end is None else end
    up, last = steps_of(rise, steps) - 1, float(steps - 1)
    if (1 + three_phases) * (up + 1) > steps:
        both = ", and so many down," if three_phases else ""
        message = f"rise has {up + 1:g} steps up{both} and the run has {steps}"
        raise OptionError(message, ("rise",), help="0.3 is three tenths of the run")
    turns = [(0.0, start), (up, peak), (last, end)]
    if three_phases:
        turns.insert(2, (2 * up, start))
    k = t - 1
    for (begin, low), (to, high) in pairwise(turns):
        if k <= to or to == last:
            share = (k - begin) / (to - begin) if to != begin else 1.0
            bend = (1 + cos(pi * share)) / 2 if shape == "cosine" else 1 - share
            return high + (low - high) * bend
    return end
