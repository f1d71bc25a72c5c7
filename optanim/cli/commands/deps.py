import os
from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.options import Configs, Set


def deps(
    configs: Configs,
    set: Set = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH", help="As for `optanim render`."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("-f", "--file", metavar="FILE",
                     help="Write the rules here, with one that keeps them up to date."),
    ] = None,
) -> None:  # fmt: skip
    """Print make rules: which pictures are made from which files."""
    import sys

    from optanim.errors import ConfigError, Problem
    from optanim.pipeline.atomic_file import unwritable, whole_file
    from optanim.pipeline.batch import configs_in, load_all
    from optanim.pipeline.make_rules import made_by_us, rules

    if "-" in configs:
        raise ConfigError([Problem("standard input has no time of change to go by", "-")])
    runs, problems = load_all(configs_in(configs), set=set or (), output=output)
    if file and (reason := unwritable(file)):
        problems.append(Problem(reason, f"-f {file}"))
    elif file and file.exists() and not made_by_us(file):
        help = "name another file, e.g. .optanim.mk, and include it in the Makefile"
        problems.append(Problem("is not a file of `optanim deps`, and stays", f"-f {file}", help))
    if problems:
        raise ConfigError(problems)
    folders = [name for name in configs if Path(name).is_dir()]
    text = os.fsencode(rules(runs, set=set or (), output=output, file=file, folders=folders))
    if not file:
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
        return
    with whole_file(file) as opened:
        opened.write(text)
    # Newer than its folder, which may be one of those that it depends on.
    os.utime(file)
