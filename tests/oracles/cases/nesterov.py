from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

SGD = "torch.optim.SGD"
# PyTorch's parameters are the look-ahead points.


def _case(momentum: float, decay: float = 0.0, **more: object) -> Case:
    ours = {"momentum": momentum, "weight_decay": decay}
    return Case(SGD, ours, {**ours, "nesterov": True}, path="looked", **more)  # type: ignore[arg-type]


CASES = {
    "defaults": _case(0.9, on=tuple(SURFACES)),
    "half the momentum": _case(0.5, 0.1),
    "long memory": _case(0.99, on=("turned",), lr=0.02, special="the look-ahead brakes the ball"),
}
