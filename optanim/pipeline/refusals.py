"""What rendering would refuse although the config is right: files, formats, fonts and TeX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optanim.config.run import Run
from optanim.drawing.isolation import isolated_import
from optanim.encoding.write import check_format
from optanim.errors import ConfigError, Problem
from optanim.experiment.simulate import Trajectory
from optanim.pipeline.film_size import film_problems
from optanim.pipeline.targets import target_problems
from optanim.schema.catalogue import catalogue

SURE_SIZE = 100
"""Pixels of a panel's side from which no figure refuses it."""


def refusals(run: Run) -> list[Problem]:
    """The problems that rendering a run would report before it draws, each at its place."""
    problems = target_problems(run) + film_problems(run)
    for suffix in dict.fromkeys(target.suffix[1:].lower() for target in run.outputs):
        try:
            format = catalogue("formats")[suffix].function
            check_format(format, run.format_options(f".{suffix}"))
        except ConfigError as error:
            problems += [replace(p, place=run.output_place or run.source) for p in error.problems]
    return [*problems, *unshown_texts(run)]


def may_refuse_drawing(run: Run) -> bool:
    """Whether drawing may refuse a run.

    A logarithmic axis refuses negative losses, a size its panels, a trial a note after its end.
    """
    assert run.figure.size  # the loader sets it
    width, height = run.figure.size
    count = len(run.trials) if run.layout == "grid" else len(run.panels)
    is_small = min(width / max(1, count), height) < SURE_SIZE
    if any(note.step for note in run.view.notes or ()):
        return True
    return is_small or any(panel.options.get("scale") == "log" for panel in run.panels)


def drawing_problems(run: Run, trajectories: Sequence[Trajectory]) -> list[Problem]:
    """The problems that only drawing finds, each at the key that it is about."""
    if not may_refuse_drawing(run):
        return []
    # Most configs are checked without a scene.
    from optanim.pipeline.painting import painter_of
    from optanim.scene.compose import compose_scene

    try:
        painter_of(compose_scene(run, trajectories, maps={}))
    except ConfigError as error:
        problems = [replace(p, place=p.place or run.source) for p in error.problems]
        return [problem.without_text() for problem in problems] if run.foreign else problems
    return []


def unshown_texts(run: Run) -> list[Problem]:
    """The problems of the texts of a run: wrong TeX, and characters that no font here has."""
    if run.font is None and all(text.isascii() and "$" not in text for text, _ in run.texts):
        return []  # matplotlib takes most of a second, and every font has these
    with isolated_import():
        from optanim.drawing.text_check import text_problems
    problems = text_problems(run.texts, run.font, run.font_place)
    return [problem.without_text() for problem in problems] if run.foreign else problems
