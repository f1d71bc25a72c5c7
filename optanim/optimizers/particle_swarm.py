from collections.abc import Iterator
from typing import Annotated

import numpy as np
from annotated_types import Ge, Le

from optanim.optimizers._population import losses, spread
from optanim.optimizers._state import State
from optanim.schema.option import Symbol
from optanim.schema.types import NonNegative
from optanim.surfaces import Array, Surface

Particles = Annotated[int, Ge(2), Le(200), Symbol("n")]
Inertia = Annotated[NonNegative, Symbol(r"\omega")]
Cognitive = Annotated[NonNegative, Symbol("c_1")]
Social = Annotated[NonNegative, Symbol("c_2")]


def particle_swarm(
    f: Surface,
    w: Array,
    chance: np.random.RandomState,
    *,
    particles: Particles = 20,
    inertia: Inertia = 0.7298,
    cognitive: Cognitive = 1.49618,
    social: Social = 1.49618,
) -> Iterator[State]:
    """Particle swarm: particles fly on, drawn to their own best place and to that of all.

        vᵢ ← ωvᵢ + c₁r(bᵢ − xᵢ) + c₂r′(b − xᵢ), with r, r′ ~ U(0, 1) for each coordinate
        xᵢ ← xᵢ + vᵢ
        bᵢ is the best place of particle i so far, b that of all

    The first particles are the start and a Latin hypercube over the domain, at rest. The point
    is b.

    Names: ko 입자 군집 최적화.

    Family: without gradients.

    Reference: Kennedy & Eberhart 1995, "Particle swarm optimization", with the inertia ω of Shi &
    Eberhart 1998 and the numbers of Clerc & Kennedy 2002. pyswarms: GlobalBestPSO without bounds.
    """
    points = spread(f, w, particles, chance)
    yield State(w, crowd=points[:, 1:], initial=True)
    velocities = np.zeros_like(points)
    bests, lowest = points, losses(f, points)
    while True:
        best = bests[:, [lowest.argmin()]]
        own, common = (chance.uniform(size=points.T.shape).T for _ in range(2))
        velocities = (
            inertia * velocities
            + cognitive * own * (bests - points)
            + social * common * (best - points)
        )
        points = points + velocities
        values = losses(f, points)
        better = values < lowest
        bests, lowest = np.where(better, points, bests), np.where(better, values, lowest)
        yield State(bests[:, lowest.argmin()], crowd=points)
