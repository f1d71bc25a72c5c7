from tests.oracles.case import Case
from tests.oracles.surfaces import COMMON

FREE = "schedulefree.SGDScheduleFree"

CASES = {
    "defaults": Case(FREE, on=(*COMMON, "noisy"), special="the point x is a mean of z"),
    "options": Case(
        FREE, {"beta": 0.5, "weight_decay": 0.1}, {"momentum": 0.5, "weight_decay": 0.1}
    ),
    "where it asks": Case(
        "schedulefree.SGDScheduleFreeReference", on=("far",), path="looked", state="y"
    ),
}  # fmt: skip
