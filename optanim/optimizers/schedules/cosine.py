from math import cos, pi

from optanim.errors import OptionError
from optanim.schema.types import Count, NonNegative, Positive


def cosine(
    t: int,
    steps: int,
    *,
    start: Positive = 0.1,
    end: NonNegative = 0.0,
    restart: Count | None = None,
    growth: Count | None = None,
) -> float:
    """Cosine: half a cosine from the start to the end, once in the run or again and again.

        η(t) = end + (start − end)(1 + cos(πk/P))/2
        P: the steps of the run, or restart, then restart · growth, restart · growth², …
        k: the updates since the start, or since the last restart

    Names: ko 코사인.

    Reference: Loshchilov & Hutter 2017, "SGDR", arXiv:1608.03983, equation 5. Update t = 1 has the
    full rate. PyTorch: CosineAnnealingLR with T_max the steps of the run;
    CosineAnnealingWarmRestarts, whose T_0 is `restart` and T_mult is `growth`.
    """
    if growth is not None and restart is None:
        message = "growth is the factor from one restart to the next, and there is no restart"
        raise OptionError(message, ("growth",), help="restart: 20, for example")
    k, period = t - 1, restart or steps
    if restart and (growth or 1) == 1:
        k %= restart
    while restart and k >= period:
        k, period = k - period, period * (growth or 1)
    return end + (start - end) * (1 + cos(pi * k / period)) / 2
