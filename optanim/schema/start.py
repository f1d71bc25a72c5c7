"""The start of a config: a point, a list of points, or a swarm of many starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import prod
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Gt, Le, Len
from pydantic import BeforeValidator, Strict, TypeAdapter
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import nearest, quoted
from optanim.schema.option import Description, WrittenAs
from optanim.schema.point_types import NUMBERS, OnePoint, Point, PointMark
from optanim.schema.types import Real
from optanim.schema.validation import Section

MAX_STARTS = 10_000
"""Maximum number of starts of a swarm."""

MIN_NAME = 4
"""A shorter key of a start is the name of an axis, and no slip of a key of a swarm."""

SwarmSize = Annotated[int, Ge(2), Le(MAX_STARTS)]
"""The number of starts of a swarm."""

AxisSize = Annotated[int, Ge(1), Le(MAX_STARTS)]
"""The number of starts along one axis."""

GridSize = Annotated[
    tuple[AxisSize, ...],
    Strict(False),
    Len(1, 2),
    BeforeValidator(lambda value: [value] if type(value) is int else value),
    WrittenAs(AxisSize | Annotated[list[AxisSize], Len(1, 2)]),
    Description("list of a whole number for each axis"),
]
"""The number of starts along each axis; a number alone is that of a surface of one parameter."""


@dataclass(frozen=True, kw_only=True)
class Swarm:
    """Many starts of each optimizer: a grid, a circle, or points at random.

    Attributes:
        grid: number of starts along each axis, in the middles of the cells of a grid over the
            ranges of `view`, or else over the domain of the surface.
        circle: number of starts on a circle, at equal distances.
        radius: radius of the circle, in the units of the parameters.
        center: center of the circle; by default the middle of these ranges.
        random: number of starts at random, even over these ranges; they follow from `seed`.

    Raises:
        ValueError: none or several of `grid`, `circle` and `random` are set, or the circle is not
            complete.
    """

    grid: GridSize | None = None
    circle: SwarmSize | None = None
    radius: Annotated[Real, Gt(0)] | None = None
    center: OnePoint | None = None
    random: SwarmSize | None = None

    @property
    def count(self) -> int:
        """The number of starts."""
        return self.circle or self.random or prod(self.grid or ())

    def __post_init__(self) -> None:
        kinds = [name for name in EXAMPLES if getattr(self, name) is not None]
        if len(kinds) != 1:
            message = f"has {' and '.join(kinds)}" if kinds else "is no grid, circle or random"
            raise _error(message, f"one of them, start: {EXAMPLES[(kinds or ['grid'])[0]]}")
        if self.circle is not None and self.radius is None:
            raise _error("has a circle without a radius", f"start: {EXAMPLES['circle']}")
        for name in ("radius", "center"):
            if self.circle is None and getattr(self, name) is not None:
                help = f"leave out {name}, or start: {EXAMPLES['circle']}"
                raise _error(f"has {name}, and no circle", help)
        if self.grid and not 2 <= (count := prod(self.grid)) <= MAX_STARTS:
            message = f"must have 2 to {MAX_STARTS:,} starts, the grid has {count:,}"
            raise _error(message, f"start: {EXAMPLES['grid']}, for example")


EXAMPLES = {
    "grid": "{grid: [40, 30]}",
    "circle": "{circle: 200, radius: 3}",
    "random": "{random: 500}",
}
"""A swarm of each kind, as it is written."""


SWARM_KEYS = tuple(field.name for field in fields(Swarm))
"""The keys of a swarm."""


def is_swarm(start: Any) -> bool:
    """Whether a start is the mapping of a swarm, maybe with a slip in a key; not a named point."""
    return isinstance(start, Mapping) and any(
        key in EXAMPLES or (len(str(key)) >= MIN_NAME and nearest(str(key), EXAMPLES))
        for key in start
    )


def _error(message: str, help: str) -> PydanticCustomError:
    """An error with the context that `optanim.schema.messages.reword` describes."""
    return PydanticCustomError(
        "swarm", "{message}", {"message": message, "help": help, "named": 1}
    )  # fmt: skip


class _Start(PointMark):
    """A mark in an annotated type: a point, a list of points, or a swarm."""

    several: ClassVar = TypeAdapter(
        Annotated[list[Annotated[Any, PointMark(listed=True)]], Len(1, 16)]
    )
    swarm: ClassVar = Section(Swarm)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = [value]
            if isinstance(value, Swarm) or is_swarm(value):
                return self.swarm.read(value)
            if isinstance(value, dict):
                return self.named.validate_python(value)
            if not isinstance(value, list):
                context = {"message": f"must be a list of numbers, got {quoted(value)}", "named": 1,
                           "help": "a number for each axis: start: [1, 1]"}  # fmt: skip
                raise PydanticCustomError("start", "{message}", context)
            if any(map(is_swarm, value)):
                raise _error("is a list of points or one swarm, and no list of swarms",
                             f"start: {EXAMPLES['grid']}")  # fmt: skip
            if any(isinstance(item, list | dict) for item in value):
                return self.several.validate_python(value)
            return self.numbers.validate_python(value)

        return core_schema.no_info_plain_validator_function(check)


Start = Annotated[
    Point | list[Point] | Swarm,
    _Start(),
    WrittenAs(
        Real | NUMBERS | Annotated[list[NUMBERS], Len(1, 16)] | Annotated[Any, Section(Swarm)]
    ),
    Description(
        "number for each axis, in order or by name; or a list of such points;"
        " or a swarm such as {grid: [40, 30]}"
    ),
]
"""A starting point, or a list of them: one trial for each; or a swarm, which is one trial."""
