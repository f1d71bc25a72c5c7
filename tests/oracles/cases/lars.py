from tests.oracles.case import Case

LARS, MATRIX = "pytorch_optimizer.LARS", (1, 2)


def _case(trust: float, momentum: float = 0.9, decay: float = 0.0, **more: object) -> Case:
    ours = {"trust": trust, "momentum": momentum, "weight_decay": decay}
    theirs = {"trust_coefficient": trust, "momentum": momentum, "weight_decay": decay}
    return Case(LARS, ours, theirs, shape=MATRIX, **more)  # type: ignore[arg-type]


CASES = {
    "defaults": _case(0.05),
    "decay": _case(0.2, 0.5, 0.1),
    "far from the origin": _case(
        0.01, on=("far", "noisy"), special="pushes as long as the distance from the origin says"
    ),
    "optax": Case("optax.lars", {}, {"trust_coefficient": 0.05}, on=("himmelblau",)),
}
