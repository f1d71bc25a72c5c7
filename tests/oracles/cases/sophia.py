from tests.oracles.case import Case

SOPHIA = "pytorch_optimizer.SophiaH"


def _case(rho: float, every: int = 10, decay: float = 0.0, **more: object) -> Case:
    ours = {"rho": rho, "every": every, "weight_decay": decay}
    theirs = {"p": rho, "update_period": every, "weight_decay": decay, "betas": (0.9, 0.99)}
    return Case(SOPHIA, ours, theirs, **more)  # type: ignore[arg-type]


CASES = {
    "defaults": _case(1.0),
    "decay": _case(0.5, 3, 0.1),
    "large box": _case(100.0, 1, lr=0.02, special="Newton's step along each axis, hardly ever cut"),
    "signs that do not matter": _case(1.0, on=("far", "noisy")),
}
