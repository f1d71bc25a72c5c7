"""Rendering: a run becomes files. All steps of the program follow each other here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optanim.config.run import Run
from optanim.encoding.film import Film
from optanim.encoding.write import Format, OpenFile, check_format, write
from optanim.errors import ConfigError, Problem, did_you_mean
from optanim.experiment.claim import Verdict
from optanim.experiment.outcome_map import OutcomeMap
from optanim.experiment.remarks import remarks_of
from optanim.experiment.results import Result, results_of
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import simulate_run
from optanim.experiment.tuning import searches_of
from optanim.experiment.verdicts import verdicts_of
from optanim.pipeline.atomic_file import atomic_write
from optanim.pipeline.film_size import at_any_pace, film_problems
from optanim.pipeline.painting import painter_of
from optanim.pipeline.provenance import shown_frame, stamp, with_frames
from optanim.pipeline.refusals import unshown_texts
from optanim.pipeline.signals import held_signals
from optanim.pipeline.targets import target_problems
from optanim.player.figure_data import figure_data
from optanim.player.page import page
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene, simulated_maps
from optanim.scene.map_picture import MapName
from optanim.scene.scene import Scene
from optanim.scene.timeline import Moment
from optanim.schema.catalogue import catalogue
from optanim.schema.rate_grid import Search

if TYPE_CHECKING:
    from optanim.drawing.painter import Painter


@dataclass(frozen=True)
class RenderResult:
    """The result of rendering a run. A notebook shows its player.

    Attributes:
        paths: the written files.
        frames: number of painted frames.
        seconds: duration of the animation, played once.
        size: (width, height) in pixels.
        took: duration of the work, in seconds.
        results: the result of each trial.
        ends: (d,) the last point of each trial.
        searches: the search for the rate of each trial with `lr: auto`.
        alt: the results in a sentence of English, as alt text.
        verdicts: the verdict on each claim, in the order of the config.
        remarks: a sentence for each thing that may be unintended.
        run: the run; None if another process has rendered it.
        frame: the step of a still; None for an animation.
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
    remarks: tuple[str, ...] = ()
    run: Run | None = None
    frame: int | None = None

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        """What a notebook shows, by the protocol of IPython."""
        from optanim.pipeline.notebook import mime_bundle

        if self.run is None:
            return {"text/plain": repr(self)}, {}
        return mime_bundle(self.run, repr(self), self.frame)

    def __repr__(self) -> str:
        width, height = self.size
        names = ", ".join(map(str, self.paths))
        return f"<RenderResult {names}: {width}×{height}, {self.frames} frames, {self.seconds:g} s>"


def render(
    run: Run,
    *,
    output: Path | str | None = None,
    frame: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    maps: Mapping[MapName, OutcomeMap] | None = None,
) -> RenderResult:
    """Render a run to its files. A file is replaced only when the new one is complete.

    Args:
        run: from `optanim.load`.
        output: a file to write in place of the outputs of the run, in the first of its themes; the
            suffix sets the format.
        frame: the step of a still to render in place of the animation; a negative number counts
            from the end.
        progress: called with the number of tried rates and of all, if rates are searched; with the
            number of simulated cells and of all, if there are maps; then with the number of painted
            frames and the number of all frames, in all themes.
        maps: the outcome maps of the run, if they were simulated before.

    Raises:
        ConfigError: a text cannot be typeset, a format is unknown or needs a missing program, or a
            target cannot be a file.
        ClaimError: a claim of the config does not hold.
        OSError: a file cannot be written.
    """
    try:
        if output:
            run = replace(run.in_themes()[0], outputs=(Path(output),), output_named=True)
        return _render(run, frame, progress, maps)
    except ConfigError as error:
        # Problems that the drawing detects have no line. They get the name of the config.
        problems = [
            replace(problem, place=problem.place or run.source) for problem in error.problems
        ]
        if run.foreign:
            problems = [problem.without_text() for problem in problems]
        raise ConfigError(problems) from None


def _render(
    run: Run,
    frame: int | None,
    progress: Callable[[int, int], None],
    maps: Mapping[MapName, OutcomeMap] | None,
) -> RenderResult:
    start = time.perf_counter()
    for target in run.outputs:
        _format(run, target)
    if problems := target_problems(run) + film_problems(run, frame) + unshown_texts(run):
        raise ConfigError(problems)
    frame = shown_frame(run, frame)
    stamps = [(stamp(twin, frame), stamp(twin, -1)) for twin in run.in_themes()]
    run, trajectories = simulate_run(run, progress)
    verdicts = verdicts_of(run, trajectories)
    if maps is None:
        maps = simulated_maps(run, trajectories, frame, progress)
    twins = run.in_themes()
    alt = alt_text(run, trajectories)
    # No file of any theme is replaced before all are complete.
    with ExitStack() as stack:
        for i, (twin, comments) in enumerate(zip(twins, stamps, strict=True)):

            def painted(done: int, total: int, before: int = i) -> None:
                progress(before * total + done, len(twins) * total)

            shown = twin if frame is None else at_any_pace(twin)
            scene = compose_scene(shown, trajectories, maps)
            moments = _moments(scene, frame)
            still = None if frame is None else moments[0]
            painter = painter_of(replace(scene, still=int(still.step) if still else None))
            film = Film(
                held_signals()(painter.paint), moments, run.animation.loop, scene.colors, painted,
                comments[0], held_signals()(painter.repaint), painter,
                partial(_page, painter, twin, trajectories, still),
                alt,
            )  # fmt: skip
            _write_twin(twin, film, frame, comments[1], stack)
    return RenderResult(
        paths=run.outputs,
        frames=len(moments),
        seconds=fsum(moment.seconds for moment in moments),
        size=scene.pixels,
        took=time.perf_counter() - start,
        results=results_of(run, trajectories),
        ends=tuple(tuple(t.points[:, -1].tolist()) for t in trajectories),
        searches=searches_of(run),
        alt=alt,
        verdicts=verdicts,
        remarks=remarks_of(run, trajectories, still=frame is not None),
        run=run,
        frame=frame,
    )


def _page(
    painter: Painter, run: Run, trajectories: Sequence[Trajectory], still: Moment | None,
    comment: str,
) -> str:  # fmt: skip
    """The page of a figure, which begins at a still, or plays."""
    start = still.step if still else None
    return page(figure_data(painter, run, trajectories, start), comment)


def _write_twin(
    twin: Run, film: Film, frame: int | None, poster_stamp: str, stack: ExitStack
) -> None:
    """Write the files of a run in one theme; they replace others when the stack is left."""
    poster = film[-1:]
    poster.comment = poster_stamp
    film_files, poster_files = list[OpenFile](), list[OpenFile]()
    for target, still in with_frames(twin, frame):
        file = _format(twin, target), stack.enter_context(atomic_write(target))
        (film_files if still == frame else poster_files).append(file)
    write(poster, poster_files)
    write(film, film_files)


def _moments(scene: Scene, frame: int | None) -> tuple[Moment, ...]:
    """The moments of the animation, or the one moment of a still.

    Raises:
        ConfigError: the run has no such step.
    """
    if frame is None:
        return scene.moments
    steps = scene.steps
    if not -steps - 1 <= frame <= steps:
        raise ConfigError([Problem(f"there is no step {frame}; the last step is {steps}")])
    return (Moment(range(steps + 1)[frame], 1.0),)


def _format(run: Run, target: Path) -> Format:
    """The function that writes the format of a target, with its options in the run.

    Raises:
        ConfigError: the format is unknown or needs a missing program.
    """
    formats = catalogue("formats")
    name = target.suffix[1:].lower()
    if name not in formats:
        help = did_you_mean(name, formats, "formats")
        raise ConfigError([Problem(f"no format is called '{target.suffix}'", str(target), help)])
    format: Format = formats[name].function
    options = run.format_options(target.suffix)
    check_format(format, options)
    return partial(format, **options)
