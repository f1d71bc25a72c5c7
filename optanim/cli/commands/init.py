from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.completion import one_of


def _templates() -> list[str]:
    from optanim.cli.starter import templates

    return [*templates()]


def init(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="The new config, by default optanim.yaml; with --makefile, the folder of the"
            " configs, by default figures.",
        ),
    ] = None,
    template: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="single, race, expression or regression.",
            autocompletion=one_of(_templates),
        ),
    ] = "single",
    no_schema: Annotated[
        bool | None,
        typer.Option("--no-schema", help="Do not write the JSON Schema that editors read."),
    ] = None,
    makefile: Annotated[
        bool | None,
        typer.Option("--makefile", help="Write a Makefile, and a config if the folder has none."),
    ] = None,
) -> None:
    """Write a commented config, or a Makefile, to start from.

    The Makefile renders every config of a folder.
    """
    from optanim.cli import starter
    from optanim.pipeline.atomic_file import atomic_write

    if makefile:
        files = starter.makefile(path or Path("figures"), template, not no_schema)
        command = "make"
    else:
        path = path or Path("optanim.yaml")
        files = starter.config(path, template, not no_schema)
        command = f"optanim render {path}"
    for file, data in files.items():
        with atomic_write(file) as stream:
            stream.write(data)
    for schema in starter.outdated(files):
        typer.echo(
            f"{schema} is from another version of optanim;"
            f" update it with: optanim schema -o {schema}",
            err=True,
        )
    *names, last = map(str, files)
    written = f"{', '.join(names)} and {last}" if names else last
    typer.echo(f"Created {written}. Next: {command}", err=True)
