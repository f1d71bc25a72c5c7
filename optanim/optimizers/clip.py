from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from optanim.optimizers._around import run_inner
from optanim.optimizers._state import State
from optanim.schema.inner_types import Inner
from optanim.schema.types import Positive
from optanim.surfaces import Array, Surface


def clip(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    inner: Inner = "gd",
    limit: Positive = 1.0,
    by: Literal["norm", "value"] = "norm",
) -> Iterator[Array | State]:
    """Clip: an inner optimizer with a limit on its gradients, so that no cliff throws it away.

        by norm: g ← g · min(1, c/‖g‖)
        by value: gᵢ ← min(max(gᵢ, −c), c)

    Names: ko 그래디언트 클리핑.

    Family: around another.

    Many at once: yes.

    Reference: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural
    networks", arXiv:1211.5063, Algorithm 1. PyTorch: clip_grad_norm_, which divides by
    ‖g‖ + 10⁻⁶, and clip_grad_value_.
    """

    def clipped(p: Array) -> Array:
        g = f.gradient(p)
        if by == "value":
            return np.clip(g, -limit, limit)
        length = np.sqrt(np.sum(g * g, axis=0))
        # Where the limit is not reached the factor is exactly 1.
        return g * np.where(length > limit, limit / np.maximum(length, limit), 1.0)

    return run_inner(inner, replace(f, gradient=clipped), w, chance)
