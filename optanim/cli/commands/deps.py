import os
from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.options import Configs, FigureFiles, Set


def deps(
    configs: Configs,
    set: Set = None,
    output: FigureFiles = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "-f",
            "--file",
            metavar="FILE",
            help="Write the rules to this file, with a rule that keeps it up to date.",
        ),
    ] = None,
) -> None:
    """Print make rules: which figures depend on which files."""
    from optanim.cli.streams import write_bytes
    from optanim.errors import ConfigError, Problem
    from optanim.pipeline.atomic_file import atomic_write, unwritable_reason
    from optanim.pipeline.loading import configs_in, load_all
    from optanim.pipeline.make_rules import is_generated, make_rules

    if "-" in configs:
        message = "standard input has no modification time, which make needs"
        raise ConfigError([Problem(message, "-")])
    runs, problems = load_all(configs_in(configs), set=set or (), output=output)
    if file and (reason := unwritable_reason(file)):
        problems.append(Problem(reason, f"-f {file}"))
    elif file and file.exists() and not is_generated(file):
        message = "was not written by `optanim deps`, so it is not overwritten"
        help = "name another file, e.g. .optanim.mk, and include it in the Makefile"
        problems.append(Problem(message, f"-f {file}", help))
    if problems:
        raise ConfigError(problems)
    folders = [name for name in configs if Path(name).is_dir()]
    text = os.fsencode(make_rules(runs, set=set or (), output=output, file=file, folders=folders))
    if not file:
        write_bytes(text)
        return
    with atomic_write(file) as stream:
        stream.write(text)
    # The file must be newer than its folder, which changed now and may be one that it depends on.
    os.utime(file)
