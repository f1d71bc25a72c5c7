import typer

from optanim.cli.options import Config, Json, Limit, Plugin, Set, Table


def tune(
    config: Config,
    set: Set = None,
    plugin: Plugin = None,
    table: Table = None,
    json: Json = None,
    limit: Limit = None,
) -> None:
    """Find the best learning rate of each optimizer.

    All optimizers try the same rates, each for the same number of steps. `tuning.over` names other
    options that are tuned with the rate.
    """
    from functools import partial

    from optanim.cli.long_work import announce, seconds_of
    from optanim.cli.streams import print_json, print_yaml
    from optanim.cli.tables import rates_as_json, rates_as_text, table_printer
    from optanim.cli.terminal import budget_lines, grid_end_warning, progress_report
    from optanim.config.dump import optimizers_as_yaml
    from optanim.config.loader import load
    from optanim.errors import ConfigError, Problem
    from optanim.experiment.tuning import (
        best_rates,
        has_rate,
        searches_of,
        tune_rates,
        with_auto_rates,
    )
    from optanim.formulas.plain_text import plain
    from optanim.pipeline.estimate import estimate_simulation

    print_table = table_printer(table, {"--json": json})
    run = load(config, set=set or ())
    if not any(map(has_rate, run.trials)):
        raise ConfigError([Problem("no optimizer of this config has an lr to tune", run.source)])
    to_tune = with_auto_rates(run)
    announce([to_tune], [estimate_simulation(to_tune)], seconds_of(limit), quiet=False)
    with progress_report([to_tune], quiet=False) as (progress, _):
        tuned_run = tune_rates(to_tune, partial(progress, to_tune))
    rates, searches = best_rates(run, tuned_run), searches_of(tuned_run)
    print_table(rates)
    if json:
        print_json(rates_as_json(rates, searches))
    elif not table:
        typer.echo(f"{rates_as_text(rates)}\n\n{budget_lines(searches)}\n")
        print_yaml(partial(optimizers_as_yaml, tuned_run))
    for trial in tuned_run.trials:
        label = plain(trial.label)
        if not has_rate(trial):
            typer.echo(f"{label} has no lr, so it is not tuned", err=True)
        elif trial.search and trial.search.end:
            warning = grid_end_warning(trial.search)
            typer.echo(f"{label}: lr {trial.search.rate:g} is {warning}", err=True)
