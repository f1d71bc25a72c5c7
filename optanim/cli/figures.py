"""Render the figures of several runs and report on them: for `render`, `batch` and `sweep`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typer

from optanim.cli.rows import printer
from optanim.cli.terminal import closing, facts, telling
from optanim.config.run import Run
from optanim.errors import ConfigError, Problem
from optanim.pipeline.batch import BatchResult, crew, render_all, renew
from optanim.pipeline.provenance import stale


def render_figures(
    load: Callable[[str | None, bool], tuple[list[Run], list[Problem]]], *, many: int = 1,
    output: str | None, jobs: int | None, frame: str | None, json: bool | None, table: str | None,
    quiet: bool | None, scheduler: str | None, if_changed: bool | None, check: bool | None,
) -> None:  # fmt: skip
    """Render runs, and tell it: what was asked for on stdout, all talk on stderr.

    Args:
        load: an output, and whether there may be one run only, to the runs and to what is wrong
            with others; called when the processes are on their way.
        many: how many runs there are, as far as it is known.
        output, frame, json, table, quiet: as the options above.
        jobs, scheduler: as for `optanim.pipeline.batch.crew`.
        if_changed: leave out runs whose files are fresh.
        check: render nothing, and print which files are stale.

    Raises:
        typer.Exit: not all is well.
    """
    began, piped, still = time.perf_counter(), output == "-", _step(frame)
    tell = printer(table, {"--json": json, "-q": quiet, "-o -": piped})
    together = (
        {"--check": check, "--if-changed": if_changed, "-o -": piped},
        {"--jobs": jobs is not None, "--scheduler": scheduler},
    )
    for flags in together:
        if len(clash := [flag for flag, value in flags.items() if value]) > 1:
            message = f"does not go together with {clash[1]}"
            raise ConfigError([Problem(message, clash[0], "keep one of them")])
    if piped and (many > 1 or sys.stdout.isatty()):
        rule = "takes one picture" if many > 1 else "is a terminal; name a file"
        raise ConfigError([Problem(f"standard output {rule}", "-o -")])
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        if piped:
            output = str(Path(folder, "still.png" if frame else "animation.gif"))

        def loaded() -> tuple[list[Run], BatchResult]:
            runs, problems = load(output, piped)
            if frame and not output:
                runs = [replace(r, outputs=(r.outputs[0].with_suffix(".png"),)) for r in runs]
            return runs, BatchResult(problems=problems)

        known = None
        if check or if_changed:
            runs, outcome = loaded()
            found = [(run, stale(run, still)) for run in runs]
            if check:
                _tell_stale({path: why for _, of in found for path, why in of.items()}, outcome)
            for run, of in found:
                if not of:
                    outcome.fresh += len(run.outputs)
                    renew(run)
            known = [run for run, of in found if of], outcome
            many = len(known[0])
        with crew(jobs, scheduler, many) as each:
            # The processes are on their way meanwhile.
            runs, outcome = known or loaded()
            with telling(quiet=bool(quiet or piped), runs=runs) as (progress, told):
                render_all(runs, outcome, each, frame=still, progress=progress, told=told)
        if piped and outcome.made:
            sys.stdout.buffer.write(outcome.made[0].paths[0].read_bytes())
    tell([row for made in outcome.made for row in made.results])
    if json:
        typer.echo(facts(outcome.made))
    elif quiet and not piped:
        for made in outcome.made:
            typer.echo("\n".join(map(str, made.paths)))
    for problem in (*outcome.problems, *outcome.failures):
        typer.echo(f"{problem}\n", err=True)
    if (max(many, len(runs)) > 1 or outcome.fresh) and not quiet:
        typer.echo(closing(outcome, time.perf_counter() - began), err=True)
    if outcome.code:
        raise typer.Exit(outcome.code)


def _tell_stale(found: dict[Path, str], outcome: BatchResult) -> None:
    """Print which files are stale and why, and what is wrong with configs.

    Raises:
        typer.Exit: always; with 1 if a file is stale.
    """
    for path, why in found.items():
        typer.echo(f"{path}: {why}")
    for problem in outcome.problems:
        typer.echo(f"{problem}\n", err=True)
    raise typer.Exit(1 if found else outcome.code)


def _step(frame: str | None) -> int | None:
    """The number of a step that is written `first`, `last` or as a number; None for none."""
    named = {None: None, "first": 0, "last": -1}
    if frame in named:
        return named[frame]
    if not (frame or "").isdecimal():
        raise typer.BadParameter(f"'{frame}' is not first, last, or the number of a step")
    return int(frame or 0)
