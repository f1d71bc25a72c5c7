"""The section `tuning`: the values that `lr: auto` tries, and the result of the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from math import floor, isfinite, isinf, isnan, log10, prod
from typing import Annotated

from annotated_types import Ge, Le
from pydantic_core import PydanticCustomError

from optanim.schema.choice import Chosen
from optanim.schema.option_grid import OptionGrid, Over, derived_values, number_rule
from optanim.schema.types import AUTO, Real

RATE = "lr"
"""The option that is the learning rate."""

MAX_TRIALS = 10_000
"""Maximum number of trials of an optimizer: of the combinations of values, each with each seed."""

RateBound = Annotated[Real, Ge(1e-12), Le(1e6)]
"""An end of the grid."""


@dataclass(frozen=True, kw_only=True)
class RateGrid:
    """Learning rates at equal ratios, rounded to three digits; and what is tuned with them.

    Attributes:
        low: the smallest rate.
        high: the upper limit of the rates.
        per_decade: number of rates from 1 to below 10.
        over: the options that are tuned together with the rate, as [lr, momentum]; or their
            values, as {momentum: [0, 0.5, 0.9]}, where `auto` is a grid that follows from the type
            of the option. An optimizer keeps the options that its config sets.
        seeds: number of seeds, from `seed` on; the median of their final losses counts.

    Raises:
        ValueError: fewer than two rates lie between low and high; or the rates are stated twice.
    """

    low: RateBound = 1e-5
    high: RateBound = 10.0
    per_decade: Annotated[int, Ge(1), Le(25)] = 8
    over: Over | None = None
    seeds: Annotated[int, Ge(1), Le(100)] | None = None

    def __post_init__(self) -> None:
        if self.has_stated_rates:
            names = ("low", "high", "per_decade")
            defaults = {field.name: field.default for field in fields(self)}
            changed = [name for name in names if getattr(self, name) != defaults[name]]
            if changed:
                message = f"has the rates in over, and {' and '.join(changed)} beside it"
                context = {"message": message, "named": 1, "help": "keep one of them"}
                raise PydanticCustomError("rates", "{message}", context)
        elif len(self.rates) < 2:
            values = f"low {self.low:g}, high {self.high:g}, per_decade {self.per_decade}"
            context = {"message": f"has fewer than two rates: {values}", "named": 1,
                       "help": "for example {low: 1e-5, high: 10, per_decade: 8}"}  # fmt: skip
            raise PydanticCustomError("rates", "{message}", context)

    @property
    def named(self) -> Mapping[str, list[float] | str]:
        """The options of `over` with the values of each, or `auto`."""
        over = self.over or {}
        return over if isinstance(over, dict) else dict.fromkeys(over, AUTO)

    @property
    def has_stated_rates(self) -> bool:
        """Whether `over` has the rates."""
        return self.named.get(RATE, AUTO) != AUTO

    @property
    def rates(self) -> tuple[float, ...]:
        """The rates from the smallest to the largest; empty if high is below low."""
        if self.has_stated_rates:
            return tuple(sorted(float(rate) for rate in self.named[RATE]))
        # 1e-9: a rounding error must not remove the last rate of a whole number of decades.
        last = floor(log10(self.high / self.low) * self.per_decade + 1e-9)
        return tuple(
            float(f"{self.low * 10 ** (k / self.per_decade):.3g}") for k in range(last + 1)
        )

    def others(self, chosen: Chosen) -> tuple[OptionGrid, ...]:
        """The options of an optimizer that are tuned beside its rate.

        Those that it lacks, or whose values are set, or are no numbers, are left out.
        """
        grids = list[OptionGrid]()
        for name, values in self.named.items():
            option = chosen.entry.options.get(name)
            rule = number_rule(option) if option else None
            if name == RATE or name in chosen.options or option is None or rule is None:
                continue
            numbers = derived_values(option) if values == AUTO else sorted(map(float, values))
            kind = int if rule.whole else float
            if numbers:
                grids.append(OptionGrid(name, option.symbol, tuple(map(kind, numbers))))
        return tuple(grids)

    def count(self, chosen: Chosen) -> int:
        """The number of trials of an optimizer."""
        combinations = prod(len(grid.values) for grid in self.others(chosen))
        return len(self.rates) * combinations * (self.seeds or 1)


@dataclass(frozen=True)
class Search:
    """The results of one optimizer with each rate of a grid, and each combination of other options.

    Attributes:
        label: label of the optimizer.
        steps: number of updates with each rate.
        rates: the rates, from the smallest to the largest.
        losses: the final loss with each combination; infinite if the trial diverged, NaN if it
            became undefined. The rate changes slowest, the last option fastest.
        others: the other options, with their values.
        seeds: number of seeds; each loss is the median of theirs, or that of a trial that failed.
        stated: whether the config states the rates.
    """

    label: str
    steps: int
    rates: tuple[float, ...]
    losses: tuple[float, ...]
    others: tuple[OptionGrid, ...] = ()
    seeds: int = 1
    stated: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The options that were tuned, the rate first."""
        return (RATE, *(grid.name for grid in self.others))

    @property
    def combinations(self) -> list[dict[str, float]]:
        """The values by the names of the options, in the order of `losses`."""
        values = product(self.rates, *(grid.values for grid in self.others))
        return [dict(zip(self.names, combination, strict=True)) for combination in values]

    @property
    def best(self) -> dict[str, float] | None:
        """The combination with the lowest final loss; None if all failed.

        Of several it is the one with the smallest rate, and then with the smallest other values.
        """
        return None if self.loss is None else self.combinations[self.losses.index(self.loss)]

    @property
    def rate(self) -> float | None:
        """The rate with the lowest final loss, the smallest of several; None if all failed."""
        return None if self.best is None else self.best[RATE]

    @property
    def loss(self) -> float | None:
        """The lowest final loss; None if all failed."""
        return min(filter(isfinite, self.losses), default=None)

    @property
    def diverged(self) -> int:
        """Number of combinations with which the trial diverged."""
        return sum(map(isinf, self.losses))

    @property
    def undefined(self) -> int:
        """Number of combinations with which the trial became undefined."""
        return sum(map(isnan, self.losses))

    @property
    def end(self) -> str:
        """`smallest` or `largest` if the best rate is an end of the grid, "" otherwise.

        A rate beyond the end can be better. A single rate has no end.
        """
        ends = {self.rates[0]: "smallest", self.rates[-1]: "largest"}
        return "" if self.rate is None or len(self.rates) < 2 else ends.get(self.rate, "")

    @property
    def budget(self) -> str:
        """The grid, the number of steps and that of seeds in words."""
        text = f"{len(self.rates)} rates from {self.rates[0]:g} to {self.rates[-1]:g}"
        if len(self.rates) == 1:
            text = f"1 rate, {self.rates[0]:g}"
        if self.others:
            grids = (
                f"{len(grid.values)} values of {grid.name} from {grid.values[0]:g} to"
                f" {grid.values[-1]:g}"
                for grid in self.others
            )
            text = f"{len(self.losses)} combinations: {text}; {'; '.join(grids)}"
        text = f"{text}, {self.steps} steps each"
        return f"{text}, {self.seeds} seeds each" if self.seeds > 1 else text
