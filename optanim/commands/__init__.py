"""Commands: a file is an entry; see `optanim.catalogue`. Here are the options they share."""

from typing import Annotated

import typer

Configs = Annotated[
    list[str], typer.Argument(help="YAML files, folders of them, or - for standard input.")
]
Config = Annotated[str, typer.Argument(help="A YAML file, or - for standard input.")]
Set = Annotated[
    list[str] | None,
    typer.Option("-s", "--set", metavar="KEY=VALUE", help="Set a key first: optimizer.lr=0.3"),
]
Json = Annotated[bool | None, typer.Option("--json", help="Print the result as JSON.")]
Table = Annotated[
    str | None,
    typer.Option("--table", metavar="csv|markdown", help="Print a table of the results."),
]
