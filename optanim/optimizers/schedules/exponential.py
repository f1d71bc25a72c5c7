from typing import Annotated

from annotated_types import Gt, Le

from optanim.schema.types import Positive, Real


def exponential(
    t: int, steps: int, *, start: Positive = 0.1, gamma: Annotated[Real, Gt(0), Le(1)] = 0.95
) -> float:
    """Exponential: every step's rate is γ times the one before.

        η(t) = start · γ^(t − 1)

    Names: ko 지수 감쇠.

    Reference: PyTorch's ExponentialLR, stepped after every update.
    """
    return start * float(gamma ** (t - 1))
