from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Momentum, Rate
from optanim.surfaces import Array, Surface


def article_nesterov(
    f: Surface, w: Array, *, lr: Rate = 0.1, momentum: Momentum = 0.9
) -> Iterator[Array]:
    """Nesterov as printed: it asks nearer to the origin, and comes to rest beside the minimum.

        g = ∇f(w − ηw)
        v ← μv + g
        w ← w − ηv

    Names: ko 글에 적힌 네스테로프 모멘텀.

    Family: as printed.

    Many at once: yes.

    Reference: the formula of the article, with w in place of μv in the look-ahead. It rests where
    (1 − η)w is a minimum: at one only if that is the origin. `nesterov` has the standard form.
    """
    v = np.zeros_like(w)
    for _, eta, mu in schedule(lr, momentum):
        v = mu * v + f.gradient(w - eta * w)
        w = w - eta * v
        yield w
