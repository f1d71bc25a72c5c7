"""The grid of learning rates that `lr: auto` tries, and what trying them came to."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Annotated

from annotated_types import Ge, Le
from pydantic_core import PydanticCustomError

from optanim.schema.types import Real

RateBound = Annotated[Real, Ge(1e-12), Le(1e6)]


@dataclass(frozen=True, kw_only=True)
class RateGrid:
    """Learning rates at equal ratios, rounded to three digits.

    Attributes:
        low: the smallest.
        high: none is larger.
        per_decade: how many from 1 up to 10, without 10.

    Raises:
        ValueError: fewer than two rates lie between low and high.
    """

    low: RateBound = 1e-5
    high: RateBound = 10.0
    per_decade: Annotated[int, Ge(1), Le(25)] = 8

    def __post_init__(self) -> None:
        if len(self.rates) < 2:
            found = f"low {self.low:g}, high {self.high:g}, per_decade {self.per_decade}"
            context = {"message": f"has no two rates: {found}", "named": 1,
                       "help": "for example {low: 1e-5, high: 10, per_decade: 8}"}  # fmt: skip
            raise PydanticCustomError("rates", "{message}", context)

    @property
    def rates(self) -> tuple[float, ...]:
        """All of them, rising; empty where high is below low."""
        # A hair more: the last of a whole number of decades must not be lost to rounding.
        last = floor(log10(self.high / self.low) * self.per_decade + 1e-9)
        return tuple(
            float(f"{self.low * 10 ** (k / self.per_decade):.3g}") for k in range(last + 1)
        )


@dataclass(frozen=True)
class Search:
    """What one optimizer came to with every rate of a grid.

    Attributes:
        label: of the optimizer.
        steps: the budget of each rate.
        rates: those that were tried, rising.
        losses: the final loss of each; infinite where the trial diverged.
    """

    label: str
    steps: int
    rates: tuple[float, ...]
    losses: tuple[float, ...]

    @property
    def rate(self) -> float | None:
        """The rate of the lowest final loss, the smallest of equals; None if all diverged."""
        return None if self.loss is None else self.rates[self.losses.index(self.loss)]

    @property
    def loss(self) -> float | None:
        """The lowest final loss; None if all diverged."""
        lowest = min(self.losses)
        return lowest if isfinite(lowest) else None

    @property
    def diverged(self) -> int:
        """How many rates led to no finite end."""
        return sum(not isfinite(loss) for loss in self.losses)

    @property
    def end(self) -> str:
        """`smallest` or `largest` where the best is an end of the grid: a better may lie beyond."""
        ends = {self.rates[0]: "smallest", self.rates[-1]: "largest"}
        return "" if self.rate is None else ends.get(self.rate, "")

    @property
    def budget(self) -> str:
        """The grid and the steps in words."""
        span = f"{len(self.rates)} rates from {self.rates[0]:g} to {self.rates[-1]:g}"
        return f"{span}, {self.steps} steps each"
