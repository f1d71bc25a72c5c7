from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.completion import among


def _templates() -> list[str]:
    from optanim.cli.starter import templates

    return [*templates()]


def init(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="Where to write it, optanim.yaml by default; with --makefile, the folder of the"
            " configs, figures by default.",
        ),
    ] = None,
    template: Annotated[
        str,
        typer.Option(metavar="NAME", help="single, race, expression or regression.",
                     autocompletion=among(_templates)),
    ] = "single",
    no_schema: Annotated[
        bool | None,
        typer.Option("--no-schema", help="Without the schema beside it, which editors read."),
    ] = None,
    makefile: Annotated[
        bool | None,
        typer.Option("--makefile", help="Write a Makefile, and a config if the folder has none."),
    ] = None,
) -> None:  # fmt: skip
    """Write a commented config to start from, or a Makefile that renders a folder of them."""
    from optanim.cli import starter
    from optanim.pipeline.atomic_file import whole_file

    if makefile:
        files, now = starter.makefile(path or Path("figures"), template, not no_schema), "make"
    else:
        path = path or Path("optanim.yaml")
        files, now = starter.config(path, template, not no_schema), f"optanim render {path}"
    for file, data in files.items():
        with whole_file(file) as opened:
            opened.write(data)
    for old in starter.outdated(files):
        typer.echo(f"{old} is of another version; optanim schema -o {old} renews it", err=True)
    *names, last = map(str, files)
    said = f"{', '.join(names)} and {last} are" if names else f"{last} is"
    typer.echo(f"{said} written. Now: {now}", err=True)
