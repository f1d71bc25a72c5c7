"""Alt texts of figures that are only maps: what they show, in a sentence."""

from __future__ import annotations

from optanim.config.panels import MAP_PANELS
from optanim.config.run import Run
from optanim.config.varied_key import KeyRange
from optanim.formulas.plain_text import formula, number_in_text
from optanim.schema.notation import optimizer_title, surface_title
from optanim.schema.words import words_of

MAX_FORMULA_LENGTH = 40
"""Characters of a formula that an alt text spells out."""


def map_text(run: Run) -> str | None:
    """What the maps of a figure show; None for a figure with other panels, too.

    The words are those of the language of the run.
    """
    if any(panel.entry.name not in MAP_PANELS for panel in run.panels):
        return None
    words, surface = words_of(run.lang), run.surface
    names = ", ".join(
        dict.fromkeys(
            trial.look.label or optimizer_title(trial.chosen, run.lang, ascends=surface.ascends)
            for trial in run.trials
        )
    )
    place = formula(surface.formula)
    if not place or len(place) > MAX_FORMULA_LENGTH:
        place = surface_title(run.chosen, run.lang, ascends=surface.ascends)
    if run.map is None or run.panels[0].entry.name == "basins":
        return words.basins_of.format(names=names, surface=place, steps=run.steps)
    shown = {
        "steps": words.steps_to_arrive,
        "loss": words.loss,
        "status": words.outcome,
        "rate": words.factor_per_step,
    }[run.map.of]
    x, y = _range_in_text(run.map.x), _range_in_text(run.map.y)
    return words.map_of.format(names=names, surface=place, steps=run.steps, shown=shown, x=x, y=y)


def _range_in_text(side: KeyRange) -> str:
    """A key and its range: `η 0…0.45`."""
    low, high = number_in_text(side.low), number_in_text(side.high)
    return f"{formula(side.key.symbol)} {low}…{high}"
