from math import cos, pi

from optanim.schema.types import NonNegative, Positive


def cosine(t: int, steps: int, *, start: Positive = 0.1, end: NonNegative = 0.0) -> float:
    """Cosine: half a cosine from the start to the end over the steps of the run.

        η(t) = end + (start − end)(1 + cos(π(t − 1)/T))/2

    Reference: Loshchilov & Hutter 2017, "SGDR", arXiv:1608.03983, equation 5 without restarts;
    update t = 1 has the full rate, as in PyTorch's CosineAnnealingLR with T_max = T.
    """
    return end + (start - end) * (1 + cos(pi * (t - 1) / steps)) / 2
