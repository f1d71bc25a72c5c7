import signal
from types import FrameType
from typing import Annotated

import typer

from optanim.cli.options import Configs, Set


def watch(
    configs: Configs,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="PATH", help="As for `optanim render`."),
    ] = None,
    set: Set = None,
    serve: Annotated[
        bool | None, typer.Option("--serve", help="Show the figures in a page that renews itself.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, metavar="PORT",
                     help="Serve that page at this port; 8000, or another if that is taken."),
    ] = None,
) -> None:  # fmt: skip
    """Render configs now and at each save, until Ctrl-C."""
    from optanim.cli.preview_server import Board
    from optanim.cli.preview_server import serve as served
    from optanim.cli.terminal import line
    from optanim.errors import ConfigError, Problem
    from optanim.pipeline.watch import Gone, Made, Wrong, news

    if "-" in configs:
        raise ConfigError([Problem("standard input cannot be watched", "-")])
    board = Board() if serve or port else None
    happenings = news(configs, set=set or (), output=output)
    said = "watching; Ctrl-C ends it"
    if board:
        typer.echo(f"the figures are at {served(board, port)}", err=True)
    terminated = []
    before = signal.getsignal(signal.SIGTERM)

    def noted(number: int, frame: FrameType | None) -> None:
        terminated.append(number)
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, noted)
    try:
        for happened in happenings:
            if happened is None:
                if said:
                    typer.echo(said, err=True)
                said = ""
                continue
            if board:
                board.tell(happened)
            if isinstance(happened, Wrong):
                text = "\n\n".join(map(str, happened.problems)) + "\n"
            elif isinstance(happened, Gone):
                text = f"{happened.config} is gone; its pictures stay"
            elif isinstance(happened, Made):
                text = line(happened.rendered)
                text += ", a draft: the whole follows" if happened.draft else ""
                text = f"{happened.config} is right again\n{text}" if happened.again else text
            typer.echo(text, err=True)
    except KeyboardInterrupt:
        # watchfiles makes one of every signal.
        if terminated:
            raise SystemExit(128 + terminated[0]) from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
