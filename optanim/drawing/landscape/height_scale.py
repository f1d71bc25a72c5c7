"""The scale of the vertical axis: a loss becomes a height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from optanim.drawing.landscape.ticks import even_ticks, spaced_ticks
from optanim.schema.words import Words
from optanim.surfaces import Array


@dataclass(frozen=True)
class HeightScale:
    """A rising function of the loss, from 0 at the lowest loss to 1 at the highest.

        linear  h = (f − low) / (high − low)
        sqrt    h = √((f − low) / (high − low))
        log     h = log(1 + (f − low)/unit) / log(1 + (high − low)/unit)

    Attributes:
        kind: one of the three; `sqrt` turns a bowl into a cone, `log` shows decades.
        low: the loss at height 0; lower losses have height 0, too.
        high: the loss at height 1; higher losses have height 1, too.
        unit: of the logarithm: up to this distance from `low` it is nearly linear.
    """

    kind: Literal["linear", "sqrt", "log"]
    low: float
    high: float
    unit: float = 1.0

    @classmethod
    def from_levels(
        cls, levels: Array, kind: Literal["linear", "log", "sqrt"] | None = None
    ) -> HeightScale:
        """The scale on which contour levels, rising (n,), are about evenly spaced."""
        # Halves, because the difference of numbers near the largest one overflows.
        share = (levels / 2 - levels[0] / 2) / (levels[-1] / 2 - levels[0] / 2)
        even = np.linspace(0, 1, len(levels))
        if kind is None:
            squares = np.allclose(share, even**2)
            kind = "linear" if np.allclose(share, even) else "sqrt" if squares else "log"
        return cls(kind, float(levels[0]), float(levels[-1]), float(levels[1] - levels[0]))

    def heights(self, losses: Array) -> Array:
        """Losses of any shape as heights in 0 … 1; NaN stays NaN."""
        with np.errstate(all="ignore"):
            above = np.clip(losses, self.low, self.high) - self.low
            if self.kind == "log":
                return np.log1p(above / self.unit) / np.log1p((self.high - self.low) / self.unit)
            share = above / (self.high - self.low)
            return np.sqrt(share) if self.kind == "sqrt" else share

    def name(self, words: Words) -> str:
        """The name of the axis, TeX between dollar signs; it tells a scale that is not linear."""
        return {"linear": "$f$", "sqrt": words.root_axis, "log": words.log_axis}[self.kind]

    def ticks(self, max_count: int) -> list[float]:
        """Round losses with room between their heights."""
        if self.kind == "linear":
            return even_ticks(self.low, self.high, max_count)
        return spaced_ticks(
            self.low, self.high, lambda loss: float(self.heights(np.array(loss))), max_count
        )
