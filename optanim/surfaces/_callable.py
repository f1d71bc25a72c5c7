"""A surface from a Python function, with its gradient."""

from __future__ import annotations

import importlib
import inspect
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from optanim.surfaces._surface import Array, Surface
from optanim.surfaces._user_defined import window_around
from optanim.surfaces._window import Window

STEP = 1e-30
"""The imaginary step: so small that its square vanishes beside 1."""

JAX = ("jax", "jaxlib")
"""The packages of the types of jax."""

RELATIVE_STEP = 6e-6
"""Near the cube root of the precision, where the error of central differences is smallest."""


def surface_of_function(
    function: Callable[..., Any], start: Sequence[float], *,
    gradient: Callable[..., Any] | None = None, domain: Sequence[tuple[float, float]] | None = None,
    minima: Sequence[Sequence[float]] = (), axes: Sequence[str] | None = None,
) -> tuple[Surface, str]:  # fmt: skip
    """The surface of a Python function, and how its gradient is computed.

    Args:
        function: of one number for each axis, `f(x, y)`; or of one array of d numbers.
        start: a point (d,) where it has a value.
        gradient: of the same arguments, d numbers; by default it is computed.
        domain: the range of each axis.
        minima: lowest points.
        axes: names; by default those of the arguments.

    Raises:
        ValueError: the function has no finite number at the start.
        TypeError: it does not take d numbers, nor an array of them.
    """
    d = len(start)
    names = [
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if len(names) not in (1, d):
        given = f"{len(names)} argument{'s' * (len(names) != 1)}"
        raise TypeError(f"the function has {given}, the start has {d} numbers")
    spread = len(names) == d
    if axes is None:
        axes = names if spread and all(map(str.isidentifier, names)) else ("x", "y")[:d]

    def of_point(p: Any) -> Any:
        return function(*p) if spread else function(p)

    point = np.array(start, dtype=np.float64)
    value = _value(of_point, point)
    number = float(value(point))
    if not np.isfinite(number):
        raise ValueError(f"the function is {number} at the start {list(start)}")
    slope, note = _slope(of_point, value, point) if gradient is None else _given(gradient, spread)
    window: Window = window_around(_tuples(minima or [start]), d)
    if domain:
        window = tuple((float(low), float(high)) for low, high in domain)
    return Surface(
        value=value,
        gradient=_over_points(lambda p: np.asarray(slope(p), dtype=np.float64), 1),
        domain=window,
        minima=_tuples(minima),
        formula="",
        axes=tuple(axes),
        guessed=domain is None,
    ), note


def _given(gradient: Callable[..., Any], spread: bool) -> tuple[Callable[[Array], Any], str]:
    def slope(p: Array) -> Any:
        return gradient(*p) if spread else gradient(p)

    return slope, "gradient as given"


def _tuples(points: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(x) for x in point) for point in points)


def _value(function: Callable[[Any], Any], point: Array) -> Callable[[Array], Array]:
    """The values of a function of a point (d,) at points (d, …), in 64 bits."""
    kind = ""
    try:
        kind = type(function(point)).__module__.split(".")[0]
    except TypeError:
        if "torch" not in sys.modules:
            raise
        kind = "torch"

    def one(p: Array) -> float:
        if kind == "torch":
            torch: Any = importlib.import_module("torch")
            return float(function(torch.tensor(p, dtype=torch.float64)))
        if kind in JAX:
            with _double():
                return float(function(p))
        return float(function(p))

    each = _over_points(one, 0)
    probes = np.stack([point, point + 0.37, point * 0.9 - 0.21], axis=1)
    try:
        whole = np.asarray(function(probes), dtype=np.float64)
        at_once = whole.shape == (3,) and np.allclose(whole, each(probes), rtol=1e-12, atol=0)
    except Exception:
        at_once = False
    if not at_once or kind in ("torch", *JAX):
        return each
    return lambda p: np.asarray(function(p), dtype=np.float64)


def _double() -> Any:
    """A context in which numbers of jax have 64 bits."""
    jax: Any = importlib.import_module("jax")
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return importlib.import_module("jax.experimental").enable_x64()


def _over_points(function: Callable[[Array], Any], rank: int) -> Callable[[Array], Array]:
    """A function of a point (d,) as one of arrays of points (d, …).

    Args:
        function: returns a number, or d numbers.
        rank: 0 for a number, 1 for d numbers.
    """

    def call(p: Array) -> Array:
        if p.ndim == 1:
            return np.asarray(function(p), dtype=np.float64)
        columns = p.reshape(len(p), -1).T
        values = np.array([function(column) for column in columns], dtype=np.float64)
        return values.T.reshape(p.shape if rank else p.shape[1:])

    return call


def _slope(
    function: Callable[[Any], Any], value: Callable[[Array], Array], point: Array
) -> tuple[Callable[[Array], Any], str]:
    """The gradient of a function of a point (d,), and how it is computed.

    Packages that are not imported yet are not tried: a function that uses one has imported it.
    """
    differences = _by_differences(value)
    probes = [point, point + 0.37, point * 0.9 - 0.21]
    for package, make in (("torch", _by_torch), ("jax", _by_jax), ("", _by_complex_step)):
        if package and package not in sys.modules:
            continue
        slope = make(function)
        if all(_agrees(slope, differences, probe) for probe in probes):
            return slope, f"gradient by {package or 'complex step'}"
    return differences, "gradient by central differences, which have about nine digits"


def _agrees(one: Callable[[Array], Any], other: Callable[[Array], Any], p: Array) -> bool:
    try:
        expected = np.asarray(other(p), dtype=np.float64)
    except Exception:
        return True  # the function has no value there
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of complex numbers that become real
            found = np.asarray(one(p), dtype=np.float64)
    except Exception:
        return False
    if not np.isfinite(expected).all():
        return True
    return found.shape == p.shape and bool(np.allclose(found, expected, rtol=1e-4, atol=1e-6))


def _by_torch(function: Callable[[Any], Any]) -> Callable[[Array], Any]:
    torch: Any = importlib.import_module("torch")

    def slope(p: Array) -> Any:
        w = torch.tensor(p, dtype=torch.float64, requires_grad=True)
        (gradient,) = torch.autograd.grad(function(w), w)
        return gradient.numpy()

    return slope


def _by_jax(function: Callable[[Any], Any]) -> Callable[[Array], Any]:
    jax: Any = importlib.import_module("jax")
    compiled = jax.grad(function)

    def slope(p: Array) -> Any:
        with _double():
            return np.asarray(compiled(jax.numpy.asarray(p)))

    return slope


def _by_complex_step(function: Callable[[Any], Any]) -> Callable[[Array], Any]:
    def slope(p: Array) -> Any:
        return [np.imag(function(p + 1j * STEP * unit)) / STEP for unit in np.eye(len(p))]

    return slope


def _by_differences(function: Callable[[Any], Any]) -> Callable[[Array], Any]:
    def slope(p: Array) -> Any:
        steps = RELATIVE_STEP * np.maximum(1.0, np.abs(p))
        return [
            (float(function(p + h * unit)) - float(function(p - h * unit))) / (2 * h)
            for h, unit in zip(steps, np.eye(len(p)), strict=True)
        ]

    return slope
