from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

SGD = "torch.optim.SGD"

CASES = {
    "defaults": Case(
        SGD, on=tuple(SURFACES), special="the step is η times the gradient, with its noise"
    ),
    "decay": Case(SGD, {"weight_decay": 0.1}),
}
