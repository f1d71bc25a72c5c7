from collections.abc import Iterator

from optanim.optimizers._schedule import schedule
from optanim.schema.types import Rate, WeightDecay
from optanim.surfaces import Array, Surface


def gd(f: Surface, w: Array, *, lr: Rate = 0.1, weight_decay: WeightDecay = 0.0) -> Iterator[Array]:
    """Gradient descent: a step against the gradient.

        g = ∇f(w) + λw
        w ← w − ηg

    Names: ko 경사하강법.

    Family: first order.

    Many at once: yes.

    Reference: Cauchy 1847, "Méthode générale pour la résolution des systèmes d'équations
    simultanées", with a given rate in place of his line search. The weight decay λ is L2.
    PyTorch: SGD.
    """
    for _, eta in schedule(lr):
        w = w - eta * (f.gradient(w) + weight_decay * w)
        yield w
