"""The controls of a page for the options of entries: sliders with ranges, boxes and lists."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, log10
from typing import Any

import numpy as np

from optanim.config.json_schema.types import Schema, schema_of
from optanim.config.panels import MAP_PANELS, needs_of
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Choice
from optanim.schema.option import Option, rule_in_words
from optanim.schema.types import AUTO
from optanim.schema.validation import Section
from optanim.surfaces import Surface

Control = dict[str, Any]
"""A control, or an entry with its controls, as JSON has it."""

DECADES_BELOW, DECADES_ABOVE = 3, 2
"""The range of a logarithmic slider around the default."""

RATE_RANGE = 1e-4, 10.0
"""The least range of a slider for a learning rate."""

BELOW_OPEN_END = 1e-3
"""The distance of a slider from an end that its range does not contain, as a share of the range."""

MAX_SLIDER_STEPS = 50
"""The largest whole number of a slider, if nothing smaller bounds it and its default is smaller."""

STARTS = ((0.2, 0.7), (0.2, 0.85), (0.15, 0.3), (0.8, 0.7), (0.1, 0.9), (0.35, 0.6))
"""Positions in the domain of a surface that are tried for a start, as shares of its sides."""

AWAY = 0.15
"""The least distance of a start from a minimum, as a share of the sides."""


def optimizer_entries() -> list[Control]:
    """The optimizers with their controls, without those that read a file."""
    return [_entry(entry) for entry in _without_files(catalogue("optimizers").values())]


def schedule_entries() -> list[Control]:
    """The schedules of learning rates, with their controls."""
    return [_entry(entry) for entry in catalogue("schedules").values()]


def panel_entries() -> list[Control]:
    """The panels, with their controls, the number of parameters that they show, and data."""
    entries = [entry for entry in catalogue("panels").values() if entry.name not in MAP_PANELS]
    return [
        {**_entry(entry), "dimensions": needs.dimensions, "data": needs.data}
        for entry, needs in ((entry, needs_of(entry)) for entry in entries)
    ]


def surface_entries() -> list[Control]:
    """The surfaces with their controls, the number of their parameters, and a good start.

    Of one that needs an option, as a formula, number and start are None.
    """
    entries = list[Control]()
    for entry in catalogue("surfaces").values():
        surface: Surface | None = None if entry.lead else entry.function()
        dimensions, start = (surface.dimensions, good_start(surface)) if surface else (None, None)
        entries.append({**_entry(entry), "dimensions": dimensions, "start": start})
    return entries


def good_start(surface: Surface) -> list[float]:
    """A point from which there is a way to go: away from the minima, and where f is finite."""
    low, high = np.array(surface.domain).T
    digits = 1 - floor(log10(float(np.min(high - low)) / 10))
    points = [
        np.round(low + np.array(shares[: surface.dimensions]) * (high - low), digits)
        for shares in STARTS
    ]

    def is_good(point: Any) -> bool:
        steep = np.linalg.norm(surface.gradient(point) * (high - low)) > 0
        far = all(np.linalg.norm((point - m) / (high - low)) > AWAY for m in surface.minima)
        return bool(surface.is_finite_at(point) and steep and far)

    chosen = next(filter(is_good, points), points[0])
    return [float(x) + 0.0 for x in chosen]  # no −0


def _without_files(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (e for e in entries if not e.lead or _control(e.options[e.lead])["type"] != "file")


def _entry(entry: Entry) -> Control:
    return {
        "name": entry.name,
        "title": entry.title,
        "summary": entry.summary,
        "family": entry.family,
        "options": [_control(option) for option in entry.options.values()],
    }


def _control(option: Option) -> Control:
    """The control of an option: its type, default, range and choices."""
    kinds = dict[str, Choice]()

    def choice_schema(choice: Choice | Section, listed: bool) -> Schema:
        if isinstance(choice, Choice):
            kinds[choice.kind] = choice
        return {"type": "object"}

    schema = schema_of(option.type, choice_schema)
    parts: list[Schema] = schema.get("anyOf", [schema])
    numbers = [part for part in parts if part.get("type") in ("number", "integer")]
    if isinstance(option.default, float):  # of a number of steps, or a share of them
        numbers.sort(key=lambda part: part["type"] == "integer")
    number = next(iter(numbers), None)
    choices = [value for part in parts for value in part.get("enum", ())]
    # The default of an option may be a whole mapping, as that of an optimizer around another.
    default = option.default if _is_plain(option.default) else None
    control: Control = {"name": option.name, "help": rule_in_words(option.type), "default": default}
    if option.required:
        control["required"] = True
    if "schedules" in kinds and number:
        words = [AUTO] if AUTO in choices else []
        kind = {"type": "schedule", "choices": words, **_range(number, option)}
        return control | kind
    if kinds:
        kind_of_entry, choice = next(iter(kinds.items()))
        return control | {"type": "entry", "choices": choice.names(), "kind": kind_of_entry}
    types = [part.get("type") for part in parts]
    if number and not choices and "string" not in types:
        return control | {"type": number["type"], **_range(number, option)}
    if choices:
        return control | {"type": "choice", "choices": choices}
    if types[0] == "string" and parts[0].get("minLength"):
        return control | {"type": "file"}
    named = {"boolean": "boolean", "array": "list", "string": "text"}
    return control | {"type": named.get(str(types[0]), "other")}


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _range(number: Schema, option: Option) -> Control:
    """The range of a slider: around the default, inside the range that is allowed."""
    low = _bound(number, "exclusiveMinimum", "minimum")
    high = _bound(number, "exclusiveMaximum", "maximum")
    default = option.default if isinstance(option.default, int | float) else None
    if number["type"] == "integer":
        least, most = low or 0, max(MAX_SLIDER_STEPS, 10 * int(default or 0))
        return {"low": least, "high": most if high is None else min(high, most), "log": False}
    if number.get("exclusiveMinimum") == 0 and high is None:
        first, last = _decades(default or 1.0)
        if option.name == "lr":
            first, last = min(first, RATE_RANGE[0]), max(last, RATE_RANGE[1])
        return {"low": first, "high": last, "log": True}
    first, last = _linear_range(low, high, default)
    margin = BELOW_OPEN_END * (last - first)
    first += margin if "exclusiveMinimum" in number else 0.0
    last -= margin if "exclusiveMaximum" in number else 0.0
    return {"low": first, "high": last if default is None else max(last, default), "log": False}


def _bound(number: Schema, *keywords: str) -> float | None:
    """The first bound that a schema has; None if it has none."""
    return next((number[keyword] for keyword in keywords if keyword in number), None)


def _decades(middle: float) -> tuple[float, float]:
    """Powers of ten around a positive number."""
    below, above = floor(log10(middle)) - DECADES_BELOW, ceil(log10(middle)) + DECADES_ABOVE
    return 10.0**below, 10.0**above


def _linear_range(
    low: float | None, high: float | None, default: float | None
) -> tuple[float, float]:
    """The range of a slider whose ends may be bounds; of a number >= 0 a power of ten is the end.

    Args:
        low, high: bounds; None if there is none.
        default: inside of the range; None if there is none.
    """
    middle = default or 0.0
    if low is not None and high is not None:
        return float(low), float(high)
    if low is not None:
        return float(low), low + (10.0 ** ceil(log10(5 * middle)) if middle > low else 1.0)
    reach = 5 * max(1.0, abs(middle))
    return middle - reach, middle + reach if high is None else float(high)
