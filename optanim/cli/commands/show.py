from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from optanim.cli.commands.list import KINDS
from optanim.cli.completion import config_files, entry_of
from optanim.cli.options import Set

if TYPE_CHECKING:
    from optanim.schema.catalogue import Entry
    from optanim.schema.option import Option


def _names(incomplete: str) -> list[str]:
    return entry_of(*KINDS)(incomplete) + config_files(incomplete)


def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A name from `optanim list`, a config, or a figure.",
            autocompletion=_names,
        ),
    ],
    set: Set = None,
) -> None:
    """Show an entry, a whole config, or the config of a figure.

    An entry is shown with its equation, options and source; a config with the values of all keys,
    also those that it does not set.
    """
    from pathlib import Path

    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import catalogue

    entries = [catalogue(kind)[name] for kind in KINDS if name in catalogue(kind)]
    if entries:
        typer.echo("\n\n".join(map(_entry_text, entries)))
    elif Path(name).suffix[1:].lower() in catalogue("formats"):
        from optanim.pipeline.provenance import config_of

        typer.echo(config_of(Path(name)), nl=False)
    elif name == "-" or Path(name).suffix or Path(name).exists():
        from functools import partial

        from optanim.cli.streams import print_yaml
        from optanim.config.dump import as_yaml
        from optanim.config.loader import load_runs

        print("# output is relative to the working folder, not to the folder of the config")
        print_yaml(partial(as_yaml, load_runs(name, set=set or ())[0]))
    else:
        names = [name for kind in KINDS for name in catalogue(kind)]
        help = did_you_mean(name, names, "names")
        raise ConfigError([Problem(f"nothing is called '{name}'", "", help)])


def _entry_text(entry: "Entry") -> str:
    lines = [f"{entry.name} ({entry.kind.removesuffix('s')})", f"{entry.title}: {entry.summary}"]
    if entry.equation:
        lines += ["", *("    " + line for line in entry.equation.splitlines())]
    if entry.options:
        lines += ["", "Options:", *_option_lines(entry.options.values())]
    names = [f"{language} {title}" for language, title in entry.names.items()]
    notes = [f"Names: {'; '.join(names)}"] * bool(names) + [f"Reference: {entry.reference}"]
    return "\n".join([*lines, "", *notes])


def _option_lines(options: Iterable["Option"], indent: str = "    ") -> list[str]:
    """A line for each option; after a section, one for each of its keys."""
    from dataclasses import is_dataclass

    from optanim.schema.option import rule_in_words
    from optanim.schema.validation import options_of

    lines, options = [], list(options)
    width = max(len(option.name) for option in options)
    for option in options:
        default = ", required" if option.required else f", default {option.default}"
        default = default if option.default is not None else ""
        is_section = is_dataclass(option.type)
        type_text = "section" if is_section else rule_in_words(option.type)
        lines.append(f"{indent}{option.name:{width}}  {type_text}{default}")
        if is_section:
            lines += _option_lines(options_of(option.type).values(), indent + "    ")
    return lines
