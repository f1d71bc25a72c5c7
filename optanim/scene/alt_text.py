"""Alt texts: a sentence about a figure, written from the trials of its run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optanim.config.run import Run, Trial
from optanim.experiment.mean import mean_trajectory
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.remarks import limit_of_divergence
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import swarms_of
from optanim.formulas.expression import name_in_tex
from optanim.formulas.plain_text import formula, number_in_text, plain, point, rounded, unlisted
from optanim.formulas.tex import CUT
from optanim.scene.languages import SurfaceFacts, TrialFacts
from optanim.scene.map_text import map_text
from optanim.scene.outcome_groups import outcome_groups
from optanim.scene.trial_names import names_of
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.notation import optimizer_title, surface_title
from optanim.schema.view import Note
from optanim.schema.words import Words, words_of
from optanim.surfaces import Surface, configured_window, domain_of

MAX_LENGTH = 250
"""Characters of an alt text: people stop listening to longer ones."""

MAX_NOTES_LENGTH = 100
"""Characters of the notes in an alt text; those after them are left out."""

NAME_LIMITS = (16, 4, 3, 2, 1)
"""Numbers of names in a list, tried in turn until the text is short enough."""

MAX_FORMULA_LENGTH = 40
"""Characters of a formula that an alt text spells out."""

PANELS_WITH_STATES = ("contour", "surface3d")
"""The panels that show what an optimizer holds beside its point."""

FUNCTIONS = "arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|exp|ln|log|max|min|sgn|softplus|σ|π|e"
"""Letters that a formula may have without an explanation, besides the names of its axes."""


def alt_text(run: Run, trajectories: Sequence[Trajectory], language: str | None = None) -> str:
    """The alt text of the figure of a run: one line of plain text, with the notes of the figure.

    Args:
        run: the config.
        trajectories: of its optimizers, in its order.
        language: a name of the catalogue `languages`; by default that of the config.
    """
    language = language or run.lang
    if text := map_text(replace(run, lang=language)):
        return text
    trials = trial_facts(replace(run, lang=language), trajectories)
    describe = catalogue("languages")[language].function
    text, notes = "", _notes_in_text(run.view.notes or (), words_of(language))
    for max_names in NAME_LIMITS:
        text = " ".join(describe(trials, max_names).split())
        if notes:
            text = words_of(language).with_notes.format(text=text, notes=notes)
        if len(text) <= MAX_LENGTH:
            break
    return text


def _notes_in_text(notes: Sequence[Note], words: Words) -> str:
    """The texts of notes in quotation marks, as many as a reader listens to."""
    texts = list[str]()
    for note in notes:
        text = f"“{plain(note.text)}”"
        if note.step is not None:
            text = words.note_at_step.format(note=text, step=note.step)
        if len(", ".join([*texts, text])) > MAX_NOTES_LENGTH:
            return ", ".join([*texts, "…"])
        texts.append(text)
    return ", ".join(texts)


def result_sentences(run: Run, trajectories: Sequence[Trajectory]) -> tuple[str, ...]:
    """The result of a run for its figure, which shows surface and starts: the longest text first.

    It is the alt text without these; a shorter one names fewer optimizers.

    Args:
        run: the config.
        trajectories: of its optimizers, in its order.
    """
    describe = catalogue("languages")[run.lang].function
    trials = [
        replace(
            trial, start="", beside=("", 0), surface=replace(trial.surface, formula="", title="")
        )
        for trial in trial_facts(run, trajectories)
    ]
    return tuple(dict.fromkeys(" ".join(describe(trials, n).split()) for n in NAME_LIMITS))


def trial_facts(run: Run, trajectories: Sequence[Trajectory]) -> list[TrialFacts]:
    """The facts about each trial of a run that a sentence needs."""
    counts = Counter(map(_name, run.trials))
    trials, details = list(run.trials), [""] * len(run.trials)
    for i, name in enumerate(names_of(run.trials, run.lang)):
        if name.has_start:
            trials[i] = replace(trials[i], look=replace(trials[i].look, label=name.title))
        if counts[_name(run.trials[i])] > 1 or name.has_start:
            details[i] = _detail(trials[i].chosen, name.equations)
    if run.sweep and run.sweep.pictured:
        details = [
            _detail(trial.chosen, run.sweep.equations(i)) for i, trial in enumerate(run.trials)
        ]
    if run.is_swarm:
        return _swarm_facts(run, trajectories, trials, details)
    rows = zip(trials, trajectories, map(plain, details), strict=True)
    facts = [_trial_facts(run, *row) for row in rows]
    return _varied_facts(run, trajectories, facts)


def _swarm_facts(
    run: Run, trajectories: Sequence[Trajectory], trials: Sequence[Trial], details: Sequence[str]
) -> list[TrialFacts]:
    """The facts about swarms: one for all starts of an optimizer that end alike at one place.

    Args:
        run: of swarms.
        trajectories: of its trials.
        trials: with their labels.
        details: of each trial.
    """
    place_of = np.concatenate([swarm.outcomes.status for swarm in swarms_of(trajectories)])
    place_of = place_of.astype(object)
    for group in outcome_groups(run, trajectories):
        if group.place:
            place_of[list(group.members)] = group.place
    facts, first = list[TrialFacts](), 0
    for trial, swarm, detail in zip(trials, swarms_of(trajectories), details, strict=True):
        places = place_of[first : first + len(swarm.members)]
        first += len(swarm.members)
        for place in dict.fromkeys(places.tolist()):
            members = np.flatnonzero(places == place)
            fact = _trial_facts(run, trial, swarm.members[int(members[0])], plain(detail))
            facts.append(
                replace(
                    fact, varied="starts", count=len(members),
                    end=fact.end if place == fact.outcome.status else place,
                    # One of them does not tell how fast the others are.
                    outcome=replace(fact.outcome, pace="usual"),
                )
            )  # fmt: skip
    return facts


def _varied_facts(
    run: Run, trajectories: Sequence[Trajectory], facts: list[TrialFacts]
) -> list[TrialFacts]:
    """The facts of the trials of a sweep over starts alone, or over seeds alone: they are counted.

    Args:
        run: of the trials.
        trajectories: of its trials.
        facts: about each of them.
    """
    sweep = run.sweep
    if sweep is None or sweep.layout != "overlay" or len(sweep.keys) > 1 or len(sweep) == 1:
        return facts
    if sweep.by_outcome:
        places = {
            i: group.place for group in outcome_groups(run, trajectories) for i in group.members
        }
        label = unlisted(plain(run.trials[0].look.label or ""))
        return [
            replace(trial, varied="start", label=label, end=places[i] or trial.end)
            for i, trial in enumerate(facts)
        ]
    if not sweep.averaged:
        return facts
    mean = mean_trajectory(trajectories).points
    surface = run.trials[0].surface
    sides = np.ptp(domain_of(mean, surface), axis=1)
    end = [rounded(c, side) for c, side in zip(mean[:, -1], sides, strict=True)]
    place = point(_plain_axes(surface), end)
    return [replace(trial, varied="seed", mean=place) for trial in facts]


def _plain_axes(surface: Surface) -> tuple[str, ...]:
    return tuple(formula(name_in_tex(axis)) for axis in surface.axes)


def _trial_facts(run: Run, trial: Trial, trajectory: Trajectory, detail: str) -> TrialFacts:
    surface = trial.surface
    outcome = measure_outcome(trajectory, surface, frame=configured_window(run.view, surface))
    axes = _plain_axes(surface)
    sides = np.ptp(domain_of(trajectory.points, surface), axis=1)
    end = outcome.around or outcome.end
    with np.errstate(all="ignore"):
        loss = float(surface.value(np.array(end)))
    return TrialFacts(
        optimizer=trial.name,
        title=optimizer_title(trial.chosen, run.lang, ascends=surface.ascends),
        label=unlisted(plain(trial.look.label or "")),
        detail=detail,
        surface=_surface_facts(trial.look.surface or run.chosen, surface, axes, run.lang),
        start=point(axes, [number_in_text(c) for c in trial.start]),
        end=point(axes, [rounded(c, side) for c, side in zip(end, sides, strict=True)]),
        loss=_three_digits(loss),
        gradient="" if outcome.gradient is None else _three_digits(outcome.gradient),
        outcome=outcome,
        limit=limit_of_divergence(trial, trajectory),
        beside=_beside(run, trajectory),
        evaluations=int(trajectory.evaluations[min(outcome.since or 0, trajectory.steps)])
        if run.view.against == "evaluations"
        else None,
    )


def _beside(run: Run, trajectory: Trajectory) -> tuple[str, int]:
    """What a figure with a map or a landscape shows beside the points of a trial."""
    if not any(panel.entry.name in PANELS_WITH_STATES for panel in run.panels):
        return "", 0
    if trajectory.crowd is not None and trajectory.crowd_kind:
        return trajectory.crowd_kind, trajectory.crowd.shape[1]
    if trajectory.shapes is not None:
        return "shape", 0
    return ("mean", 0) if trajectory.means is not None else ("", 0)


def _three_digits(value: float) -> str:
    return number_in_text(float(f"{value:.3g}"))


def _name(trial: Trial) -> str:
    return trial.look.label or trial.name


def _detail(chosen: Chosen, equations: Sequence[str]) -> str:
    """`η = 0.1 (μ = 0.9)` of two swept values: a comma would look like a list of names.

    The name of the optimizer is left out: it is in the sentence already.
    """
    titles = {chosen.entry.title, *chosen.entry.names.values()}
    first, *others = [text for text in equations if text not in titles] or [""]
    return f"{first} ({', '.join(others)})" if others else first


def _surface_facts(
    chosen: Chosen, surface: Surface, axes: tuple[str, ...], language: str
) -> SurfaceFacts:
    text = "" if CUT in surface.formula else formula(surface.formula)
    return SurfaceFacts(
        formula=text if len(text) <= MAX_FORMULA_LENGTH and _self_explanatory(text, axes) else "",
        name=chosen.entry.name,
        title=f"f({', '.join(axes)})"
        if chosen.entry.name == "expression"
        else surface_title(chosen, language, ascends=surface.ascends),
        fit=(surface.data.names[-1], ", ".join(surface.data.names[:-1])) if surface.data else None,
        minima=len(surface.minima),
        ascends=surface.ascends,
    )


def _self_explanatory(text: str, axes: tuple[str, ...]) -> bool:
    """Whether all letters of a formula are names of its axes or of well-known functions."""
    letters = [re.escape(re.sub("[₀-₉]", "", axis)) for axis in axes]
    names = "|".join((*sorted(letters, key=len, reverse=True), FUNCTIONS))
    # Atomic: what one name has taken is not tried again with another, which takes exponential time.
    return all(re.fullmatch(f"(?>{names})++", word) for word in re.findall("[A-Za-zα-ωϕ]+", text))
