from typing import Annotated

import typer

from optanim.cli.completion import one_of

KINDS = ("surfaces", "optimizers", "schedules", "panels", "formats", "themes", "claims")


def list(
    kind: Annotated[
        str | None,
        typer.Argument(
            help=f"One of {', '.join(KINDS)}. By default all are listed.",
            autocompletion=one_of(lambda: KINDS),
        ),
    ] = None,
) -> None:
    """List the names that a config can use."""
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import catalogue

    if kind is not None and kind not in KINDS:
        help = did_you_mean(kind, KINDS, "kinds")
        raise ConfigError([Problem(f"'{kind}' is not a kind of entry", "", help)])
    indent = "" if kind else "  "
    for listed_kind in [kind] if kind else KINDS:
        entries = catalogue(listed_kind)
        if not kind:
            typer.echo(f"{listed_kind}:")
        width = max(map(len, entries), default=0)
        for entry in entries.values():
            typer.echo(f"{indent}{entry.name:{width}}  {entry.title}: {entry.summary}")
