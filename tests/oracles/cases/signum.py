from tests.oracles.case import Case

SIGN = "pytorch_optimizer.SignSGD"

CASES = {
    "defaults": Case(SIGN, {}, {}, special="all coordinates move by the rate, at each step"),
    "decay": Case(SIGN, {"weight_decay": 0.1}),
    "beta": Case(SIGN, {"beta": 0.5}, {"momentum": 0.5}),
    "no memory": Case(SIGN, {"beta": 0.0}, {"momentum": 0.0}, on=("far", "noisy")),
}
