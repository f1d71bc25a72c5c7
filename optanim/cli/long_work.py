"""What will take long is announced before it begins, or refused with `--limit`."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from pydantic import TypeAdapter, ValidationError

from optanim.config.run import Run
from optanim.pipeline.estimate import Estimate, check_limit
from optanim.schema.types import Duration

MAX_LINES = 5
"""Runs that are announced, each in a line."""


def announce(
    runs: Sequence[Run], estimates: Sequence[Estimate], limit: float | None, quiet: bool | None
) -> None:
    """Print on stderr which runs will take long, and why.

    Args:
        runs: all of the command.
        estimates: one for each run.
        limit: from `seconds_of`.
        quiet: print nothing.

    Raises:
        ConfigError: the work is estimated to take longer than the limit.
    """
    lines = check_limit(runs, estimates, limit)
    if not quiet:
        for line in lines[:MAX_LINES]:
            typer.echo(line, err=True)
        if len(lines) > MAX_LINES:
            typer.echo(f"and {len(lines) - MAX_LINES} more that take long", err=True)


def seconds_of(limit: str | None) -> float | None:
    """The seconds of a `--limit`; None without.

    Raises:
        typer.BadParameter: it is not a duration.
    """
    if limit is None:
        return None
    try:
        return TypeAdapter[float](Duration).validate_python(limit)
    except ValidationError as error:
        message = error.errors()[0]["msg"]
        raise typer.BadParameter(message, param_hint="--limit") from None
