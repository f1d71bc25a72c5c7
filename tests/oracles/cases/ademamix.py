from tests.oracles.case import Case

MIX = "pytorch_optimizer.AdEMAMix"


def _case(beta3: float, alpha: float = 5.0, **more: object) -> Case:
    ours = {"beta3": beta3, "alpha": alpha, "weight_decay": 0.1}
    theirs = {"betas": (0.9, 0.999, beta3), "alpha": alpha, "weight_decay": 0.1}
    return Case(MIX, ours, {**theirs, "weight_decouple": True}, **more)  # type: ignore[arg-type]


CASES = {
    "defaults": Case(MIX, {}, {"betas": (0.9, 0.999, 0.99)}),
    "decay": _case(0.99),
    "long memory": _case(0.9999, 8.0),
    "heavy": _case(
        0.99, 20.0, on=("far",), special="the long momentum carries it past the minimum"
    ),
    "optax": Case(
        "optax.contrib.ademamix",
        {"beta1": 0.8, "beta2": 0.95, "eps": 1e-4},
        {"b1": 0.8, "b2": 0.95, "b3": 0.99, "eps": 1e-4},
        on=("far",),
    ),
}
