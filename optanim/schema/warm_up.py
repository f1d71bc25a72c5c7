"""How a schedule begins: the keys of a warm-up, and the type of a part of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, Lt
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from optanim.errors import quoted
from optanim.schema.option import Description, WrittenAs

WarmUpShape = Literal["linear", "cosine"]


def _part(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and (0 <= value < 1 or (value == int(value) and 1 <= value <= 20_000)):
        return int(value) if value >= 1 else value
    message = f"must be a number of steps, or a share of the run below 1, got {quoted(value)}"
    help = "10 is ten steps, 0.1 a tenth of the run"
    raise PydanticCustomError("part", "{message}", {"message": message, "named": 1, "help": help})


PartOfRun = Annotated[
    int | float,
    BeforeValidator(_part),
    WrittenAs(
        Annotated[int, Ge(0), Le(20_000)]
        | Annotated[float, Field(allow_inf_nan=False), Ge(0), Lt(1)]
    ),
    Description("number of steps, or share of the run below 1"),
]
"""A part of a run: a number of steps, or a share of all of them if it is below 1."""


@dataclass(frozen=True, kw_only=True)
class WarmUp:
    """The warm-up of a schedule, which begins after it.

    Attributes:
        warmup: steps in which the value rises to the first one of the schedule.
        warmup_shape: the curve of the rise; linear by default.
    """

    warmup: PartOfRun | None = None
    warmup_shape: WarmUpShape | None = None
