"""Many runs: which configs are meant, that no two write the same file, and who renders them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from optanim.config.extends import figures
from optanim.config.loader import load_runs
from optanim.config.run import Run
from optanim.errors import ClaimError, ConfigError, Problem
from optanim.pipeline.atomic_file import SUFFIXES
from optanim.pipeline.jobs import Job, do, unpacked
from optanim.pipeline.render import Rendered
from optanim.pipeline.workers import Each, Heard, LostError

ENOUGH = 4
"""Configs for which a process is worth its start."""


@dataclass
class BatchResult:
    """What became of a batch.

    Attributes:
        made: a result for each run that was rendered.
        problems: what is wrong with configs.
        failures: claims that a run disagrees with, and what could not be written.
        fresh: how many files were left as they are.
    """

    made: list[Rendered] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[Problem] = field(default_factory=list)
    fresh: int = 0

    @property
    def code(self) -> int:
        """The exit code: 0 all well, 1 something failed, 2 nothing could start."""
        if self.problems and not (self.made or self.failures or self.fresh):
            return 2
        return 1 if self.problems or self.failures else 0


def configs_in(names: Iterable[str]) -> list[str]:
    """The config files that are named, a folder standing for those in it, each once.

    One that another extends, and that is no figure by itself, is passed over.

    Raises:
        ConfigError: a folder has none.
    """
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name == "-" or not path.is_dir():
            found.append(name)
            continue
        inside = sorted(str(p) for p in path.iterdir() if p.suffix in SUFFIXES and p.is_file())
        if not inside:
            raise ConfigError([Problem("there is no .yaml file in this folder", str(path))])
        found += inside
    return figures(dict.fromkeys(found))


def load_all(
    names: Sequence[str], *, set: Sequence[str] = (), output: str | None = None,
    matrix: Sequence[str] | None = None, layout: str | None = None, one: bool = False,
) -> tuple[list[Run], list[Problem]]:  # fmt: skip
    """The runs of all the configs that are right, and everything that is wrong with the others."""
    found: list[Run | ConfigError] = []
    for name in names:
        try:
            found += load_runs(name, set=set, output=output, matrix=matrix, layout=layout, one=one)
        except ConfigError as error:
            found.append(error)
    return apart(found, names)


def apart(
    found: Iterable[Run | ConfigError], configs: Iterable[str]
) -> tuple[list[Run], list[Problem]]:
    """The runs that are right and write files of their own, and what is wrong with the others.

    Args:
        found: runs, and what is wrong with those that are none.
        configs: files that no run may write.
    """
    runs, problems = list[Run](), list[Problem]()
    taken: dict[Path, str | None] = {same(name): None for name in configs}
    for run in found:
        if isinstance(run, ConfigError):
            problems += run.problems
            continue
        wrong = clashes(run, taken)
        for path in run.outputs:
            taken.setdefault(same(path), run.source)
        problems += wrong
        if not wrong:
            runs.append(run)
    return runs, problems


def clashes(run: Run, taken: Mapping[Path, str | None]) -> list[Problem]:
    """What files of a run would be written over.

    Args:
        run: whose files are to be written.
        taken: by `same`, the files that others write, each with their config's name; and those that
            are configs, with None.
    """
    found = []
    for path in run.outputs:
        if (owner := taken.get(same(path))) is not None:
            found.append(f"would write {path}, as {owner} does")
        elif same(path) in taken:
            found.append(f"would write over {path}, a config")
    help = "give each an output of its own, e.g. 'output/{config}.gif'"
    return [Problem(clash, run.source, help) for clash in found]


def renew(run: Run) -> None:
    """Date fresh files after their inputs, as make wants it."""
    newest = max((path.stat().st_mtime_ns for path in run.inputs), default=0)
    for path in run.outputs:
        if path.stat().st_mtime_ns < newest:
            os.utime(path)


def unwritten(run: Run, error: OSError) -> Problem:
    """That a file of a run could not be written, and why."""
    target = error.filename or run.outputs[0]
    return Problem(f"cannot write {target}: {error.strerror or error}", run.source)


def render_all(
    runs: Sequence[Run],
    outcome: BatchResult,
    each: Each,
    *,
    frame: int | None = None,
    progress: Callable[[Run, int, int], None] = lambda run, done, of: None,
    told: Callable[[Run, Rendered], None] = lambda run, made: None,
) -> BatchResult:
    """Render runs; one that fails costs no other.

    Args:
        runs: what to render.
        outcome: where to put what became of them, in their order.
        each: who does it, from `crew`.
        frame: as for `optanim.render`.
        progress: called with a run, its frames painted so far, and how many there are.
        told: called after each run that was made, in the order in which they get done.

    Raises:
        Exception: what nobody foresaw, when all others are done.
    """
    answers: dict[int, Any] = {}
    jobs = (Job(run, frame) for run in runs)
    for number, answer in each(jobs, lambda i, said: progress(runs[i], *said)):
        answers[number] = answer
        if isinstance(answer, Rendered):
            told(runs[number], answer)
    unforeseen = None
    for run, answer in ((runs[number], answers[number]) for number in sorted(answers)):
        match answer:
            case Rendered():
                outcome.made.append(answer)
            case ConfigError():
                outcome.problems += answer.problems
            case ClaimError():
                outcome.failures += answer.problems
            case OSError():
                outcome.failures.append(unwritten(run, answer))
            case LostError():
                outcome.failures.append(Problem(f"not rendered, {answer}", run.source))
            case _:
                unforeseen = unforeseen or answer
    if unforeseen:
        raise unforeseen
    return outcome


@contextmanager
def crew(jobs: int | None, scheduler: str | None, many: int) -> Iterator[Each]:
    """Who renders a batch, for a stretch of code.

    Args:
        jobs: how many processes, 0 is one for each core; by default as many as the batch is worth.
        scheduler: the address of a Dask cluster's; None is this machine.
        many: how many runs there are, more or less; none needs nobody else.

    Raises:
        ConfigError: no scheduler answers.
    """
    if scheduler:
        from optanim.pipeline.dask_cluster import cluster

        with cluster(scheduler) as each:
            yield each
        return
    count = _cores() if jobs == 0 else jobs or _worth(many)
    if count == 1 or not many:
        yield _alone
        return
    from optanim.pipeline.workers import processes

    with processes(count, unpacked, ["optanim.pipeline.preload"]) as each:
        yield lambda tasks, heard: each((job.packed() for job in tasks), heard)


def _alone(jobs: Iterable[Job], heard: Heard) -> Iterator[tuple[int, Any]]:
    """The jobs one after the other, in this process."""
    for number, job in enumerate(jobs):
        try:
            answer: Any = do(job, partial(heard, number))
        except Exception as error:
            answer = error
        yield number, answer


def _worth(many: int) -> int:
    """How many processes a batch is worth: to start one takes as long as a few figures.

    One, in a make that runs several commands at once: the cores are taken.
    """
    if any(flag.startswith(("-j", "--jobs")) for flag in os.environ.get("MAKEFLAGS", "").split()):
        return 1
    return min(_cores(), max(1, many // ENOUGH))


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def same(path: str | Path) -> Path:
    """One name for a file, however it is written."""
    return Path(path).resolve()
