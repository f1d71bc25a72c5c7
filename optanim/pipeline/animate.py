"""Python objects become a figure: functions, classes of torch, generators, points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from optanim.config.loader import load_values
from optanim.config.run import Run
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import quoted
from optanim.experiment.results import Result, results_of
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import simulate_run
from optanim.optimizers import entry_of_object
from optanim.pipeline.notebook import MimeBundle, mime_bundle
from optanim.pipeline.render import RenderResult, render
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Chosen
from optanim.schema.figure import TrialKeys
from optanim.surfaces import Surface, surface_of_function


@dataclass(frozen=True)
class AnimatedRun:
    """A run of Python objects, from `animate`. A notebook shows its player.

    Attributes:
        run: the run, as `optanim.load` returns one.
        notes: what is to be known of it, such as how gradients are computed.
    """

    run: Run
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        notes = "".join(f"; {note}" for note in self.notes)
        return f"<AnimatedRun {repr(self.run).removeprefix('<Run ').removesuffix('>')}{notes}>"

    @cached_property
    def _simulated(self) -> tuple[Run, tuple[Trajectory, ...]]:
        return simulate_run(self.run)

    @property
    def trajectories(self) -> tuple[Trajectory, ...]:
        """The trajectory of each optimizer."""
        return self._simulated[1]

    @property
    def results(self) -> tuple[Result, ...]:
        """The row of each optimizer in a table."""
        return results_of(*self._simulated)

    def save(self, path: str | Path, *, frame: int | None = None) -> RenderResult:
        """Write the animation, or the still of a step.

        Args:
            path: the file; its suffix is the format, as `.gif`, `.mp4`, `.png`.
            frame: the step of a still; a negative number counts from the end.

        Raises:
            ConfigError, ClaimError, OSError: as `optanim.render` does.
        """
        return render(self.run, output=path, frame=frame)

    def _repr_mimebundle_(self, **_: object) -> MimeBundle:
        """The player of the figure, which a notebook shows by the protocol of IPython."""
        return mime_bundle(self.run, repr(self))


def animate(
    surface: str | Mapping[str, Any] | Surface | Callable[..., Any],
    optimizers: Any,
    start: Sequence[float] | Mapping[str, Any] | None = None,
    *,
    gradient: Callable[..., Any] | None = None,
    domain: Sequence[tuple[float, float]] | None = None,
    minima: Sequence[Sequence[float]] = (),
    axes: Sequence[str] | None = None,
    **keys: Any,
) -> AnimatedRun:
    """The run of optimizers on a surface, each of which may be a Python object.

    Args:
        surface: a function of one number for each axis, `f(x, y)`, or of an array of d numbers; a
            `Surface`; a name; the text of a formula; or the mapping of a config.
        optimizers: one, a list, or a dict from label to optimizer. Each is a name, a mapping as in
            a config, a class of `torch.optim`, a factory that makes such an optimizer of a list of
            parameters, a generator function of a surface and a start, or points (T + 1, d).
        start: the start (d,); by default the first point of the first optimizer that is points.
            Or a swarm, as `{"grid": [40, 30]}`, which on a function needs its `domain`.
        gradient: of the same arguments as the function. By default torch or jax computes it if
            the function takes their numbers and they are imported, otherwise a complex step, or
            central differences; `notes` of the result say which.
        domain: the range (low, high) of each axis of a function.
        minima: lowest points of a function.
        axes: names of the arguments of a function.
        keys: any other key of a config: `steps=200`, `panels=["contour", "loss"]`.

    Raises:
        ConfigError: a key or an option is wrong.
        TypeError: an object is none of those above.
        ValueError: the function has no finite value at the start.
    """
    listed, values, first = _listed(optimizers)
    start = first if start is None else start
    config: dict[str, Any] = {"surface": surface, "optimizers": listed, **keys}
    if start is not None:
        config["start"] = start
        if not isinstance(start, Mapping):
            config["start"] = np.asarray(start, dtype=np.float64).tolist()
    notes: tuple[str, ...] = ()
    if isinstance(surface, str) and surface not in catalogue("surfaces"):
        config["surface"] = {"expr": surface}
    elif not isinstance(surface, str | Mapping):
        made = surface
        if not isinstance(made, Surface):
            if not callable(surface):
                raise TypeError(f"a surface is a function, a name or a formula, got {surface!r}")
            if start is None:
                raise TypeError("start is missing: animate(f, optimizers, [1, 1])")
            point = _one_point(config["start"], domain)
            made, note = surface_of_function(
                surface, point, gradient=gradient, domain=domain, minima=minima, axes=axes
            )
            notes = (note,)
        config["surface"] = "quadratic"
        values["surface",] = Chosen(_entry_of_surface(surface, made))
    return AnimatedRun(load_values(config, values), notes)


def _one_point(start: Any, domain: Sequence[tuple[float, float]] | None) -> list[float]:
    """A start, or the middle of the domain over which a swarm is spread."""
    if not isinstance(start, Mapping):
        return list(start)
    if domain is None:
        raise TypeError("a swarm on a function needs domain=[(-5, 5), (-5, 5)]")
    middle: list[float] = np.mean(domain, axis=1).tolist()
    return middle


def _listed(
    optimizers: Any,
) -> tuple[list[Any], dict[KeyPath, Chosen], Sequence[float] | None]:
    """The optimizers as a config has them, those that no name stands for, and the first point.

    The first point is that of the first optimizer that is points; None if none is.
    """
    listed, values, start = list[Any](), dict[KeyPath, Chosen](), None
    for i, (label, thing) in enumerate(_labeled(optimizers)):
        given = {"name": thing} if isinstance(thing, str) else thing
        if name := _name_in_torch(thing):
            given = {"name": name}
        if isinstance(given, Mapping):
            listed.append({**given, **({"label": label} if label else {})})
            continue
        entry = entry_of_object(thing, i + 1)
        listed.append("gd")
        values["optimizers", i] = Chosen(entry, {}, TrialKeys(label=label))
        preparation = getattr(entry.function, "preparation", None)
        if start is None and preparation:
            start = preparation.optimizer((), {}).start
    return listed, values, start


def _labeled(optimizers: Any) -> list[tuple[str | None, Any]]:
    """Optimizers with their labels, as far as they have one."""
    if isinstance(optimizers, Mapping) and not {"name", "file"} & optimizers.keys():
        return [(str(label), thing) for label, thing in optimizers.items()]
    several = isinstance(optimizers, list | tuple) and not _is_path(optimizers)
    return [(None, thing) for thing in (optimizers if several else [optimizers])]


def _is_path(thing: Any) -> bool:
    """Whether a list is the points of one path, rows of numbers, and no list of optimizers."""
    return all(
        isinstance(row, list | tuple) and row and all(isinstance(x, int | float) for x in row)
        for row in thing
    )


def _name_in_torch(thing: Any) -> str:
    """The name in a config of a class of torch; "" for any other thing."""
    module = getattr(thing, "__module__", "") or ""
    name = f"torch.{getattr(thing, '__name__', '')}"
    is_class = isinstance(thing, type) and module.startswith("torch.optim")
    return name if is_class and name in catalogue("optimizers") else ""


def _entry_of_surface(given: Any, surface: Surface) -> Entry:
    name = getattr(given, "__name__", "")
    name = name if name.isidentifier() else "function"
    words = name.strip("_").replace("_", " ") or name

    def made() -> Surface:
        return surface

    made.__doc__ = f"{words[:1].upper() + words[1:]}: {quoted(name)} as it was passed."
    return Entry("surfaces", name, made)
