"""How an oracle is called: one function for each interface, from a case to a path.

An oracle is of PyTorch's interface unless it or its package has one of its own in `ADAPTERS`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from optanim.optimizers._population import spread
from optanim.surfaces import CHANCE_STREAM, Array, random_stream
from tests.oracles.surfaces import OracleSurface
from tests.oracles.wrappers import named, wrapped

if TYPE_CHECKING:
    from tests.oracles.case import Case

Rate = dict[str, float]
"""`{"lr": …}`, or nothing."""


def path_of(case: Case, bed: OracleSurface, rate: Rate) -> Array:
    """(2, steps + 1) points of the oracle of a case."""
    adapter = ADAPTERS.get(case.oracle) or ADAPTERS.get(case.package, torch_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return adapter(case, bed, rate)


def _gradient(bed: OracleSurface, x: float, y: float) -> Array:
    """The gradient of a loss by complex steps: as exact as that of PyTorch, and much faster."""
    small = 1e-30j
    return np.array([bed.loss(x + small, y).imag, bed.loss(x, y + small).imag]) / 1e-30


@contextmanager
def _double() -> Iterator[None]:
    """Numbers that an optimizer of PyTorch makes by itself have 64 bits."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _nothing(step: int, w: Any) -> dict[str, Any]:
    return {}


def torch_path(
    case: Case,
    bed: OracleSurface,
    rate: Rate,
    *,
    beside: Callable[[int, Any], dict[str, Any]] = _nothing,
) -> Array:
    """An optimizer with the interface of `torch.optim`, given a closure at each step.

    Where it has `train()` and `eval()`, its points are those of `eval()`.

    Args:
        case: the case.
        bed: the surface.
        rate: the option `lr`, if there is one.
        beside: step 0, 1, … and the parameters -> what `step` is given beside the closure.
    """
    import torch

    with _double():
        w = torch.tensor(bed.start, dtype=torch.float64).reshape(case.shape).requires_grad_()
        optimizer = (
            wrapped(case, w, rate)
            if case.inner
            else (named(case.oracle)([w], **rate, **case.their_options))
        )
        noise = bed.draw()

        def closure() -> Any:
            x, y = w.detach().numpy().reshape(2)
            w.grad = torch.from_numpy(_gradient(bed, x, y) + noise()).reshape(case.shape)
            return torch.tensor(bed.loss(x, y))

        points = [np.array(bed.start, dtype=np.float64)]
        for step in range(case.steps):
            if hasattr(optimizer, "train"):
                optimizer.train()
            optimizer.step(closure, **beside(step, w))
            if hasattr(optimizer, "eval"):
                optimizer.eval()
            now = optimizer.state[w][case.state] if case.state else w
            if case.path == "means" and case.inner:
                now = optimizer.mean()
            points.append(now.detach().numpy().reshape(2).copy())
    return np.stack(points, axis=1)


def sophia_path(case: Case, bed: OracleSurface, rate: Rate) -> Array:
    """SophiaH of pytorch_optimizer, with the signs that chance gives ours."""
    import torch

    signs = random_stream(0, CHANCE_STREAM)

    def estimate(step: int, w: Any) -> dict[str, Any]:
        if step % case.their_options["update_period"]:
            return {}
        u = torch.from_numpy(signs.choice([-1.0, 1.0], 2))
        hessian = torch.autograd.functional.hessian(lambda p: bed.loss(p[0], p[1]), w.detach())
        return {"hessian": [u * (hessian @ u)]}

    return torch_path(case, bed, rate, beside=estimate)


def optax_path(case: Case, bed: OracleSurface, rate: Rate) -> Array:
    """A gradient transformation of optax."""
    import jax

    jax.config.update("jax_enable_x64", True)
    rated = {"learning_rate": rate["lr"]} if rate else {}
    transform = named(case.oracle)(**rated, **case.their_options)
    noise = bed.draw()

    def loss(w: Any) -> Any:
        return bed.loss(w[0], w[1])

    w = jax.numpy.array(bed.start, dtype="float64")
    state, asked = transform.init(w), jax.value_and_grad(loss)
    more = {"value_fn": loss} if "linesearch" in case.oracle else {}
    points = [np.array(w)]
    for _ in range(case.steps):
        value, gradient = asked(w)
        gradient = gradient + noise()
        try:
            update, state = transform.update(gradient, state, w, value=value, grad=gradient, **more)
        except TypeError:
            update, state = transform.update(gradient, state, w)
        w = w + update
        points.append(np.array(w))
    return np.stack(points, axis=1)


def scipy_path(case: Case, bed: OracleSurface, rate: Rate) -> Array:
    """`scipy.optimize.minimize` by the method in `theirs`, for the case's steps or to its end."""
    import scipy.optimize

    if case.oracle.endswith("differential_evolution"):
        return _evolution_path(case, bed)
    points = [np.array(bed.start, dtype=np.float64)]

    def after(intermediate_result: Any) -> None:
        points.append(intermediate_result.x.copy())
        if len(points) > case.steps:
            raise StopIteration

    def hessian(w: Array) -> Array:
        import torch

        asked = torch.func.hessian(lambda p: bed.loss(p[0], p[1]))
        return np.asarray(asked(torch.tensor(w, dtype=torch.float64)))

    options = case.their_options
    asked: dict[str, Any] = {}
    if options.get("method") not in ("Nelder-Mead", "Powell"):
        asked["jac"] = lambda w: _gradient(bed, *w)
    if options.get("method") == "dogleg":
        asked["hess"] = hessian
    scipy.optimize.minimize(
        lambda w: bed.loss(w[0], w[1]), points[0], callback=after, **asked, **options
    )
    return np.stack(points, axis=1)


def _stream(case: Case, bed: OracleSurface, n: int) -> tuple[np.random.RandomState, Array]:
    """The random stream of an optimizer after n first points (n, 2) were drawn; and these."""
    chance = random_stream(0, CHANCE_STREAM)
    return chance, spread(bed.surface(), np.array(bed.start), n, chance).T


def _evolution_path(case: Case, bed: OracleSurface) -> Array:
    """The best member of SciPy's, from our first members on, in bounds that none of them meets."""
    import scipy.optimize

    options = case.their_options
    chance, members = _stream(case, bed, options.pop("members"))
    points = [np.array(bed.start, dtype=np.float64)]

    def after(intermediate_result: Any) -> None:
        points.append(intermediate_result.x.copy())

    scipy.optimize.differential_evolution(
        lambda w: bed.loss(w[0], w[1]), [(-64, 64)] * 2, init=members, seed=chance, callback=after,
        maxiter=case.steps, tol=0, atol=0, polish=False, updating="deferred", **options,
    )  # fmt: skip
    return np.stack(points, axis=1)


def pyswarms_path(case: Case, bed: OracleSurface, rate: Rate) -> Array:
    """The best place of the swarm so far, from our first particles on, at rest."""
    import logging

    options = case.their_options
    chance, particles = _stream(case, bed, options.pop("particles"))
    logging.disable(logging.CRITICAL)
    swarm = named(case.oracle)(len(particles), 2, options, init_pos=particles)
    swarm.swarm.velocity = np.zeros_like(particles)
    before = np.random.get_state()
    np.random.set_state(chance.get_state())
    points = [np.array(bed.start, dtype=np.float64)]
    losses = list[float]()

    def loss(w: Array) -> Array:
        values = np.asarray(bed.loss(w[:, 0], w[:, 1]))
        if losses and values.min() < min(losses):
            points.append(w[values.argmin()].copy())
        elif losses:
            points.append(points[-1])
        if not losses:
            points[0] = w[values.argmin()].copy()
        losses.append(float(values.min()))
        return values

    try:
        swarm.optimize(loss, case.steps + 1, verbose=False)
    finally:
        np.random.set_state(before)
        logging.disable(logging.NOTSET)
    points[0] = np.array(bed.start, dtype=np.float64)
    return np.stack(points, axis=1)


def cma_path(case: Case, bed: OracleSurface, rate: Rate) -> Array:
    """The mean of `purecma`, which is told samples from our random stream, with its own √C."""
    options = case.their_options
    evolution = named(case.oracle)(list(bed.start), **options)
    chance, n = random_stream(0, CHANCE_STREAM), evolution.params.lam
    points = [np.array(bed.start, dtype=np.float64)]
    for _ in range(case.steps):
        evolution.C.update_eigensystem(evolution.counteval, 0)
        axes, variances = np.array(evolution.C.eigenbasis), np.array(evolution.C.eigenvalues)
        root = (axes * np.sqrt(variances)) @ axes.T
        samples = points[-1] + evolution.sigma * (root @ chance.standard_normal((2, n))).T
        evolution.tell([list(x) for x in samples], [bed.loss(*x) for x in samples])
        points.append(np.array(evolution.xmean))
    return np.stack(points, axis=1)


ADAPTERS: dict[str, Callable[[Case, OracleSurface, Rate], Array]] = {
    "cma": cma_path,
    "optax": optax_path,
    "pytorch_optimizer.SophiaH": sophia_path,
    "pyswarms": pyswarms_path,
    "scipy": scipy_path,
}
