from functools import partial

from tests.oracles.case import Case

RPROP = partial(Case, "torch.optim.Rprop", unit=True)
BOUNDS = (
    {"shrink": 0.3, "grow": 1.5, "sizes": (1e-4, 0.2)},
    {"etas": (0.3, 1.5), "step_sizes": (1e-4, 0.2)},
)

CASES = {
    "defaults": RPROP(special="the size halves where the gradient changes its sign"),
    "bounds": RPROP(*BOUNDS),
    "large first step": RPROP(on=("turned", "far"), lr=4.0),
}
