"""The annotated type of the size of a figure: pixels, or lengths on paper."""

from __future__ import annotations

import re
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import AfterValidator, Strict, WrapValidator
from pydantic_core import PydanticCustomError

from optanim.errors import nearest, quoted
from optanim.schema.option import Description, Pattern, WrittenAs

MIN_SIDE, MAX_SIDE = 16, 8192

PIXELS_PER_INCH, POINTS_PER_INCH = 96, 72
"""Of CSS, in which an inch of the page is 96 pixels; and of PDF."""

INCHES = {"cm": 1 / 2.54, "in": 1.0}
"""How many inches each unit has."""

_OTHER_UNITS = {"mm": 0.1 / 2.54, "pt": 1 / 72, "inch": 1.0, "inches": 1.0}
"""Inches of units that people write, too."""

_LENGTH = Pattern(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) *(cm|in)", "12cm")


class Length(int):
    """The whole number of pixels that is nearest to a length on paper.

    Attributes:
        number: the length in its unit.
        unit: `cm` or `in`.
    """

    number: float
    unit: str

    def __new__(cls, number: float, unit: str) -> Length:
        length = super().__new__(cls, round(number * INCHES[unit] * PIXELS_PER_INCH))
        length.number, length.unit = number, unit
        return length

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override]
        return self.number, self.unit

    @property
    def text(self) -> str:
        """The length as a config and CSS have it: `12cm`. As a number it is that of its pixels."""
        return f"{self.number:.12g}{self.unit}"


def points_of(side: int) -> float:
    """The points of a side of a figure, exactly if it is a length."""
    if isinstance(side, Length):
        return side.number * INCHES[side.unit] * POINTS_PER_INCH
    return side / PIXELS_PER_INCH * POINTS_PER_INCH


def _side(value: Any, in_pixels: Any) -> Any:
    match = (
        re.fullmatch(r"([0-9.]+) *([A-Za-z]+)", value.strip()) if isinstance(value, str) else None
    )
    if not match:
        if type(value) in (int, float) and 0 < value < MIN_SIDE:  # were centimeters meant?
            message = f"must be at least {MIN_SIDE} pixels, or have a unit, got {value}"
            raise _problem(message, f"write {value}cm or {value}in for paper")
        return in_pixels(value)
    written = re.fullmatch(_LENGTH.regex, value.strip())
    if not written:
        raise _problem(
            f"must be pixels, or a length in cm or in, got {quoted(value)}", _meant(*match.groups())
        )
    length = Length(float(written[1]), written[2])
    if MIN_SIDE <= length <= MAX_SIDE:
        return length
    low, high = (pixels / PIXELS_PER_INCH / INCHES[length.unit] for pixels in (MIN_SIDE, MAX_SIDE))
    limits = f"{low + 0.005:.2f}{length.unit} to {int(high)}{length.unit}"
    raise _problem(
        f"must be from {limits}, got {quoted(value)}",
        f"an inch has {PIXELS_PER_INCH} pixels, and a side {MIN_SIDE} to {MAX_SIDE}",
    )


def _meant(number: str, unit: str) -> str:
    """What to write for a length in another unit; "" if it has no number."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?|\.[0-9]+", number):
        return ""
    if unit.casefold() == "px":
        return f"write {round(float(number))}"
    if unit.casefold() in INCHES:
        return f"write {number}{unit.casefold()}"
    if inches := _OTHER_UNITS.get(unit.casefold()):
        target = "cm" if unit == "mm" else "in"
        return f"write {float(number) * inches / INCHES[target]:.4g}{target}"
    return f"did you mean '{number}{nearest(unit, INCHES) or 'cm'}'?"


def _same_kind(value: tuple[int, int]) -> tuple[int, int]:
    if len({isinstance(side, Length) for side in value}) > 1:
        raise _problem("must be two numbers of pixels, or two lengths", "")
    return value


def _problem(message: str, help: str) -> PydanticCustomError:
    context = {"message": message, "named": 1, "help": help}
    return PydanticCustomError("size", "{message}", context)


_Pixels = Annotated[int, Ge(MIN_SIDE), Le(MAX_SIDE)]

Side = Annotated[
    int,
    Ge(MIN_SIDE),
    Le(MAX_SIDE),
    WrapValidator(_side),
    WrittenAs(_Pixels | Annotated[str, _LENGTH]),
]
"""A side of a figure in pixels, which may be a `Length`."""

Size = Annotated[
    tuple[Side, Side],
    Strict(False),
    AfterValidator(_same_kind),
    Description("[width, height] in pixels, or as [12cm, 9cm] or [5in, 3.5in]"),
]
"""The width and height of a figure."""
