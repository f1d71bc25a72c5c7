from tests.oracles.case import Case

# There, ε is added before the corrections; without ε both are one rule, the authors'.
MARS, TINY = "pytorch_optimizer.MARS", 1e-30


def _case(gamma: float = 0.025, **more: object) -> Case:
    options = {"gamma": gamma, "eps": TINY}
    return Case(MARS, options, {**options, "optimize_1d": True}, **more)  # type: ignore[arg-type]


OURS = {"beta1": 0.8, "beta2": 0.95, "gamma": 0.2, "weight_decay": 0.1, "eps": TINY}
THEIRS = {"betas": (0.8, 0.95), "gamma": 0.2, "weight_decay": 0.1, "eps": TINY}

CASES = {
    "defaults": _case(),
    "options": Case(MARS, OURS, {**THEIRS, "optimize_1d": True}, lr=0.04),
    "noise": _case(
        0.2, on=("noisy",), special="corrected gradients, where noise makes them jump and be cut"
    ),
    "with epsilon": Case(
        MARS, {}, {"optimize_1d": True}, on=("rosenbrock", "himmelblau"),
        bound=1e-7, because="its ε is added before the corrections",
    ),
}  # fmt: skip
