from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Beta, Rate
from optanim.surfaces import Array, Surface


def normalized_momentum(
    f: Surface, w: Array, *, lr: Rate = 0.1, beta: Beta = 0.9
) -> Iterator[Array]:
    """Normalized momentum: every step has the length η, so that it never comes to rest.

        m ← βm + (1 − β)g
        w ← w − ηm/‖m‖

    Names: ko 정규화 모멘텀.

    Family: full matrix.

    Reference: Cutkosky & Mehta 2020, "Momentum improves normalized SGD", arXiv:2002.03305,
    Algorithm 1; it stays if m is 0. This is what Muon (Jordan et al. 2024) means in the plane: it
    sets the singular values of m to 1, and a point, as a matrix of one row, has one, ‖m‖. Muon's
    Newton–Schulz steps give 0.7 to 1.1 in place of 1.
    """
    m = np.zeros_like(w)
    for _, eta, b in schedule(lr, beta):
        m = b * m + (1 - b) * f.gradient(w)
        length = (m @ m) ** 0.5
        w = w - eta * m / length if length else w.copy()
        yield w
