"""The annotated types of points: one number for each axis of a surface."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from annotated_types import Len
from pydantic import Strict, TypeAdapter
from pydantic_core import core_schema

from optanim.schema.option import Description, WrittenAs
from optanim.schema.types import Real


class PointMark:
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


Point = list[float] | dict[str, float]
"""A point: a list in the order of the axes, or a mapping from the names of the axes."""

NUMBERS = Annotated[list[Real], Len(1, 2)] | dict[str, Real]
"""The type of a point in YAML, a number alone aside."""

OnePoint = Annotated[
    Point,
    PointMark(),
    WrittenAs(Real | NUMBERS),
    Description("number for each axis, in order or by name"),
]
"""A point of a surface."""
