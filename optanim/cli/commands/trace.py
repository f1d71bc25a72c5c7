from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.options import Config, Limit, Plugin, Set


def trace(
    config: Config,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="A .csv, .json or .npz file. By default CSV is printed.",
        ),
    ] = None,
    set: Set = None,
    plugin: Plugin = None,
    limit: Limit = None,
) -> None:
    """Write the numbers of a run: each step of each optimizer.

    They are the parameters, the loss and the number of evaluations, from the start (step 0) on.
    """
    from optanim.cli.long_work import announce, seconds_of
    from optanim.cli.streams import write_bytes
    from optanim.cli.tables import TRAJECTORY_WRITERS
    from optanim.cli.terminal import search_line
    from optanim.config.loader import load
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.experiment.trials import simulate_run
    from optanim.experiment.tuning import searches_of
    from optanim.files import real_path
    from optanim.pipeline.atomic_file import atomic_write, unwritable_reason
    from optanim.pipeline.estimate import estimate_simulation

    target = Path(output) if output else None
    suffix = target.suffix[1:].lower() if target else "csv"
    if suffix not in TRAJECTORY_WRITERS:
        help = did_you_mean(suffix, TRAJECTORY_WRITERS, "formats")
        raise ConfigError([Problem(f"no table format is called '.{suffix}'", str(target), help)])
    reason = target and unwritable_reason(target)
    if target and target.is_symlink() and real_path(target).suffix.lower() != f".{suffix}":
        reason = f"is a link to {real_path(target)}, which is no .{suffix} file"
    if reason:
        raise ConfigError([Problem(reason, str(target))])
    run = load(config, set=set or ())
    if run.is_swarm and suffix != "npz":
        message = "a swarm has a trajectory from each start, too many for a table"
        raise ConfigError([Problem(message, run.source, "-o trace.npz has the arrays of all")])
    announce([run], [estimate_simulation(run)], seconds_of(limit), quiet=False)
    run, trajectories = simulate_run(run)
    for search in searches_of(run):
        typer.echo(search_line(search), err=True)
    data = TRAJECTORY_WRITERS[suffix](run.surface, trajectories)
    if target is None:
        write_bytes(data)
        return
    with atomic_write(target) as file:
        file.write(data)
