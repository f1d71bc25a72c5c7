"""Batches: many runs, rendered by several workers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from optanim.config.run import Run
from optanim.errors import ClaimError, ConfigError, Problem
from optanim.pipeline.atomic_file import remove_leftovers
from optanim.pipeline.jobs import Job, TileJob, do_job, do_packed
from optanim.pipeline.map_tiles import Maps, tiled_maps
from optanim.pipeline.render import RenderResult
from optanim.pipeline.workers import Execute, LostTaskError, OnMessage

RUNS_PER_WORKER = 4
"""Runs that are worth the start of a worker process."""


@dataclass
class BatchResult:
    """The results and the problems of a batch.

    Attributes:
        made: the result of each run that was rendered.
        problems: problems of configs.
        failures: claims that do not hold, and files that could not be written.
        fresh: number of files that were up to date.
    """

    made: list[RenderResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[Problem] = field(default_factory=list)
    fresh: int = 0

    @property
    def code(self) -> int:
        """The exit code: 0 success, 1 something failed, 2 no run could start."""
        if self.problems and not (self.made or self.failures or self.fresh):
            return 2
        return 1 if self.problems or self.failures else 0


def touch_outputs(run: Run) -> None:
    """Make the files of a run newer than its inputs, so that make takes them as up to date."""
    newest = max((path.stat().st_mtime_ns for path in run.inputs), default=0)
    for path in run.outputs:
        if path.stat().st_mtime_ns < newest:
            os.utime(path)


def write_problem(run: Run, error: OSError) -> Problem:
    """The problem of a file of a run that could not be written."""
    target = error.filename or run.outputs[0]
    return Problem(f"cannot write {target}: {error.strerror or error}", run.source)


def render_all(
    runs: Sequence[Run],
    batch: BatchResult,
    execute: Execute,
    *,
    frame: int | None = None,
    progress: Callable[[Run, int, int], None] = lambda run, done, total: None,
    told: Callable[[Run, RenderResult], None] = lambda run, result: None,
) -> BatchResult:
    """Render runs. A run that fails does not stop the others.

    Args:
        runs: the runs to render.
        batch: gets the results and the problems, in the order of the runs.
        execute: from `batch_workers`.
        frame: as for `optanim.render`.
        progress: called with a run, the number of its painted frames, and of all its frames.
        told: called with each rendered run and its result, in the order of completion.

    Raises:
        Exception: an error of the program itself, after all other runs were rendered.
    """
    results: dict[int, Any] = {}
    # Several workers share the cells of a map.
    start = time.perf_counter()
    maps = {} if execute is _execute_here else tiled_maps(runs, frame, execute, progress)
    spent = _shares(maps, time.perf_counter() - start)
    jobs = (Job(run, frame, maps.get(i)) for i, run in enumerate(runs))
    for number, result in execute(jobs, lambda i, message: progress(runs[i], *message)):
        if isinstance(result, RenderResult):
            result = replace(result, took=result.took + spent.get(number, 0.0))
            told(runs[number], result)
        results[number] = result
    unexpected = None
    for run, result in ((runs[number], results[number]) for number in sorted(results)):
        match result:
            case RenderResult():
                batch.made.append(result)
            case ConfigError():
                batch.problems += result.problems
            case ClaimError():
                batch.failures += result.problems
            case OSError():
                batch.failures.append(write_problem(run, result))
            case LostTaskError():
                batch.failures.append(Problem(f"not rendered: {result}", run.source))
            case _:
                unexpected = unexpected or result
    if unexpected:
        raise unexpected
    return batch


def _shares(maps: Mapping[int, Maps], seconds: float) -> dict[int, float]:
    """The seconds that the maps of each run took, by the index of the run: by its cells."""
    cells = {
        i: sum(outcomes.status.size for outcomes in of_run.values()) for i, of_run in maps.items()
    }
    return {i: seconds * count / sum(cells.values()) for i, count in cells.items()}


@contextmanager
def batch_workers(jobs: int | None, scheduler: str | None, run_count: int) -> Iterator[Execute]:
    """A context with the workers that render a batch.

    Args:
        jobs: number of worker processes; 0 means one per core, None as many as the batch is worth.
        scheduler: address of the scheduler of a Dask cluster; None means this machine.
        run_count: approximate number of runs; with 0 no worker is started.

    Raises:
        ConfigError: no scheduler answers.
    """
    if scheduler:
        from optanim.pipeline.dask_cluster import dask_workers

        with dask_workers(scheduler) as execute:
            yield execute
        return
    count = _core_count() if jobs == 0 else jobs or _worker_count(run_count)
    if count == 1 or not run_count:
        yield _execute_here
        return
    from optanim.pipeline.workers import worker_pool

    started = list[Job]()

    def packed(jobs: Iterable[Job | TileJob]) -> Iterator[bytes]:
        for job in jobs:
            if isinstance(job, Job):
                started.append(job)
            yield job.pack()

    try:
        with worker_pool(count, do_packed, ["optanim.pipeline.preload"]) as execute:
            yield lambda jobs, on_message: execute(packed(jobs), on_message)
    finally:
        # Of workers that were killed, by the system or because they did not end in time.
        remove_leftovers(path for job in started for path in job.run.outputs)


def _execute_here(
    jobs: Iterable[Job | TileJob], on_message: OnMessage
) -> Iterator[tuple[int, Any]]:
    """Do the jobs one after the other in this process."""
    for number, job in enumerate(jobs):
        try:
            result: Any = do_job(job, partial(on_message, number))
        except Exception as error:
            result = error
        yield number, result


def _worker_count(run_count: int) -> int:
    """The number of workers that a batch is worth: a start takes as long as a few figures.

    It is 1 under `make -j`, which runs several commands at once and so uses all cores.
    """
    if any(flag.startswith(("-j", "--jobs")) for flag in os.environ.get("MAKEFLAGS", "").split()):
        return 1
    return min(_core_count(), max(1, run_count // RUNS_PER_WORKER))


def _core_count() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
