from optanim.optimizers._warm_up import steps_of
from optanim.schema.types import NonNegative, Positive
from optanim.schema.warm_up import PartOfRun


def polynomial(
    t: int,
    steps: int,
    *,
    start: Positive = 0.1,
    end: NonNegative = 0.0,
    power: Positive = 1.0,
    until: PartOfRun | None = None,
) -> float:
    """Polynomial: the rate falls to the end along a power, with the power 1 in a straight line.

        η(t) = end + (start − end)(1 − min(t − 1, U)/U)^power
        U: until, by default the steps of the run

    Names: ko 다항식.

    Reference: PyTorch's PolynomialLR, whose end is 0 and whose total_iters is `until`; with the
    power 1, LinearLR from the factor 1 to end/start.
    """
    span = max(steps_of(until, steps), 1) if until is not None else steps
    return end + (start - end) * float((1 - min(t - 1, span) / span) ** power)
