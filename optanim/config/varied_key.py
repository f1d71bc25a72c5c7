"""A key of a config that has another number in each cell of an outcome map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class VariedKey:
    """A key whose numbers differ between the trials of a map.

    Attributes:
        kind: what it belongs to: an option of the optimizer or of the surface, a coordinate of the
            start, or the noise or the seed of the run.
        name: of the option; that of the axis of a coordinate.
        index: of the coordinate.
        whole: whether its numbers are whole.
    """

    kind: Literal["optimizer", "surface", "start", "noise", "seed"]
    name: str = ""
    index: int = 0
    whole: bool = False

    @property
    def together(self) -> bool:
        """Whether trials that differ in it are simulated together."""
        return self.kind not in ("surface", "noise")
