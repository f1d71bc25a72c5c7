from tests.oracles.case import Case
from tests.oracles.surfaces import COMMON

PRODIGY = "prodigyopt.Prodigy"
OURS = {"beta1": 0.8, "beta2": 0.99, "d0": 1e-3, "eps": 1e-4}
THEIRS = {"betas": (0.8, 0.99), "d0": 1e-3, "eps": 1e-4}

CASES = {
    "defaults": Case(PRODIGY, lr=None, on=COMMON, special="d grows from 1e-6 by itself"),
    "options": Case(PRODIGY, OURS, THEIRS),
    "decay": Case(PRODIGY, {"weight_decay": 0.1}, lr=None, on=("far", "noisy")),
    "corrected": Case(PRODIGY, {"bias_correction": True}, {"use_bias_correction": True}, lr=1.0),
}
