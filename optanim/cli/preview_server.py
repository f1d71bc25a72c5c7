"""A server for a web page with the figures that are watched; the page updates itself.

It is a `LocalServer`. A request contains the number of a figure, never a path. The number of event
streams is bounded.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from string import Template

from optanim.cli.local_server import LocalHandler, LocalServer, listen
from optanim.cli.preview_board import Board

PAGE = Path(__file__).parent / "templates" / "watch.html"
KEEPALIVE_INTERVAL = 15.0
"""Seconds without news after which a page gets a comment, which keeps its connection open."""
MAX_STREAMS = 16
STREAM_LIFETIME = 600.0
"""Seconds after which an event stream makes room for another, where all are in use.

Nobody else ends a stream whose reader stopped: a few short comments always fit into buffers.
"""


def start_server(board: Board, port: int | None = None) -> str:
    """Start a server in a thread of its own; the address of its page.

    Args:
        board: figures on the page.
        port: as for `listen`.

    Raises:
        ConfigError: the server cannot listen on the port.
    """
    return listen(partial(PreviewServer, board), port).address


class PreviewServer(LocalServer):
    """A server of the figures on a board.

    Args:
        board: figures on the page.
        port: to listen on; 0 is any free port.

    Raises:
        OSError: the server cannot listen on the port.
    """

    def __init__(self, board: Board, port: int) -> None:
        self.board = board
        # Read now: later there may be no free file descriptor.
        self.page = Template(PAGE.read_text("utf-8"))
        self.streams = threading.BoundedSemaphore(MAX_STREAMS)
        super().__init__(port, _Handler)

    def has_free_stream(self) -> bool:
        """Whether one more event stream may begin."""
        free = self.streams.acquire(blocking=False)
        if free:
            self.streams.release()
        return free


class _Handler(LocalHandler):
    server: PreviewServer

    def answer(self, path: str) -> None:
        if path == "/":
            self._send_page()
        elif path == "/events":
            self._send_events()
        elif path.startswith("/picture/"):
            self.send_named_file(self.server.board.path(path.removeprefix("/picture/")))
        else:
            self.send(404)

    def _send_page(self) -> None:
        nonce = secrets.token_urlsafe(16)
        page = self.server.page.substitute(nonce=nonce)
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}';"
            " img-src 'self'; media-src 'self'; frame-src 'self'; connect-src 'self';"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        headers = {"Content-Security-Policy": policy}
        self.send(200, page.encode(), "text/html; charset=utf-8", headers)

    def _send_events(self) -> None:
        self.close_connection = True
        media_type = "text/event-stream; charset=utf-8"
        if self.command == "HEAD":
            self.send_head(200, {"Content-Type": media_type})
        elif not self.server.streams.acquire(blocking=False):
            self.send(503, headers={"Retry-After": "5"})
        else:
            try:
                self.send_head(200, {"Content-Type": media_type})
                self._stream()
            finally:
                self.server.streams.release()

    def _stream(self) -> None:
        version, end = 0, time.monotonic() + STREAM_LIFETIME
        self.wfile.write(b"retry: 500\n\n")
        while time.monotonic() < end or self.server.has_free_stream():
            new_version, cards = self.server.board.wait(version, KEEPALIVE_INTERVAL)
            if new_version != version or not version:
                text = json.dumps([asdict(card) for card in cards])
                self.wfile.write(f"data: {text}\n\n".encode())
            else:
                self.wfile.write(b": keep-alive\n\n")
            version = new_version
