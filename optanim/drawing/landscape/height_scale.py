"""Heights: how high a loss stands in a landscape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from optanim.drawing.landscape.ticks import apart, even
from optanim.surfaces import Array


@dataclass(frozen=True)
class Heights:
    """A rising function of the loss, from 0 at the lowest to 1 at the highest.

        linear  h = (f − low) / (high − low)
        sqrt    h = √((f − low) / (high − low))
        log     h = log(1 + (f − low)/unit) / log(1 + (high − low)/unit)

    Attributes:
        scale: which of them; a bowl under a square root is a cone, and a logarithm shows decades.
        low: the loss at height 0; what is less lies there, too.
        high: the loss at height 1.
        unit: of the logarithm: below it, losses above the lowest are nearly linear.
    """

    scale: Literal["linear", "sqrt", "log"]
    low: float
    high: float
    unit: float = 1.0

    @classmethod
    def like(cls, edges: Array, scale: Literal["linear", "log", "sqrt"] | None = None) -> Heights:
        """The heights on which levels, rising (n,), from `framing.levels` are about even."""
        # Half of each: numbers near the largest have a difference that is none.
        way = (edges / 2 - edges[0] / 2) / (edges[-1] / 2 - edges[0] / 2)
        even = np.linspace(0, 1, len(edges))
        if scale is None:
            squares = np.allclose(way, even**2)
            scale = "linear" if np.allclose(way, even) else "sqrt" if squares else "log"
        return cls(scale, float(edges[0]), float(edges[-1]), float(edges[1] - edges[0]))

    def of(self, loss: Array) -> Array:
        """Losses, any shape, as heights in 0 … 1; NaN stays NaN."""
        with np.errstate(all="ignore"):
            above = np.clip(loss, self.low, self.high) - self.low
            if self.scale == "log":
                return np.log1p(above / self.unit) / np.log1p((self.high - self.low) / self.unit)
            way = above / (self.high - self.low)
            return np.sqrt(way) if self.scale == "sqrt" else way

    @property
    def name(self) -> str:
        """What the axis is called, in TeX between dollar signs: f, and its scale if not linear."""
        said = {"linear": "", "sqrt": ", root scale", "log": ", log scale"}
        return f"$f${said[self.scale]}"

    def ticks(self, most: int) -> list[float]:
        """Round losses that stand well apart, at most so many."""
        if self.scale == "linear":
            return even(self.low, self.high, most)
        return apart(self.low, self.high, lambda loss: float(self.of(np.array(loss))), most)
