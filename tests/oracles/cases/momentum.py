from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

SGD = "torch.optim.SGD"

CASES = {
    "defaults": Case(SGD, {"momentum": 0.9}, on=tuple(SURFACES)),
    "half the momentum": Case(SGD, {"momentum": 0.5}),
    "dampening": Case(
        SGD,
        {"momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1},
        special="the ball is tamed, all but its first step",
    ),
    "long memory": Case(
        SGD, {"momentum": 0.99}, on=("turned",), lr=0.02, special="the ball runs past the minimum"
    ),
}
