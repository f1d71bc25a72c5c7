"""Keys of a config that have another number in each cell of an outcome map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optanim.schema.parameter_map import MapMeasure, ParameterMap


@dataclass(frozen=True)
class VariedKey:
    """A key whose numbers differ between the trials of a map.

    Attributes:
        kind: what it belongs to: an option of the optimizer or of the surface, a coordinate of the
            start, or the noise or the seed of the run.
        name: of the option; that of the axis of a coordinate.
        index: of the coordinate.
        whole: whether its numbers are whole.
        symbol: TeX, without dollar signs.
    """

    kind: Literal["optimizer", "surface", "start", "noise", "seed"]
    name: str = ""
    index: int = 0
    whole: bool = False
    symbol: str = ""

    @property
    def together(self) -> bool:
        """Whether trials that differ in it are simulated together."""
        return self.kind not in ("surface", "noise")


@dataclass(frozen=True)
class KeyRange:
    """The numbers of a key along an axis, from edge to edge.

    Attributes:
        key: the key.
        low: the number at the beginning.
        high: the number at the end.
        log: whether the axis is logarithmic; then `low` is positive.
    """

    key: VariedKey
    low: float
    high: float
    log: bool


@dataclass(frozen=True)
class KeyMap:
    """The section `map` of a config, resolved.

    Attributes:
        x: from left to right.
        y: from below to above.
        of: what is shown.
        section: as the config has it.
    """

    x: KeyRange
    y: KeyRange
    of: MapMeasure
    section: ParameterMap

    @property
    def options(self) -> set[str]:
        """The options of the optimizer that are varied."""
        keys = (self.x.key, self.y.key)
        return {key.name for key in keys if key.kind == "optimizer"}
