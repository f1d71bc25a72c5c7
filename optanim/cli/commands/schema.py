from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write to this file, e.g. optanim.schema.json in the folder of the configs.",
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of a config, for editors."""
    from optanim.cli.streams import write_bytes
    from optanim.config.json_schema import as_json
    from optanim.errors import ConfigError, Problem
    from optanim.pipeline.atomic_file import atomic_write, unwritable_reason

    if output and (reason := unwritable_reason(output)):
        raise ConfigError([Problem(reason, str(output))])
    data = as_json().encode()
    if output is None:
        write_bytes(data)
        return
    with atomic_write(output) as file:
        file.write(data)
