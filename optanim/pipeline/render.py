"""The whole program on one page: a run becomes a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING

from optanim.config.run import Run
from optanim.drawing.isolation import undisturbed
from optanim.encoding.film import Film
from optanim.encoding.write import Format, OpenFile, possible, write
from optanim.errors import ConfigError, Problem, did_you_mean
from optanim.experiment.claim import Verdict
from optanim.experiment.results import Result, results_of
from optanim.experiment.trials import simulate_run
from optanim.experiment.tuning import searches_of
from optanim.experiment.verdicts import verdicts_of
from optanim.pipeline.atomic_file import unwritable, whole_file
from optanim.pipeline.provenance import stamp, stills
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import scene
from optanim.scene.scene import Scene
from optanim.scene.timeline import Moment, timeline
from optanim.schema.catalogue import catalogue
from optanim.schema.rate_grid import Search

if TYPE_CHECKING:
    from optanim.drawing.painter import Painter


@dataclass(frozen=True)
class Rendered:
    """What a render made.

    Attributes:
        paths: the files written.
        frames: how many frames were painted.
        seconds: how long the animation plays once.
        size: (width, height) in pixels.
        took: seconds of work.
        results: what each of the trials came to.
        ends: (d,) the last point of each.
        searches: how the rates were found of those with `lr: auto`.
        alt: the same in a sentence, in English.
        verdicts: what became of the claims of the config, in its order.
    """

    paths: tuple[Path, ...]
    frames: int
    seconds: float
    size: tuple[int, int]
    took: float
    results: tuple[Result, ...]
    ends: tuple[tuple[float, ...], ...]
    searches: tuple[Search, ...]
    alt: str
    verdicts: tuple[Verdict, ...] = ()


def render(
    run: Run,
    *,
    output: Path | str | None = None,
    frame: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Rendered:
    """Render a run to its files; each is whole or not there.

    Args:
        run: from `optanim.load`.
        output: a file to write in place of the run's own; its suffix says the format.
        frame: one still of this step in place of the animation; negative ones count from the end.
        progress: called with the frames painted so far, and how many there are.

    Raises:
        ConfigError: a text that cannot be set, a format that is unknown or that this machine cannot
            write, a target that cannot be a file.
        ClaimError: the run disagrees with what the config claims.
        OSError: the file cannot be written.
    """
    try:
        return _rendered(run, (Path(output),) if output else run.outputs, frame, progress)
    except ConfigError as error:
        # What only the drawing finds out has no line; it has the config's name.
        problems = [
            replace(problem, place=problem.place or run.source) for problem in error.problems
        ]
        raise ConfigError(problems) from None


def _rendered(
    run: Run, targets: tuple[Path, ...], frame: int | None, progress: Callable[[int, int], None]
) -> Rendered:
    began = time.perf_counter()
    formats = [_format(target) for target in targets]
    marks = [stamp(run, still) for still in (frame, -1)]
    run, trajectories = simulate_run(run)
    verdicts = verdicts_of(run, trajectories)
    drawn = scene(run, trajectories)
    moments = timeline(drawn.steps, run.animation)
    if frame is not None:
        step = range(drawn.steps + 1)[frame] if -drawn.steps - 1 <= frame <= drawn.steps else None
        if step is None:
            raise ConfigError([Problem(f"there is no step {frame}, the last is {drawn.steps}")])
        moments = (Moment(step, 1.0),)
    paint, loop = _painter(drawn).paint, run.animation.loop
    film = Film(paint, moments, loop, drawn.colors, progress, marks[0])
    poster = Film(paint, moments[-1:], loop, drawn.colors, comment=marks[1])
    with ExitStack() as opened:
        beside, moving = list[OpenFile](), list[OpenFile]()
        for format, (target, still) in zip(formats, stills(targets, frame), strict=True):
            file = format, opened.enter_context(whole_file(target))
            (moving if still == frame else beside).append(file)
        write(poster, beside)
        write(film, moving)
    return Rendered(
        paths=targets,
        frames=len(film),
        seconds=fsum(moment.seconds for moment in moments),
        size=drawn.pixels,
        took=time.perf_counter() - began,
        results=results_of(run, trajectories),
        ends=tuple(tuple(path.points[:, -1].tolist()) for path in trajectories),
        searches=searches_of(run),
        alt=alt_text(run, trajectories),
        verdicts=verdicts,
    )


def _painter(scene: Scene) -> Painter:
    # matplotlib takes half a second to import, and `check` does without.
    with undisturbed():
        from optanim.drawing.painter import Painter
    return Painter(scene)


def _format(target: Path) -> Format:
    """The function that writes a target's format."""
    formats = catalogue("formats")
    name = target.suffix[1:].lower()
    if name not in formats:
        help = did_you_mean(name, formats, "formats")
        raise ConfigError([Problem(f"no format is called '{target.suffix}'", str(target), help)])
    if reason := unwritable(target):
        raise ConfigError([Problem(reason, str(target))])
    format: Format = formats[name].function
    possible(format)
    return format
