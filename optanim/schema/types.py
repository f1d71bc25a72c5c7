"""The annotated types of options. A type has the rule of its options.

The types are used by pydantic for checks, by `optanim show` for tables, and by `optanim schema` for
the JSON Schema. If the type in YAML differs from that of the value, the mark `WrittenAs` or
`Pattern` describes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le, Len, Lt
from pydantic import BeforeValidator, Field, Strict, TypeAdapter
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.choice import Choice
from optanim.schema.option import Description, Minor, Pattern, Symbol, WrittenAs

Real = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[Real, Gt(0)]
NonNegative = Annotated[Real, Ge(0)]
Fraction = Annotated[Real, Ge(0), Lt(1)]
Count = Annotated[int, Ge(1)]
Seed = Annotated[int, Ge(0), Le(2**32 - 1)]

Momentum = Annotated[Fraction, Symbol(r"\mu")]
WeightDecay = Annotated[NonNegative, Symbol(r"\lambda")]
Epsilon = Annotated[Positive, Symbol(r"\varepsilon"), Minor()]

Pair = Annotated[tuple[Real, Real], Strict(False), Description("two numbers")]
Steps = Annotated[int, Ge(1), Le(20_000)]
Levels = Annotated[int, Ge(2), Le(200)]
Fps = Annotated[Real, Ge(0.01), Le(50)]
Side = Annotated[int, Ge(16), Le(8192)]
Size = Annotated[tuple[Side, Side], Strict(False), Description("[width, height] in pixels")]
PixelScale = Annotated[int, Ge(1), Le(4)]


def _printable(value: Any) -> Any:
    if isinstance(value, str) and (wrong := sorted({c for c in value if not c.isprintable()})):
        codes = ", ".join(f"U+{ord(char):04X}" for char in wrong)
        raise PydanticCustomError(
            "control", "has a control character ({codes})",
            {"codes": codes, "help": "in YAML, write TeX in single quotes: '$\\alpha$'"},
        )  # fmt: skip
    return value


Text = Annotated[str, Len(0, 500), BeforeValidator(_printable)]
Font = Annotated[
    str, Len(1, 500), BeforeValidator(_printable), Description("family, or a font file")
]


_HEX = Pattern(r"#(?:[0-9a-fA-F]{3}){1,2}", "'#D55E00'")


def _color(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_HEX.regex, value):
        digits = value[1:] if len(value) == 7 else "".join(2 * digit for digit in value[1:])
        return f"#{digits.upper()}"
    help = "colors look like '#D55E00', in quotes" + ("" if value else ": '#' begins a comment")
    raise PydanticCustomError(
        "color", "must be a color, got {value}", {"value": quoted(value), "help": help}
    )


Color = Annotated[str, BeforeValidator(_color), _HEX, Description("color")]
Colors = Annotated[list[Color], Description("list of colors")]
Marker = Literal["o", "s", "^", "D", "v", "P", "X", "h"]


def _path(value: Any) -> Any:
    if isinstance(value, str) and value.strip():
        return Path(_printable(value))
    context = {"message": f"must be the name of a file, got {quoted(value)}", "named": 1}
    raise PydanticCustomError("path", "{message}", context)


InputFile = Annotated[Annotated[Path, BeforeValidator(_path)] | None, Description("file")]
"""A file to read, relative to the folder of the config."""


_DURATION = Pattern(r"([0-9]*\.?[0-9]+)\s*(ms|s)", "2s")


def _seconds(value: Any) -> Any:
    match = re.fullmatch(_DURATION.regex, value) if isinstance(value, str) else None
    if match:
        return float(match[1]) / (1000 if match[2] == "ms" else 1)
    if isinstance(value, str):
        raise PydanticCustomError(
            "seconds", "must be a duration such as 2s or 500ms, got {value}",
            {"value": quoted(value)},
        )  # fmt: skip
    return value


Seconds = Annotated[
    float, BeforeValidator(_seconds), WrittenAs(Annotated[str, _DURATION] | float), Ge(0), Le(600)
]


def _loop(value: Any) -> Any:
    if value in ("forever", "once"):
        return 0 if value == "forever" else 1
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65_536:
        return value
    raise PydanticCustomError(
        "loop", "must be forever, once, or a number of plays from 1 to 65536, got {value}",
        {"value": quoted(value)},
    )  # fmt: skip


Loop = Annotated[
    int,
    BeforeValidator(_loop),
    WrittenAs(Literal["forever", "once"] | Annotated[int, Ge(1), Le(65_536)]),
]
"""Number of plays of an animation; 0 is forever."""


_LAST = Pattern(r"last ([1-9][0-9]{0,4})", "last 20")


def _trail(value: Any) -> Any:
    if value in ("all", "none"):
        return -1 if value == "all" else 0
    match = re.fullmatch(_LAST.regex, value) if isinstance(value, str) else None
    if match:
        return int(match[1])
    raise PydanticCustomError(
        "trail", "must be all, none, or a number of steps such as 'last 20', got {value}",
        {"value": quoted(value)},
    )  # fmt: skip


Trail = Annotated[
    int, BeforeValidator(_trail), WrittenAs(Literal["all", "none"] | Annotated[str, _LAST])
]
"""Number of past steps that stay visible; -1 is all."""


def _checked_range(value: tuple[float, float]) -> tuple[float, float]:
    low, high = value
    if not low < high:
        rule, help = "must go up, from the smaller to the larger", ""
    elif max(-low, high) > 1e100 or high - low < 1e-9 * max(-low, high):
        rule, help = (
            "must be a range that a figure can show",
            "numbers up to 1e100, not nearly equal",
        )
    else:
        return value
    context = {"message": f"{rule}, got {quoted(value)}", "named": 1, "help": help}
    raise PydanticCustomError("range", "{message}", context)


class _Rising:
    """A mark in an annotated type: the first number of a pair is smaller than the second."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_after_validator_function(_checked_range, handler(source))


Range = Annotated[tuple[Real, Real], Strict(False), _Rising(), Description("[low, high]")]

Arrows = Annotated[
    tuple[Literal["gradient", "step", "lookahead"], ...], Strict(False), Len(0, 3)
]  # fmt: skip


AUTO = "auto"
"""The rate with the lowest final loss, which tuning finds."""


class _Rate:
    """A mark in an annotated type: a positive number, a schedule, or `auto`."""

    number: ClassVar = TypeAdapter(Annotated[Positive, Strict()])

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        # Tuning finds one rate: that of the option `lr`, which every caption has.
        words = (AUTO,) if handler.field_name == "lr" else ()

        def check(value: Any) -> Any:
            allowed = words if isinstance(value, str) else ()
            if value in allowed:
                return AUTO
            if isinstance(value, str | dict):
                return Choice("schedules", also_allowed=allowed).choose(value)
            return self.number.validate_python(value)

        return core_schema.no_info_plain_validator_function(check)


Rate = Annotated[
    float | Callable[[int], float],
    _Rate(),
    WrittenAs(Positive | Literal["auto"] | Annotated[Any, Choice("schedules")]),
    Symbol(r"\eta"),
    Description("number > 0, a schedule, or auto"),
]
"""A learning rate: a positive number, or a schedule (a function of the step t = 1, 2, …)."""


class _Start:
    """A mark in an annotated type: one number for each axis, in order or by name."""

    numbers: ClassVar = TypeAdapter(Annotated[list[Annotated[Real, Strict()]], Len(1, 2)])
    named: ClassVar = TypeAdapter(dict[str, Annotated[Real, Strict()]])

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = [value]
            if isinstance(value, dict):
                return self.named.validate_python(value)
            return self.numbers.validate_python(value)

        return core_schema.no_info_plain_validator_function(check)


Start = Annotated[
    list[float] | dict[str, float],
    _Start(),
    WrittenAs(Real | Annotated[list[Real], Len(1, 2)] | dict[str, Real]),
    Description("number for each axis, in order or by name"),
]
"""A starting point: a list in the order of the axes, or a mapping from the names of the axes."""
