from functools import partial

from tests.oracles.case import Case

ADAFACTOR = partial(Case, "torch.optim.Adafactor", unit=True)
OPTIONS = (
    {"tau": 0.5, "eps1": 1e-4, "eps2": 0.1, "d": 2.0, "weight_decay": 0.1},
    {"beta2_decay": -0.5, "eps": (1e-4, 0.1), "d": 2.0, "weight_decay": 0.1},
)

CASES = {
    "defaults": ADAFACTOR({"eps1": 1e-15}, {"eps": (1e-15, 1e-3)}),
    "options": ADAFACTOR(*OPTIONS, lr=0.01),
    "from far": ADAFACTOR(
        {},
        {"eps": (1e-15, 1e-3)},
        on=("far",),
        special="the step is clipped, and its length follows the distance from the origin",
    ),
}
