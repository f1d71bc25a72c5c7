from typing import Annotated

import typer

from optanim.cli.commands.list import KINDS
from optanim.cli.completion import config_files, entry_of
from optanim.cli.options import Json, Plugin, Set


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
    plugin: Plugin = None,
    json: Json = None,
) -> None:
    """Show an entry, a whole config, or the config of a figure.

    An entry is shown with its equation, options, source and verification; a config with the
    values of all keys, also those that it does not set. --json is for entries only.
    """
    from pathlib import Path

    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import catalogue

    entries = [catalogue(kind)[name] for kind in KINDS if name in catalogue(kind)]
    if entries and json:
        from optanim.cli.entries import entry_data
        from optanim.cli.streams import write_utf8
        from optanim.printable import as_json

        write_utf8(as_json(list(map(entry_data, entries))) + "\n")
    elif entries:
        from optanim.cli.entries import entry_text

        typer.echo("\n\n".join(map(entry_text, entries)))
    elif json and (name == "-" or Path(name).suffix or Path(name).exists()):
        help = f"optanim show {name} prints a config as YAML"
        raise ConfigError([Problem(f"'{name}' is not an entry", "--json", help)])
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
