"""The arguments and options that several commands share."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from inspect import Parameter
from typing import Annotated, Any, get_type_hints

import typer

from optanim.cli.completion import assignments, config_files, one_of

Configs = Annotated[
    list[str],
    typer.Argument(
        help="YAML files, folders of them, or - for standard input.",
        autocompletion=config_files,
    ),
]

Config = Annotated[
    str,
    typer.Argument(
        help="A YAML file, or - for standard input.",
        autocompletion=config_files,
    ),
]

Set = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--set",
        metavar="KEY=VALUE",
        help="Change a key of the config: optimizer.lr=0.3",
        autocompletion=assignments,
    ),
]


def _load_plugins(context: typer.Context, files: list[str] | None) -> list[str] | None:
    if files and not context.resilient_parsing:  # pressing TAB runs no code
        from optanim.optimizers import load_plugin

        for file in files:
            load_plugin(file)
    return files


Plugin = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin",
        metavar="FILE",
        callback=_load_plugins,
        is_eager=True,
        help="Run a Python file of yours, and use its optimizers and surfaces.",
    ),
]

Json = Annotated[bool | None, typer.Option("--json", help="Print the results as JSON.")]

Output = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PATH",
        help="Write to this file, e.g. 'output/{config}.gif'; - is standard output.",
    ),
]

FigureFiles = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PATH",
        help="Name of the figure files, e.g. 'output/{config}.gif'.",
    ),
]

Frame = Annotated[
    str | None,
    typer.Option(
        metavar="first|last|N",
        help="Render this step as a still image.",
        autocompletion=one_of(lambda: ("first", "last")),
    ),
]

Quiet = Annotated[bool | None, typer.Option("-q", "--quiet", help="Print only the file names.")]

Jobs = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        min=0,
        metavar="N",
        help="Number of worker processes; 0 = one per core. By default it depends on the number"
        " of figures.",
    ),
]

Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Render on the Dask cluster of this scheduler. Both sides must trust each other, as"
        " they exchange Python pickles; tls:// encrypts.",
    ),
]

IfChanged = Annotated[
    bool | None, typer.Option("--if-changed", help="Skip files that are up to date.")
]

Check = Annotated[
    str | None,
    typer.Option(
        "--check",
        metavar="[inputs]",
        help="List files that are out of date, and exit with 1 if there are any; render nothing."
        " With inputs, other versions of libraries are no reason.",
        autocompletion=one_of(lambda: ("inputs",)),
    ),
]

Table = Annotated[
    str | None,
    typer.Option(
        "--table",
        metavar="csv|markdown",
        help="Print a table of the results.",
        autocompletion=one_of(lambda: ("csv", "markdown")),
    ),
]


Limit = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Refuse work that is estimated to take longer on one core, e.g. 60s.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class RenderOptions:
    """The options of each command that renders figures. `expand_options` gives them to it."""

    output: Output = None
    set: Set = None
    plugin: Plugin = None
    jobs: Jobs = None
    frame: Frame = None
    if_changed: IfChanged = None
    check: Check = None
    json: Json = None
    table: Table = None
    quiet: Quiet = None
    scheduler: Scheduler = None
    limit: Limit = None


def expand_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with one parameter for each field of `RenderOptions`, as Typer reads signatures.

    The fields take the place of the parameter `options` of the command.
    """
    hints = get_type_hints(RenderOptions, include_extras=True)
    expanded = [
        Parameter(
            field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(RenderOptions)
    ]
    signature = inspect.signature(command)
    own = [parameter for name, parameter in signature.parameters.items() if name != "options"]

    @functools.wraps(command)
    def wrapper(*args: Any, **arguments: Any) -> None:
        options = {name: arguments.pop(name) for name in hints if name in arguments}
        command(*args, **arguments, options=RenderOptions(**options))

    parameters = [*own, *expanded]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    wrapper.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return wrapper


Port = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        metavar="PORT",
        help="The port of the page; by default 8000, or another if 8000 is in use.",
    ),
]
