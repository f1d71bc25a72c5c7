from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

ADAMW = "torch.optim.AdamW"
BETAS = {"beta1": 0.8, "beta2": 0.95}, {"betas": (0.8, 0.95)}

CASES = {
    "defaults": Case(ADAMW, on=tuple(SURFACES)),
    "decay": Case(
        ADAMW, {"weight_decay": 0.1}, special="the decay pulls to the origin, beside the gradient"
    ),
    "betas": Case(ADAMW, *BETAS, on=("turned",)),
}
