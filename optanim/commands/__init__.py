"""Commands: a file is an entry; see `optanim.catalogue`. Here is what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from optanim.batch import Outcome
    from optanim.config import Run
    from optanim.errors import Problem

Configs = Annotated[
    list[str], typer.Argument(help="YAML files, folders of them, or - for standard input.")
]
Config = Annotated[str, typer.Argument(help="A YAML file, or - for standard input.")]
Set = Annotated[
    list[str] | None,
    typer.Option("-s", "--set", metavar="KEY=VALUE", help="Set a key first: optimizer.lr=0.3"),
]
Json = Annotated[bool | None, typer.Option("--json", help="Print the result as JSON.")]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="PATH",
                 help="Write here, e.g. 'output/{config}.gif'; - is standard output."),
]  # fmt: skip
Frame = Annotated[
    str | None,
    typer.Option(metavar="first|last|N", help="A still of this step instead of an animation."),
]
Quiet = Annotated[bool | None, typer.Option("-q", "--quiet", help="Print nothing but the paths.")]
Jobs = Annotated[
    int | None,
    typer.Option("-j", "--jobs", min=0, metavar="N",
                 help="So many processes; 0 is one for each core. [default: as it is worth]"),
]  # fmt: skip
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Render on the Dask cluster of this scheduler."),
]
Table = Annotated[
    str | None,
    typer.Option("--table", metavar="csv|markdown", help="Print a table of the results."),
]


def figures(
    load: Callable[[], tuple[list[Run], list[Problem]]], *, many: int, jobs: int | None,
    scheduler: str | None, frame: int | None, json: bool | None, table: str | None,
    quiet: bool | None, aside: bool = False,
) -> Outcome:  # fmt: skip
    """Render runs and say so: what was made on stdout if it was asked for, all talk on stderr.

    Args:
        load: the runs, and what is wrong with others; called when the processes are on their way.
        many: how many runs there are, more or less.
        jobs, scheduler: as for `optanim.batch.crew`.
        frame: as for `optanim.render`.
        json: print the results as JSON.
        table: print what became of each walk, in this form.
        quiet: print nothing but the paths.
        aside: print nothing: the files do not stay where they are.
    """
    import time

    from optanim.batch import Outcome, crew, render_all
    from optanim.report import closing, facts, telling
    from optanim.rows import printer

    tell = printer(table, {"--json": json, "-q": quiet, "-o -": aside})
    began = time.perf_counter()
    with crew(jobs, scheduler, many) as each:
        runs, problems = load()
        outcome = Outcome(problems=problems)
        with telling(quiet=bool(quiet or aside), runs=runs) as (progress, told):
            render_all(runs, outcome, each, frame=frame, progress=progress, told=told)
    tell([row for made in outcome.made for row in made.results])
    if json:
        typer.echo(facts(outcome.made))
    elif quiet and not aside:
        for made in outcome.made:
            typer.echo("\n".join(map(str, made.paths)))
    for problem in (*outcome.problems, *outcome.failures):
        typer.echo(f"{problem}\n", err=True)
    if many > 1 and not quiet:
        typer.echo(closing(outcome, time.perf_counter() - began), err=True)
    return outcome


def step(frame: str | None) -> int | None:
    """The number of a step that is written `first`, `last` or as a number; None for none."""
    named = {None: None, "first": 0, "last": -1}
    if frame in named:
        return named[frame]
    if not (frame or "").isdecimal():
        raise typer.BadParameter(f"'{frame}' is not first, last, or the number of a step")
    return int(frame or 0)
