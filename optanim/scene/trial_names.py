"""The names of trials in a figure: what tells each from the others of its optimizer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    names: dict[int, TrialName] = {}
    alike: dict[str, list[int]] = {}
    for i, trial in enumerate(trials):
        if _has_own_label(trial, language):
            names[i] = TrialName(trial.look.label or "", own=True)
        else:
            alike.setdefault(trial.name, []).append(i)
    for members in alike.values():
        some = [trials[i] for i in members]
        names |= dict(zip(members, _names_of_alike(some, language), strict=True))
    return [names[i] for i in range(len(trials))]


def short_labels(labels: Sequence[str]) -> list[str]:
    """The names of trials without their options, unless these tell them apart."""
    titles = [label.partition(", $")[0] for label in labels]
    return titles if len({*titles}) == len({*labels}) else [*labels]


def shared_rates(trials: Sequence[Trial], language: str) -> list[str]:
    """The learning rates that are in no name, in TeX; with the optimizer if it is not alone."""
    rates: dict[str, str] = {}
    for trial, name in zip(trials, names_of(trials, language), strict=True):
        rate = rate_equation(trial.chosen)
        if rate and not name.own and rate not in name.equations:
            rates[rate] = f"{title_in(language, trial.chosen.entry)}: {rate}"
    alone = len({trial.name for trial in trials}) == 1
    return list(rates if alone else rates.values())


def _has_own_label(trial: Trial, language: str) -> bool:
    """Whether the label is the author's, and not the one that a list of starts gives."""
    return bool(trial.look.label) and trial.look.label != _from_start(trial, language)


def _from_start(trial: Trial, language: str) -> str:
    title = optimizer_title(trial.chosen, language, ascends=trial.surface.ascends)
    # With the names of the axes, if the config has them.
    start: Any = trial.look.start if isinstance(trial.look.start, dict) else list(trial.start)
    return words_of(language).from_point.format(name=title, point=point_in_tex(start))


def _names_of_alike(trials: Sequence[Trial], language: str) -> Iterator[TrialName]:
    """Yield the names of trials of one optimizer that have no label of their own."""
    options = trials[0].chosen.entry.options.values()
    kinds = {option.name: _kinds([_value(trial, option) for trial in trials]) for option in options}
    differing = [option for option in options if any(kinds[option.name])]
    twins = [*zip(*(kinds[option.name] for option in differing), strict=True)] or [()] * len(trials)
    starts: dict[tuple[int, ...], set[tuple[float, ...]]] = {}
    for trial, twin in zip(trials, twins, strict=True):
        starts.setdefault(twin, set()).add(trial.start)
    for trial, twin in zip(trials, twins, strict=True):
        tuned = trial.search.names if trial.search and trial.search.others else ()
        shown = [o for o in options if o in differing or o.name in tuned]
        equations = tuple(option_in_tex(trial.chosen, option) for option in shown)
        # A list of starts is there to be told.
        if not trial.starts and (trial.look.label or len(starts[twin]) > 1):
            yield TrialName(_from_start(trial, language), equations, has_start=True)
            continue
        if not equations:
            equations = tuple(filter(None, [rate_equation(trial.chosen)]))
        title = optimizer_title(trial.chosen, language, ascends=trial.surface.ascends)
        yield TrialName(title, equations)


def _kinds(values: Sequence[Any]) -> list[int]:
    """For each value the index of the first one that equals it, among those that differ."""
    numbers, others = dict[Any, int](), list[tuple[Any, int]]()
    kinds = list[int]()
    for value in values:
        if isinstance(value, int | float | str | None):
            kinds.append(numbers.setdefault(value, len(numbers) + len(others)))
            continue
        same = next((kind for other, kind in others if other == value), None)
        if same is None:
            same = len(numbers) + len(others)
            others.append((value, same))
        kinds.append(same)
    return kinds


def _value(trial: Trial, option: Option) -> object:
    return option_value(trial.chosen, option)
