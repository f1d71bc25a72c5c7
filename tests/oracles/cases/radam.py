from tests.oracles.case import Case

RADAM = "torch.optim.RAdam"
BETAS = {"beta1": 0.8, "beta2": 0.9}, {"betas": (0.8, 0.9)}

CASES = {
    "defaults": Case(RADAM, special="the first five steps are momentum, then the rate grows"),
    "decay": Case(RADAM, {"weight_decay": 0.1, "eps": 1e-3}),
    "betas": Case(RADAM, *BETAS),
}
