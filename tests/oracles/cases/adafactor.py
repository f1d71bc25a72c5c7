from functools import partial

from tests.oracles.case import Case

ADAFACTOR = partial(Case, "torch.optim.Adafactor", unit=True)
OPTIONS = (
    {"tau": 0.5, "eps1": 1.0, "eps2": 0.1, "d": 2.0, "weight_decay": 0.1},
    {"beta2_decay": -0.5, "eps": (1.0, 0.1), "d": 2.0, "weight_decay": 0.1},
)

CASES = {
    "defaults": ADAFACTOR({"eps1": 1e-15}, {"eps": (1e-15, 1e-3)}, lr=0.05),
    "options": ADAFACTOR(*OPTIONS, on=("turned", "himmelblau", "far"), lr=0.03),
    "from far": ADAFACTOR(
        {},
        {"eps": (1e-15, 1e-3)},
        on=("far",),
        special="the step is clipped, and its length follows the distance from the origin",
    ),
}
