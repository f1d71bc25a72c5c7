"""The whole program on one page: a run becomes a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from optanim.catalogue import catalogue
from optanim.config import Run
from optanim.drawing import undisturbed
from optanim.errors import ConfigError, Problem, did_you_mean
from optanim.files import unwritable, whole_file
from optanim.scene import Scene, formula, hyperparameters, paths_of
from optanim.simulation import Trajectory, simulate
from optanim.timeline import Frame, Moment, timeline


@dataclass(frozen=True)
class Rendered:
    """What a render made.

    Attributes:
        paths: the files written.
        frames: how many frames were painted.
        seconds: how long the animation plays once.
        size: (width, height) in pixels.
        took: seconds of work.
        trajectories: what the optimizers did.
    """

    paths: tuple[Path, ...]
    frames: int
    seconds: float
    size: tuple[int, int]
    took: float
    trajectories: tuple[Trajectory, ...]


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
        ConfigError: a text that cannot be set, an unknown format, a target that cannot be a file.
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
    writers = [_writer(target) for target in targets]
    trajectories = trajectories_of(run)
    drawn = scene(run, trajectories)
    moments = timeline(drawn.steps, run.animation)
    if frame is not None:
        step = range(drawn.steps + 1)[frame] if -drawn.steps - 1 <= frame <= drawn.steps else None
        if step is None:
            raise ConfigError([Problem(f"there is no step {frame}, the last is {drawn.steps}")])
        moments = (Moment(step, 1.0),)
    frames = Frames(drawn, moments, progress)
    for target, (write, knows) in zip(targets, writers, strict=True):
        options = {"loop": run.animation.loop, "colors": drawn.colors}
        with whole_file(target) as file:
            write(frames, file, **{key: value for key, value in options.items() if key in knows})
    return Rendered(
        paths=targets,
        frames=len(frames),
        seconds=sum(moment.seconds for moment in moments),
        size=drawn.pixels,
        took=time.perf_counter() - began,
        trajectories=trajectories,
    )


def trajectories_of(run: Run) -> tuple[Trajectory, ...]:
    """What every optimizer of a run does."""
    return tuple(
        simulate(run.surface, r.optimizer, list(r.start), steps=run.steps, label=r.label)
        for r in run.runners
    )


def scene(run: Run, trajectories: Sequence[Trajectory]) -> Scene:
    """What the figure of a run shows."""
    paths = paths_of(trajectories, [runner.look for runner in run.runners], run.theme)
    caption = [formula(run.surface)]
    if len(run.runners) == 1:
        title = run.runners[0].label
        caption.append(hyperparameters(run.runners[0].chosen))
    else:
        title = run.chosen.entry.title
    return Scene(
        surface=run.surface,
        paths=paths,
        title=title if run.title is None else run.title,
        caption=tuple(caption),
        panels=run.panels,
        view=run.view,
        figure=run.figure,
        theme=run.theme,
        trail=run.animation.trail,
    )


class Frames(Sequence[Frame]):
    """The frames of a scene, each painted when it is asked for and not kept."""

    def __init__(
        self, scene: Scene, moments: Sequence[Moment], progress: Callable[[int, int], None]
    ) -> None:
        # Here and not above: matplotlib takes half a second, and `check` does without.
        with undisturbed():
            from optanim.paint import Painter
        self._painter = Painter(scene)
        self._moments, self._progress = moments, progress

    def __len__(self) -> int:
        return len(self._moments)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | Sequence[Frame]:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        moment = self._moments[index]
        return Frame(self._painter.paint(moment.step), moment.seconds)

    def __iter__(self) -> Iterator[Frame]:
        for i in range(len(self)):
            yield self[i]
            self._progress(i + 1, len(self))


def _writer(target: Path) -> tuple[Callable[..., None], set[str]]:
    """The function that writes a target's format, and the options it knows."""
    formats = catalogue("formats")
    name = target.suffix[1:].lower()
    if name not in formats:
        help = did_you_mean(name, formats, "formats")
        raise ConfigError([Problem(f"no format is called '{target.suffix}'", str(target), help)])
    if reason := unwritable(target):
        raise ConfigError([Problem(reason, str(target))])
    entry = formats[name]
    return entry.function, set(entry.options)
