"""The keys of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.choice import Choice, Chosen
from optanim.schema.option import Description, WrittenAs
from optanim.schema.types import Real, Start, Text


@dataclass(frozen=True, kw_only=True)
class ClaimKeys:
    """Keys that may stand beside a claim's own.

    Attributes:
        holds: false where the prose says so, and the run must disagree.
    """

    holds: bool = True


@dataclass(frozen=True, kw_only=True)
class HiddenTrialKeys:
    """Keys that may stand beside the options of an optimizer that only a claim is about.

    Attributes:
        label: its name in what is said of it.
        start: its own start.
    """

    label: Text | None = None
    start: Start | None = None


@dataclass(frozen=True)
class TrialReference:
    """A trial as a claim names it.

    Attributes:
        to: the name of an optimizer of the run, its label, or its number from 1 on; or one more
            optimizer, which is not drawn.
        minimum: whether the claim is about the way to a minimum that must be known.
    """

    to: str | int | Chosen
    minimum: bool = False


@dataclass(frozen=True)
class RefersToTrial:
    """A mark: the value names a trial."""

    minimum: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_plain_validator_function(self.refer)

    def refer(self, data: Any) -> TrialReference:
        if isinstance(data, TrialReference):
            return data
        if isinstance(data, dict):
            return TrialReference(Choice("optimizers", HiddenTrialKeys).choose(data), self.minimum)
        if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)):
            return TrialReference(data, self.minimum)
        message = f"must be an optimizer's name, label or number, got {quoted(data)}"
        raise PydanticCustomError("reference", "{message}", {"message": message, "named": 1})


TRIAL_NAMES = WrittenAs(
    str | Annotated[int, Ge(1)] | Annotated[Any, Choice("optimizers", HiddenTrialKeys)]
)


StepOfRun = Annotated[int, Ge(0), Description("step of the run")]
"""A step that the run gets to."""


ClaimBound = Annotated[Real | None, Description("number")]
"""One side of a range; a claim with two such options needs one of them."""
