from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from optanim.optimizers._around import as_state, run_inner
from optanim.optimizers._state import State
from optanim.schema.inner_types import Inner
from optanim.schema.types import Count, Fraction
from optanim.surfaces import Array, Surface


def average(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    inner: Inner = "gd",
    beta: Fraction = 0.0,
    since: Count = 1,
) -> Iterator[State]:
    """Average: an inner optimizer, with the mean of its points as a second, smoother path.

        β = 0: w̄ ← w̄ + (w − w̄)/n, the mean of the n points since a step
        otherwise: w̄ ← βw̄ + (1 − β)w

    Names: ko 평균.

    Family: around another.

    Many at once: yes, with one beta.

    Reference: Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging", SIAM
    J. Control Optim. 30; Izmailov et al. 2018, "Averaging weights leads to wider optima and better
    generalization", arXiv:1803.05407. PyTorch: AveragedModel, with get_ema_multi_avg_fn(β).
    """
    mean = w.copy()
    t = 0
    for state in map(as_state, run_inner(inner, f, w, chance)):
        t += not state.initial
        n = t - since + 1
        if n <= 1:  # the mean begins here; before, there is nothing to average
            mean = state.point.copy()
        elif beta:
            mean = beta * mean + (1 - beta) * state.point
        else:
            mean = mean + (state.point - mean) / n
        yield replace(state, mean=mean.copy())
