"""The words of the controls of a page, in the language of a config."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optanim.schema.language_texts import Language, texts_of, with_texts


@dataclass(frozen=True, kw_only=True)
class ControlWords:
    """The words of the controls of a page; the defaults are English.

    A name in braces stands for what is filled in.

    Attributes:
        play, pause, back, forward, first, last: the buttons.
        speed: the choice of the speed.
        step: the scrubber; `step_of` what it says.
        point, gradient, rate: rows of the numbers at a step: the point, the gradient, and the step
            per gradient along a coordinate.
        show: the list of names, each of which shows or hides a path.
        numbers: the title of the numbers at a step.
        results: the title of the table of results.
        description: the title of the alt text.
        optimizer: the column of the names.
        steps: the column of the number of steps.
        needs_script: what a browser without JavaScript says.
    """

    play: str = "Play"
    pause: str = "Pause"
    back: str = "One step back"
    forward: str = "One step forward"
    first: str = "First step"
    last: str = "Last step"
    speed: str = "Speed"
    step: str = "Step"
    step_of: str = "step {step} of {steps}"
    point: str = "point"
    gradient: str = "gradient"
    rate: str = "effective rate"
    show: str = "Show or hide"
    numbers: str = "Numbers at this step"
    results: str = "Results"
    description: str = "Description"
    optimizer: str = "optimizer"
    steps: str = "steps"
    needs_script: str = "The animation needs JavaScript."


def controls(**texts: str) -> Callable[[Language], Language]:
    """Give an entry of the catalogue `languages` the words of its controls.

    Args:
        texts: by the names of `ControlWords`; English stands for those left out.

    Raises:
        TypeError: there is no such name.
    """
    return with_texts(ControlWords(**texts))


def controls_of(language: str) -> ControlWords:
    """The words of the controls in a language, by its name in the catalogue."""
    return texts_of(ControlWords, language)
