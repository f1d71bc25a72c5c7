from tests.oracles.case import Case

YOGI = "pytorch_optimizer.Yogi"
OURS = {"beta1": 0.8, "beta2": 0.95, "eps": 0.01, "initial": 0.1}
THEIRS = {"betas": (0.8, 0.95), "eps": 0.01, "initial_accumulator": 0.1}

CASES = {
    "defaults": Case(YOGI),
    "options": Case(YOGI, OURS, THEIRS),
    "after large gradients": Case(
        YOGI, {"beta2": 0.9}, {"betas": (0.9, 0.9)}, on=("himmelblau", "rosenbrock"), lr=10.0,
        special="s falls by (1 − β₂)g² and no factor",
    ),
    "torch-optimizer": Case("torch_optimizer.Yogi", on=("far",)),
}  # fmt: skip
