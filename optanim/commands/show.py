from typing import Annotated

import typer

from optanim.commands import Set
from optanim.commands.list import KINDS


def show(
    name: Annotated[str, typer.Argument(help="A name from `optanim list`, or a config.")],
    set: Set = None,
) -> None:
    """Show an entry with its equation, options and source, or a config with all its values."""
    from pathlib import Path

    from optanim.catalogue import catalogue
    from optanim.errors import ConfigError, Problem, did_you_mean

    found = [catalogue(kind)[name] for kind in KINDS if name in catalogue(kind)]
    if found:
        typer.echo("\n\n".join(map(_entry, found)))
    elif name == "-" or Path(name).suffix or Path(name).exists():
        from optanim.config import load
        from optanim.config.resolved import as_yaml

        typer.echo(as_yaml(load(name, set=set or ())), nl=False)
    else:
        known = [known for kind in KINDS for known in catalogue(kind)]
        raise ConfigError(
            [Problem(f"nothing is called '{name}'", "", did_you_mean(name, known, "known"))]
        )


def _entry(entry: object) -> str:
    from optanim.catalogue import Entry
    from optanim.rules import rule

    assert isinstance(entry, Entry)
    lines = [f"{entry.name} ({entry.kind.removesuffix('s')})", f"{entry.title}: {entry.summary}"]
    if entry.equation:
        lines += ["", *("    " + line for line in entry.equation.splitlines())]
    if entry.options:
        width = max(map(len, entry.options))
        lines += ["", "Options:"]
        for option in entry.options.values():
            default = ", required" if option.required else f", default {option.default}"
            default = default if option.default is not None else ""
            lines.append(f"    {option.name:{width}}  {rule(option.type)}{default}")
    return "\n".join([*lines, "", f"Reference: {entry.reference}"])
