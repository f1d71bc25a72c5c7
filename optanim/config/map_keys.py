"""The section `map`: its paths are found in the run, and its ranges completed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from optanim.config.overrides import parse_path
from optanim.config.panels import zoom_problems
from optanim.config.problems import Report
from optanim.config.sweep_labels import symbol_of_option
from optanim.config.varied_key import KeyMap, KeyRange, VariedKey
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import did_you_mean, quoted
from optanim.formulas.expression import name_in_tex
from optanim.schema.choice import Chosen
from optanim.schema.document import Document
from optanim.schema.notation import is_number
from optanim.schema.option import Option, rule_in_words
from optanim.schema.parameter_map import MapAxis
from optanim.schema.types import AUTO
from optanim.schema.validation import error_paths
from optanim.surfaces import Surface

EXAMPLES = "optimizer.lr, start[0], surface.b, noise or seed"

DECADES = 2
"""A range of positive numbers goes so many powers of ten below and above the value of its key."""

LOG_RATIO = 100
"""Positive numbers whose last is so many times the first are on a logarithmic axis."""

INNER = 1e-4
"""The part of an axis beyond which its cells are: the numbers at its ends belong to none."""

MAX_SEED = 1000
"""The end of the default range of seeds."""

Accepts = Callable[[float], bool]


class _KeyError(Exception):
    """A message, the keys from that of the axis on to its place, and a line of help."""

    def __init__(self, message: str, at: KeyPath = ("key",), help: str = "") -> None:
        self.message, self.at, self.help = message, at, help


def key_map(
    document: Document, surface: Surface, optimizers: Sequence[Chosen], panels: Sequence[Chosen],
    report: Report,
) -> KeyMap | None:  # fmt: skip
    """The resolved section `map` of a config; None if it has none, or problems.

    Args:
        document: the config.
        surface: of the run.
        optimizers: of its trials.
        panels: of the run; those of a zoom are checked, too.
        report: called with each problem.
    """
    found = _key_map(document, surface, optimizers, report)
    for problem in zoom_problems(panels, document.view, found, surface):
        report(*problem)
    return found


def _key_map(
    document: Document, surface: Surface, optimizers: Sequence[Chosen], report: Report
) -> KeyMap | None:
    section = document.map
    if not section.is_set:
        return None
    ranges = list[KeyRange]()
    for name, axis in (("x", section.x), ("y", section.y)):
        if axis is None:
            report(f"'map.{name}' is missing", ("map",), f"{name}: a key such as {EXAMPLES}", True)
            continue
        try:
            ranges.append(_range(axis, document, surface, optimizers))
        except _KeyError as wrong:
            # An axis that is only a path has no key of its own.
            report(f"map.{name}: {wrong.message}", ("map", name, *wrong.at), wrong.help)
    if len(ranges) < 2:
        return None
    x, y = ranges
    if x.key == y.key:
        report("map.x and map.y vary the same key", ("map", "y"), "a map has two keys")
        return None
    if section.of == "rate" and not surface.minima:
        message = "the rate is that of the distance to a minimum, and none is known"
        report(f"map.of: {message}", ("map", "of"), "of: loss, or status")
        return None
    return KeyMap(x, y, section.of, section)


def _range(
    axis: MapAxis, document: Document, surface: Surface, optimizers: Sequence[Chosen]
) -> KeyRange:
    """The range of an axis.

    Raises:
        _KeyError: the key is not one that a map can vary, or its range is not.
    """
    key, accepts, rule, default = _found(axis.key, document, surface, optimizers)
    given = axis.range or default
    if given is None:
        help = "{key: " + axis.key + ", range: [0, 1]}, for example"
        raise _KeyError(f"{axis.key} needs a range", help=help)
    low, high = given
    log = axis.scale == "log" or (axis.scale is None and low > 0 and high >= LOG_RATIO * low)
    if log and low <= 0:
        message = f"a logarithmic axis has positive numbers, got {quoted([low, high])}"
        raise _KeyError(message, ("range",), "scale: linear, or a range of positive numbers")
    inner = INNER * (high - low)
    ends = (round(low), round(high)) if key.whole else (low + inner, high - inner)
    if not all(map(accepts, ends)):
        raise _KeyError(
            f"{axis.key} must be a {rule}, got the range {low:g} to {high:g}", ("range",)
        )
    return KeyRange(key, float(low), float(high), log)


Found = tuple[VariedKey, Accepts, str, tuple[float, float] | None]
"""A key, whether it accepts a number, its rule in words, and its default range if it has one."""


def _found(text: str, document: Document, surface: Surface, optimizers: Sequence[Chosen]) -> Found:
    """The key at a path."""
    path = parse_path(text)
    match path:
        case ("optimizer", str(name)):
            return _option_of_all(text, name, optimizers)
        case ("optimizers", 0, str(name)) if len(optimizers) == 1:
            return _option_of_all(text, name, optimizers)
        case ("optimizers", *_):
            message = f"{text} is of one optimizer, a map is of the one that its panel shows"
            raise _KeyError(message, help=f"optimizer.{path[-1]}, and of: 2 shows the second one")
        case ("start", int(index)) if index < surface.dimensions:
            return _coordinate(index, document, surface)
        case ("start", str(axis)) if axis in surface.axes:
            return _coordinate(surface.axes.index(axis), document, surface)
        case ("start",) if surface.dimensions == 1:
            return _coordinate(0, document, surface)
        case ("start", *_):
            raise _KeyError(
                f"{text} is no coordinate of the start", help="start[0] is the first one"
            )
        case ("surface", str(name)):
            if surface.data:
                raise _KeyError(f"{text}: a fit to data is the same surface in all cells")
            return _option(VariedKey("surface", name), text, document.surface)
        case ("noise",):
            key = VariedKey("noise", symbol=r"\mathrm{noise}")
            return key, lambda x: x >= 0, "number >= 0", (0.0, 2 * document.noise or 1.0)
        case ("seed",):
            key = VariedKey("seed", whole=True, symbol=r"\mathrm{seed}")
            return key, lambda x: x >= 0, "whole number >= 0", (0.0, float(MAX_SEED))
    if not path:
        raise _KeyError(
            f"{quoted(text)} is not the path of a key", help=f"a key such as {EXAMPLES}"
        )
    help = _longer_path(text, surface, document, optimizers) or f"a key such as {EXAMPLES}"
    raise _KeyError(f"{text} cannot be varied in a map", help=help)


def _longer_path(
    name: str, surface: Surface, document: Document, optimizers: Sequence[Chosen]
) -> str:
    """A line of help for the name of an option or of a coordinate alone; "" for another text."""
    if any(name in chosen.entry.options for chosen in optimizers):
        return f"write optimizer.{name}"
    if document.surface and name in document.surface.entry.options:
        return f"write surface.{name}"
    return f"write start.{name}" if name in surface.axes else ""


def _option_of_all(text: str, name: str, optimizers: Sequence[Chosen]) -> Found:
    """The option of this name that each of the optimizers has."""
    found = [_option(VariedKey("optimizer", name), text, chosen) for chosen in optimizers]
    if not found:
        raise _KeyError(f"{text}: the run has no optimizer")
    if any(chosen.options.get(name) == AUTO for chosen in optimizers):
        raise _KeyError(f"{text} is auto, and the map varies it", help="leave out lr: auto")
    key, _, rule, default = found[0]
    return key, lambda x: all(accepts(x) for _, accepts, _, _ in found), rule, default


def _option(key: VariedKey, text: str, chosen: Chosen) -> Found:
    """An option of an entry."""
    options = chosen.entry.options
    if key.name not in options:
        help = did_you_mean(key.name, options, "options") if options else ""
        raise _KeyError(f"{text}: {chosen.entry.name} has no option {quoted(key.name)}", help=help)
    option = options[key.name]

    def accepts(value: float) -> bool:
        return not error_paths(chosen.entry.function, (), key.name, value)

    real = any(accepts(value) for value in (0.5, 0.011, 1.5, -0.5))
    if not real and not any(accepts(value) for value in (1, 2, 3, 10)):
        rule = rule_in_words(option.type)
        raise _KeyError(f"{text} is no number that a map can vary, but: {rule}")
    key = replace(key, whole=not real, symbol=symbol_of_option(option))
    default = _default_range(accepts, _number(chosen, option)) if real else None
    return key, accepts, rule_in_words(option.type), default


def _number(chosen: Chosen, option: Option) -> float | None:
    """The value of an option, or its default, if that is a number."""
    values: list[Any] = [chosen.options.get(option.name), option.default]
    return next((float(value) for value in values if is_number(value)), None)


def _default_range(accepts: Accepts, value: float | None) -> tuple[float, float] | None:
    """The range of a number that an option accepts, around its value; None if it has no bounds."""
    if accepts(-1.0):
        return None
    if not accepts(2.0):
        return (0.0, 1.0) if accepts(0.5) else None
    if accepts(0.0):
        return (0.0, 2 * value if value else 1.0)
    if not value:
        return None
    return (value / 10**DECADES, value * 10**DECADES)


def _coordinate(index: int, document: Document, surface: Surface) -> Found:
    """A coordinate of the start, in the window of the config or the domain of the surface."""
    name = surface.axes[index]
    key = VariedKey("start", name, index, symbol=f"{name_in_tex(name)}_0")
    side = (document.view.x, document.view.y)[index]
    return key, lambda x: True, "number", side or surface.domain[index]
