from pathlib import Path
from typing import Annotated

import typer

from optanim.cli.completion import config_files
from optanim.cli.options import Plugin, Port, Set


def explore(
    config: Annotated[
        Path | None,
        typer.Argument(
            help="The config to begin with; by default a race of three optimizers.",
            autocompletion=config_files,
        ),
    ] = None,
    set: Set = None,
    plugin: Plugin = None,
    port: Port = None,
    open: Annotated[
        bool | None, typer.Option("--open", help="Open the page in the browser.")
    ] = None,
) -> None:
    """Try out a config on a page: drag the start, move sliders.

    The page is for this machine alone. It shows the figure of every change, and the config of what
    is seen, which it saves and renders. Ctrl-C ends it.
    """
    from optanim.cli.explorer_server import start_explorer
    from optanim.pipeline.edited_config import EditedConfig
    from optanim.pipeline.exploration import Exploration

    server = start_explorer(Exploration(EditedConfig(config, set or (), plugin or ())), port)
    typer.echo(f"press Ctrl-C to stop; the page is at {server.page_address}", err=True)
    if open:
        import webbrowser

        webbrowser.open_new_tab(server.page_address)
    server.work()
