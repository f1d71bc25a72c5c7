"""The annotated types of formulas, and of the points and windows of user-defined surfaces."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from annotated_types import Len
from pydantic import BeforeValidator, Strict
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import OptionError, quoted
from optanim.formulas.expression import parse
from optanim.schema.option import Description, Example, WrittenAs
from optanim.schema.readings import is_number
from optanim.schema.types import Pair, Range, Real


class _Formula:
    """A mark in an annotated type: the value is a formula as text, or a number.

    Args:
        help: what is added to the help where a name is not allowed.
    """

    def __init__(self, help: str = "") -> None:
        self.help = help

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> str:
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = repr(value)
            if not isinstance(value, str):
                context = {"message": f"must be a formula, got {quoted(value)}", "named": 1}
                raise PydanticCustomError("formula", "{message}", context)
            try:
                parse(value)
            except OptionError as error:
                help = error.help
                if self.help and "allowed" in str(error):
                    help = "; ".join(filter(None, [help, self.help]))
                context = {"message": str(error), "help": help, "span": error.span}
                raise PydanticCustomError("formula", "{message}", context) from None
            return value

        return core_schema.no_info_plain_validator_function(check)


Formula = Annotated[
    str, _Formula(), WrittenAs(str | float), Description("formula"), Example("x**2 + y**2")
]

ModelFormula = Annotated[
    str,
    _Formula("a column gets a short name by columns: {a: its name}"),
    WrittenAs(str | float),
    Description("formula"),
    Example("w*x + b"),
]
"""A formula whose names can be columns of a file."""


Parameters = Annotated[dict[str, Real], Len(0, 20), Description("numbers by name")]


AxisNames = Annotated[
    Annotated[tuple[str, ...], Strict(False), Len(1, 2)] | None, Description("one or two names")
]


Point = Annotated[tuple[Real, ...], Strict(False), Len(1, 2)]


Points = Annotated[tuple[Point, ...], Strict(False), Len(0, 20), Description("list of points")]


Subgradient = Literal["middle", "one-sided"] | None
"""The gradient at a kink; by default, it is the middle of the slopes beside it."""


DataPoints = Annotated[
    Annotated[tuple[Pair, ...], Strict(False), Len(2, 5000)] | None, Description("list of [x, y]")
]


def _listed(value: Any) -> Any:
    """A range alone in a list: it is that of a surface of one parameter."""
    is_range = isinstance(value, list) and len(value) == 2 and all(map(is_number, value))
    return [value] if is_range else value


Windows = Annotated[
    Annotated[tuple[Range, ...], Strict(False), Len(1, 2)] | None,
    BeforeValidator(_listed),
    WrittenAs(Range | Annotated[list[Range], Len(1, 2)] | None),
    Description("[low, high] of each axis"),
]
