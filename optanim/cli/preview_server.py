"""A server for a web page with the figures that are watched; the page updates itself.

The server listens on this machine only, and answers only requests for its own host names: a page
elsewhere whose name resolves to this machine (DNS rebinding) gets an error. A request contains the
number of a figure, never a path.
"""

from __future__ import annotations

import json
import mimetypes
import secrets
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from optanim.errors import ConfigError, Problem
from optanim.formulas.plain_text import plain
from optanim.pipeline.watch import ConfigFailed, ConfigRemoved, FigureRendered, WatchEvent

HOST, PORT = "127.0.0.1", 8000
PAGE = Path(__file__).parent / "templates" / "watch.html"
KEEPALIVE_INTERVAL = 15.0
"""Seconds without news after which a page gets a comment, which keeps its connection open."""


@dataclass(frozen=True)
class FigureCard:
    """A figure on the page.

    Attributes:
        number: of the figure, in the addresses of the page.
        config: name of the config.
        title: of the figure, as plain text.
        alt: text that describes the figure.
        size: (width, height) in CSS pixels; zeros before the first rendering.
        facts: number of frames, seconds and bytes, in words.
        version: number of renderings so far.
        moving: whether the file is a video, which needs a player.
        draft: whether this is a draft, which the full figure will replace.
        wrong: the problems of the config, as printed in a terminal; "" if there are none.
    """

    number: int
    config: str
    title: str = ""
    alt: str = ""
    size: tuple[int, int] = (0, 0)
    facts: str = ""
    version: int = 0
    moving: bool = False
    draft: bool = False
    wrong: str = ""


class Board:
    """The figures on the page. The loop that renders updates it; each open page reads it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cards: dict[str, FigureCard] = {}
        self._paths: dict[int, Path] = {}
        self._version = self._numbers = 0

    def update(self, event: WatchEvent) -> None:
        """Show a new figure, the problems of a config, or that a config was deleted."""
        with self._changed:
            card = self._cards.get(event.config)
            if card is None:
                self._numbers += 1
                card = FigureCard(self._numbers, event.config)
            if isinstance(event, FigureRendered):
                self._paths[card.number] = event.rendered.paths[0].absolute()
                card = _with_figure(card, event)
            elif isinstance(event, ConfigFailed):
                card = replace(card, wrong="\n\n".join(map(str, event.problems)))
            self._cards[event.config] = card
            if isinstance(event, ConfigRemoved):
                del self._cards[event.config]
                self._paths.pop(card.number, None)
            self._version += 1
            self._changed.notify_all()

    def wait(self, version: int, timeout: float) -> tuple[int, list[FigureCard]]:
        """The next version and its figures, or `version` again after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, timeout)
            return self._version, sorted(self._cards.values(), key=lambda card: card.config)

    def path(self, number: str) -> Path | None:
        """The file of a figure; None if no figure has this number."""
        with self._changed:
            return self._paths.get(int(number)) if number.isdecimal() else None


def _with_figure(card: FigureCard, made: FigureRendered) -> FigureCard:
    rendered, figure = made.rendered, made.run.figure
    size = sum(path.stat().st_size for path in rendered.paths[:1] if path.exists())
    facts = f"{rendered.frames} frames, {rendered.seconds:.1f} s, {size / 1000:.0f} kB"
    names = [trial.label for trial in made.run.trials]
    title = made.run.title if made.run.title is not None else ", ".join(names)
    media_type = mimetypes.guess_type(rendered.paths[0].name)[0] or ""
    width, height = rendered.size
    return replace(
        card, title=plain(title), alt=rendered.alt, facts=facts, version=card.version + 1,
        size=(width // figure.scale, height // figure.scale), draft=made.draft, wrong="",
        moving=media_type.startswith("video/"),
    )  # fmt: skip


def start_server(board: Board, port: int | None = None) -> str:
    """Start a server in a thread of its own; the address of its page.

    Args:
        board: figures on the page.
        port: to listen on; None is PORT, or any free port if PORT is in use.

    Raises:
        ConfigError: the server cannot listen on the port.
    """
    handler = type("Handler", (_Handler,), {"board": board})
    for candidate in (PORT, 0) if port is None else (port,):
        try:
            server = ThreadingHTTPServer((HOST, candidate), handler)
        except OSError as error:
            reason = error.strerror or error
        else:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://{HOST}:{server.server_port}/"
    raise ConfigError([Problem(f"cannot listen on this port: {reason}", f"--port {port}")])


class _Handler(BaseHTTPRequestHandler):
    board: Board
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "optanim", ""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        with suppress(ConnectionError, TimeoutError):
            if self.headers.get("Host") not in self._hosts():
                self._send(421, "text/plain", b"This is not the address of optanim.\n")
            elif path == "/":
                self._send_page()
            elif path == "/events":
                self._send_events()
            elif path.startswith("/picture/"):
                self._send_figure(path.removeprefix("/picture/"))
            else:
                self._send_not_found()

    def _hosts(self) -> set[str]:
        assert isinstance(self.server, ThreadingHTTPServer)
        port = self.server.server_port
        return {f"{name}:{port}" for name in (HOST, "localhost")}

    def _send_page(self) -> None:
        nonce = secrets.token_urlsafe(16)
        page = Template(PAGE.read_text("utf-8")).substitute(nonce=nonce)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}';"
            " img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none';"
            " form-action 'none'; frame-ancestors 'none'"
        )
        self._send(200, "text/html; charset=utf-8", page.encode(), policy)

    def _send_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        version = 0
        self.wfile.write(b"retry: 500\n\n")
        while True:
            new_version, cards = self.board.wait(version, KEEPALIVE_INTERVAL)
            if new_version != version or not version:
                text = json.dumps([asdict(card) for card in cards])
                self.wfile.write(f"data: {text}\n\n".encode())
            else:
                self.wfile.write(b": keep-alive\n\n")
            self.wfile.flush()
            version = new_version

    def _send_figure(self, number: str) -> None:
        path = self.board.path(number)
        try:
            data = path.read_bytes() if path else None
        except OSError:
            data = None
        if path is None or data is None:
            self._send_not_found()
        else:
            media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self._send(200, media_type, data)

    def _send_not_found(self) -> None:
        self._send(404, "text/plain", b"Not found.\n")

    def _send(
        self, code: int, media_type: str, body: bytes, policy: str = "default-src 'none'"
    ) -> None:
        self.send_response(code)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal is for news about configs."""
