from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

SGD = "torch.optim.SGD"

CASES = {
    "defaults": Case(
        SGD, on=tuple(SURFACES), special="the step is η times the gradient, with its noise"
    ),
    "a third of the rate": Case(SGD, lr=0.03),
}
