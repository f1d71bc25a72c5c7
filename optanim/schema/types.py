"""The annotated types of options. A type has the rule of its options.

The types are used by pydantic for checks, by `optanim show` for tables, and by `optanim schema` for
the JSON Schema. If the type in YAML differs from that of the value, the mark `WrittenAs` or
`Pattern` describes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, Len, Lt
from pydantic import AfterValidator, BeforeValidator, Field, Strict, TypeAdapter
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.files import ADDRESS_HELP, is_address
from optanim.schema.choice import Choice
from optanim.schema.option import (
    Description,
    Drawn,
    Minor,
    NumberOf,
    Pattern,
    Symbol,
    Uncaptioned,
    WrittenAs,
)
from optanim.schema.warm_up import WarmUp

Real = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[Real, Gt(0)]
NonNegative = Annotated[Real, Ge(0)]
Fraction = Annotated[Real, Ge(0), Lt(1)]
Share = Annotated[Real, Ge(0), Le(1)]
Ratio = Annotated[Real, Gt(0), Le(1)]
Count = Annotated[int, Ge(1)]
Seed = Annotated[int, Ge(0), Le(2**32 - 1)]

Dampening = Annotated[Fraction, Symbol(r"\tau")]
WeightDecay = Annotated[NonNegative, Symbol(r"\lambda")]
Epsilon = Annotated[Positive, Symbol(r"\varepsilon"), Minor()]

Betas = Annotated[
    tuple[Fraction, ...],
    Strict(False),
    Len(1, 8),
    Symbol(r"\beta"),
    Description("list of up to 8 numbers >= 0, < 1"),
]
"""The memories of several averages."""

Pair = Annotated[tuple[Real, Real], Strict(False), Description("two numbers")]
Steps = Annotated[int, Ge(1), Le(20_000)]
Levels = Annotated[int, Ge(2), Le(200), NumberOf("levels")]
Fps = Annotated[Real, Ge(0.01), Le(50)]
PixelScale = Annotated[int, Ge(1), Le(4)]


_ESCAPED = {
    ord(char): f"/{letter}" for char, letter in zip("\a\b\t\n\v\f\r", "abtnvfr", strict=True)
}
"""The control characters of YAML's escapes, as the path that was meant."""


def _printable(value: Any) -> Any:
    if isinstance(value, str) and re.match(r"[A-Za-z]:[\a\b\t\n\v\f\r]", value):
        # "C:\temp" of Windows is YAML: the backslash and the t are a tab.
        path = re.sub(r"[\\/]+", "/", value.translate(_ESCAPED))
        message = "has a backslash, which begins an escape in double quotes"
        context = {"message": message, "named": 1, "help": f"write it with slashes: '{path}'"}
        raise PydanticCustomError("path", "{message}", context)
    if isinstance(value, str) and (lines := value.split()) and "\n" in value:
        help = f"write it in one line: {quoted(' '.join(lines))}"
        message = f"has one line, got {value.count(chr(10)) + 1}"
        raise PydanticCustomError(
            "lines", "{message}", {"message": message, "named": 1, "help": help}
        )
    if isinstance(value, str) and (wrong := sorted({c for c in value if not c.isprintable()})):
        codes = ", ".join(f"U+{ord(char):04X}" for char in wrong)
        raise PydanticCustomError(
            "control", "has a control character ({codes})",
            {"codes": codes, "help": "in YAML, write TeX in single quotes: '$\\alpha$'"},
        )  # fmt: skip
    return value


MAX_TEX_DEPTH = 12
"""Groups and brackets inside each other. matplotlib's parser calls itself for each."""


def _settable(value: Any) -> Any:
    if not isinstance(value, str) or "$" not in value:
        return value
    depth = deepest = 0
    for piece in re.findall(r"\\left\b|\\right\b|\\.|[{}]", value):
        depth += (piece in ("{", r"\left")) - (piece in ("}", r"\right"))
        deepest = max(deepest, depth)
    if deepest > MAX_TEX_DEPTH:
        raise PydanticCustomError(
            "tex", "has TeX nested {depth} deep, the limit is {limit}",
            {"depth": deepest, "limit": MAX_TEX_DEPTH, "help": "write it with fewer braces"},
        )  # fmt: skip
    return value


Text = Annotated[str, Len(0, 500), BeforeValidator(_printable)]
Label = Annotated[
    str, Len(0, 500), BeforeValidator(_settable), BeforeValidator(_printable), Drawn()
]
"""A text that is drawn: it can have TeX between dollar signs."""


def _column(value: Any) -> Any:
    # Columns are often called by years, and those without names by their numbers.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


ColumnName = Annotated[Text, BeforeValidator(_column), WrittenAs(Text | int), Description("text")]


def _row_values(value: Any) -> Any:
    plain = (str, int, float)
    if isinstance(value, dict) and value and all(isinstance(v, plain) for v in value.values()):
        return {_column(key): _printable(cell) for key, cell in value.items()}
    message = f"must have a value for each column, such as {{set: 2}}, got {quoted(value)}"
    context = {"message": message, "named": 1}
    raise PydanticCustomError("row_values", "{message}", context)


def _columns(value: Any) -> Any:
    if isinstance(value, dict) and value:
        columns = {name: _column(column) for name, column in value.items()}
        if all(isinstance(column, str) for column in columns.values()):
            return {name: _printable(column) for name, column in columns.items()}
    message = f"must have a column for each name, such as {{h: study hours}}, got {quoted(value)}"
    raise PydanticCustomError("columns", "{message}", {"message": message, "named": 1})


ColumnsByName = Annotated[
    dict[str, str], BeforeValidator(_columns), Len(1, 100), Description("column by name")
]
"""The columns of a file, by the names that a model has for them."""

RowValues = Annotated[
    dict[str, str | int | float | bool],
    BeforeValidator(_row_values),
    Len(1, 20),
    Description("value by column"),
]
"""The values of some columns, by their names."""

Separator = Literal[",", ";", "|", "tab", "blanks"]
DecimalSign = Literal[".", ","]
ThousandsSign = Literal[",", ".", "'", "blank"]
LineCount = Annotated[int, Ge(0), Le(1_000_000)]


def _comment(value: Any) -> Any:
    if isinstance(value, str) and 1 <= len(value.strip()) <= 20:
        return _printable(value).strip()
    context = {"value": quoted(value), "help": "in quotes: '#' begins a comment of YAML"}
    raise PydanticCustomError("comment", "must be the beginning of a line, got {value}", context)


def _missing(value: Any) -> Any:
    if value is None or value in ("error", "drop"):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e100:
        return float(value)
    message = f"must be error, drop, or a number that stands for no value, got {quoted(value)}"
    help = "for example missing: drop, or missing: -99.99"
    context = {"message": message, "named": 1, "help": help}
    raise PydanticCustomError("missing_value", "{message}", context)


Missing = Annotated[
    Literal["error", "drop"] | float | None,
    BeforeValidator(_missing),
    WrittenAs(Literal["error", "drop"] | Real | None),
    Description("error, drop, or a number"),
]
"""What is done with a row without a value, or the number that stands for no value."""

CommentSign = Annotated[str, BeforeValidator(_comment), Len(1, 20), Description("text")]
"""The beginning of lines of a file that are passed over."""

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
        "color",
        "must be a color written '#RRGGBB', got {value}",
        {"value": quoted(value), "help": help},
    )


Color = Annotated[str, BeforeValidator(_color), _HEX, Description("color")]
Colors = Annotated[list[Color], Description("list of colors")]
Marker = Literal["o", "s", "^", "D", "v", "P", "X", "h"]


def _path(value: Any) -> Any:
    is_name = isinstance(value, str) and value.strip()
    if is_name and not is_address(value):
        return Path(_printable(value))
    context = {"message": f"must be the name of a file, got {quoted(value)}", "named": 1,
               "help": ADDRESS_HELP if is_name else ""}  # fmt: skip
    raise PydanticCustomError("path", "{message}", context)


DataFile = Annotated[Path, BeforeValidator(_path), Description("file"), Uncaptioned()]
InputFile = Annotated[Annotated[Path, BeforeValidator(_path)] | None, Description("file")]
"""A file to read, relative to the folder of the config."""


_DURATION = Pattern(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(ms|s)", "2s")


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


Duration = Annotated[float, BeforeValidator(_seconds), Gt(0)]
"""A duration without an upper limit, on the command line."""

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


def _rising_steps(value: tuple[int, ...]) -> tuple[int, ...]:
    if any(step >= after for step, after in pairwise(value)):
        context = {"message": f"must go up, got {quoted(value)}", "named": 1}
        raise PydanticCustomError("rising", "{message}", context)
    return value


RisingSteps = Annotated[
    tuple[Count, ...],
    Strict(False),
    Len(1, 50),
    AfterValidator(_rising_steps),
    Description("list of rising steps"),
]
"""Steps of a run, from the first to the last."""


AUTO = "auto"
"""The rate with the lowest final loss, which tuning finds."""


class Scheduled:
    """A mark in an annotated type: a number of a type, or a schedule.

    Attributes:
        number: checks the number, and each value of the schedule.
    """

    def __init__(self, number: Any) -> None:
        self.number: TypeAdapter[float] = TypeAdapter(Annotated[number, Strict()])

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        # Tuning finds one rate: that of the option `lr`, which every caption has.
        words = (AUTO,) if handler.field_name == "lr" else ()

        def check(value: Any) -> Any:
            allowed = words if isinstance(value, str) else ()
            if value in allowed:
                return AUTO
            is_number = isinstance(value, str) and value[:1].isdigit()
            if isinstance(value, str | dict) and not is_number:
                return Choice("schedules", WarmUp, allowed).choose(value)
            return self.number.validate_python(value)

        return core_schema.no_info_plain_validator_function(check)


_SCHEDULE = Annotated[Any, Choice("schedules", WarmUp)]

Rate = Annotated[
    float | Callable[[int], float],
    Scheduled(Positive),
    WrittenAs(Positive | Literal["auto"] | _SCHEDULE),
    Symbol(r"\eta"),
    Description("number > 0, a schedule, or auto"),
]
"""A learning rate: a positive number, or a schedule (a function of the step t = 1, 2, …)."""

_FRACTION_OR_SCHEDULE = Description("number >= 0, < 1, or a schedule")

Momentum = Annotated[
    float | Callable[[int], float],
    Scheduled(Fraction),
    WrittenAs(Fraction | _SCHEDULE),
    Symbol(r"\mu"),
    _FRACTION_OR_SCHEDULE,
]
"""A momentum: a number from 0 to below 1, or a schedule of such numbers."""

Beta = Annotated[
    float | Callable[[int], float],
    Scheduled(Fraction),
    WrittenAs(Fraction | _SCHEDULE),
    _FRACTION_OR_SCHEDULE,
]
"""The weight of a mean of earlier steps: a number from 0 to below 1, or a schedule of them."""
