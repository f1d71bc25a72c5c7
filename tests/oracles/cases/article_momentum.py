from functools import partial

from tests.oracles.case import Case

SGD = partial(Case, "torch.optim.SGD", {}, {"momentum": 1.0})

CASES = {
    "defaults": SGD(lr=0.01),
    "long": SGD(on=("bowl",), special="nothing is forgotten: it swings with the same height"),
}
