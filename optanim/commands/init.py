from pathlib import Path
from typing import Annotated

import typer

from optanim.completion import among


def _templates() -> dict[str, Path]:
    """The files by their names."""
    folder = Path(__file__).parents[1] / "templates"
    return {file.stem: file for file in folder.glob("*.yaml")}


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("optanim.yaml"),
    template: Annotated[
        str,
        typer.Option(metavar="NAME", help="single, race, expression or regression.",
                     autocompletion=among(lambda: sorted(_templates()))),
    ] = "single",
    no_schema: Annotated[
        bool | None,
        typer.Option("--no-schema", help="Without the schema beside it, which editors read."),
    ] = None,
) -> None:  # fmt: skip
    """Write a commented config to start from."""
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.files import unwritable, whole_file
    from optanim.schema import FILE, as_json

    known = _templates()
    if template not in known:
        help = did_you_mean(template, sorted(known), "templates")
        raise ConfigError([Problem(f"no template is called '{template}'", "--template", help)])
    if path.exists() or (reason := unwritable(path)):
        reason = "is there already, and stays as it is" if path.exists() else reason
        raise ConfigError([Problem(reason, str(path), "name another file")])
    text = known[template].read_bytes()
    beside = path.with_name(FILE)
    if no_schema:
        text = text.partition(b"\n")[2]
    elif beside.is_file() and beside.read_text("utf-8") != as_json():
        typer.echo(
            f"{beside} is of another version; optanim schema -o {beside} renews it", err=True
        )
    elif not beside.exists():
        with whole_file(beside) as file:
            file.write(as_json().encode())
        typer.echo(f"{beside} is written, with which editors complete and check configs", err=True)
    with whole_file(path) as file:
        file.write(text)
    typer.echo(f"{path} is written. Now: optanim render {path}", err=True)
