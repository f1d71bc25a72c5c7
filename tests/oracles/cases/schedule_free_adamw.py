from tests.oracles.case import Case

FREE = "schedulefree.AdamWScheduleFree"

CASES = {
    "defaults": Case(FREE, {}, {}, special="the gradient is asked at y, and the point is x"),
    "options": Case(
        FREE, {"beta1": 0.8, "beta2": 0.95, "eps": 1e-4, "weight_decay": 0.1},
        {"betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1},
    ),
    "large rate": Case(FREE, on=("rosenbrock", "himmelblau"), lr=30.0),
    "noise": Case(FREE, on=("noisy",)),
}  # fmt: skip
