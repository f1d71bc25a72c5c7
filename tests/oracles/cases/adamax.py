from functools import partial

from tests.oracles.case import Case

ADAMAX = partial(Case, "torch.optim.Adamax", unit=True)
BETAS = {"beta1": 0.8, "beta2": 0.9}, {"betas": (0.8, 0.9)}

CASES = {
    "defaults": ADAMAX(),
    "decay": ADAMAX({"weight_decay": 0.1, "eps": 1e-3}),
    "betas": ADAMAX(
        *BETAS, lr=0.01, special="the largest gradient fades, and the steps grow again"
    ),
}
