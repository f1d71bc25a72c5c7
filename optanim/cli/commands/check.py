from typing import Annotated

import typer

from optanim.cli.completion import among
from optanim.cli.options import Configs, Set
from optanim.errors import PROBLEM_FORMATS


def check(
    configs: Configs,
    set: Set = None,
    format: Annotated[
        str,
        typer.Option(
            metavar="human|short|json|github",
            help="How to print what is wrong.",
            autocompletion=among(lambda: PROBLEM_FORMATS),
        ),
    ] = "human",
) -> None:
    """Check configs, and the claims in them, without rendering."""
    from optanim.errors import ClaimError, Problem
    from optanim.experiment.trials import trajectories_of
    from optanim.experiment.verdicts import verdicts_of
    from optanim.pipeline.batch import configs_in, load_all

    if format not in PROBLEM_FORMATS:
        raise typer.BadParameter(f"'{format}' is not one of {', '.join(PROBLEM_FORMATS)}")
    names = configs_in(configs)
    runs, problems = load_all(names, set=set or ())
    claims, failures = 0, list[Problem]()
    for run in (run for run in runs if run.claims):
        try:
            claims += len(verdicts_of(run, trajectories_of(run)))
        except ClaimError as error:
            failures += error.problems
    printed = PROBLEM_FORMATS[format]([*problems, *failures])
    if printed:
        typer.echo(printed, err=format == "human")
    if problems or failures:
        raise typer.Exit(2 if problems else 1)
    if format == "human":
        told = f", {claims} claim{'s' * (claims != 1)} judged" if claims else ""
        many = f"{len(names)} config{'s' * (len(names) != 1)} checked"
        typer.echo(f"{many}{told}, nothing wrong", err=True)
