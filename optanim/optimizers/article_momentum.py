from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Rate
from optanim.surfaces import Array, Surface


def article_momentum(f: Surface, w: Array, *, lr: Rate = 0.1) -> Iterator[Array]:
    """Momentum as printed: a ball without friction, which never comes to rest.

        v ← v + g
        w ← w − ηv

    Names: ko 글에 적힌 모멘텀.

    Family: as printed.

    Many at once: yes.

    Reference: the formula of the article, without the μ of its text. `momentum` has the standard
    form. PyTorch: SGD with momentum 1.
    """
    v = np.zeros_like(w)
    for _, eta in schedule(lr):
        v = v + f.gradient(w)
        w = w - eta * v
        yield w
