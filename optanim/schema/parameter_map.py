"""The section `map` of a config: two keys, whose values are the cells of an outcome map."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NoReturn

from pydantic_core import PydanticCustomError, core_schema

from optanim.errors import quoted
from optanim.schema.option import Description, WrittenAs
from optanim.schema.types import Range, Text
from optanim.schema.validation import Section


@dataclass(frozen=True, kw_only=True)
class MapAxis:
    """An axis of a map.

    Attributes:
        key: the path of a key that has a number, as in `--set`: `optimizer.lr`, `start[0]`,
            `surface.b`, `noise` or `seed`.
        range: the numbers at its ends; by default they follow from what the key allows, and from
            the value that it has.
        scale: by default `log` if the numbers are positive and the last is 100 times the first or
            more.
    """

    key: Text
    range: Range | None = None
    scale: Literal["linear", "log"] | None = None


_PATH = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*|\[[0-9]+\])*"
"""The form of a path."""


def _refuse(message: str, help: str) -> NoReturn:
    context = {"message": message, "named": 1, "help": help}
    raise PydanticCustomError("axis_key", "{message}", context)


class _AxisKey:
    """A mark in an annotated type: a path, or a section with a path."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        def check(value: Any) -> Any:
            if isinstance(value, str):
                path = re.sub(r"\.([0-9]+)", r"[\1]", value)  # optimizers.0.lr
                value = {"key": path} if re.fullmatch(_PATH, path) else value
            if isinstance(value, dict) and {"from", "to"} & value.keys():
                ends = [value.get(name, "…") for name in ("from", "to")]
                help = f"write range: [{ends[0]}, {ends[1]}]"
                _refuse("has its ends in one key, range", help)
            if isinstance(value, dict | MapAxis):
                return Section(MapAxis).read(value)
            help = "for example optimizer.lr, or {key: optimizer.lr, range: [0.001, 10]}"
            return _refuse(f"must be the path of a key, got {quoted(value)}", help)

        return core_schema.no_info_plain_validator_function(check)


AxisKey = Annotated[
    Any,
    _AxisKey(),
    WrittenAs(Text | Annotated[Any, Section(MapAxis)]),
    Description("path of a key, or section of key, range, scale"),
]
"""The key of an axis, with or without its range."""

MapMeasure = Literal["steps", "loss", "status", "rate"]


@dataclass(frozen=True, kw_only=True)
class ParameterMap:
    """What becomes of a trial for each pair of values of two keys; the panel `map` shows it.

    Attributes:
        x: the key from left to right.
        y: the key from below to above.
        of: the number of steps until a trial arrives; its loss, on a logarithmic scale; what became
            of it; or the factor by which an update changes its distance to the minimum.
    """

    x: AxisKey | None = None
    y: AxisKey | None = None
    of: MapMeasure = "steps"

    @property
    def is_set(self) -> bool:
        """Whether the config has a map."""
        return self.x is not None or self.y is not None
