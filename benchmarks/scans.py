"""The same walk on x² + 2y² by JAX: lax.scan over the update rule, compiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import walks

jax.config.update("jax_enable_x64", True)


def walk(name: str, *, many: bool = False) -> Callable[[], float]:
    """A walk to repeat: it returns the seconds it took, the first time with the compilation.

    Points and losses are recorded; gradients are autograd's.

    Args:
        name: of the optimizer.
        many: whether a thousand walk at once.
    """
    start = jnp.asarray(walks.starts() if many else walks.START)
    times = jnp.arange(1, (walks.MANY_STEPS if many else walks.STEPS) + 1)
    scan = jax.jit(lambda state: jax.lax.scan(RULES[name], state, times)[1])
    state = (start, jnp.zeros_like(start), jnp.zeros_like(start))

    def repeat() -> float:
        began = time.perf_counter()
        jax.block_until_ready(scan(state))
        return time.perf_counter() - began

    return repeat


def _losses(w: Any) -> Any:
    return w[0] ** 2 + 2 * w[1] ** 2


_gradient = jax.grad(lambda w: _losses(w).sum())


def _gd(state: Any, t: Any) -> Any:
    w, m, v = state
    w = w - 0.05 * _gradient(w)
    return (w, m, v), (w, _losses(w))


def _momentum(state: Any, t: Any) -> Any:
    w, m, v = state
    m = 0.9 * m + _gradient(w)
    w = w - 0.05 * m
    return (w, m, v), (w, _losses(w))


def _adam(state: Any, t: Any) -> Any:
    w, m, v = state
    g = _gradient(w)
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    w = w - 0.05 * m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return (w, m, v), (w, _losses(w))


RULES = {"gd": _gd, "momentum": _momentum, "adam": _adam}
