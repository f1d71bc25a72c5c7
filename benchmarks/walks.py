"""The same walk on x² + 2y² by the engine and by torch.optim, in seconds."""

from __future__ import annotations

import time
from functools import partial

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
