from typing import Annotated

import typer

from optanim.cli.completion import one_of
from optanim.cli.options import Json, Plugin

KINDS = ("surfaces", "optimizers", "schedules", "panels", "formats", "themes", "claims")


def list(
    kind: Annotated[
        str | None,
        typer.Argument(
            help=f"One of {', '.join(KINDS)}. By default all are listed.",
            autocompletion=one_of(lambda: KINDS),
        ),
    ] = None,
    json: Json = None,
    plugin: Plugin = None,
) -> None:
    """List the names that a config can use, optimizers by family."""
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import by_family, catalogue

    if kind is not None and kind not in KINDS:
        help = did_you_mean(kind, KINDS, "kinds")
        raise ConfigError([Problem(f"'{kind}' is not a kind of entry", "", help)])
    kinds = [kind] if kind else KINDS
    if json:
        from optanim.cli.entries import entry_in_list
        from optanim.cli.streams import write_utf8
        from optanim.printable import as_json

        data = {one: [*map(entry_in_list, catalogue(one).values())] for one in kinds}
        write_utf8(as_json(data) + "\n")
        return
    indent = "" if kind else "  "
    for listed_kind in kinds:
        entries = catalogue(listed_kind)
        if not kind:
            typer.echo(f"{listed_kind}:")
        width = max(map(len, entries), default=0)
        for family, group in by_family(entries.values()).items():
            inner = indent
            if family:
                typer.echo(f"{indent}{family}:")
                inner += "  "
            for entry in group:
                typer.echo(f"{inner}{entry.name:{width}}  {entry.title}: {entry.summary}")
