from functools import partial

from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

ADAM = partial(Case, "torch.optim.Adam", unit=True)
BETAS = {"beta1": 0.8, "beta2": 0.95}, {"betas": (0.8, 0.95)}

CASES = {
    "defaults": ADAM(on=tuple(SURFACES), special="both means are freed of their bias"),
    "decay": ADAM({"weight_decay": 0.1}),
    "amsgrad": ADAM(
        {"amsgrad": True, "beta2": 0.9},
        {"amsgrad": True, "betas": (0.9, 0.9)},
        special="the rate never grows again",
    ),
    "betas": ADAM(*BETAS, on=("turned",)),
}
