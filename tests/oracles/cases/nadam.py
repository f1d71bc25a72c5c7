from functools import partial

from tests.oracles.case import Case

NADAM = partial(Case, "torch.optim.NAdam", unit=True)
BETAS = {"beta1": 0.8, "beta2": 0.95, "psi": 1.0}, {"betas": (0.8, 0.95), "momentum_decay": 1.0}

CASES = {
    "defaults": NADAM(),
    "decay": NADAM({"weight_decay": 0.1}),
    "warm-up": NADAM(*BETAS, lr=0.03, special="μ(t) warms up from 0.4 to 0.8 within the case"),
}
