from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

LION = "lion_pytorch.Lion"
BETAS = {"beta1": 0.8, "beta2": 0.95}, {"betas": (0.8, 0.95)}

CASES = {
    "defaults": Case(LION, on=tuple(SURFACES), special="each coordinate moves by the rate"),
    "decay": Case(LION, {"weight_decay": 0.1}),
    "betas": Case(LION, *BETAS, on=("turned",)),
}
