from optanim.schema.types import Positive


def constant(t: int, steps: int, *, start: Positive = 0.1) -> float:
    """Constant: the same rate at each step, as a number alone has; a warm-up may come before.

        η(t) = start

    Names: ko 상수.

    Reference: PyTorch's ConstantLR with the factor 1.
    """
    return start
