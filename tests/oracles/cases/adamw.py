from functools import partial

from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

ADAMW = partial(Case, "torch.optim.AdamW", unit=True)
BETAS = {"beta1": 0.8, "beta2": 0.95}, {"betas": (0.8, 0.95)}

CASES = {
    "defaults": ADAMW(on=tuple(SURFACES)),
    "decay": ADAMW(
        {"weight_decay": 0.1}, special="the decay pulls to the origin, beside the gradient"
    ),
    "amsgrad": ADAMW(
        {"amsgrad": True, "beta2": 0.9},
        {"amsgrad": True, "betas": (0.9, 0.9)},
        special="the rate never grows again",
    ),
    "betas": ADAMW(*BETAS, on=("turned",)),
}
