from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import Beta, Count, Epsilon, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def soap(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Beta = 0.95,
    beta2: Beta = 0.95,
    every: Annotated[Count, Symbol("k"), Minor()] = 10,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """SOAP: Adam along the axes of Shampoo's matrix, so that turning the surface turns its path.

        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)(Qᵀg)²
        w ← w − η√(1 − β₂ᵗ)/(1 − β₁ᵗ) Q(Qᵀm/(√s + ε))
        w ← w − ηλw
        H ← β₂H + (1 − β₂)ggᵀ
        Q ← the axes of H at first, then every kth time one QR step of HQ

    Names: ko SOAP.

    Family: full matrix.

    Reference: Vyas et al. 2024, "SOAP: improving and stabilizing Shampoo using Adam",
    arXiv:2409.11321, Algorithm 3. The first step only measures, and t counts the others, as in the
    authors' code. pytorch_optimizer: SOAP on a 1×2 matrix; on a vector it has no axes. Its QR step
    has single precision.
    """
    m, s, h, q = np.zeros_like(w), np.zeros_like(w), np.zeros((len(w), len(w))), None
    for step, eta, b1, b2 in schedule(lr, beta1, beta2):
        g, t = f.gradient(w), step - 1
        if q is None:
            w = w.copy()
        else:
            m = b1 * m + (1 - b1) * g
            s = b2 * s + (1 - b2) * (q.T @ g) ** 2
            rate = eta * (1 - b2**t) ** 0.5 / (1 - b1**t)
            w = w - rate * q @ ((q.T @ m) / (np.sqrt(s) + eps))
            w = w - eta * weight_decay * w
        h = b2 * h + (1 - b2) * np.outer(g, g)
        if q is None:
            q = np.linalg.eigh(h).eigenvectors[:, ::-1]
        elif t % every == 0:
            product = h @ q
            order = np.argsort(-(q * product).sum(axis=0), kind="stable")
            q, s = np.linalg.qr(product[:, order]).Q, s[order]
        yield w
