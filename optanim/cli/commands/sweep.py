from typing import Annotated

import typer

from optanim.cli.completion import among, assignments
from optanim.cli.options import (
    Check,
    Config,
    Frame,
    IfChanged,
    Jobs,
    Json,
    Output,
    Quiet,
    Scheduler,
    Set,
    Table,
)


def sweep(
    config: Config,
    keys: Annotated[
        list[str] | None,
        typer.Option("-x", metavar="KEY=VALUES",
                     help="Values of a key: optimizer.lr=1e-3,1e-2; -x again for another key.",
                     autocompletion=assignments),
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(metavar="files|overlay|grid",
                     help="A file for each combination, or one picture of all trials.",
                     autocompletion=among(lambda: ("files", "overlay", "grid"))),
    ] = None,
    output: Output = None,
    set: Set = None,
    jobs: Jobs = None,
    frame: Frame = None,
    if_changed: IfChanged = None,
    check: Check = None,
    json: Json = None,
    table: Table = None,
    quiet: Quiet = None,
    scheduler: Scheduler = None,
) -> None:  # fmt: skip
    """Render every combination of some values: a sweep of hyperparameters."""
    from math import prod

    from optanim.cli.figures import render_figures
    from optanim.pipeline.batch import load_all

    render_figures(
        lambda target, one: load_all(
            [config], set=set or (), output=target, matrix=keys or [], layout=layout, one=one
        ),
        many=1 if layout in ("overlay", "grid") else prod(key.count(",") + 1 for key in keys or []),
        output=output, jobs=jobs, frame=frame, json=json, table=table, quiet=quiet,
        scheduler=scheduler, if_changed=if_changed,
        check=check,
    )  # fmt: skip
