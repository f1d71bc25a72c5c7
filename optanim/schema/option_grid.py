"""The numbers of an option that tuning tries: stated in `tuning.over`, or derived from its type."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Annotated, Any, ClassVar, Literal, get_args

from annotated_types import Len
from pydantic import AfterValidator, Strict, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.option import Description, Option, WrittenAs, mark_of
from optanim.schema.types import AUTO, Real

PARTS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
"""The numbers of a grid from 0 to 1: momentums and betas are told apart by 1 − β."""

RATIOS = (0.01, 0.1, 1.0, 10.0, 100.0)
"""The numbers of a grid without an upper bound, as multiples of the default."""

WHOLE_RATIOS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""The same of whole numbers."""

SMALL_NUMBERS = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
"""The numbers of a grid without an upper bound where the default is 0, as of a weight decay."""

MAX_VALUES = 100
"""Maximum number of values of an option in `tuning.over`."""

MAX_OPTIONS = 6
"""Maximum number of options in `tuning.over`."""


@dataclass(frozen=True)
class OptionGrid:
    """The values of an option that tuning tries.

    Attributes:
        name: of the option.
        symbol: its symbol in TeX.
        values: at least one, from the smallest to the largest.
    """

    name: str
    symbol: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class NumberRule:
    """The numbers that an option can have.

    Attributes:
        kind: an annotated type.
        whole: whether they are whole numbers.
        low: no number is below; −∞ without such a bound.
        high: no number is above; ∞ without such a bound.
    """

    kind: Any
    whole: bool
    low: float
    high: float

    def problem(self, value: float) -> dict[str, Any] | None:
        """What is wrong with a number, as an error of pydantic; None if nothing is."""
        number = int(value) if self.whole and float(value).is_integer() else value
        adapter: TypeAdapter[Any] = TypeAdapter(self.kind)
        try:
            adapter.validate_python(number, strict=True)
        except ValidationError as error:
            return dict(error.errors(include_url=False)[0])
        return None


def number_rule(option: Option) -> NumberRule | None:
    """The numbers that an option can have; None if its values are no numbers."""
    written = mark_of(option.type, WrittenAs)
    kind_in_yaml = written.kind if written else option.type
    for kind in (kind_in_yaml, *get_args(kind_in_yaml)):
        base = getattr(kind, "__origin__", kind)
        if base in (int, float):
            marks = getattr(kind, "__metadata__", ())
            lows = [getattr(mark, name) for mark in marks for name in ("ge", "gt")
                    if hasattr(mark, name)]  # fmt: skip
            highs = [getattr(mark, name) for mark in marks for name in ("le", "lt")
                     if hasattr(mark, name)]  # fmt: skip
            return NumberRule(kind, base is int, max(lows, default=-inf), min(highs, default=inf))
    return None


def derived_values(option: Option) -> tuple[float, ...]:
    """The grid of an option whose values nobody states; empty if none follows from its type.

    It spans the bounds of the option, if it has two. Otherwise it spans two decades on each side of
    the default.
    """
    rule, default = number_rule(option), option.default
    if rule is None:
        return ()
    known = isinstance(default, int | float) and not isinstance(default, bool)
    if rule.whole:
        values = [float(round(default * ratio)) for ratio in WHOLE_RATIOS] if known else []
    elif (rule.low, rule.high) == (0, 1):
        values = list(PARTS)
    elif rule.high < inf and rule.low > -inf:
        values = [rule.low + (rule.high - rule.low) * k / 4 for k in range(5)]
    elif known and default == 0:
        values = list(SMALL_NUMBERS)
    else:
        low = max(rule.low, 0.0)
        values = [low + (default - low) * ratio for ratio in RATIOS] if known else []
        values += [low] if known else []
    numbers = {float(f"{value:.6g}") for value in [*values, *([default] if known else [])]}
    return tuple(sorted(value for value in numbers if rule.problem(value) is None))


class _Values:
    """A mark in an annotated type: different numbers, or `auto`."""

    numbers: ClassVar = TypeAdapter(Annotated[list[Annotated[Real, Strict()]], Len(1, MAX_VALUES)])

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if value == AUTO and isinstance(value, str):
                return value
            if not isinstance(value, list):
                example = [value] if isinstance(value, int | float) else [0, 0.5, 0.9]
                _refuse(f"must be a list of numbers, or auto, got {quoted(value)}", f"{example}")
            self.numbers.validate_python(value)
            return _different(value)

        return core_schema.no_info_plain_validator_function(check)


def _option_name(value: str) -> str:
    if value.isidentifier():
        return value
    context = {"message": f"must be the name of an option, got {quoted(value)}", "named": 1}
    raise PydanticCustomError("over", "{message}", context)


OptionName = Annotated[str, Strict(), AfterValidator(_option_name)]


class _Over:
    """A mark in an annotated type: names of options, or the values of options by name."""

    names: ClassVar = TypeAdapter(Annotated[list[OptionName], Len(1, MAX_OPTIONS)])
    values: ClassVar = TypeAdapter(
        Annotated[dict[str, Annotated[Any, _Values()]], Len(1, MAX_OPTIONS)]
    )

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if isinstance(value, dict):
                return self.values.validate_python(value)
            if isinstance(value, list):
                return _different(self.names.validate_python(value))
            name = value if isinstance(value, str) and value.isidentifier() else "lr"
            rule = f"must be a list of options, or values by option, got {quoted(value)}"
            _refuse(rule, f"[{name}]" if name == "lr" else f"[lr, {name}]")

        return core_schema.no_info_plain_validator_function(check)


def _different(values: list[Any]) -> list[Any]:
    twice = next((value for i, value in enumerate(values) if value in values[:i]), None)
    if twice is not None:
        _refuse(f"has {quoted(twice)} twice", "")
    return values


def _refuse(message: str, example: str) -> None:
    """Raise an error with the context that `optanim.schema.messages.reword` describes."""
    context = {"message": message, "named": 1, "help": f"for example {example}" if example else ""}
    raise PydanticCustomError("over", "{message}", context)


Over = Annotated[
    list[str] | dict[str, list[float] | str],
    _Over(),
    WrittenAs(
        Annotated[list[str], Len(1, MAX_OPTIONS)]
        | Annotated[
            dict[str, Annotated[list[Real], Len(1, MAX_VALUES)] | Literal["auto"]],
            Len(1, MAX_OPTIONS),
        ]
    ),
    Description("list of options, or values by option"),
]
"""The options that are tuned: their names, or the values of each, `auto` for those derived."""
