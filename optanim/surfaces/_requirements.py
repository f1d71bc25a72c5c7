"""Which surfaces a panel can show."""

from __future__ import annotations

from dataclasses import dataclass

from optanim.surfaces._surface import Surface


@dataclass(frozen=True)
class Needs:
    """A mark in the annotated type of a panel's scene: which surfaces it can show.

    Attributes:
        dimensions: of the surface; None is any.
        data: it must be fitted to data.
    """

    dimensions: int | None = None
    data: bool = False

    def lacks(self, surface: Surface) -> str:
        """Why a surface cannot be shown, in words; "" if it can."""
        if self.dimensions not in (None, surface.dimensions):
            counts = {1: "one parameter", 2: "two parameters"}
            has = counts[surface.dimensions]
            return f"shows a surface of {counts[self.dimensions]}, this one has {has}"
        if self.data and surface.data is None:
            return "shows data, and the surface is not fitted to any"
        return ""
