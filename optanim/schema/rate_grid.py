"""The section `tuning`: the learning rates that `lr: auto` tries, and the result of the search."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, isinf, isnan, log10
from typing import Annotated

from annotated_types import Ge, Le
from pydantic_core import PydanticCustomError

from optanim.schema.types import Real

RateBound = Annotated[Real, Ge(1e-12), Le(1e6)]
"""An end of the grid."""


@dataclass(frozen=True, kw_only=True)
class RateGrid:
    """Learning rates at equal ratios, rounded to three digits.

    Attributes:
        low: the smallest rate.
        high: the upper limit of the rates.
        per_decade: number of rates from 1 to below 10.

    Raises:
        ValueError: fewer than two rates lie between low and high.
    """

    low: RateBound = 1e-5
    high: RateBound = 10.0
    per_decade: Annotated[int, Ge(1), Le(25)] = 8

    def __post_init__(self) -> None:
        if len(self.rates) < 2:
            values = f"low {self.low:g}, high {self.high:g}, per_decade {self.per_decade}"
            context = {"message": f"has fewer than two rates: {values}", "named": 1,
                       "help": "for example {low: 1e-5, high: 10, per_decade: 8}"}  # fmt: skip
            raise PydanticCustomError("rates", "{message}", context)

    @property
    def rates(self) -> tuple[float, ...]:
        """The rates from the smallest to the largest; empty if high is below low."""
        # 1e-9: a rounding error must not remove the last rate of a whole number of decades.
        last = floor(log10(self.high / self.low) * self.per_decade + 1e-9)
        return tuple(
            float(f"{self.low * 10 ** (k / self.per_decade):.3g}") for k in range(last + 1)
        )


@dataclass(frozen=True)
class Search:
    """The results of one optimizer with each rate of a grid.

    Attributes:
        label: label of the optimizer.
        steps: number of updates with each rate.
        rates: the rates, from the smallest to the largest.
        losses: the final loss with each rate; infinite if the trial diverged, NaN if it became
            undefined.
    """

    label: str
    steps: int
    rates: tuple[float, ...]
    losses: tuple[float, ...]

    @property
    def rate(self) -> float | None:
        """The rate with the lowest final loss, the smallest of several; None if all failed."""
        return None if self.loss is None else self.rates[self.losses.index(self.loss)]

    @property
    def loss(self) -> float | None:
        """The lowest final loss; None if all failed."""
        return min(filter(isfinite, self.losses), default=None)

    @property
    def diverged(self) -> int:
        """Number of rates with which the trial diverged."""
        return sum(map(isinf, self.losses))

    @property
    def undefined(self) -> int:
        """Number of rates with which the trial became undefined."""
        return sum(map(isnan, self.losses))

    @property
    def end(self) -> str:
        """`smallest` or `largest` if the best rate is an end of the grid, "" otherwise.

        A rate beyond the end can be better.
        """
        ends = {self.rates[0]: "smallest", self.rates[-1]: "largest"}
        return "" if self.rate is None else ends.get(self.rate, "")

    @property
    def budget(self) -> str:
        """The grid and the number of steps in words."""
        span = f"{len(self.rates)} rates from {self.rates[0]:g} to {self.rates[-1]:g}"
        return f"{span}, {self.steps} steps each"
