"""Entries of Python objects: a class or factory of torch, a generator, points."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from optanim.errors import quoted
from optanim.optimizers._preparation import Preparation
from optanim.optimizers._recorded_path import RecordedPath
from optanim.schema.catalogue import Entry
from optanim.surfaces import Array, Surface


def entry_of_object(thing: Any, number: int) -> Entry:
    """The entry of an optimizer that is no name and no mapping.

    Args:
        thing: a generator function of a surface and a start; a factory, which makes an optimizer
            of torch of a list of parameters, or its class; or points (T + 1, d).
        number: of the optimizer, from 1, for those without a name.

    Raises:
        TypeError: it is none of these.
        ValueError: the points are not finite, or fewer than two.
    """
    if not callable(thing):
        return _of_points(thing, number)
    needed = [
        p
        for p in inspect.signature(thing).parameters.values()
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    inner = getattr(thing, "func", thing)
    own = getattr(inner, "__name__", "")
    name = own if own.isidentifier() else f"optimizer {number}"
    if len(needed) == 1:
        return _entry(name, _TorchWalk(name, thing))
    if len(needed) in (2, 3):
        return _entry(name, _GeneratorWalk(thing))
    rule = "takes a surface and a start, or a list of parameters"
    raise TypeError(f"an optimizer that is a function {rule}; {quoted(name)} takes {len(needed)}")


def _of_points(thing: Any, number: int) -> Entry:
    try:
        points = np.array(thing, dtype=np.float64)
    except (TypeError, ValueError):
        points = np.zeros(0)
    if points.ndim != 2 or points.shape[1] not in (1, 2):
        kind = f"an array of shape {points.shape}" if points.size else quoted(thing)
        rule = "a name, a dict, a class of torch, a function, or points (T + 1, d)"
        raise TypeError(f"an optimizer is {rule}; got {kind}")
    if len(points) < 2 or not np.isfinite(points).all():
        raise ValueError("a path has two points or more, and all are finite")
    entry = _entry(f"path {number}", _PointsWalk(RecordedPath(points.T.copy())))
    return entry


def _entry(name: str, function: Callable[..., Any]) -> Entry:
    function.__name__, function.__doc__ = name, f"{_title(name)}: as it was passed."
    return Entry("optimizers", name, function)


def _title(name: str) -> str:
    """A name of Python as words; names with capitals, as NAdam, are kept."""
    words = name.strip("_").replace("_", " ") or name
    return words if any(map(str.isupper, words)) else words[:1].upper() + words[1:]


class _Walk:
    """The function of an entry without options."""

    __name__: str
    __doc__: str | None
    __annotations__: dict[str, Any] = {}
    __globals__: dict[str, Any] = {}  # noqa: RUF012

    def __call__(self, f: Surface, w: Array) -> Iterator[Any]:
        raise NotImplementedError


class _TorchWalk(_Walk):
    def __init__(self, name: str, make: Callable[..., Any]) -> None:
        self.name, self.make = name, make

    def __call__(self, f: Surface, w: Array) -> Iterator[Any]:
        from optanim.optimizers._bridges.torch_walk import walk

        yield from walk(self.name, self.make, f, w, {})


class _GeneratorWalk(_Walk):
    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, f: Surface, w: Array) -> Iterator[Any]:
        for point in self.function(f, w):
            yield point if hasattr(point, "point") else np.array(point, dtype=np.float64)


class _PointsWalk(_Walk):
    def __init__(self, path: RecordedPath) -> None:
        self.path = path
        self.preparation = Preparation(lambda axes, options: path, starts=True)

    def __call__(self, f: Surface, w: Array) -> Iterator[Any]:
        yield from self.path(f, w)
