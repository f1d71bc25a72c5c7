from pathlib import Path
from typing import Annotated

import typer


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("optanim.yaml"),
    template: Annotated[
        str,
        typer.Option(metavar="NAME", help="single, race, expression or regression."),
    ] = "single",
) -> None:
    """Write a commented config to start from."""
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.files import unwritable, whole_file

    folder = Path(__file__).parents[1] / "templates"
    known = sorted(file.stem for file in folder.glob("*.yaml"))
    if template not in known:
        help = did_you_mean(template, known, "templates")
        raise ConfigError([Problem(f"no template is called '{template}'", "--template", help)])
    if path.exists() or (reason := unwritable(path)):
        reason = "is there already, and stays as it is" if path.exists() else reason
        raise ConfigError([Problem(reason, str(path), "name another file")])
    with whole_file(path) as file:
        file.write((folder / f"{template}.yaml").read_bytes())
    typer.echo(f"{path} is written. Now: optanim render {path}", err=True)
