"""Commands: a file is an entry; see `optanim.catalogue`. Here is what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from optanim.completion import among, assignments, configs

if TYPE_CHECKING:
    from pathlib import Path

    from optanim.batch import Outcome
    from optanim.config import Run
    from optanim.errors import Problem

Configs = Annotated[
    list[str],
    typer.Argument(
        help="YAML files, folders of them, or - for standard input.", autocompletion=configs
    ),
]
Config = Annotated[
    str, typer.Argument(help="A YAML file, or - for standard input.", autocompletion=configs)
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--set",
        metavar="KEY=VALUE",
        help="Set a key first: optimizer.lr=0.3",
        autocompletion=assignments,
    ),
]
Json = Annotated[bool | None, typer.Option("--json", help="Print the result as JSON.")]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="PATH",
                 help="Write here, e.g. 'output/{config}.gif'; - is standard output."),
]  # fmt: skip
Frame = Annotated[
    str | None,
    typer.Option(
        metavar="first|last|N",
        help="A still of this step instead of an animation.",
        autocompletion=among(lambda: ("first", "last")),
    ),
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
IfChanged = Annotated[
    bool | None, typer.Option("--if-changed", help="Leave out files that are as they would be.")
]
Check = Annotated[
    bool | None, typer.Option("--check", help="Render nothing: list stale files, and exit with 1.")
]
Table = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="csv|markdown",
        help="Print a table of the results.",
        autocompletion=among(lambda: ("csv", "markdown")),
    ),
]


def figures(
    load: Callable[[str | None, bool], tuple[list[Run], list[Problem]]], *, many: int = 1,
    output: str | None, jobs: int | None, frame: str | None, json: bool | None, table: str | None,
    quiet: bool | None, scheduler: str | None, if_changed: bool | None, check: bool | None,
) -> None:  # fmt: skip
    """Render runs, and tell it: what was asked for on stdout, all talk on stderr.

    Args:
        load: an output, and whether there may be one run only, to the runs and to what is wrong
            with others; called when the processes are on their way.
        many: how many runs there are, as far as it is known.
        output, frame, json, table, quiet: as the options above.
        jobs, scheduler: as for `optanim.batch.crew`.
        if_changed: leave out runs whose files are fresh.
        check: render nothing, and print which files are stale.

    Raises:
        typer.Exit: not all is well.
    """
    import sys
    import tempfile
    import time
    from dataclasses import replace
    from pathlib import Path

    from optanim.batch import Outcome, crew, render_all, renew
    from optanim.errors import ConfigError, Problem
    from optanim.report import closing, facts, telling
    from optanim.rows import printer
    from optanim.stamp import stale

    began, piped, still = time.perf_counter(), output == "-", _step(frame)
    tell = printer(table, {"--json": json, "-q": quiet, "-o -": piped})
    together = (
        {"--check": check, "--if-changed": if_changed, "-o -": piped},
        {"--jobs": jobs is not None, "--scheduler": scheduler},
    )
    for flags in together:
        if len(clash := [flag for flag, value in flags.items() if value]) > 1:
            message = f"does not go together with {clash[1]}"
            raise ConfigError([Problem(message, clash[0], "keep one of them")])
    if piped and (many > 1 or sys.stdout.isatty()):
        rule = "takes one picture" if many > 1 else "is a terminal; name a file"
        raise ConfigError([Problem(f"standard output {rule}", "-o -")])
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        if piped:
            output = str(Path(folder, "still.png" if frame else "animation.gif"))

        def loaded() -> tuple[list[Run], Outcome]:
            runs, problems = load(output, piped)
            if frame and not output:
                runs = [replace(r, outputs=(r.outputs[0].with_suffix(".png"),)) for r in runs]
            return runs, Outcome(problems=problems)

        known = None
        if check or if_changed:
            runs, outcome = loaded()
            found = [(run, stale(run, still)) for run in runs]
            if check:
                _tell_stale({path: why for _, of in found for path, why in of.items()}, outcome)
            for run, of in found:
                if not of:
                    outcome.fresh += len(run.outputs)
                    renew(run)
            known = [run for run, of in found if of], outcome
            many = len(known[0])
        with crew(jobs, scheduler, many) as each:
            # The processes are on their way meanwhile.
            runs, outcome = known or loaded()
            with telling(quiet=bool(quiet or piped), runs=runs) as (progress, told):
                render_all(runs, outcome, each, frame=still, progress=progress, told=told)
        if piped and outcome.made:
            sys.stdout.buffer.write(outcome.made[0].paths[0].read_bytes())
    tell([row for made in outcome.made for row in made.results])
    if json:
        typer.echo(facts(outcome.made))
    elif quiet and not piped:
        for made in outcome.made:
            typer.echo("\n".join(map(str, made.paths)))
    for problem in (*outcome.problems, *outcome.failures):
        typer.echo(f"{problem}\n", err=True)
    if (max(many, len(runs)) > 1 or outcome.fresh) and not quiet:
        typer.echo(closing(outcome, time.perf_counter() - began), err=True)
    if outcome.code:
        raise typer.Exit(outcome.code)


def _tell_stale(found: dict[Path, str], outcome: Outcome) -> None:
    """Print which files are stale and why, and what is wrong with configs.

    Raises:
        typer.Exit: always; with 1 if a file is stale.
    """
    for path, why in found.items():
        typer.echo(f"{path}: {why}")
    for problem in outcome.problems:
        typer.echo(f"{problem}\n", err=True)
    raise typer.Exit(1 if found else outcome.code)


def _step(frame: str | None) -> int | None:
    """The number of a step that is written `first`, `last` or as a number; None for none."""
    named = {None: None, "first": 0, "last": -1}
    if frame in named:
        return named[frame]
    if not (frame or "").isdecimal():
        raise typer.BadParameter(f"'{frame}' is not first, last, or the number of a step")
    return int(frame or 0)
