"""The keys of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.choice import Choice, Chosen
from optanim.schema.option import Said, Written
from optanim.schema.types import Real, Start, Text


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Keys that may stand beside a claim's own.

    Attributes:
        holds: false where the prose says so, and the run must disagree.
    """

    holds: bool = True


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Keys that may stand beside the options of an optimizer that walks for a claim alone.

    Attributes:
        label: its name in what is said of it.
        start: its own start.
    """

    label: Text | None = None
    start: Start | None = None


@dataclass(frozen=True)
class Reference:
    """A walk as a claim names it.

    Attributes:
        to: the name of an optimizer of the run, its label, or its number from 1 on; or one that
            walks beside them and is not drawn.
        minimum: whether the claim is about the way to a minimum that must be known.
    """

    to: str | int | Chosen
    minimum: bool = False


@dataclass(frozen=True)
class _Refers:
    """A mark: the value names a walk."""

    minimum: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_plain_validator_function(self.refer)

    def refer(self, data: Any) -> Reference:
        if isinstance(data, Reference):
            return data
        if isinstance(data, dict):
            return Reference(Choice("optimizers", Unseen).choose(data), self.minimum)
        if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)):
            return Reference(data, self.minimum)
        message = f"must be an optimizer's name, label or number, got {quoted(data)}"
        raise PydanticCustomError("reference", "{message}", {"message": message, "named": 1})


_NAMES = Written(str | Annotated[int, Ge(1)] | Annotated[Any, Choice("optimizers", Unseen)])


StepOfRun = Annotated[int, Ge(0), Said("step of the run")]
"""A step that the run gets to."""


Bound = Annotated[Real | None, Said("number")]
"""One side of a range; a claim with two such options needs one of them."""
