from typing import Any

from tests.oracles.case import Case, Property
from tests.oracles.turned import apart_when_turned

SOAP, MATRIX = "pytorch_optimizer.SOAP", (1, 2)
NEVER = 10_000
SINGLE: dict[str, Any] = {"bound": 1e-5, "because": "its QR step has single precision"}


def _case(
    every: int, beta: float = 0.95, decay: float = 0.0, eps: float = 1e-8, **more: object
) -> Case:
    ours = {"every": every, "beta1": beta, "beta2": beta, "weight_decay": decay, "eps": eps}
    theirs = {
        "precondition_frequency": every, "betas": (beta, beta), "weight_decay": decay, "eps": eps
    }  # fmt: skip
    return Case(SOAP, ours, theirs, shape=MATRIX, **more)  # type: ignore[arg-type]


# Across the first gradient, the second is rounding alone, which a small ε would enlarge.
CASES = {
    "axes of the first gradient": _case(
        NEVER, eps=1e-3, lr=0.04, special="Adam along axes that are turned"
    ),
    "decay": _case(NEVER, 0.8, 0.1, 1e-3, lr=0.04),
    "defaults": _case(10, **SINGLE),
    "axes at each step": _case(1, 0.9, on=("rosenbrock",), **SINGLE),
}

PROPERTIES = [
    Property("turning the surface turns the path", lambda: apart_when_turned("soap", lr=0.1)),
]
