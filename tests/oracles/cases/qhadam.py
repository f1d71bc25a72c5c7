from tests.oracles.case import Case

QHADAM = "torch_optimizer.QHAdam"
OURS = {"beta1": 0.8, "beta2": 0.95, "nu1": 0.4, "nu2": 0.8, "eps": 1e-4}
THEIRS = {"betas": (0.8, 0.95), "nus": (0.4, 0.8), "eps": 1e-4}

CASES = {
    "defaults": Case(QHADAM, {}, {"nus": (0.7, 1.0)}),
    "options": Case(QHADAM, OURS, THEIRS, special="both averages have a part of the gradient"),
    "pytorch_optimizer": Case(
        "pytorch_optimizer.QHAdam", OURS, THEIRS,
        bound=1e-5, because="its weights of the averages have single precision",
    ),
}  # fmt: skip
