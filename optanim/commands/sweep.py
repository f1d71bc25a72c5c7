from typing import Annotated

import typer

from optanim.commands import Config, Json, Set
from optanim.commands.render import pictures


def sweep(
    config: Config,
    keys: Annotated[
        list[str] | None,
        typer.Option("-x", metavar="KEY=VALUES",
                     help="Values of a key: optimizer.lr=1e-3,1e-2; -x again for another key."),
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(metavar="files|overlay|grid",
                     help="A file for each combination, or one picture of all walks."),
    ] = None,
    set: Set = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH",
                     help="Write here, e.g. 'output/{config}-{lr}.gif'; - is standard output."),
    ] = None,
    frame: Annotated[
        str | None,
        typer.Option(metavar="first|last|N", help="A still of this step instead of an animation."),
    ] = None,
    json: Json = None,
    quiet: Annotated[
        bool | None, typer.Option("-q", "--quiet", help="Print nothing but the paths.")
    ] = None,
) -> None:  # fmt: skip
    """Render every combination of some values: a sweep of hyperparameters."""
    pictures([config], output, set, frame, json, quiet, keys or [], layout)
