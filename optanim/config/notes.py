"""The notes of a run, with their points as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from optanim.config.problems import Report
from optanim.config.start import point_of
from optanim.config.yaml_nodes import KeyPath
from optanim.schema.choice import Chosen
from optanim.schema.view import Note
from optanim.surfaces import Surface

PANELS_WITHOUT_NOTES = (
    "basins", "fit", "gradient_norm", "loss", "map", "rates", "schedule", "surface3d",
)  # fmt: skip
"""The panels of optanim that have none; one of a plug-in may have notes."""

AT: KeyPath = ("view", "notes")
"""The path of the notes in a config."""


def notes_of(
    notes: Sequence[Note], panels: Sequence[Chosen], surface: Surface, trials: int, steps: int,
    report: Report,
) -> tuple[Note, ...]:  # fmt: skip
    """The notes of a run, each with its point in the order of the axes, or with its optimizer.

    Args:
        notes: of the config.
        panels: of the run.
        surface: of the run.
        trials: the number of optimizers, each counted once for each of its starts.
        steps: the number of updates.
        report: called with each problem.
    """
    if notes and all(panel.entry.name in PANELS_WITHOUT_NOTES for panel in panels):
        shown = ", ".join(panel.entry.name for panel in panels)
        panel = "curve" if surface.dimensions == 1 else "contour"
        message = f"the panels contour and curve have notes, but the figure has {shown}"
        report(message, AT, f"leave out the notes, or add {panel} to panels", True)
    return tuple(_note(note, (*AT, i), surface, trials, steps, report)
                 for i, note in enumerate(notes))  # fmt: skip


def _note(
    note: Note, path: KeyPath, surface: Surface, trials: int, steps: int, report: Report
) -> Note:
    """A note whose point is checked."""
    for message, key, help in _problems(note, trials, steps):
        report(message, (*path, key) if key else path, help)
    if note.at is None:
        return replace(note, of=note.of or 1)
    point = point_of(note.at, (*path, "at"), surface, report, "at")
    if point is None:
        return note
    if surface.dimensions == 1:
        with np.errstate(all="ignore"):
            value = surface.value(np.array(point))
        if not np.isfinite(value):
            report(f"the curve has no finite value at {point[0]:g}", (*path, "at"))
    return replace(note, at=list(point))


def _problems(note: Note, trials: int, steps: int) -> Iterator[tuple[str, str, str]]:
    """Yield what keys of a note say against each other: a message, a key of it, and a help."""
    if not note.text.strip():
        yield "the text of a note is empty", "text", "write some words, or remove the note"
    if note.at is not None and note.step is not None:
        yield "a note has a point 'at' or a 'step', not both", "step", "keep one of them"
    elif note.at is None and note.step is None:
        help = "write at: a point of the surface, or step: the number of a step"
        yield f"the note '{note.text}' has no point", "", help
    if note.step is not None and note.step > steps:
        yield (f"there is no step {note.step}, the run has {steps}", "step",
               f"write step: {steps}, or more steps")  # fmt: skip
    if note.of is not None and note.of > trials:
        message = f"of: there is no optimizer {note.of}, the run has {trials}"
        yield message, "of", "optimizers are counted from 1"
    elif note.of is None and note.at is None and trials > 1:
        help = f"add of: a number from 1 to {trials}"
        yield f"the run has {trials} optimizers, and step is of one of them", "", help
