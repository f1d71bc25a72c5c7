"""Small optimizers with all that a `State` has: tests of pictures need no real ones."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import numpy as np
import pytest

from optanim.optimizers import State
from optanim.schema.catalogue import catalogue
from optanim.schema.types import Count, Positive
from optanim.surfaces import Array, Surface

NAMES = ("toy_simplex", "toy_swarm", "toy_annealing", "toy_average", "toy_newton", "toy_search")


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add them to the catalogue of optimizers, as another distribution would."""
    points = [EntryPoint(name, f"{__name__}:{name}", "optanim.optimizers") for name in NAMES]
    # The points of a catalogue are read once, as those of installed distributions do not change.
    monkeypatch.setitem(catalogue("optimizers").__dict__, "_points", points)


def toy_simplex(f: Surface, w: Array, *, size: Positive = 1.0) -> Iterator[State]:
    """Toy simplex: the worst corner is reflected, or all shrink towards the best.

        w ← best corner

    Reference: none.
    """
    corners = np.column_stack([w, w[:, None] + size * np.eye(len(w))])
    while True:
        corners = corners[:, np.argsort(f.value(corners))]
        yield State(corners[:, 0], corners, "simplex", initial=np.array_equal(corners[:, 0], w))
        new = 2 * corners[:, :-1].mean(axis=1) - corners[:, -1]
        if f.value(new) < f.value(corners[:, -1]):
            corners[:, -1] = new
        else:
            corners = (corners + corners[:, :1]) / 2


def toy_swarm(
    f: Surface, w: Array, chance: np.random.RandomState, *, size: Count = 6, sigma: Positive = 1.0
) -> Iterator[State]:
    """Toy swarm: the mean of the best three of a generation, whose spread follows them.

        w ← mean of the best

    Reference: none.
    """
    shape = sigma**2 * np.eye(len(w))
    yield State(w, shape=shape, initial=True)
    while True:
        crowd = w[:, None] + np.linalg.cholesky(shape) @ chance.standard_normal((len(w), size))
        best = crowd[:, np.argsort(f.value(crowd))[:3]]
        offsets = best - w[:, None]
        w = best.mean(axis=1)
        shape = 0.6 * shape + 0.4 * offsets @ offsets.T / 3
        yield State(w, crowd, "generation", shape)


def toy_annealing(
    f: Surface, w: Array, chance: np.random.RandomState, *, sigma: Positive = 1.0
) -> Iterator[State]:
    """Toy annealing: a random step is taken if the value falls, and refused otherwise.

        w ← a proposal if f falls

    Reference: none.
    """
    while True:
        refused = []
        for _ in range(3):
            proposal = w + sigma * chance.standard_normal(len(w))
            if f.value(proposal) < f.value(w):
                w = proposal
            else:
                refused.append(proposal)
        yield State(w, np.array(refused).reshape(-1, len(w)).T, "proposals")


def toy_average(f: Surface, w: Array, *, lr: Positive = 0.1) -> Iterator[State]:
    """Toy average: gradient descent and the mean of its points.

        w ← w − ηg

    Reference: none.
    """
    total, t = w.copy(), 1
    while True:
        w = w - lr * f.gradient(w)
        total, t = total + w, t + 1
        yield State(w, mean=total / t)


def toy_newton(f: Surface, w: Array) -> Iterator[State]:
    """Toy Newton: half of Newton's step, in a region of trust.

        w ← w − ½H⁻¹g

    Reference: none.
    """
    while True:
        w = w - 0.5 * np.linalg.solve(f.hessian(w), f.gradient(w))
        yield State(w, shape=0.5 * np.eye(len(w)))


def toy_search(f: Surface, w: Array, *, rate: Positive = 1.0) -> Iterator[Array]:
    """Toy search: a line search that halves the rate until the value falls enough.

        w ← w − ηg

    Reference: none.
    """
    while True:
        g, eta, value = f.gradient(w), rate, f.value(w)
        while f.value(w - eta * g) > value - 0.3 * eta * (g @ g) and eta > 1e-12:
            eta /= 2
        w = w - eta * g
        yield w
