"""Jobs: a run to render, packed for another process or another machine."""

from __future__ import annotations

import gc
import pickle
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from optanim.config.run import Run
from optanim.experiment.outcome_map import MapGrid, OutcomeMap, simulate_map
from optanim.files import FONT, read_file
from optanim.pipeline.atomic_file import atomic_write
from optanim.pipeline.render import RenderResult, render
from optanim.scene.map_picture import MapName
from optanim.schema.figure import is_font_file

SendProgress = Callable[[tuple[int, int]], None]
"""Called with (number of painted frames, number of all frames)."""

PROGRESS_INTERVAL = 0.1
"""Shortest time between two reports of progress, in seconds: each one wakes another process."""

_RENDER_LOCK = Lock()
"""A worker of a cluster may have several threads, but the settings of matplotlib are global."""

_FIGURE_NUMBERS = count()
"""Counts the figures that this process has rendered."""


@dataclass(frozen=True)
class Job:
    """A run to render, with all data that determine its pixels.

    Attributes:
        run: the run.
        frame: as for `optanim.render`.
        maps: as for `optanim.render`.
    """

    run: Run
    frame: int | None = None
    maps: Mapping[MapName, OutcomeMap] | None = None

    def pack(self) -> bytes:
        """The job as bytes. They contain functions: only the same version of Python reads them."""
        import cloudpickle

        data: bytes = cloudpickle.dumps(self)
        return data


@dataclass(frozen=True)
class TileJob:
    """A part of an outcome map to simulate.

    Attributes:
        grid: a tile.
    """

    grid: MapGrid

    def pack(self) -> bytes:
        """The job as bytes, as `Job.pack`."""
        import cloudpickle

        data: bytes = cloudpickle.dumps(self)
        return data


@dataclass(frozen=True)
class RemoteJob:
    """A job for another machine.

    Attributes:
        job: the packed job.
        font: the content of its font file, which the other machine does not have; None without.
    """

    job: bytes
    font: bytes | None


def render_job(job: Job, send: SendProgress = lambda progress: None) -> RenderResult:
    """Render a run. The result does not have the run, which would be sent back.

    Raises:
        ConfigError, OSError: as `optanim.render` does.
    """
    last_report = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal last_report
        if (now := time.monotonic()) - last_report > PROGRESS_INTERVAL or done == total:
            last_report = now
            send((done, total))

    free_previous_figure()
    result = render(job.run, frame=job.frame, progress=progress, maps=job.maps)
    return replace(result, run=None)


def free_previous_figure() -> None:
    """Free the previous figure.

    Its objects refer to each other, so only the garbage collector frees them. The objects that
    are left after the first figure belong to matplotlib. They are frozen, so that later calls skip
    them. The first call does nothing.
    """
    if next(_FIGURE_NUMBERS):
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()


def do_job(job: Job | TileJob, send: SendProgress = lambda progress: None) -> Any:
    """Render a run, or simulate a part of a map: a `RenderResult`, or arrays."""
    return simulate_map(job.grid).arrays if isinstance(job, TileJob) else render_job(job, send)


def do_packed(data: bytes, send: SendProgress = lambda progress: None) -> Any:
    """Do a job that was packed."""
    return do_job(pickle.loads(data), send)  # noqa: S301


def pack_remote_job(job: Job) -> RemoteJob:
    """Pack a job for another machine."""
    font = job.run.font
    content = read_file(font, FONT) if font and is_font_file(font) else None
    return RemoteJob(job.pack(), content)


def render_remote_job(remote: RemoteJob) -> tuple[RenderResult, tuple[bytes, ...]]:
    """Render a job on a machine without its files: the result, and the content of each file."""
    with _RENDER_LOCK, tempfile.TemporaryDirectory(prefix="optanim-") as name:
        folder, job = Path(name), pickle.loads(remote.job)  # noqa: S301
        run: Run = job.run
        paths = tuple(folder / f"{i}{path.suffix}" for i, path in enumerate(run.outputs))
        if remote.font is not None:
            font = folder / f"font{Path(run.font or '').suffix}"
            font.write_bytes(remote.font)
            run = replace(run, font=str(font))
        result = render_job(replace(job, run=replace(run, outputs=paths, output_named=True)))
        return result, tuple(path.read_bytes() for path in paths)


def write_answer(answer: Any, outputs: tuple[Path, ...]) -> RenderResult:
    """Write the files that another machine has rendered. Return the result, with their paths.

    Args:
        answer: from `render_remote_job`.
        outputs: the files of the job, which its answer cannot change.

    Raises:
        TypeError: the answer does not have a result and the content of each file.
        OSError: a file cannot be written.
    """
    match answer:
        case RenderResult() as result, tuple() as contents if len(contents) == len(outputs):
            pass
        case _:
            raise TypeError("the answer does not fit the job")
    if not all(isinstance(content, bytes) for content in contents):
        raise TypeError("the answer does not fit the job")
    with ExitStack() as stack:
        for path, content in zip(outputs, contents, strict=True):
            stack.enter_context(atomic_write(path)).write(content)
    return replace(result, paths=outputs)
