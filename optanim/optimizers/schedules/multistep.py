from bisect import bisect_left
from typing import Annotated

from annotated_types import Gt, Le

from optanim.schema.types import Positive, Real, RisingSteps


def multistep(
    t: int,
    steps: int,
    *,
    start: Positive = 0.1,
    gamma: Annotated[Real, Gt(0), Le(1)] = 0.1,
    at: RisingSteps = (30, 60),
) -> float:
    """Multistep: the rate is multiplied by γ after each of some steps.

        η(t) = start · γⁿ, n: the number of steps in `at` below t

    Names: ko 다단계 감쇠.

    Reference: PyTorch's MultiStepLR, stepped after every update; its milestones are `at`.
    """
    return start * float(gamma ** bisect_left(at, t))
