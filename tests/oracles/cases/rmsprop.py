from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES


def _case(rho: float, eps: float = 1e-8, **more: object) -> Case:
    theirs = {"alpha": rho, "eps": eps}
    return Case("torch.optim.RMSprop", {"rho": rho, "eps": eps}, theirs, **more)  # type: ignore[arg-type]


# At the minimum of a turned bowl RMSProp jumps to and fro, and rounding grows tenfold every few
# steps: there the rate is one that does not arrive within 200 steps.
CASES = {
    "defaults": _case(0.9, on=tuple(name for name in SURFACES if name != "turned")),
    "small rate": _case(0.9, on=("turned",), lr=0.04),
    "long memory": _case(0.99, 1e-3),
    "short memory": _case(
        0.5, on=("rosenbrock",), special="large gradients are forgotten, and the steps grow again"
    ),
}
