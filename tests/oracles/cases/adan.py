from tests.oracles.case import Case

ADAN = "pytorch_optimizer.Adan"
OURS = {"beta1": 0.9, "beta2": 0.5, "beta3": 0.95, "eps": 1e-4, "weight_decay": 0.1}
THEIRS = {"betas": (0.9, 0.5, 0.95), "eps": 1e-4, "weight_decay": 0.1}

CASES = {
    "defaults": Case(ADAN),
    "options": Case(ADAN, OURS, THEIRS),
    "noise": Case(ADAN, on=("noisy",), special="the differences of gradients are large"),
}
