from typing import Annotated

import typer

from optanim.commands import Configs, Set
from optanim.completion import among
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
    """Check configs without rendering them."""
    from optanim.batch import configs_in, load_all

    if format not in PROBLEM_FORMATS:
        raise typer.BadParameter(f"'{format}' is not one of {', '.join(PROBLEM_FORMATS)}")
    names = configs_in(configs)
    runs, problems = load_all(names, set=set or ())
    printed = PROBLEM_FORMATS[format](problems)
    if printed:
        typer.echo(printed, err=format == "human")
    if problems:
        raise typer.Exit(2)
    if format == "human":
        typer.echo(f"{len(runs)} config{'s' * (len(runs) != 1)} checked, nothing wrong", err=True)
