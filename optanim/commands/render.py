from pathlib import Path
from typing import Annotated

import typer

from optanim.commands import Configs, Json, Set


def render(
    configs: Configs,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH",
                     help="Write here, e.g. 'output/{config}.gif'; - is standard output."),
    ] = None,
    set: Set = None,
    frame: Annotated[
        str | None,
        typer.Option(metavar="first|last|N", help="A still of this step instead of an animation."),
    ] = None,
    json: Json = None,
    quiet: Annotated[
        bool | None, typer.Option("-q", "--quiet", help="Print nothing but the paths.")
    ] = None,
) -> None:  # fmt: skip
    """Render configs to animations, or to stills."""
    import sys
    import tempfile

    from optanim.batch import Outcome, configs_in, load_all, render_all
    from optanim.errors import ConfigError, Problem
    from optanim.report import facts, telling

    names, still = configs_in(configs), _step(frame)
    piped = output == "-"
    if piped and (len(names) > 1 or sys.stdout.isatty()):
        rule = "takes one picture" if len(names) > 1 else "is a terminal; name a file"
        raise ConfigError([Problem(f"standard output {rule}", "-o -")])
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        if piped:
            output = str(Path(folder, "still.png" if frame else "animation.gif"))
        elif frame and not output:
            output = "output/{config}.png"
        runs, problems = load_all(names, set=set or (), output=output)
        outcome = Outcome(problems=problems)
        with telling(quiet=bool(quiet or piped), many=len(runs)) as (progress, told):
            render_all(runs, outcome, frame=still, progress=progress, told=told)
        if piped and outcome.made:
            sys.stdout.buffer.write(outcome.made[0].paths[0].read_bytes())
    if json:
        typer.echo(facts(outcome.made))
    elif quiet and not piped:
        for made in outcome.made:
            typer.echo("\n".join(map(str, made.paths)))
    for problem in (*outcome.problems, *outcome.failures):
        typer.echo(f"{problem}\n", err=True)
    if outcome.code:
        raise typer.Exit(outcome.code)


def _step(frame: str | None) -> int | None:
    named = {None: None, "first": 0, "last": -1}
    if frame in named:
        return named[frame]
    if not (frame or "").isdecimal():
        raise typer.BadParameter(f"'{frame}' is not first, last, or the number of a step")
    return int(frame or 0)
