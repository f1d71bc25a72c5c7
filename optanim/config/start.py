"""The start of a trial: a point where its surface has a value and a gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optanim.config.preparation import has_own_start
from optanim.config.problems import Report
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import did_you_mean, quoted
from optanim.formulas.expression import name_in_tex
from optanim.formulas.numbers import number_in_tex
from optanim.schema.choice import Chosen
from optanim.schema.notation import optimizer_title
from optanim.schema.readings import readings
from optanim.schema.words import words_of
from optanim.surfaces import Surface

MAX_TRIALS = 16
"""Maximum number of optimizers, each counted once for each of its starts."""


def split_starts(
    optimizers: Sequence[tuple[Chosen, KeyPath]], common: Any, report: Report, language: str, *,
    ascend: bool,
) -> tuple[list[tuple[Chosen, KeyPath]], list[KeyPath]]:  # fmt: skip
    """The optimizers, once for each of their starts; and the path of each start in the config.

    Args:
        optimizers: with their key paths.
        common: the start of those without their own, or None.
        report: called with each problem.
        language: of their names.
        ascend: whether they climb.
    """
    split, paths = list[tuple[Chosen, KeyPath]](), list[KeyPath]()
    for chosen, path in optimizers:
        look, own = chosen.beside, chosen.beside.start is not None
        at: KeyPath = (*path, "start") if own else ("start",)
        start = look.start if own else common
        if not is_list_of_points(start) or has_own_start(chosen):
            split.append((chosen, path))
            paths.append(at)
            continue
        for i, point in enumerate(start):
            name = look.label or optimizer_title(chosen, language, ascends=ascend)
            from_point = words_of(language).from_point
            label = from_point.format(name=name, point=point_in_tex(point))
            label = label if len(start) > 1 else look.label
            split.append((replace(chosen, beside=replace(look, start=point, label=label)), path))
            paths.append((*at, i))
    if len(split) > MAX_TRIALS:
        message = f"the optimizers start {len(split)} times, a picture has up to {MAX_TRIALS} paths"
        report(message, paths[MAX_TRIALS])
    return split[:MAX_TRIALS], paths[:MAX_TRIALS]


def is_list_of_points(start: Any) -> bool:
    """Whether a start is a list of several points, and not one point."""
    return isinstance(start, list) and any(isinstance(item, list | dict) for item in start)


def _point_like(point: Sequence[float], path: KeyPath, surface: Surface) -> str:
    """What to write in place of a point with another number of numbers than the surface has."""
    numbers = [*point, *[1] * surface.dimensions][: surface.dimensions]
    if len(point) == 4:  # decimal commas: [0,5, 1,5]
        pairs = (
            item
            for item in readings([int(n) if n == int(n) else n for n in point])
            if isinstance(item, list)
        )
        numbers = next((pair for pair in pairs if len(pair) == surface.dimensions), numbers)
    text = f"[{', '.join(f'{n:g}' for n in numbers)}]"
    return f"{path[-1]}: {text}" if path[-1] in ("start", "at") else text


def too_long(start: list[Any]) -> bool:
    """Whether a start has more numbers than any surface has axes."""
    return len(start) > 2 and not is_list_of_points(start)


def point_in_tex(point: list[float] | dict[str, float]) -> str:
    """A point as maths: `$(-4, 3)$`, or `$x = -4, y = 3$` if its numbers are named."""
    if isinstance(point, dict):
        parts = [f"{name_in_tex(name)} = {number_in_tex(n)}" for name, n in point.items()]
        return f"${', '.join(parts)}$"
    # In braces a minus is a sign, and no operator between two numbers.
    numbers = ", ".join(f"{{{number_in_tex(float(n))}}}" for n in point)
    return f"$({numbers})$" if len(point) > 1 else f"${numbers}$"


def start_of(
    start: Any, path: KeyPath, surface: Surface, report: Report
) -> tuple[float, ...] | None:
    """The point (d,) of a start; None if it has a problem.

    Args:
        start: a point: numbers in the order of the axes, or by name of the axis.
        path: path of the start in the config.
        surface: surface of the trial.
        report: called with each problem.
    """
    if is_list_of_points(start):
        report("this optimizer starts from one point", path, "start: [1, 1], for example")
        return None
    numbers = point_of(start, path, surface, report)
    if numbers is None:
        return None
    if not surface.is_finite_at(np.array(numbers)):
        start = [start[name] for name in surface.axes] if isinstance(start, dict) else start
        report(f"the surface has no finite value and gradient at {quoted(start)}", path)
        return None
    return numbers


def point_of(
    point: list[float] | dict[str, float], path: KeyPath, surface: Surface, report: Report,
    key: str = "start",
) -> tuple[float, ...] | None:  # fmt: skip
    """The numbers (d,) of a point; None if they are not one for each axis of the surface.

    Args:
        point: numbers in the order of the axes, or by name of the axis.
        path: path of the point in the config.
        surface: that has the axes.
        report: called with each problem.
        key: the key of the point, for messages.
    """
    if isinstance(point, dict):
        unknown = [name for name in point if name not in surface.axes]
        for name in unknown:
            help = did_you_mean(name, surface.axes, "axes")
            report(f"the surface has no axis {quoted(name)}", (*path, name), help, True)
        if missing := [name for name in surface.axes if name not in point]:
            values = {**{name: point[name] for name in surface.axes if name in point},
                      **dict.fromkeys(missing, 1)}  # fmt: skip
            help = f"{key}: {{{', '.join(f'{name}: {n:g}' for name, n in values.items())}}}"
            report(f"{key} lacks {', '.join(missing)}", path, help)
        if unknown or missing:
            return None
        point = [point[name] for name in surface.axes]
    if len(point) != surface.dimensions:
        count = f"{len(point)} number{'s' * (len(point) != 1)}"
        help = f"one number for each axis: {_point_like(point, path, surface)}"
        if surface.dimensions == 1 and 1 < len(point) <= MAX_TRIALS and path[-1] == "start":
            points = ", ".join(f"[{n:g}]" for n in point)
            help += f"; or start: [{points}], one trial for each"
        noun = "axis" if surface.dimensions == 1 else "axes"
        axes = ", ".join(surface.axes)
        report(f"{key} has {count}, the surface has the {noun} {axes}", path, help)
        return None
    return tuple(float(number) for number in point)
