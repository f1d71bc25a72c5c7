"""The command line: every file of `commands/` is a command."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any

import typer

from optanim import __version__
from optanim.cli.completion import rejoin
from optanim.errors import ConfigError
from optanim.pipeline.signals import never_lost
from optanim.schema.catalogue import catalogue

app = typer.Typer(
    name="optanim",
    help="A short YAML file becomes an animated GIF of optimizers on a loss surface.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)

ORDER = (
    "render", "batch", "sweep", "tune", "check", "init", "watch", "embed", "deps", "list", "show",
    "trace", "schema", "doctor",
)  # fmt: skip
"""What a newcomer needs first; commands that are not named here follow."""

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""How many threads NumPy's linear algebra takes. Our matrices are small: more than one only waits,
and takes cores from processes that have work."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"optanim {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and leave."
    ),
) -> None:
    """A short YAML file becomes an animated GIF of optimizers on a loss surface."""


def _add_commands() -> None:
    """Add the commands to the application. A command that cannot be imported is a ConfigError."""
    known = catalogue("commands")
    for name in sorted(known, key=lambda n: (ORDER.index(n) if n in ORDER else len(ORDER), n)):
        app.command(name)(known[name].function)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed while running, 2 wrong usage or config.

    130 and 143 tell an interruption and a termination; whatever was begun is removed first.
    """
    signal.signal(signal.SIGTERM, _terminated)
    never_lost()
    rejoin(os.environ)
    # What imports make is no garbage; the collector would look through it some thirty times.
    gc.set_threshold(50_000)
    for name in THREADS:
        os.environ.setdefault(name, "1")
    try:
        _add_commands()
        app()
    except ConfigError as error:
        _say(str(error))
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # The reader has gone, as `head` does: nothing to say, and nothing to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _say(f"error: {name}{error.strerror or error}")
        code = 1
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except Exception:
        import traceback

        _say(traceback.format_exc().rstrip())
        _say(f"This is a bug in optanim {__version__}. Please report it with the lines above.")
        code = 1
    else:
        code = 0
    # What is left ends with the process: to look through it once more takes a tenth of a second.
    gc.freeze()
    sys.exit(code)


def _say(text: str) -> None:
    # Not through rich: it wraps lines, and tears file:line:column apart.
    print(text, file=sys.stderr)


def _terminated(number: int, frame: Any) -> None:
    raise SystemExit(128 + number)
