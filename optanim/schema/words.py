"""The words that a figure draws, and the titles of entries, in the language of a config."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from optanim.schema.catalogue import Entry
from optanim.schema.language_texts import Language, texts_of, with_texts

ENGLISH = "en"
"""The language of a config that names none."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of a figure; the defaults are English.

    A name in braces stands for what is filled in.

    Attributes:
        step: the axis of the steps.
        evaluations: the axis of the evaluations of values and gradients.
        counter: the number of the step.
        loss: the value of a surface.
        value: the value of a surface that is climbed.
        gradient_norm: the axis of ‖∇f‖.
        learning_rate: the axis of η.
        predicted: the axis of the values that a model predicts.
        root_axis: the axis of a landscape whose scale is that of the root.
        log_axis: the axis of a landscape whose scale is logarithmic.
        step_arrow: the arrow of an update.
        lookahead: the arrow to the point where a gradient is evaluated.
        diverged: of a trial; `diverged_at` with the step whose numbers are too large;
            `diverged_from` with the step from which on it grows without end.
        undefined: of a trial whose loss has no value; `undefined_at` with its step.
        left: of a trial that has left the frame; `left_at` with its step.
        some_of_all: how many trials have diverged, or reached a place.
        arrived_of: how many dots of a swarm have arrived at a minimum; `resting_of` how many rest.
        starts: the number of starts of a swarm; `starts_of_each` in each cell of a grid.
        reached: the title of the places that trials reached.
        rests_at: a place of rest that is no known minimum; `rests_elsewhere` several of them.
        still_moving: of trials that settle nowhere; `stopped_early` of those that a rule ended.
        arrived: of trials that come to a known minimum; `steps_to_arrive` is how many it takes.
        factor_per_step: the factor of the distance to the minimum in an update.
        outcome: what became of a trial.
        basins_of: the alt text of a map of starts.
        map_of: the alt text of a map of two keys, with what its colors say and both ranges.
        mean_of_seeds: the line of the mean.
        for_values: that a line stands for several values of a key.
        from_point: the name of a trial, and its start.
        best_rate: how the rate of a trial was found.
        each_best_rate: how the rates of several trials were found.
        best_values: how the values of several options were found; `each_best_values` of several
            trials.
        median_of_seeds: that the loss in such a note is a median.
        loss_function: the title of a formula; `function` if it is climbed.
        descent: in the title of an optimizer; `ascent` if it climbs.
        rows_where: the rows of the data that are used.
        row_dropped: one row of the data lacks a value; `rows_dropped` of several.
        standardized: an input of a model, with its mean and its standard deviation.
        classes: the words of a column that stand for 1 and 0.
        with_notes: the end of an alt text, the notes of the figure.
        note_at_step: a note in it that appears at a step.
    """

    step: str = "step"
    evaluations: str = r"evaluations of $f$, $\nabla f$"
    counter: str = "step {step}"
    loss: str = "loss"
    value: str = "value"
    gradient_norm: str = "gradient norm"
    learning_rate: str = "learning rate"
    predicted: str = "predicted"
    root_axis: str = "$f$, root scale"
    log_axis: str = "$f$, log scale"
    step_arrow: str = "step"
    lookahead: str = "look-ahead"
    diverged: str = "diverged"
    diverged_at: str = "diverged at step {since}"
    diverged_from: str = "diverged from step {since} on"
    undefined: str = "undefined"
    undefined_at: str = "undefined at step {since}"
    left: str = "left"
    left_at: str = "left the frame at step {since}"
    some_of_all: str = "{some} of {all}"
    arrived_of: str = "{some} of {all} arrived"
    resting_of: str = "{some} of {all} at rest"
    starts: str = "{count} starts"
    starts_of_each: str = "{count} starts in each of {cells}"
    reached: str = "reached"
    rests_at: str = "at rest at {point}"
    rests_elsewhere: str = "at rest elsewhere"
    still_moving: str = "still moving"
    stopped_early: str = "stopped early"
    arrived: str = "arrived"
    steps_to_arrive: str = "steps to arrive"
    factor_per_step: str = "factor per step"
    outcome: str = "outcome"
    basins_of: str = (
        "Starts on {surface}: the minimum that {names} reaches from each in {steps} steps"
    )
    map_of: str = "Map of {names} on {surface}: {shown} for {x} and {y}, after {steps} steps"
    mean_of_seeds: str = "mean of {count} seeds"
    for_values: str = "for {count} values of {symbol}"
    from_point: str = "{name} from {point}"
    best_rate: str = r"$\eta$ of lowest loss after {steps} steps, of {count} from {low} to {high}"
    each_best_rate: str = (
        r"each $\eta$ of lowest loss after {steps} steps, of {count} from {low} to {high}"
    )
    best_values: str = "{symbols} of lowest loss after {steps} steps, of {count} combinations"
    each_best_values: str = (
        "each {symbols} of lowest loss after {steps} steps, of {count} combinations"
    )
    median_of_seeds: str = "{note}, median of {count} seeds"
    loss_function: str = "Loss"
    function: str = "Function"
    descent: str = "descent"
    ascent: str = "ascent"
    rows_where: str = "rows with {column} = {value}"
    row_dropped: str = "{count} row is left out: a value is missing"
    rows_dropped: str = "{count} rows are left out: a value is missing"
    standardized: str = "standardized: {formula}"
    classes: str = "{column}: 1 is {one}, 0 is {zero}"
    with_notes: str = "{text}; notes: {notes}"
    note_at_step: str = "{note} at step {step}"

    @property
    def letters(self) -> str:
        """The letters of all words that are not those of ASCII, each once."""
        texts = (getattr(self, field.name) for field in fields(self))
        return "".join(sorted({char for text in texts for char in text if not char.isascii()}))


def words(**texts: str) -> Callable[[Language], Language]:
    """Give an entry of the catalogue `languages` its words; English stands for those left out.

    Args:
        texts: by the names of `Words`.

    Raises:
        TypeError: there is no such name.
    """
    return with_texts(Words(**texts))


def words_of(language: str) -> Words:
    """The words of a language, by its name in the catalogue."""
    return Words() if language == ENGLISH else texts_of(Words, language)


def title_in(language: str, entry: Entry) -> str:
    """The title of an entry in a language; the English one if it has none."""
    return entry.names.get(language, entry.title)
