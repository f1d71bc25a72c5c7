import numpy as np

from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import three_digits

MIN_RATIO = 1.1
"""A rate must be more than this many times an earlier one to count as a rise."""


def rates_rise(*, rates_rise: OneTrial) -> Verdict:
    """Rates rise: the effective rate along some coordinate is higher than at an earlier step.

        r = |wᵢ(t) − wᵢ(t − 1)| / |gᵢ(t)|; r(t) > 1.1 × its minimum before t

    Reference: the panel `rates` shows r. A tenth is more than the effect of rounding. With momentum
    the effective rate rises where g passes 0.
    """
    clauses, max_ratio = list[str](), 1.0
    axes = rates_rise.surface.axes
    for axis, rates in zip(axes, rates_rise.trajectory.rates, strict=True):
        updates = np.flatnonzero(np.isfinite(rates))
        if not len(updates):
            continue
        rates, steps = rates[updates], updates + 1
        lowest = np.minimum.accumulate(rates)
        with np.errstate(all="ignore"):
            ratios = np.where(lowest > 0, rates / lowest, 1.0)
        peak = int(np.argmax(ratios))
        rises = ratios[peak] > MIN_RATIO
        begin = int(np.argmin(rates[: peak + 1])) if rises else 0
        end = peak if rises else len(rates) - 1
        clauses.append(
            f"along {axis} from {three_digits(rates[begin])} at step {steps[begin]}"
            f" to {three_digits(rates[end])} at step {steps[end]}"
        )
        max_ratio = max(max_ratio, float(ratios[peak]))
    return Verdict(
        says=f"the effective rates of {rates_rise.name} rise",
        holds=max_ratio > MIN_RATIO,
        measured=f"they go {', '.join(clauses)}" if clauses else "it asks for no gradient",
        numbers=(max_ratio,),
    )
