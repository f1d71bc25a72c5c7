"""The names of trials in a figure: what tells each from the others of its optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from optanim.config.run import Trial
from optanim.config.start import point_in_tex
from optanim.scene.caption import rate_equation
from optanim.schema.notation import optimizer_title, option_in_tex, option_value
from optanim.schema.option import Option
from optanim.schema.words import title_in, words_of


@dataclass(frozen=True)
class TrialName:
    """The name of a trial, in parts.

    Attributes:
        title: that of the optimizer, with the start if only that tells it apart; or the label of
            the config.
        equations: the options that tell it apart, in TeX; a single trial of its optimizer has its
            learning rate here. A label of the config stands alone.
        has_start: whether the title contains the start.
        own: whether the title is a label of the config.
    """

    title: str
    equations: tuple[str, ...] = ()
    has_start: bool = False
    own: bool = False

    @property
    def text(self) -> str:
        """The whole name."""
        return ", ".join([self.title, *self.equations])


def names_of(trials: Sequence[Trial], language: str) -> list[TrialName]:
    """The names of the trials of a figure, in its language.

    Trials of one optimizer have the options in which they differ, and their starts if these are
    not enough. Where nothing differs, all have the learning rate. Options that were tuned together
    are in the name, too.
    """
    return [_name(trial, _alike(trial, trials, language), language) for trial in trials]


def shared_rates(trials: Sequence[Trial], language: str) -> list[str]:
    """The learning rates that are in no name, in TeX; with the optimizer if it is not alone."""
    rates: dict[str, str] = {}
    for trial, name in zip(trials, names_of(trials, language), strict=True):
        rate = rate_equation(trial.chosen)
        if rate and not name.own and rate not in name.equations:
            rates[rate] = f"{title_in(language, trial.chosen.entry)}: {rate}"
    alone = len({trial.name for trial in trials}) == 1
    return list(rates if alone else rates.values())


def _alike(trial: Trial, trials: Sequence[Trial], language: str) -> list[Trial]:
    """The trials of the same optimizer that have no label of their own."""
    return [
        other
        for other in trials
        if other.name == trial.name and not _has_own_label(other, language)
    ]


def _has_own_label(trial: Trial, language: str) -> bool:
    """Whether the label is the author's, and not the one that a list of starts gives."""
    return trial.look.label not in (None, "", _from_start(trial, language))


def _from_start(trial: Trial, language: str) -> str:
    title = optimizer_title(trial.chosen, language, ascends=trial.surface.ascends)
    # With the names of the axes, if the config has them.
    start: Any = trial.look.start if isinstance(trial.look.start, dict) else list(trial.start)
    return words_of(language).from_point.format(name=title, point=point_in_tex(start))


def _name(trial: Trial, alike: Sequence[Trial], language: str) -> TrialName:
    """The name of a trial among those of its optimizer."""
    if _has_own_label(trial, language):
        return TrialName(trial.look.label or "", own=True)
    differing = [
        option
        for option in trial.chosen.entry.options.values()
        if any(_value(other, option) != _value(trial, option) for other in alike)
        or (trial.search and trial.search.others and option.name in trial.search.names)
    ]
    title = optimizer_title(trial.chosen, language, ascends=trial.surface.ascends)
    equations = tuple(option_in_tex(trial.chosen, option) for option in differing)
    twins = [
        other for other in alike
        if all(_value(other, option) == _value(trial, option) for option in differing)
    ]  # fmt: skip
    # A list of starts is there to be told.
    if not trial.starts and (
        trial.look.label or any(other.start != trial.start for other in twins)
    ):
        return TrialName(_from_start(trial, language), equations, has_start=True)
    if not equations:
        equations = tuple(filter(None, [rate_equation(trial.chosen)]))
    return TrialName(title, equations)


def _value(trial: Trial, option: Option) -> object:
    return option_value(trial.chosen, option)
