from typing import TYPE_CHECKING, Annotated

import typer

from optanim.cli.options import Configs, FigureFiles, Plugin, Port, Set

if TYPE_CHECKING:
    from optanim.pipeline.watch import WatchEvent


def watch(
    configs: Configs,
    output: FigureFiles = None,
    set: Set = None,
    plugin: Plugin = None,
    serve: Annotated[
        bool | None,
        typer.Option("--serve", help="Show the figures on a web page that updates itself."),
    ] = None,
    port: Port = None,
) -> None:
    """Render configs now and after each save, until Ctrl-C."""
    from optanim.cli.preview_board import Board
    from optanim.cli.preview_server import start_server
    from optanim.errors import ConfigError, Problem
    from optanim.pipeline.watch import watch_configs

    if "-" in configs:
        raise ConfigError([Problem("standard input cannot be watched", "-")])
    board = Board() if serve or port else None
    events = watch_configs(configs, set=set or (), output=output)
    if board:
        typer.echo(f"the figures are at {start_server(board, port)}", err=True)
    announced = False
    for event in events:
        if event is not None:
            if board:
                board.update(event)
            typer.echo(_message(event), err=True)
        elif not announced:
            typer.echo("watching; press Ctrl-C to stop", err=True)
            announced = True


def _message(event: "WatchEvent") -> str:
    from optanim.cli.terminal import figure_lines
    from optanim.pipeline.watch import ConfigFailed, ConfigRemoved

    if isinstance(event, ConfigFailed):
        return "\n\n".join(map(str, event.problems)) + "\n"
    if isinstance(event, ConfigRemoved):
        return f"{event.config} was deleted; its figures are kept"
    text = figure_lines(event.rendered) + (", a draft; the full figure follows" * event.draft)
    return f"{event.config} has no problems any more\n{text}" if event.again else text
