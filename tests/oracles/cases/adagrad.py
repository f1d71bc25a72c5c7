from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

ADAGRAD = "torch.optim.Adagrad"

CASES = {
    "defaults": Case(ADAGRAD, on=tuple(SURFACES)),
    "large epsilon": Case(ADAGRAD, {"eps": 1.0}),
    "large rate": Case(
        ADAGRAD, on=("turned",), lr=10.0, special="the first gradients make all later steps small"
    ),
}
