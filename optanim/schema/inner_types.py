"""The annotated types of an optimizer that another one runs."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from pydantic_core import PydanticCustomError, core_schema

from optanim.schema.choice import Choice, Chosen
from optanim.schema.option import Minor
from optanim.schema.types import AUTO


class _Inner:
    """A mark in an annotated type: an optimizer that another one runs.

    Attributes:
        moved: whether the outer one sets the point from which it continues.
    """

    def __init__(self, *, moved: bool) -> None:
        self.moved = moved

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(chosen: Chosen) -> Chosen:
            if AUTO in (chosen.options.get("lr"),):
                _refuse_inner("cannot have lr: auto inside another optimizer", "set a number")
            if self.moved and chosen.entry.family not in MOVABLE:
                message = f"cannot be {chosen.entry.name}, which goes on from points of its own"
                _refuse_inner(message, f"an optimizer of the families {', '.join(MOVABLE)}")
            return chosen

        return core_schema.no_info_after_validator_function(check, handler(source))


def _refuse_inner(message: str, help: str) -> NoReturn:
    """Raise an error with the context that `optanim.schema.messages.reword` describes."""
    context = {"message": message, "help": help, "named": 1}
    raise PydanticCustomError("inner", "{message}", context)


MOVABLE = ("first order", "adaptive", "sign", "around another")
"""The families of optimizers that go on from their last point, wherever another one has put it."""

Inner = Annotated[Any, Choice("optimizers"), _Inner(moved=False), Minor()]
"""An optimizer that another one runs: a name, or a mapping with options."""

MovableInner = Annotated[Any, Choice("optimizers"), _Inner(moved=True), Minor()]
"""An optimizer that another one runs and moves."""
