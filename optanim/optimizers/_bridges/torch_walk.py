"""A walk with an optimizer of PyTorch's kind."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from optanim.errors import ConfigError, Problem
from optanim.optimizers._bridges.options import DEFAULT_RATE, WRAPPED
from optanim.surfaces import Array, Surface


def walk(name: str, make: Any, f: Surface, w: Array, options: Mapping[str, Any]) -> Iterator[Array]:
    """Yield the point after each step of an optimizer.

    Args:
        name: of the optimizer, for messages.
        make: its class, or a function from the list of parameters to it.
        f: the surface.
        w: the start, (d,).
        options: its options; `lr` may be a function of the step t = 1, 2, ….

    Raises:
        ConfigError: the optimizer fails in a step.
    """
    torch: Any = importlib.import_module("torch")
    lr = options.get("lr")
    first = {**options, **({"lr": lr(1)} if callable(lr) else {})}
    parameter, optimizer = _made(torch, make, w, first)

    def point() -> Array:
        numbers: Array = parameter.detach().numpy().reshape(w.shape).copy()
        return numbers

    def closure() -> Any:
        p = point()
        gradient = torch.from_numpy(np.array(f.gradient(p), dtype=np.float64))
        parameter.grad = gradient.reshape(parameter.shape)
        return torch.tensor(float(f.value(p)), dtype=torch.float64)

    needs_closure = _needs_closure(optimizer)
    getattr(optimizer, "train", lambda: None)()
    t = 0
    while True:
        t += 1
        if callable(lr):
            for group in optimizer.param_groups:
                group["lr"] = lr(t)
        try:
            if needs_closure:
                optimizer.step(closure)
            else:
                closure()
                try:
                    optimizer.step()
                except Exception as error:
                    if type(error).__name__ != "NoClosureError":
                        raise
                    needs_closure = True
                    optimizer.step(closure)
        except (RuntimeError, ValueError, TypeError, AttributeError) as error:
            message = f"{name} fails in step {t}: {' '.join(str(error).split())}"
            raise ConfigError([Problem(message)]) from error
        # Optimizers without a schedule are trained at one point and evaluated at another.
        getattr(optimizer, "eval", lambda: None)()
        after = point()
        getattr(optimizer, "train", lambda: None)()
        yield after


def _made(torch: Any, make: Any, w: Array, options: Mapping[str, Any]) -> tuple[Any, Any]:
    """The parameter and the optimizer; a vector, or a column for optimizers of matrices."""
    parameters = list(inspect.signature(make).parameters)
    wrapped = next((name for name in parameters if name in WRAPPED), None)

    def made(parameter: Any) -> Any:
        given = dict(options)
        if wrapped is None:
            return make([parameter], **given)
        inner = getattr(torch.optim, given.pop(wrapped, "SGD"))
        rate = given.pop("lr", DEFAULT_RATE)
        if wrapped == "optimizer":
            return make(inner([parameter], lr=rate), **given)
        return make([parameter], **{wrapped: inner}, lr=rate, **given)

    vector = torch.nn.Parameter(torch.tensor(w, dtype=torch.float64))
    try:
        return vector, made(vector)
    except ValueError as error:
        if "2D" not in str(error):
            raise
    matrix = torch.nn.Parameter(torch.tensor(w, dtype=torch.float64).reshape(-1, 1))
    return matrix, made(matrix)


def _needs_closure(optimizer: Any) -> bool:
    parameter = inspect.signature(type(optimizer).step).parameters.get("closure")
    return parameter is not None and parameter.default is parameter.empty
