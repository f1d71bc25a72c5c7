from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from optanim.optimizers._around import run_inner
from optanim.optimizers._state import State
from optanim.schema.inner_types import Inner
from optanim.schema.types import Positive
from optanim.surfaces import Array, Surface


def sam(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    inner: Inner = "gd",
    rho: Positive = 0.05,
) -> Iterator[Array | State]:
    """SAM: asks for the gradient a little uphill, so that it rests in no sharp minimum.

        g = ∇f(w)
        w ← the step of the inner optimizer with ∇f(w + ρg/‖g‖)

    Names: ko SAM.

    Family: around another.

    Many at once: yes.

    Reference: Foret et al. 2021, "Sharpness-aware minimization for efficiently improving
    generalization", arXiv:2010.01412, Algorithm 1 with p = 2. Where g is 0 there is no direction,
    and the question is at w.
    """

    def uphill(p: Array) -> Array:
        g = f.gradient(p)
        length = np.sqrt(np.sum(g * g, axis=0))
        return f.gradient(p + (rho / np.where(length, length, 1.0)) * g)

    return run_inner(inner, replace(f, gradient=uphill), w, chance)
