from functools import partial

from tests.oracles.case import Case

ADADELTA = partial(Case, "torch.optim.Adadelta", unit=True)

CASES = {
    "defaults": ADADELTA(lr=2.0),
    "decay": ADADELTA({"rho": 0.99, "eps": 1e-4, "weight_decay": 0.1}),
    "rate 1": ADADELTA(
        on=("bowl", "far"), lr=1.0, special="it starts with steps of √ε, and they grow"
    ),
}
