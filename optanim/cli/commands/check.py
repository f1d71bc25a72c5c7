from typing import Annotated

import typer

from optanim.cli.completion import one_of
from optanim.cli.options import Configs, Set
from optanim.errors import PROBLEM_FORMATS


def check(
    configs: Configs,
    set: Set = None,
    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            help="How to print problems: human, short, json or github.",
            autocompletion=one_of(lambda: PROBLEM_FORMATS),
        ),
    ] = "human",
) -> None:
    """Check configs and their claims without rendering."""
    from optanim.errors import ClaimError, Problem
    from optanim.experiment.trials import trajectories_of
    from optanim.experiment.verdicts import verdicts_of
    from optanim.pipeline.batch import configs_in, load_all

    if format not in PROBLEM_FORMATS:
        message = f"'{format}' is not one of {', '.join(PROBLEM_FORMATS)}"
        raise typer.BadParameter(message, param_hint="--format")
    names = configs_in(configs)
    runs, problems = load_all(names, set=set or ())
    claim_count, failures = 0, list[Problem]()
    for run in (run for run in runs if run.claims):
        try:
            claim_count += len(verdicts_of(run, trajectories_of(run)))
        except ClaimError as error:
            failures += error.problems
    report = PROBLEM_FORMATS[format]([*problems, *failures])
    if report:
        typer.echo(report, err=format == "human")
    if problems or failures:
        raise typer.Exit(2 if problems else 1)
    if format == "human":
        claims = f" and {_counted(claim_count, 'claim')}" if claim_count else ""
        typer.echo(f"{_counted(len(names), 'config')}{claims} checked: no problems", err=True)


def _counted(number: int, noun: str) -> str:
    """A number and its noun in the singular or plural, such as `2 claims`."""
    return f"{number} {noun}{'s' * (number != 1)}"
