from tests.oracles.case import Case

# The authors' package, and one that has their rule without its own default, rectification.
AUTHORS, OTHERS = "adabelief_pytorch.AdaBelief", "pytorch_optimizer.AdaBelief"
PLAIN = {"rectify": False, "print_change_log": False}
OURS = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-8, "weight_decay": 0.1}
THEIRS = {"betas": (0.8, 0.95), "eps": 1e-8, "weight_decay": 0.1}

CASES = {
    "defaults": Case(AUTHORS, {}, PLAIN),
    "options": Case(AUTHORS, OURS, {**THEIRS, **PLAIN}),
    "large rate": Case(
        OTHERS, on=("rosenbrock", "himmelblau"), lr=10.0,
        special="steps grow where the gradient is what was foreseen",
    ),
    "options and noise": Case(OTHERS, OURS, THEIRS, on=("noisy",)),
}  # fmt: skip
