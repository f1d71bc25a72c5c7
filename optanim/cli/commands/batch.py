from typing import Annotated

import typer

from optanim.cli.completion import several
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


def batch(
    config: Config,
    optimizers: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="A list such as gd,adam; or all.",
            autocompletion=several("optimizers"),
        ),
    ] = "all",
    surfaces: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Each optimizer on each of these, in place of its own.",
            autocompletion=several("surfaces"),
        ),
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
) -> None:
    """Render one config for every optimizer, and on several surfaces."""
    from optanim.cli.figures import render_figures
    from optanim.config.loader import load_pairs
    from optanim.config.variants import named, stands_alone
    from optanim.pipeline.batch import apart

    chosen = named(optimizers, "optimizers", "--optimizers", lambda name: True)
    on = named(surfaces, "surfaces", "--surfaces", stands_alone) if surfaces else []
    render_figures(
        lambda target, one: apart(
            load_pairs(config, chosen, on, set=set or (), output=target), [config]
        ),
        many=len(chosen) * max(1, len(on)), output=output, jobs=jobs, frame=frame, json=json,
        table=table, quiet=quiet, scheduler=scheduler, if_changed=if_changed,
        check=check,
    )  # fmt: skip
