from functools import partial
from itertools import islice

import numpy as np

from optanim.optimizers.article_adam import article_adam
from optanim.surfaces import Surface
from tests.oracles.case import Case, Property, difference

SLOPE = np.array([2.0, -3.0])


def _from_closed_form() -> float:
    plane = Surface(
        lambda p: SLOPE[0] * p[0] + SLOPE[1] * p[1],
        lambda p: SLOPE.copy(),
        ((-1.0, 1.0), (-1.0, 1.0)),
        (),
        "",
    )
    start = np.array([-4.0, 3.0])
    made = [start, *islice(article_adam(plane, start, lr=0.1), 200)]
    t = np.arange(1, 201)
    second = (0.999 + 0.001 * SLOPE**2)[:, None] / (1 - 0.999**t)
    steps = -0.1 * SLOPE[:, None] / (np.sqrt(second) + 1e-8)
    return difference(np.diff(np.array(made).T), steps)


ADAM = partial(Case, "torch.optim.Adam", {"beta2": 0.0}, {"betas": (0.9, 0.0)}, unit=True)

CASES = {"nothing of the past": ADAM(lr=0.002)}

PROPERTIES = [
    Property("on a plane the step grows with t and stays in proportion to g", _from_closed_form)
]
