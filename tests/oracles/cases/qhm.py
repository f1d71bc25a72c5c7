from tests.oracles.case import Case

QHM = "pytorch_optimizer.QHM"

CASES = {
    "defaults": Case(QHM, {}, {"momentum": 0.9, "nu": 0.7}),
    "long memory": Case(
        QHM, {"beta": 0.99, "nu": 0.4}, {"momentum": 0.99, "nu": 0.4},
        special="a part of the step is the gradient itself",
    ),
    "torch-optimizer": Case("torch_optimizer.QHM", {}, {"momentum": 0.9}, on=("far", "noisy")),
}  # fmt: skip
