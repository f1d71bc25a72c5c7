"""Render the figures of several runs and report on them: for `render`, `batch` and `sweep`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typer

from optanim.cli.long_work import announce, seconds_of
from optanim.cli.options import RenderOptions
from optanim.cli.streams import print_json, write_bytes
from optanim.cli.tables import results_as_json, table_printer
from optanim.cli.terminal import batch_summary, progress_report
from optanim.config.run import Run
from optanim.encoding.write import is_still
from optanim.errors import ConfigError, Problem, first_problems, quoted
from optanim.pipeline.batch import BatchResult, batch_workers, render_all, touch_outputs
from optanim.pipeline.estimate import estimate
from optanim.pipeline.film_size import film_problems
from optanim.pipeline.loading import separate_problems
from optanim.pipeline.provenance import stale_files
from optanim.printable import cut, one_line

LoadRuns = Callable[[str | None, bool], tuple[list[Run], list[Problem]]]
"""`load(output, single)` returns the runs, and the problems of the configs that failed."""


def render_figures(load: LoadRuns, options: RenderOptions, *, run_count: int = 1) -> None:
    """Render runs; print the requested results on stdout, progress and problems on stderr.

    Args:
        load: called while the workers start; `single` is true if only one run may be loaded.
        options: of the command line.
        run_count: number of runs, as far as it is known before they are loaded.

    Raises:
        ConfigError: the options cannot be combined.
        typer.Exit: a config has a problem, or a run failed.
    """
    start = time.perf_counter()
    frame, limit = _frame_number(options.frame), seconds_of(options.limit)
    to_stdout = options.output == "-"
    print_table = table_printer(
        options.table, {"--json": options.json, "-q": options.quiet, "-o -": to_stdout}
    )
    _check_options(options, run_count)
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        # If there are themes, each has a file.
        temporary = Path(folder, "{theme}.png" if options.frame else "{theme}.gif")
        output = str(temporary) if to_stdout else options.output

        def load_runs() -> tuple[list[Run], BatchResult]:
            runs, problems = load(output, to_stdout)
            if to_stdout and any(len(run.themes) > 1 for run in runs):
                message, help = "standard output takes only one figure", "-s 'themes=[light]'"
                raise ConfigError([Problem(message, "-o -", help)])
            if options.frame and not output:
                runs, more = separate_problems(map(_still, runs), ())
                problems += more
            problems += [problem for run in runs for problem in film_problems(run, frame)]
            runs = [run for run in runs if not film_problems(run, frame)]
            return runs, BatchResult(problems=problems)

        loaded = None
        if options.check:
            _report_stale(*load_runs(), frame, inputs_only=options.check == "inputs")
        if options.if_changed:
            loaded = _without_fresh(*load_runs(), frame)
            run_count = len(loaded[0])
        with batch_workers(options.jobs, options.scheduler, run_count) as each:
            runs, outcome = loaded or load_runs()
            announce(runs, [estimate(run, frame=frame) for run in runs], limit, options.quiet)
            with progress_report(runs, quiet=bool(options.quiet or to_stdout)) as (progress, done):
                render_all(runs, outcome, each, frame=frame, progress=progress, told=done)
        if to_stdout and outcome.made:
            write_bytes(outcome.made[0].paths[0].read_bytes())
    print_table([result for rendered in outcome.made for result in rendered.results])
    if options.json:
        print_json(results_as_json(outcome.made))
    elif options.quiet and not to_stdout:
        for rendered in outcome.made:
            typer.echo("\n".join(one_line(str(path)) for path in rendered.paths))
    _print_problems([*outcome.problems, *outcome.failures])
    if (max(run_count, len(runs)) > 1 or outcome.fresh) and not options.quiet:
        typer.echo(batch_summary(outcome, time.perf_counter() - start), err=True)
    if outcome.code:
        raise typer.Exit(outcome.code)


def _still(run: Run) -> Run:
    """The run with a PNG in place of its animations, in each theme."""
    outputs = list[Path]()
    for twin in run.in_themes():
        stills = (
            path if is_still(path.suffix) else twin.outputs[0].with_suffix(".png")
            for path in twin.outputs
        )  # fmt: skip
        outputs += dict.fromkeys(stills)
    return replace(run, outputs=tuple(outputs))


def _check_options(options: RenderOptions, run_count: int) -> None:
    """Nothing, if the options can be combined.

    Raises:
        ConfigError: two of them exclude each other, or standard output cannot take the figures.
    """
    to_stdout = options.output == "-"
    exclusive = (
        {"--json": options.json, "-o -": to_stdout},
        {"--check": options.check, "--if-changed": options.if_changed, "-o -": to_stdout},
        {"--jobs": options.jobs is not None, "--scheduler": options.scheduler},
    )
    if options.check not in (None, "all", "inputs"):
        help = "--check, or --check inputs"
        raise ConfigError([Problem(f"cannot be {quoted(options.check)}", "--check", help)])
    for flags in exclusive:
        if len(used := [flag for flag, value in flags.items() if value]) > 1:
            message = f"cannot be combined with {used[1]}"
            raise ConfigError([Problem(message, used[0], "use only one of them")])
    if to_stdout and run_count > 1:
        raise ConfigError([Problem("standard output takes only one figure", "-o -")])
    if to_stdout and sys.stdout.isatty():
        raise ConfigError([Problem("standard output is a terminal; name a file", "-o -")])


def _report_stale(
    runs: list[Run], outcome: BatchResult, frame: int | None, *, inputs_only: bool
) -> None:
    """Print which files are out of date and why, and the problems of the configs.

    Raises:
        typer.Exit: always; with 1 if a file is out of date.
    """
    reasons = dict[Path, str]()
    for run in runs:
        reasons |= stale_files(run, frame, inputs_only=inputs_only)
    for path, why in reasons.items():
        typer.echo(f"{one_line(str(path))}: {one_line(cut(why))}")
    _print_problems(outcome.problems)
    raise typer.Exit(1 if reasons else outcome.code)


def _without_fresh(
    runs: list[Run], outcome: BatchResult, frame: int | None
) -> tuple[list[Run], BatchResult]:
    """The runs with a file that is out of date; the outcome counts the files of the others."""
    outdated = []
    for run in runs:
        if stale_files(run, frame):
            outdated.append(run)
        else:
            outcome.fresh += len(run.outputs)
            touch_outputs(run)
    return outdated, outcome


def _print_problems(problems: list[Problem]) -> None:
    for problem in first_problems(problems):
        typer.echo(f"{problem}\n", err=True)


def _frame_number(frame: str | None) -> int | None:
    """The number of the step that `--frame` names; -1 is the last. None without `--frame`."""
    if frame is None:
        return None
    if frame in ("first", "last"):
        return 0 if frame == "first" else -1
    if not frame.isdecimal():
        message = f"'{frame}' is not first, last, or the number of a step"
        raise typer.BadParameter(message, param_hint="--frame")
    return int(frame)
