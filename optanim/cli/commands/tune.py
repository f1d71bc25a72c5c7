import typer

from optanim.cli.options import Config, Json, Set, Table


def tune(config: Config, set: Set = None, table: Table = None, json: Json = None) -> None:
    """Find the best learning rate of each optimizer, over one grid and in one budget."""
    from optanim.cli.rows import printer
    from optanim.cli.terminal import aligned, as_json, beyond
    from optanim.config.dump import optimizers_as_yaml
    from optanim.config.loader import load
    from optanim.errors import ConfigError, Problem
    from optanim.experiment.tuning import auto, bests, searches_of, tunable, tuned
    from optanim.formulas.plain_text import plain

    tell = printer(table, {"--json": json})
    run = load(config, set=set or ())
    if not any(map(tunable, run.trials)):
        raise ConfigError([Problem("no optimizer of this config has an lr to tune", run.source)])
    found = tuned(auto(run))
    rows, searches = bests(run, found), searches_of(found)
    tell(rows)
    if json:
        typer.echo(as_json(rows, searches))
    elif not table:
        typer.echo(
            f"{aligned(rows)}\n\n{searches[0].budget}\n\n{optimizers_as_yaml(found)}", nl=False
        )
    for trial in found.trials:
        if not tunable(trial):
            typer.echo(f"{plain(trial.label)} has no lr, and is passed over", err=True)
        elif trial.search and trial.search.end:
            said = f"{plain(trial.label)}: lr {trial.search.rate:g} is {beyond(trial.search)}"
            typer.echo(said, err=True)
