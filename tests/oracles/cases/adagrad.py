from functools import partial

from tests.oracles.case import Case
from tests.oracles.surfaces import SURFACES

ADAGRAD = partial(Case, "torch.optim.Adagrad", unit=True)

CASES = {
    "defaults": ADAGRAD(on=tuple(SURFACES)),
    "large epsilon": ADAGRAD({"eps": 1.0, "weight_decay": 0.1}),
    "large rate": ADAGRAD(
        on=("turned",), lr=10.0, special="the first gradients make all later steps small"
    ),
}
