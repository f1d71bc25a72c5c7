from tests.oracles.case import Case

ADOPT = "optax.contrib.adopt"
OURS, THEIRS = (
    {"beta1": 0.8, "beta2": 0.95, "eps": 0.01},
    {"b1": 0.8, "b2": 0.95, "eps": 0.01},
)


def _clip(step: int) -> float:
    # There, t counts the first step, which only measures.
    return max(step - 1, 0) ** 0.25


CASES = {
    "defaults": Case(ADOPT, {}, {}),
    "options": Case(ADOPT, OURS, THEIRS),
    "growing gradients": Case(
        ADOPT, {"beta2": 0.5}, {"b2": 0.5}, on=("rosenbrock", "himmelblau"), lr=30.0,
        special="gradients that grow are cut at (t − 1)^¼",
    ),
    "pytorch_optimizer": Case(
        "pytorch_optimizer.ADOPT", OURS, {"betas": (0.8, 0.95), "eps": 0.01, "clip_lambda": _clip}
    ),
}  # fmt: skip
