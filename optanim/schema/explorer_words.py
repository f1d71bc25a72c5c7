"""The words of the page of `optanim explore`, in the language of a config."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optanim.schema.language_texts import Language, texts_of, with_texts


@dataclass(frozen=True, kw_only=True)
class ExplorerWords:
    """The words of the page of `optanim explore`; the defaults are English.

    They are buttons, titles of groups, and messages; a name in braces stands for what is filled in.
    """

    undo: str = "Undo"
    redo: str = "Redo"
    save: str = "Save"
    render: str = "Render"
    controls: str = "Settings"
    surface: str = "Surface"
    start: str = "Start"
    start_at: str = "Start at {point}; the arrow keys move it"
    optimizers: str = "Optimizers"
    add: str = "Add an optimizer"
    search: str = "Search"
    nothing_found: str = "Nothing found"
    remove: str = "Remove {name}"
    move_up: str = "Move {name} up"
    move_down: str = "Move {name} down"
    schedule_for: str = "A schedule for {name}"
    run: str = "Run"
    steps: str = "Steps"
    seed: str = "Seed"
    figure: str = "Figure"
    title: str = "Title"
    panels: str = "Panels"
    theme: str = "Theme"
    slider: str = "{name}, slider"
    config: str = "Config"
    copy: str = "Copy"
    copied: str = "Copied"
    copy_by_hand: str = "The text is selected; copy it with the keyboard"
    claims: str = "Claims"
    holds: str = "true"
    fails: str = "false"
    problems: str = "Problems"
    file_name: str = "File name"
    exists: str = "{file} exists. Replace it?"
    replace: str = "Replace"
    cancel: str = "Cancel"
    saved: str = "Saved as {file}"
    rendering: str = "Rendering …"
    rendered: str = "Rendered: {file}"
    no_answer: str = "optanim explore does not answer; start it again and reload this page"


def explorer(**texts: str) -> Callable[[Language], Language]:
    """Give an entry of the catalogue `languages` the words of the page; English fills gaps.

    Args:
        texts: by the names of `ExplorerWords`.

    Raises:
        TypeError: there is no such name.
    """
    return with_texts(ExplorerWords(**texts))


def explorer_words_of(language: str) -> ExplorerWords:
    """The words of the page in a language, by its name in the catalogue."""
    return texts_of(ExplorerWords, language)
