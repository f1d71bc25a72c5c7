"""The same walk on x² + 2y² by the engine and by torch.optim: one, and a thousand at once."""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import torch

import optanim
from optanim.schema.catalogue import catalogue

STEPS = 2000
START = [-4.0, 3.0]
TORCH = {
    "gd": partial(torch.optim.SGD, lr=0.05),
    "momentum": partial(torch.optim.SGD, lr=0.05, momentum=0.9),
    "adam": partial(torch.optim.Adam, lr=0.05),
}

MANY = 1000
MANY_STEPS = 200

torch.set_num_threads(1)


def ours(name: str) -> float:
    """Points, losses and gradients recorded, as a render needs them."""
    surface = catalogue("surfaces")["quadratic"].function()
    optimizer = partial(catalogue("optimizers")[name].function, lr=0.05)
    began = time.perf_counter()
    optanim.simulate(surface, optimizer, START, steps=STEPS)
    return time.perf_counter() - began


def torchs(name: str) -> float:
    """Points and losses recorded; gradients by autograd, as its users have them."""
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = TORCH[name]([w])
    points, losses = [w.tolist()], list[float]()
    began = time.perf_counter()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = w[0] ** 2 + 2 * w[1] ** 2
        loss.backward()
        optimizer.step()
        points.append(w.tolist())
        losses.append(loss.item())
    return time.perf_counter() - began


def starts() -> np.ndarray:
    """A thousand points of the domain, (2, MANY)."""
    return np.random.RandomState(0).uniform(-4, 4, (2, MANY))


def our_thousand(name: str) -> float:
    """Points and losses of all walks recorded, those that grow without end told apart."""
    surface = catalogue("surfaces")["quadratic"].function()
    optimizer, points = partial(catalogue("optimizers")[name].function, lr=0.05), starts()
    began = time.perf_counter()
    optanim.simulate_many(surface, optimizer, points, steps=MANY_STEPS)
    return time.perf_counter() - began


def torchs_thousand(name: str, *, by_hand: bool) -> float:
    """Points and losses of all walks recorded, one tensor (2, MANY) for all.

    Args:
        name: of the optimizer.
        by_hand: whether the gradient is a formula, as in the engine, and not autograd's.
    """
    w = torch.tensor(starts(), requires_grad=not by_hand)
    optimizer = TORCH[name]([w])
    points = torch.empty((MANY_STEPS + 1, *w.shape), dtype=w.dtype)
    losses = torch.empty((MANY_STEPS + 1, MANY), dtype=w.dtype)
    scales = torch.tensor([[2.0], [4.0]], dtype=w.dtype)
    began = time.perf_counter()
    for t in range(MANY_STEPS):
        points[t] = w.detach()
        if by_hand:
            w.grad = scales * w
            losses[t] = w[0] ** 2 + 2 * w[1] ** 2
        else:
            optimizer.zero_grad()
            loss = w[0] ** 2 + 2 * w[1] ** 2
            loss.sum().backward()
            losses[t] = loss.detach()
        optimizer.step()
    points[-1] = w.detach()
    losses[-1] = points[-1, 0] ** 2 + 2 * points[-1, 1] ** 2
    return time.perf_counter() - began
