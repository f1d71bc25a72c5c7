from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from optanim.cli.commands.list import KINDS
from optanim.cli.completion import configs, entries
from optanim.cli.options import Set

if TYPE_CHECKING:
    from optanim.schema.option import Option


def _shown(incomplete: str) -> list[str]:
    return entries(*KINDS)(incomplete) + configs(incomplete)


def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A name from `optanim list`, a config, or a picture.", autocompletion=_shown
        ),
    ],
    set: Set = None,
) -> None:
    """Show an entry with its equation and source, or the config with all values of a file."""
    from pathlib import Path

    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import catalogue

    found = [catalogue(kind)[name] for kind in KINDS if name in catalogue(kind)]
    if found:
        typer.echo("\n\n".join(map(_entry, found)))
    elif Path(name).suffix[1:].lower() in catalogue("formats"):
        from optanim.pipeline.provenance import config_of

        typer.echo(config_of(Path(name)), nl=False)
    elif name == "-" or Path(name).suffix or Path(name).exists():
        from optanim.config.dump import as_yaml
        from optanim.config.loader import load_runs

        typer.echo(as_yaml(load_runs(name, set=set or ())[0]), nl=False)
    else:
        known = [known for kind in KINDS for known in catalogue(kind)]
        raise ConfigError(
            [Problem(f"nothing is called '{name}'", "", did_you_mean(name, known, "known"))]
        )


def _entry(entry: object) -> str:
    from optanim.schema.catalogue import Entry

    assert isinstance(entry, Entry)
    lines = [f"{entry.name} ({entry.kind.removesuffix('s')})", f"{entry.title}: {entry.summary}"]
    if entry.equation:
        lines += ["", *("    " + line for line in entry.equation.splitlines())]
    if entry.options:
        lines += ["", "Options:", *_options(entry.options.values())]
    return "\n".join([*lines, "", f"Reference: {entry.reference}"])


def _options(options: Iterable["Option"], indent: str = "    ") -> list[str]:
    """A line for each option, and under a section one for each of its keys."""
    from dataclasses import is_dataclass

    from optanim.schema.option import rule
    from optanim.schema.validation import options_of

    lines, options = [], list(options)
    width = max(len(option.name) for option in options)
    for option in options:
        default = ", required" if option.required else f", default {option.default}"
        default = default if option.default is not None else ""
        section = is_dataclass(option.type)
        words = "section" if section else rule(option.type)
        lines.append(f"{indent}{option.name:{width}}  {words}{default}")
        if section:
            lines += _options(options_of(option.type).values(), indent + "    ")
    return lines
