from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

ADAM = "torch.optim.Adam"
BETAS = {"beta1": 0.8, "beta2": 0.95}, {"betas": (0.8, 0.95)}

CASES = {
    "defaults": Case(ADAM, on=tuple(SURFACES), special="both means are freed of their bias"),
    "decay": Case(ADAM, {"weight_decay": 0.1}),
    "betas": Case(ADAM, *BETAS, on=("turned",)),
}
