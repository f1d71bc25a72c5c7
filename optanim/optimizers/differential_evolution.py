from collections.abc import Iterator
from typing import Annotated

import numpy as np
from annotated_types import Ge, Le

from optanim.optimizers._population import losses, spread
from optanim.optimizers._state import State
from optanim.schema.option import Symbol
from optanim.schema.types import Real
from optanim.surfaces import Array, Surface

Members = Annotated[int, Ge(4), Le(200), Symbol("n")]
Mutation = Annotated[Real, Ge(0), Le(2), Symbol("F")]
Crossover = Annotated[Real, Ge(0), Le(1), Symbol("p")]


def differential_evolution(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    members: Members = 20,
    mutation: Mutation = 0.7,
    crossover: Crossover = 0.7,
) -> Iterator[State]:
    """Differential evolution: points that learn the length and direction of steps from each other.

        v = w₁ + F(wⱼ − wₖ), with the best member w₁ and two others by chance
        u = wᵢ with each coordinate taken from v with the probability p, one at least
        wᵢ ← u if it is not higher

    The first members are the start and a Latin hypercube over the domain. The point is the best.

    Names: ko 차분 진화.

    Family: without gradients.

    Reference: Storn & Price 1997, "Differential evolution", J. Global Optimization 11, as
    DE/best/1/bin, F = `mutation`, p = `crossover`. SciPy: differential_evolution with
    updating="deferred" and without bounds; a member's whole generation is asked at once.
    """
    d = len(w)
    points = spread(f, w, members, chance)
    yield State(w, crowd=points[:, 1:], initial=True)
    points, values = _best_first(points, losses(f, points))
    order = np.arange(members)
    while True:
        pairs = []
        for i in range(members):
            chance.shuffle(order)
            pairs.append(order[order != i][:2])
        one, other = np.array(pairs).T
        mutants = points[:, :1] + mutation * (points[:, one] - points[:, other])
        always = chance.randint(d, size=members)
        crossed = (chance.uniform(size=(members, d)) < crossover).T
        crossed[always, np.arange(members)] = True
        trials = np.where(crossed, mutants, points)
        there = losses(f, trials)
        better = there <= values
        points, values = np.where(better, trials, points), np.where(better, there, values)
        points, values = _best_first(points, values)
        yield State(points[:, 0].copy(), crowd=points[:, 1:])


def _best_first(points: Array, values: Array) -> tuple[Array, Array]:
    """The same with the best member at the place of the first one, and that at its place."""
    order = np.arange(len(values))
    best = int(values.argmin())
    order[[0, best]] = order[[best, 0]]
    return points[:, order], values[order]
