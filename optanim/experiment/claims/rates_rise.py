import numpy as np

from optanim.experiment.claim import OneTrial, Verdict
from optanim.experiment.measurements import told


def rates_rise(*, rates_rise: OneTrial) -> Verdict:
    """Rates rise: at some step the effective rate is higher than it was before.

        |wᵢ(t) − wᵢ(t − 1)| / |gᵢ(t)| > 1.1 × its least before t, along some coordinate i

    Reference: the panel `rates`; a tenth is more than what rounding does. With momentum the rate
    rises where g passes 0.
    """
    path = rates_rise.trajectory
    said, most = list[str](), 1.0
    for axis, rates in zip(rates_rise.surface.axes, path.rates, strict=True):
        known = np.flatnonzero(np.isfinite(rates))
        if not len(known):
            continue
        rates = rates[known]
        least = np.minimum.accumulate(rates)
        with np.errstate(all="ignore"):
            rise = np.where(least > 0, rates / least, 1.0)
        peak = int(np.argmax(rise))
        low = int(np.argmin(rates[: peak + 1])) if rise[peak] > 1.1 else 0
        high = peak if rise[peak] > 1.1 else len(rates) - 1
        goes = f"from {told(rates[low])} at step {known[low] + 1} to {told(rates[high])} at step"
        said.append(f"along {axis} {goes} {known[high] + 1}")
        most = max(most, float(rise[peak]))
    return Verdict(
        says=f"the effective rates of {rates_rise.name} rise",
        holds=most > 1.1,
        measured=f"they go {', '.join(said)}" if said else "it asks for no gradient",
        numbers=(most,),
    )
