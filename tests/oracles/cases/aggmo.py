from tests.oracles.case import Case

AGGMO = "pytorch_optimizer.AggMo"

CASES = {
    "defaults": Case(AGGMO, special="three velocities, one of them the gradient itself"),
    "two": Case(AGGMO, {"betas": (0.5, 0.95)}),
    "one": Case("torch_optimizer.AggMo", {"betas": (0.9,)}, on=("far",)),
    "torch-optimizer": Case("torch_optimizer.AggMo", on=("far", "noisy")),
}
