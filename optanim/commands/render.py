import typer

from optanim.commands import (
    Configs,
    Frame,
    Jobs,
    Json,
    Output,
    Quiet,
    Scheduler,
    Set,
    Table,
    figures,
    step,
)


def render(
    configs: Configs,
    output: Output = None,
    set: Set = None,
    jobs: Jobs = None,
    frame: Frame = None,
    json: Json = None,
    table: Table = None,
    quiet: Quiet = None,
    scheduler: Scheduler = None,
) -> None:
    """Render configs to animated GIFs, or to stills."""
    import sys
    import tempfile
    from pathlib import Path

    from optanim.batch import configs_in, load_all
    from optanim.errors import ConfigError, Problem

    names, still = configs_in(configs), step(frame)
    piped = output == "-"
    if piped and (len(names) > 1 or sys.stdout.isatty()):
        rule = "takes one picture" if len(names) > 1 else "is a terminal; name a file"
        raise ConfigError([Problem(f"standard output {rule}", "-o -")])
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        if piped:
            output = str(Path(folder, "still.png" if frame else "animation.gif"))
        elif frame and not output:
            output = "output/{config}.png"
        outcome = figures(
            lambda: load_all(names, set=set or (), output=output),
            many=len(names), jobs=jobs, scheduler=scheduler, frame=still, json=json, table=table,
            quiet=quiet, aside=piped,
        )  # fmt: skip
        if piped and outcome.made:
            sys.stdout.buffer.write(outcome.made[0].paths[0].read_bytes())
    if outcome.code:
        raise typer.Exit(outcome.code)
