"""A walk with an optimizer of optax."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from optanim.errors import ConfigError, Problem
from optanim.surfaces import Array, Surface


def walk(name: str, make: Any, f: Surface, w: Array, options: Mapping[str, Any]) -> Iterator[Array]:
    """Yield the point after each step of an optimizer, as `torch_walk.walk` does."""
    jax: Any = importlib.import_module("jax")
    optax: Any = importlib.import_module("optax")
    given = {key: _from_zero(value) if callable(value) else value for key, value in options.items()}
    double = _double(jax)
    with double():
        optimizer = optax.with_extra_args_support(make(**given))
        params = jax.numpy.asarray(w, dtype=np.float64)
        state, value_fn = optimizer.init(params), _value_fn(jax, f)
    t = 0
    while True:
        t += 1
        p = np.array(params, dtype=np.float64)
        gradient, value = np.array(f.gradient(p), dtype=np.float64), float(f.value(p))
        try:
            with double():
                g = jax.numpy.asarray(gradient)
                updates, state = optimizer.update(
                    g, state, params, value=value, grad=g, value_fn=value_fn
                )
                params = optax.apply_updates(params, updates)
        except (RuntimeError, ValueError, TypeError) as error:
            first = str(error).strip().splitlines()[:1]
            message = f"{name} fails in step {t}: {' '.join(first)}"
            raise ConfigError([Problem(message)]) from error
        yield np.array(params, dtype=np.float64)


def _from_zero(schedule: Any) -> Any:
    """A schedule of optax, whose steps count from 0."""
    return lambda count: schedule(int(count) + 1)


def _double(jax: Any) -> Any:
    """A context in which numbers have 64 bits; by default jax has 32."""
    if hasattr(jax, "enable_x64"):
        return lambda: jax.enable_x64(True)
    experimental = importlib.import_module("jax.experimental")
    return experimental.enable_x64


def _value_fn(jax: Any, f: Surface) -> Any:
    """The value of the surface as a function that jax can differentiate: for line searches."""
    number = jax.ShapeDtypeStruct((), np.float64)

    def value(p: Any) -> Any:
        return jax.pure_callback(lambda q: np.float64(f.value(np.asarray(q))), number, p)

    def gradient(p: Any) -> Any:
        vector = jax.ShapeDtypeStruct(p.shape, np.float64)
        return jax.pure_callback(
            lambda q: np.asarray(f.gradient(np.asarray(q)), np.float64), vector, p
        )

    function = jax.custom_vjp(value)
    function.defvjp(lambda p: (value(p), p), lambda p, g: (g * gradient(p),))
    return function
