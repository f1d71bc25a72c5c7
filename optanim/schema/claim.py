"""The keys of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.choice import Choice, Chosen
from optanim.schema.option import Description, WrittenAs
from optanim.schema.start import Start
from optanim.schema.types import Label, Real, Share


@dataclass(frozen=True, kw_only=True)
class ClaimKeys:
    """Keys of every claim, beside its own options.

    Attributes:
        holds: whether the claim is true; with false, the run must contradict it.
    """

    holds: bool = True


@dataclass(frozen=True, kw_only=True)
class HiddenTrialKeys:
    """Keys of an optimizer that only a claim refers to, beside its options.

    Attributes:
        label: its name in messages.
        start: its own start.
    """

    label: Label | None = None
    start: Start | None = None


@dataclass(frozen=True)
class TrialReference:
    """The trial that a claim refers to.

    Attributes:
        to: the name, label or number (from 1) of an optimizer of the run; or another optimizer,
            which is not drawn.
        minimum: whether the claim needs a surface with a known minimum.
        many: whether the claim is about many starts, or many seeds.
    """

    to: str | int | Chosen
    minimum: bool = False
    many: bool = False


@dataclass(frozen=True)
class RefersToTrial:
    """A mark in an annotated type: the value is a reference to a trial."""

    minimum: bool = False
    many: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_plain_validator_function(self.refer)

    def refer(self, data: Any) -> TrialReference:
        """The reference that is written as a name, a number, or an optimizer with options."""
        if isinstance(data, TrialReference):
            return data
        if isinstance(data, dict):
            data = Choice("optimizers", HiddenTrialKeys).choose(data)
        if isinstance(data, Chosen | str | int) and not isinstance(data, bool):
            return TrialReference(data, self.minimum, self.many)
        message = f"must be an optimizer's name, label or number, got {quoted(data)}"
        raise PydanticCustomError("reference", "{message}", {"message": message, "named": 1})


TRIAL_NAMES = WrittenAs(
    str | Annotated[int, Ge(1)] | Annotated[Any, Choice("optimizers", HiddenTrialKeys)]
)
"""The mark of the types that `RefersToTrial.refer` accepts."""


StepOfRun = Annotated[int, Ge(0), Description("step of the run")]
"""A step of the run, from 0."""


ClaimBound = Annotated[Real | None, Description("number")]
"""One end of a range, of which a claim needs at least one."""


ShareBound = Annotated[Share | None, Description("number >= 0, <= 1")]
"""One end of a range of shares, of which a claim needs at least one."""


SeedCount = Annotated[Annotated[int, Ge(2), Le(10_000)] | None, Description("number of seeds")]
"""The number of seeds with which a claim tries one start."""
