from tests.oracles.case import Case

LAMB = "optax.lamb"
OURS = {"beta1": 0.8, "beta2": 0.95, "eps": 0.01, "weight_decay": 0.1}
THEIRS = {"b1": 0.8, "b2": 0.95, "eps": 0.01, "weight_decay": 0.1}

CASES = {
    "defaults": Case(LAMB, {}, {}, on=("rosenbrock", "himmelblau")),
    "options": Case(LAMB, OURS, THEIRS, lr=0.03),
    "far from the origin": Case(
        LAMB, on=("far",), lr=0.02,
        special="steps are as long as the distance from the origin says, at the minimum, too",
    ),
}  # fmt: skip
