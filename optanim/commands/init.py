from pathlib import Path
from typing import Annotated

import typer


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
        typer.Option(metavar="NAME", help="single, race, expression or regression."),
    ] = "single",
    makefile: Annotated[
        bool | None,
        typer.Option("--makefile", help="Write a Makefile, and a config if the folder has none."),
    ] = None,
) -> None:
    """Write a commented config to start from, or a Makefile that renders a folder of them."""
    from optanim import starter
    from optanim.files import whole_file

    if makefile:
        files, now = starter.makefile(path or Path("figures"), template), "make"
    else:
        path = path or Path("optanim.yaml")
        files, now = starter.config(path, template), f"optanim render {path}"
    for file, data in files.items():
        with whole_file(file) as opened:
            opened.write(data)
    verb = "are" if len(files) > 1 else "is"
    typer.echo(f"{' and '.join(map(str, files))} {verb} written. Now: {now}", err=True)
