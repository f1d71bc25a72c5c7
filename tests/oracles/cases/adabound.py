from tests.oracles.case import Case

BOUND = "pytorch_optimizer.AdaBound"
DEFAULTS = {"final_lr": 0.02, "gamma": 0.01}
OURS = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-4, "weight_decay": 0.1}
THEIRS = {
    "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1, "weight_decouple": False, **DEFAULTS
}  # fmt: skip
TIGHT = {"gamma": 0.5, "final_lr": 0.003}

CASES = {
    "defaults": Case(BOUND, {}, DEFAULTS),
    "options": Case(BOUND, OURS, THEIRS),
    "tight bounds": Case(
        BOUND,
        TIGHT,
        on=("turned", "himmelblau"),
        special="both bounds cut the rates, from both sides",
    ),
    "torch-optimizer": Case("torch_optimizer.AdaBound", {}, DEFAULTS, on=("far",)),
}
