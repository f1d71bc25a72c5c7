"""Commands: a file is an entry; see `optanim.catalogue`. Here are the options they share."""

from typing import Annotated

import typer

from optanim.completion import assignments, configs

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
