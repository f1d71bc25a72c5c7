from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from optanim.cli.completion import one_of
from optanim.cli.options import Configs, Limit, Plugin, Set
from optanim.errors import PROBLEM_FORMATS

if TYPE_CHECKING:
    from optanim.config.run import Run
    from optanim.experiment.simulate import Trajectory


def check(
    configs: Configs,
    set: Set = None,
    plugin: Plugin = None,
    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            help="How to print problems: human, short, json or github.",
            autocompletion=one_of(lambda: PROBLEM_FORMATS),
        ),
    ] = "human",
    limit: Limit = None,
) -> None:
    """Check configs and their claims without rendering."""
    from optanim.cli.long_work import announce, seconds_of
    from optanim.cli.streams import print_json
    from optanim.errors import ClaimError, ConfigError, Problem
    from optanim.experiment.trials import simulate_run
    from optanim.experiment.tuning import has_auto_rate
    from optanim.experiment.verdicts import verdicts_of
    from optanim.pipeline.estimate import estimate_simulation
    from optanim.pipeline.loading import configs_in, load_all
    from optanim.pipeline.refusals import drawing_problems, may_refuse_drawing, refusals

    if format not in PROBLEM_FORMATS:
        message = f"'{format}' is not one of {', '.join(PROBLEM_FORMATS)}"
        raise typer.BadParameter(message, param_hint="--format")
    names = configs_in(configs)
    runs, problems = load_all(names, set=set or ())
    refused = [problem for run in runs for problem in refusals(run)]
    problems += dict.fromkeys(refused)  # the runs of a matrix share them
    claim_count, failures = 0, list[Problem]()
    simulated = [run for run in runs if run.claims or has_auto_rate(run) or may_refuse_drawing(run)]
    announce(simulated, [*map(estimate_simulation, simulated)], seconds_of(limit), quiet=False)
    # What else is quick is simulated for the remarks alone.
    quick = [run for run in runs if run not in simulated and estimate_simulation(run).seconds < 5]
    remarks = list[str]()
    for run in (*simulated, *quick):
        try:
            tuned, trajectories = simulate_run(run)
            claim_count += len(verdicts_of(tuned, trajectories))
            problems += drawing_problems(tuned, trajectories)
            remarks += _remarks(tuned, trajectories)
        except ConfigError as error:
            problems += error.problems
        except ClaimError as error:
            failures += error.problems
    report = PROBLEM_FORMATS[format]([*problems, *failures])
    if format == "json":
        print_json(report)
    elif report:
        typer.echo(report, err=format == "human")
    if format == "human":
        _print_notes(remarks)
    if problems or failures:
        raise typer.Exit(2 if problems else 1)
    if format == "human":
        claims = f" and {_counted(claim_count, 'claim')}" if claim_count else ""
        typer.echo(f"{_counted(len(names), 'config')}{claims} checked: no problems", err=True)


def _print_notes(remarks: list[str]) -> None:
    from optanim.printable import one_line

    for remark in dict.fromkeys(remarks):
        typer.echo(f"note: {one_line(remark)}", err=True)


def _remarks(run: Run, trajectories: Sequence[Trajectory]) -> list[str]:
    """The trials of a run that fail, and its remarks, after the name of its config."""
    from optanim.experiment.remarks import remarks_of
    from optanim.experiment.results import results_of

    failed = [f"{row.label} {row.status}" for row in results_of(run, trajectories) if row.fails]
    return [f"{run.source}: {line}" for line in (*failed, *remarks_of(run, trajectories))]


def _counted(number: int, noun: str) -> str:
    """A number and its noun in the singular or plural, such as `2 claims`."""
    return f"{number} {noun}{'s' * (number != 1)}"
