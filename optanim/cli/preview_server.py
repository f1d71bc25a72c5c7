"""Serving: a page in the browser with the figures that are watched, renewed as they change.

Only this machine is answered, and only under its own names: a page elsewhere whose name is made to
lead here is turned away. What can be asked for is a number, never a path.
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
from optanim.pipeline.watch import Gone, Made, News, Wrong

HOST, PORT = "127.0.0.1", 8000
PAGE = Path(__file__).parent / "templates" / "watch.html"
PULSE = 15.0
"""Seconds after which a page that hears nothing is told that we are still here."""


@dataclass(frozen=True)
class Shown:
    """A figure as the page shows it.

    Attributes:
        number: of the figure, in the page's addresses.
        config: its name.
        title: of the picture, as plain text.
        alt: the picture in a sentence.
        size: (width, height) in pixels of the page; zeros before there is a picture.
        facts: frames, seconds and bytes, in words.
        version: counts the pictures; 0 is none yet.
        moving: the picture is a video, to be shown by a player.
        draft: the whole picture follows.
        wrong: what is wrong with the config, as in a terminal; "" if nothing is.
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
    """What the page shows. The loop that renders writes it, each open page reads it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shown: dict[str, Shown] = {}
        self._paths: dict[int, Path] = {}
        self._version = self._numbers = 0

    def tell(self, news: News) -> None:
        """Show what has happened."""
        with self._changed:
            shown = self._shown.get(news.config)
            if shown is None:
                self._numbers += 1
                shown = Shown(self._numbers, news.config)
            if isinstance(news, Made):
                self._paths[shown.number] = news.rendered.paths[0].absolute()
                shown = _with_picture(shown, news)
            elif isinstance(news, Wrong):
                shown = replace(shown, wrong="\n\n".join(map(str, news.problems)))
            self._shown[news.config] = shown
            if isinstance(news, Gone):
                del self._shown[news.config]
                self._paths.pop(shown.number, None)
            self._version += 1
            self._changed.notify_all()

    def after(self, version: int, seconds: float) -> tuple[int, list[Shown]]:
        """The next version of the page after one, and its figures; the same one after a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, seconds)
            return self._version, sorted(self._shown.values(), key=lambda shown: shown.config)

    def picture(self, number: str) -> Path | None:
        """The file of a figure's picture."""
        with self._changed:
            return self._paths.get(int(number)) if number.isdecimal() else None


def _with_picture(shown: Shown, made: Made) -> Shown:
    rendered, figure = made.rendered, made.run.figure
    size = sum(path.stat().st_size for path in rendered.paths[:1] if path.exists())
    facts = f"{rendered.frames} frames, {rendered.seconds:.1f} s, {size / 1000:.0f} kB"
    names = [trial.label for trial in made.run.trials]
    title = made.run.title if made.run.title is not None else ", ".join(names)
    kind = mimetypes.guess_type(rendered.paths[0].name)[0] or ""
    width, height = rendered.size
    return replace(
        shown, title=plain(title), alt=rendered.alt, facts=facts, version=shown.version + 1,
        size=(width // figure.scale, height // figure.scale), draft=made.draft, wrong="",
        moving=kind.startswith("video/"),
    )  # fmt: skip


def serve(board: Board, port: int | None = None) -> str:
    """Serve the page from now on, beside everything else; its address.

    Args:
        board: what it shows.
        port: to listen at; or None for the usual one, and another if that is taken.

    Raises:
        ConfigError: the port is taken.
    """
    handler = type("Handler", (_Handler,), {"board": board})
    for asked in (PORT, 0) if port is None else (port,):
        try:
            server = ThreadingHTTPServer((HOST, asked), handler)
        except OSError as error:
            reason = error.strerror or error
        else:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://{HOST}:{server.server_port}/"
    raise ConfigError([Problem(f"cannot be listened at: {reason}", f"--port {port}")])


class _Handler(BaseHTTPRequestHandler):
    board: Board
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "optanim", ""

    def do_GET(self) -> None:
        asked = urlsplit(self.path).path
        with suppress(ConnectionError, TimeoutError):
            if self.headers.get("Host") not in self._hosts():
                self._send(421, "text/plain", b"This is not the address of optanim.\n")
            elif asked == "/":
                self._page()
            elif asked == "/events":
                self._events()
            elif asked.startswith("/picture/"):
                self._picture(asked.removeprefix("/picture/"))
            else:
                self._missing()

    def _hosts(self) -> set[str]:
        assert isinstance(self.server, ThreadingHTTPServer)
        port = self.server.server_port
        return {f"{name}:{port}" for name in (HOST, "localhost")}

    def _page(self) -> None:
        nonce = secrets.token_urlsafe(16)
        page = Template(PAGE.read_text("utf-8")).substitute(nonce=nonce)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}';"
            " img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none';"
            " form-action 'none'; frame-ancestors 'none'"
        )
        self._send(200, "text/html; charset=utf-8", page.encode(), policy)

    def _events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        version = 0
        self.wfile.write(b"retry: 500\n\n")
        while True:
            now, shown = self.board.after(version, PULSE)
            if now != version or not version:
                text = json.dumps([asdict(figure) for figure in shown])
                self.wfile.write(f"data: {text}\n\n".encode())
            else:
                self.wfile.write(b": still here\n\n")
            self.wfile.flush()
            version = now

    def _picture(self, number: str) -> None:
        path = self.board.picture(number)
        try:
            data = path.read_bytes() if path else None
        except OSError:
            data = None
        if path is None or data is None:
            self._missing()
        else:
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self._send(200, kind, data)

    def _missing(self) -> None:
        self._send(404, "text/plain", b"There is nothing here.\n")

    def _send(self, code: int, kind: str, body: bytes, policy: str = "default-src 'none'") -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for configs."""
