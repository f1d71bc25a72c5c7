from math import sqrt

from optanim.schema.types import Positive


def inverse_sqrt(t: int, steps: int, *, start: Positive = 0.1, gamma: Positive = 1.0) -> float:
    """Inverse square root: the rate falls as 1/√t, usually after a warm-up.

        η(t) = start/√(1 + γ(t − 1))

    Names: ko 제곱근 반비례.

    Reference: Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762, section 5.3: with
    warmup W and γ = 1/W the rate after the warm-up is that of the paper, start · √(W/(t − 1)).
    PyTorch has no class: LambdaLR with 1/√(1 + γe) after e updates.
    """
    return start / sqrt(1 + gamma * (t - 1))
