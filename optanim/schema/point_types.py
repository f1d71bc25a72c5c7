"""The annotated types of points: one number for each axis of a surface, and lists of points."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from annotated_types import Len
from pydantic import Strict, TypeAdapter
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.option import Description, WrittenAs
from optanim.schema.types import Real


class _Point:
    """A mark in an annotated type: one number for each axis, in a list or by name.

    How many numbers there can be is known when the surface is.
    """

    numbers: ClassVar = TypeAdapter(Annotated[list[Annotated[Real, Strict()]], Len(1)])
    named: ClassVar = TypeAdapter(dict[str, Annotated[Real, Strict()]])

    def __init__(self, *, listed: bool = False) -> None:
        self.listed = listed  # A number alone is no item of a list of points.

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if not self.listed and isinstance(value, int | float) and not isinstance(value, bool):
                value = [value]
            kind = self.named if isinstance(value, dict) else self.numbers
            return kind.validate_python(value)

        return core_schema.no_info_plain_validator_function(check)


class _Start(_Point):
    """A mark in an annotated type: a point, or a list of points."""

    several: ClassVar = TypeAdapter(
        Annotated[list[Annotated[Any, _Point(listed=True)]], Len(1, 16)]
    )

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = [value]
            if isinstance(value, dict):
                return self.named.validate_python(value)
            if not isinstance(value, list):
                context = {"message": f"must be a list of numbers, got {quoted(value)}", "named": 1,
                           "help": "a number for each axis: start: [1, 1]"}  # fmt: skip
                raise PydanticCustomError("start", "{message}", context)
            if any(isinstance(item, list | dict) for item in value):
                return self.several.validate_python(value)
            return self.numbers.validate_python(value)

        return core_schema.no_info_plain_validator_function(check)


Point = list[float] | dict[str, float]
"""A point: a list in the order of the axes, or a mapping from the names of the axes."""

_Numbers = Annotated[list[Real], Len(1, 2)] | dict[str, Real]

OnePoint = Annotated[
    Point,
    _Point(),
    WrittenAs(Real | _Numbers),
    Description("number for each axis, in order or by name"),
]
"""A point of a surface."""

Start = Annotated[
    Point | list[Point],
    _Start(),
    WrittenAs(Real | _Numbers | Annotated[list[_Numbers], Len(1, 16)]),
    Description("number for each axis, in order or by name; or a list of such points"),
]
"""A starting point, or a list of them: one trial for each."""
