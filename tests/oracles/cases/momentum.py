from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

SGD = "torch.optim.SGD"

CASES = {
    "defaults": Case(SGD, {"momentum": 0.9}, on=tuple(SURFACES)),
    "half the momentum": Case(SGD, {"momentum": 0.5}),
    "long memory": Case(
        SGD, {"momentum": 0.99}, on=("turned",), lr=0.02, special="the ball runs past the minimum"
    ),
}
