"""Alt texts: what a figure shows, in a sentence written from its run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from optanim.config.run import Run, Trial
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.simulate import Trajectory
from optanim.formulas.expression import name_in_tex
from optanim.formulas.plain_text import formula, number, plain, point, rounded, unlisted
from optanim.scene.caption import rate
from optanim.scene.languages import SurfaceFacts, TrialFacts
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.surfaces import Surface, given

LONGEST = 250
"""Characters of an alt text: longer ones are not listened to. Names of races are counted then."""

SPEAKABLE = 40
"""Characters of a formula."""

KNOWN = "arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|exp|ln|log|max|min|sgn|softplus|σ|π|e"
"""Letters of a formula that need no explanation, beside those of its axes."""


def alt_text(run: Run, trajectories: Sequence[Trajectory], language: str = "en") -> str:
    """What the figure of a run shows: a line of plain text.

    Args:
        run: the config.
        trajectories: what its optimizers did, in its order.
        language: a name of the catalogue `languages`.
    """
    trials = trial_facts(run, trajectories)
    tell = catalogue("languages")[language].function
    said = ""
    for most in (16, 4, 3, 2, 1):
        said = " ".join(tell(trials, most).split())
        if len(said) <= LONGEST:
            break
    return said


def trial_facts(run: Run, trajectories: Sequence[Trajectory]) -> list[TrialFacts]:
    """The trials of a run, with what a sentence says of them."""
    pairs = list(zip(run.trials, trajectories, strict=True))
    named = Counter(_called(trial) for trial in run.trials)
    if run.sweep and run.sweep.pictured:
        equations = map(run.sweep.equations, range(len(pairs)))
        details = [_bracketed(r.chosen, e) for r, e in zip(run.trials, equations, strict=True)]
    else:
        details = [rate(r.chosen) if named[_called(r)] > 1 else "" for r in run.trials]
    return [_trial(run, *pair, plain(said)) for pair, said in zip(pairs, details, strict=True)]


def _trial(run: Run, trial: Trial, path: Trajectory, detail: str) -> TrialFacts:
    surface = trial.surface
    facts = measure_outcome(path, surface, frame=given(run.view, surface))
    axes = tuple(formula(name_in_tex(axis)) for axis in surface.axes)
    sides = np.ptp(np.array(surface.domain), axis=1)
    place = facts.around or facts.end
    with np.errstate(all="ignore"):
        loss = float(surface.value(np.array(place)))
    return TrialFacts(
        optimizer=trial.name,
        title=trial.chosen.entry.title,
        label=unlisted(plain(trial.look.label or "")),
        detail=detail,
        ground=_ground(trial.look.surface or run.chosen, surface, axes),
        start=point(axes, [number(c) for c in trial.start]),
        end=point(axes, [rounded(c, s) for c, s in zip(place, sides, strict=True)]),
        loss=number(float(f"{loss:.3g}")),
        outcome=facts,
    )


def _called(trial: Trial) -> str:
    return trial.look.label or trial.name


def _bracketed(chosen: Chosen, equations: Sequence[str]) -> str:
    """`η = 0.1 (μ = 0.9)`: a comma would divide a list of names; the optimizer has its own."""
    first, *others = [said for said in equations if said != chosen.entry.title] or [""]
    return f"{first} ({', '.join(others)})" if others else first


def _ground(chosen: Chosen, surface: Surface, axes: tuple[str, ...]) -> SurfaceFacts:
    said = formula(surface.formula)
    return SurfaceFacts(
        formula=said if 0 < len(said) <= SPEAKABLE and _explained(said, axes) else "",
        name=chosen.entry.name,
        title=chosen.entry.title,
        fit=(surface.data.names[1], surface.data.names[0]) if surface.data else None,
        minima=len(surface.minima),
    )


def _explained(said: str, axes: tuple[str, ...]) -> bool:
    """Whether a formula has no letters but its axes' and those of well-known functions."""
    letters = [re.escape(re.sub("[₀-₉]", "", axis)) for axis in axes]
    known = "|".join((*sorted(letters, key=len, reverse=True), KNOWN))
    return all(re.fullmatch(f"(?:{known})+", word) for word in re.findall("[A-Za-zα-ωϕ]+", said))
