from functools import partial

from tests.oracles.case import Case

ASGD = partial(Case, "torch.optim.ASGD", lr=0.05)
OPTIONS = {"lambd": 0.1, "alpha": 0.5, "weight_decay": 0.1}

CASES = {
    "defaults": ASGD({}, {"t0": 0}),
    "decay": ASGD({**OPTIONS, "t0": 30.0}),
    "average": ASGD({}, {"t0": 0}, path="means", state="ax"),
    "late average": ASGD(
        {**OPTIONS, "t0": 30.0},
        on=("noisy", "turned"),
        path="means",
        state="ax",
        special="the average of the points after 31 updates, with noise",
    ),
}
