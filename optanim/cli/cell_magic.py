"""`%%optanim`: the YAML of a notebook's cell becomes a figure.

IPython is not imported: the shell that loads the extension is all that is needed of it.
"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from typing import Any, NoReturn

from optanim.config.loader import loads
from optanim.config.run import Run
from optanim.errors import ConfigError, Problem
from optanim.pipeline.render import RenderResult, render

MAGIC = "%%optanim"


def load_ipython_extension(shell: Any) -> None:
    """Give a shell of IPython the cell magic, at `%load_ext optanim`."""
    shell.register_magic_function(render_cell, magic_kind="cell", magic_name="optanim")


def render_cell(line: str, cell: str) -> Run | RenderResult:
    """Show the figure of the config in a cell.

    %%optanim [-o FILE] [-s KEY=VALUE]...

    Without -o the figure is shown, and no file is written.

    Args:
        line: the options behind the name of the magic.
        cell: YAML, the second line of the cell and those below it.

    Raises:
        ConfigError, ClaimError, OSError: as `optanim.loads` and `optanim.render` do; lines are
            those of the cell. A notebook shows their messages without a traceback.
    """
    options = _options(line)
    run = loads(f"\n{cell}", source="cell", set=options.set, output=options.output)
    return run if options.output is None else render(run)


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ConfigError([Problem(message, MAGIC, self.format_usage().strip())])


def _options(line: str) -> Any:
    """The options of the magic: `output` and `set`."""
    parser = _Parser(prog=MAGIC, add_help=False, allow_abbrev=False)
    parser.add_argument("-o", "--output", metavar="FILE")
    parser.add_argument("-s", "--set", metavar="KEY=VALUE", action="append", default=[])
    try:
        return parser.parse_args(shlex.split(line))
    except ValueError as error:  # a quotation mark without its partner
        parser.error(str(error))
