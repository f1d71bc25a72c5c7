from functools import partial

from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

LION = partial(Case, "lion_pytorch.Lion", unit=True)
BETAS = {"beta1": 0.8, "beta2": 0.95}, {"betas": (0.8, 0.95)}

CASES = {
    "defaults": LION(on=tuple(SURFACES), special="each coordinate moves by the rate"),
    "decay": LION({"weight_decay": 0.1}),
    "betas": LION(*BETAS, on=("turned",)),
}
