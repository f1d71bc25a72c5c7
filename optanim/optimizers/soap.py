from collections.abc import Iterator

import numpy as np

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Count, Epsilon, Fraction, Rate, WeightDecay
from optanim.surfaces import Array, Surface


def soap(
    f: Surface,
    w: Array,
    *,
    lr: Rate = 0.1,
    beta1: Fraction = 0.95,
    beta2: Fraction = 0.95,
    every: Count = 10,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.0,
) -> Iterator[Array]:
    """SOAP: Adam along the axes of Shampoo's matrix, so that turning the surface turns its path.

        m ← β₁m + (1 − β₁)g
        s ← β₂s + (1 − β₂)(Qᵀg)²
        w ← w − η√(1 − β₂ᵗ)/(1 − β₁ᵗ) Q(Qᵀm/(√s + ε))
        w ← w − ηλw
        H ← β₂H + (1 − β₂)ggᵀ
        Q ← the axes of H at first, then every 10th time one QR step of HQ

    Names: ko SOAP.

    Family: full matrix.

    Reference: Vyas et al. 2024, "SOAP: improving and stabilizing Shampoo using Adam",
    arXiv:2409.11321, Algorithm 3. The first step only measures, and t counts the others, as in the
    authors' code. pytorch_optimizer: SOAP on a 1×2 matrix; on a vector it has no axes. Its QR step
    has single precision.
    """
    m, s, h, q = np.zeros_like(w), np.zeros_like(w), np.zeros((len(w), len(w))), None
    for step, eta in schedule(lr):
        g, t = f.gradient(w), step - 1
        if q is None:
            w = w.copy()
        else:
            m = beta1 * m + (1 - beta1) * g
            s = beta2 * s + (1 - beta2) * (q.T @ g) ** 2
            rate = eta * (1 - beta2**t) ** 0.5 / (1 - beta1**t)
            w = w - rate * q @ ((q.T @ m) / (np.sqrt(s) + eps))
            w = w - eta * weight_decay * w
        h = beta2 * h + (1 - beta2) * np.outer(g, g)
        if q is None:
            q = np.linalg.eigh(h).eigenvectors[:, ::-1]
        elif t % every == 0:
            product = h @ q
            order = np.argsort(-(q * product).sum(axis=0), kind="stable")
            q, s = np.linalg.qr(product[:, order]).Q, s[order]
        yield w
