from typing import Any

from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES


def _case(rho: float, options: dict[str, Any] | None = None, **more: Any) -> Case:
    same = {"eps": 1e-8, **(options or {})}
    return Case(
        "torch.optim.RMSprop", {"rho": rho, **same}, {"alpha": rho, **same}, unit=True, **more
    )


# At the minimum of a turned bowl RMSProp jumps to and fro, and rounding grows tenfold every few
# steps: there the rate is one that does not arrive within 200 steps.
CASES = {
    "defaults": _case(0.9, on=tuple(name for name in SURFACES if name != "turned")),
    "small rate": _case(0.9, on=("turned",), lr=0.04),
    "long memory": _case(0.99, {"eps": 1e-3, "weight_decay": 0.1}),
    "momentum": _case(0.99, {"momentum": 0.9, "eps": 1e-2}, lr=0.02),
    "centered": _case(
        0.99,
        {"centered": True, "momentum": 0.5, "eps": 1e-2},
        lr=0.02,
        special="gradients that agree have a small variance, and the steps are long",
    ),
    "short memory": _case(
        0.5, on=("rosenbrock",), special="large gradients are forgotten, and the steps grow again"
    ),
}
