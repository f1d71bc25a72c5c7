from optanim.schema.types import Positive


def inverse(t: int, steps: int, *, start: Positive = 0.1, gamma: Positive = 1.0) -> float:
    """Inverse: the rate falls as 1/t, just slowly enough for gradients with noise.

        η(t) = start/(1 + γ(t − 1))

    Names: ko 반비례.

    Reference: Robbins & Monro 1951, "A stochastic approximation method", whose sum of rates is
    infinite and whose sum of squares is not; with γ = 1 the rate is start/t. PyTorch has no class:
    LambdaLR with 1/(1 + γe) after e updates.
    """
    return start / (1 + gamma * (t - 1))
