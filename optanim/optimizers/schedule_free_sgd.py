from collections.abc import Iterator

import numpy as np

from optanim.optimizers._ratio import ratio
from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def schedule_free_sgd(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta: Beta = 0.9,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """Schedule-free SGD: the mean x of a quick path z, in place of a rate that falls.

        y = (1 − β)z + βx
        z ← z − η(∇f(y) + λy)
        c = η²/Σηᵢ²
        x ← (1 − c)x + cz

    Names: ko Schedule-free SGD.

    Family: without a rate.

    Many at once: yes.

    Reference: Defazio et al. 2024, "The road less scheduled", arXiv:2405.15682, equations 2 to 4;
    the point is x, the gradient is asked at y. In c, η is the largest rate so far, as in the
    authors' package schedulefree: SGDScheduleFree.
    """
    x, z, largest, total = w, w, 0.0, 0.0
    for _, eta, b in schedule(lr, beta):
        y = (1 - b) * z + b * x
        z = z - eta * (f.gradient(y) + weight_decay * y)
        largest = np.maximum(largest, eta)
        total = total + largest * largest
        c = ratio(largest * largest, total)
        x = (1 - c) * x + c * z
        yield x
