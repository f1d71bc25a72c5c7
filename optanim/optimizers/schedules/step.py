from typing import Annotated

from annotated_types import Gt, Le

from optanim.schema.types import Count, Positive, Real


def step(
    t: int,
    steps: int,
    *,
    start: Positive = 0.1,
    gamma: Annotated[Real, Gt(0), Le(1)] = 0.1,
    every: Count = 30,
) -> float:
    """Step: the rate stays the same for some steps, then it is multiplied by γ, again and again.

        η(t) = start · γ^⌊(t − 1)/every⌋

    Names: ko 계단식 감쇠.

    Reference: PyTorch's StepLR, stepped after every update; its step_size is `every`.
    """
    return start * float(gamma ** ((t - 1) // every))
