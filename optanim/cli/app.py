"""The command line: every file of `commands/` is a command."""

from __future__ import annotations

import gc
import inspect
import os
import signal
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from optanim import __version__
from optanim.cli.completion import rejoin
from optanim.errors import ConfigError
from optanim.pipeline.signals import resend_ignored_signals
from optanim.schema.catalogue import catalogue

GROUPS = {
    "Figures": ("init", "check", "render", "watch"),
    "Many figures": ("batch", "sweep", "tune"),
    "Writing": ("embed", "trace"),
    "Build": ("deps",),
    "Look up": ("list", "show", "schema", "doctor"),
}
"""The commands in the order of the help. A command that is not named here is under OTHERS."""

OTHERS = "More commands"

THREAD_LIMITS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""The variables that limit the threads of NumPy's linear algebra. Our matrices are small: a second
thread makes nothing faster, and takes a core from other processes."""


class _GroupedCommands(TyperGroup):
    """A group of commands whose help lists them under several headings, none cut to fit a line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        width = max(map(len, self.commands))
        for heading, names in grouped([*self.commands]).items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(f"{name:{width}}", self.commands[name].short_help or "") for name in names]
                )


class _Command(TyperCommand):
    """A command whose help names its arguments without their Python types."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        lines: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for parameter in self.get_params(ctx):
            if record := parameter.get_help_record(ctx):
                lines[parameter.param_type_name].append(record)
        lines["argument"] = [(name.partition(" <")[0], help) for name, help in lines["argument"]]
        for kind, records in lines.items():
            if records:
                with formatter.section(f"{kind.title()}s"):
                    formatter.write_dl(records)


def grouped(names: list[str]) -> dict[str, list[str]]:
    """The commands under their headings."""
    groups = {
        heading: [name for name in members if name in names] for heading, members in GROUPS.items()
    }
    named = [name for members in groups.values() for name in members]
    groups[OTHERS] = [name for name in names if name not in named]
    return {heading: members for heading, members in groups.items() if members}


app = typer.Typer(
    cls=_GroupedCommands,
    name="optanim",
    help="A short YAML file becomes an animated GIF of optimizers on a loss surface.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    # The panels of rich take twice the time of the whole help, and break in narrow terminals.
    rich_markup_mode=None,
)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"optanim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False,
        "--version",
        callback=_print_version,
        is_eager=True,
        help="Show the version and exit.",
    ),
) -> None:
    """A short YAML file becomes an animated GIF of optimizers on a loss surface."""


def _summary(function: Any) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())


def _add_commands() -> None:
    """Add the commands to the application. A command that cannot be imported is a ConfigError."""
    commands = catalogue("commands")
    for names in grouped(sorted(commands)).values():
        for name in names:
            function = commands[name].function
            app.command(name, cls=_Command, short_help=_summary(function))(function)


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed while running, 2 wrong usage or config.

    The exit code is 130 after an interrupt and 143 after a termination; files that are not complete
    are removed first.
    """
    signal.signal(signal.SIGTERM, _terminate)
    resend_ignored_signals()
    rejoin(os.environ)
    # Imports create many objects, and none of them is garbage. With the default threshold the
    # collector would look through them some thirty times.
    gc.set_threshold(50_000)
    for name in THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    try:
        _add_commands()
        app()
    except ConfigError as error:
        _print_error(str(error))
        code = 2
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # The reader of standard output has ended, as `head` does. Python would write what is left
        # in the buffer and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _print_error(f"error: {name}{error.strerror or error}")
        code = 1
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    except Exception:
        import traceback

        _print_error(traceback.format_exc().rstrip())
        _print_error(f"This is a bug in optanim {__version__}. Please report it with these lines.")
        code = 1
    else:
        code = 0
    # The process ends and frees everything; a last garbage collection would take 0.1 s.
    gc.freeze()
    sys.exit(code)


def _print_error(text: str) -> None:
    # Without rich, which wraps lines and would break file:line:column.
    print(text, file=sys.stderr)


def _terminate(number: int, frame: Any) -> None:
    raise SystemExit(128 + number)
