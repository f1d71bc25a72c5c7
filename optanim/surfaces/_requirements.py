"""The requirements that a panel has of a surface."""

from __future__ import annotations

from dataclasses import dataclass

from optanim.surfaces._surface import Surface


@dataclass(frozen=True)
class Needs:
    """An annotation of the scene of a panel: the surfaces that it can show.

    Attributes:
        dimensions: number of parameters of the surface; None allows any.
        data: whether the surface must be fitted to data.
    """

    dimensions: int | None = None
    data: bool = False

    def mismatch(self, surface: Surface) -> str:
        """The reason why a surface cannot be shown; "" if it can."""
        if self.dimensions not in (None, surface.dimensions):
            counts = {1: "one parameter", 2: "two parameters"}
            count = counts[surface.dimensions]
            return f"shows a surface of {counts[self.dimensions]}, this one has {count}"
        if self.data and surface.data is None:
            return "shows data, but the surface is not fitted to data"
        return ""
