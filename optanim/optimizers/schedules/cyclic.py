from typing import Annotated, Literal

from annotated_types import Gt, Le

from optanim.errors import OptionError
from optanim.schema.types import Count, NonNegative, Positive, Real


def cyclic(
    t: int,
    steps: int,
    *,
    start: NonNegative = 0.01,
    peak: Positive = 0.1,
    rise: Count = 10,
    fall: Count | None = None,
    shape: Literal["triangular", "triangular2", "exp_range"] = "triangular",
    shrink: Annotated[Real, Gt(0), Le(1)] | None = None,
) -> float:
    """Cyclic: the rate rises in a straight line to a peak and falls back, again and again.

        η(t) = start + (peak − start) · z · s
        z: from 0 to 1 in `rise` steps, and back in `fall` steps
        s: 1; halved from cycle to cycle (triangular2); shrink^(t − 1) (exp_range)

    Names: ko 순환.

    Reference: Smith 2017, "Cyclical learning rates for training neural networks", arXiv:1506.01186.
    `fall` is as long as `rise` by default, and `shrink` is 0.99. PyTorch: CyclicLR, whose base_lr,
    max_lr, step_size_up, step_size_down and gamma are `start`, `peak`, `rise`, `fall` and `shrink`.
    A momentum that PyTorch cycles has its max_momentum as `start`, its base_momentum as `peak`.
    """
    if shrink is not None and shape != "exp_range":
        message = f"shrink belongs to the shape exp_range, and the shape is {shape}"
        raise OptionError(message, ("shrink",), help="add shape: exp_range")
    fall = rise if fall is None else fall
    cycle, k = divmod(t - 1, rise + fall)
    height = k / rise if k <= rise else (rise + fall - k) / fall
    scale = {"triangular": 1.0, "triangular2": 0.5**cycle}.get(shape)
    scale = float((0.99 if shrink is None else shrink) ** (t - 1)) if scale is None else scale
    return start + (peak - start) * height * scale
