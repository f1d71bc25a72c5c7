from typing import Annotated

import typer

from optanim.cli.completion import among

KINDS = ("surfaces", "optimizers", "schedules", "panels", "formats", "themes", "claims")


def list(
    kind: Annotated[
        str | None,
        typer.Argument(
            help=f"One of {', '.join(KINDS)}; all without it.", autocompletion=among(lambda: KINDS)
        ),
    ] = None,
) -> None:
    """List what a config can name."""
    from optanim.errors import ConfigError, Problem, did_you_mean
    from optanim.schema.catalogue import catalogue

    if kind is not None and kind not in KINDS:
        help = did_you_mean(kind, KINDS, "known")
        raise ConfigError([Problem(f"there is no catalogue of {kind}", "", help)])
    for shown in [kind] if kind else KINDS:
        entries = catalogue(shown)
        if not kind:
            typer.echo(f"{shown}:")
        width = max(map(len, entries), default=0)
        for entry in entries.values():
            typer.echo(
                f"{'' if kind else '  '}{entry.name:{width}}  {entry.title}: {entry.summary}"
            )
