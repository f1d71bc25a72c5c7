"""Jobs: a run to render, packed so that another process or another machine can do it."""

from __future__ import annotations

import gc
import pickle
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from threading import Lock

from optanim.config.run import Run
from optanim.pipeline.atomic_file import whole_file
from optanim.pipeline.render import Rendered, render
from optanim.schema.figure import is_font_file

Said = Callable[[tuple[int, int]], None]
"""Called with the frames that are painted, and how many there are."""

OFTEN = 0.1
"""Seconds between two words about progress: each wakes another process."""

_TURN = Lock()
"""A worker of a cluster may have several threads; matplotlib's settings are those of a process."""

_FIGURES = count()
"""How many this process has rendered."""


@dataclass(frozen=True)
class Job:
    """A run to render: all that the pixels follow from, its data with it.

    Attributes:
        run: what to render.
        frame: as for `optanim.render`.
    """

    run: Run
    frame: int | None = None

    def packed(self) -> bytes:
        """The job as bytes. Only Python of the same version reads them: functions are in it."""
        import cloudpickle

        data: bytes = cloudpickle.dumps(self)
        return data


@dataclass(frozen=True)
class Parcel:
    """A job with the font file that it needs, for a machine that does not have that."""

    job: bytes
    font: bytes | None


def do(job: Job, say: Said = lambda said: None) -> Rendered:
    """Render a run.

    Raises:
        ConfigError, OSError: as `optanim.render` does.
    """
    spoken = 0.0

    def progress(done: int, of: int) -> None:
        nonlocal spoken
        if (now := time.monotonic()) - spoken > OFTEN or done == of:
            spoken = now
            say((done, of))

    let_go()
    return render(job.run, frame=job.frame, progress=progress)


def let_go() -> None:
    """Give back the memory of the figure before: it is a ring of references.

    What outlives the first is matplotlib itself, and need not be looked through each time. Where
    there is only one, nothing is looked through.
    """
    if next(_FIGURES):
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()


def unpacked(data: bytes, say: Said = lambda said: None) -> Rendered:
    """Render what `Job.packed` gave."""
    return do(pickle.loads(data), say)  # noqa: S301


def sent(job: Job) -> Parcel:
    """A job for another machine."""
    font = job.run.font
    held = Path(font).read_bytes() if font and is_font_file(font) else None
    return Parcel(job.packed(), held)


def away(parcel: Parcel) -> tuple[Rendered, tuple[bytes, ...]]:
    """Render a job where none of its files are: what was made, and the files themselves."""
    with _TURN, tempfile.TemporaryDirectory(prefix="optanim-") as name:
        folder, job = Path(name), pickle.loads(parcel.job)  # noqa: S301
        run: Run = job.run
        places = tuple(folder / f"{i}{path.suffix}" for i, path in enumerate(run.outputs))
        if parcel.font is not None:
            font = folder / f"font{Path(run.font or '').suffix}"
            font.write_bytes(parcel.font)
            run = replace(run, font=str(font))
        made = do(replace(job, run=replace(run, outputs=places)))
        return replace(made, paths=job.run.outputs), tuple(path.read_bytes() for path in places)


def brought(made: Rendered, files: tuple[bytes, ...]) -> Rendered:
    """Write what came back from another machine.

    Raises:
        OSError: a file cannot be written.
    """
    for path, data in zip(made.paths, files, strict=True):
        with whole_file(path) as file:
            file.write(data)
    return made
