from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.options import Config, Set


def trace(
    config: Config,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH",
                     help="A .csv, .json or .npz file; CSV on standard output without it."),
    ] = None,
    set: Set = None,
) -> None:  # fmt: skip
    """Write the numbers of a run: every step of every optimizer, step 0 included."""
    import sys

    from optanim.cli.tables import TABLES
    from optanim.cli.terminal import found
    from optanim.config.loader import load
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.experiment.trials import simulate_run
    from optanim.experiment.tuning import searches_of
    from optanim.pipeline.atomic_file import unwritable, whole_file

    target = Path(output) if output else None
    suffix = target.suffix[1:].lower() if target else "csv"
    if suffix not in TABLES:
        help = did_you_mean(suffix, TABLES, "formats")
        raise ConfigError([Problem(f"no table is called '.{suffix}'", str(target), help)])
    if target and (reason := unwritable(target)):
        raise ConfigError([Problem(reason, str(target))])
    run, trajectories = simulate_run(load(config, set=set or ()))
    for search in searches_of(run):
        typer.echo(found(search), err=True)
    data = TABLES[suffix](run.surface.axes, trajectories)
    if target is None:
        sys.stdout.buffer.write(data)
        return
    with whole_file(target) as file:
        file.write(data)
