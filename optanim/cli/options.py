"""The arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from optanim.cli.completion import among, assignments, configs

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
