"""The command line: every file of `commands/` is a command."""

from __future__ import annotations

import gc
import inspect
import os
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from optanim import __version__
from optanim.cli.completion import complete_at_first_tab, plain_help, rejoin
from optanim.cli.streams import guard_streams
from optanim.cli.usage_help import help_for_command, help_for_option
from optanim.drawing.documentation import do_without_documentation
from optanim.errors import ConfigError
from optanim.pipeline.signals import exit_code_of_signal, stop_on_signals
from optanim.schema.catalogue import catalogue

GROUPS = {
    "Figures": ("init", "check", "render", "watch", "explore"),
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


def _with_plain_help(items: list[Any]) -> list[Any]:
    """Completions whose help texts no shell evaluates."""
    for item in items:
        item.help = item.help and plain_help(item.help)
    return items


class _GroupedCommands(TyperGroup):
    """A group of commands whose help lists them under several headings, none cut to fit a line."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        return _with_plain_help(super().shell_complete(ctx, incomplete))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            ctx.fail(help_for_command(args[0], list(self.commands)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        width = max(map(len, self.commands))
        for heading, names in grouped([*self.commands]).items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(f"{name:{width}}", self.commands[name].short_help or "") for name in names]
                )


class _Command(TyperCommand):
    """A command whose help names its arguments without their Python types."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        return _with_plain_help(super().shell_complete(ctx, incomplete))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if any("--check" in parameter.opts for parameter in self.params):
            args = with_check_value(args)
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            # Typer brings its own copy of Click, or does not, so that the class has two names.
            if name := getattr(error, "option_name", ""):
                options = [
                    option for parameter in self.get_params(ctx) for option in parameter.opts
                ]
                help = help_for_option(name, given, [o for o in options if o.startswith("-")])
                error.message, error.possibilities = f"No such option {name}; {help}", []  # type: ignore[attr-defined]
            raise

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


def with_check_value(arguments: list[str]) -> list[str]:
    """The arguments with the value of `--check`, which may be left out: `all`, or `inputs`.

    A folder called `inputs` is `./inputs` behind it.
    """
    joined, rest = list[str](), iter(arguments)
    for argument in rest:
        if argument == "--":
            return [*joined, argument, *rest]
        if joined[-1:] == ["--check=all"] and argument == "inputs":
            joined[-1] = "--check=inputs"
        else:
            joined.append("--check=all" if argument == "--check" else argument)
    return joined


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

    The exit code is 130 after an interrupt, 143 after a termination and 129 after the terminal was
    closed; files that are not complete are removed first.
    """
    _open_standard_streams()
    stop_on_signals()
    rejoin(os.environ)
    complete_at_first_tab()
    # Imports create many objects, and none of them is garbage. With the default threshold the
    # collector would look through them some thirty times.
    gc.set_threshold(50_000)
    guard_streams()
    do_without_documentation()
    for name in THREAD_LIMITS:
        os.environ.setdefault(name, "1")
    try:
        _add_commands()
        try:
            app()
        finally:
            sys.stdout.flush()  # Python would do it after the last line that can catch an error
    except ConfigError as error:
        _print_error(str(error))
        code = 2
    except KeyboardInterrupt:
        code = 130
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
    # Some libraries, as watchfiles and Typer, report every signal as that of Ctrl-C.
    code = exit_code_of_signal() or code
    # The process ends and frees everything; a last garbage collection would take 0.1 s.
    gc.freeze()
    sys.exit(code)


def _open_standard_streams() -> None:
    """Open standard streams that are closed, as after `2>&-`.

    Otherwise a file that is opened later would get the number of the stream, and its messages.
    What is printed on a closed standard output is an error; messages for a closed standard error
    are lost.
    """
    for number, name, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "stdout", os.O_RDONLY),
        (2, "stderr", os.O_WRONLY),
    ):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # it gets the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _print_error(text: str) -> None:
    # Without rich, which wraps lines and would break file:line:column.
    print(text, file=sys.stderr)
