"""A server for this machine only, on which the servers of optanim are built.

It answers only requests for its own host names: a page elsewhere whose name resolves to this
machine (DNS rebinding) gets an error. A client cannot exhaust the program: each request has a
deadline, and the number of connections is bounded.
"""

from __future__ import annotations

import errno
import io
import mimetypes
import os
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, TypeVar

from optanim.errors import ConfigError, Problem
from optanim.files import open_file

HOST, PORT = "127.0.0.1", 8000
MAX_CONNECTIONS, MAX_REFUSED = 64, 16
"""The bounds leave open files for rendering: macOS allows 256 in one process."""
TIMEOUT = 20.0
"""Seconds for the whole of a request, and for each piece of an answer."""
MAX_HEAD = 150_000
"""Bytes of the head of a request; http.server itself allows 65,536 in a line."""
PIECE = 1 << 18
POLICY = "default-src 'none'; frame-ancestors 'none'"
FRAMED_POLICIES = {
    # Its own policy allows its script. In a sandbox it is of no origin, so it reads nothing here.
    "text/html": "sandbox allow-scripts; connect-src 'none'; frame-ancestors 'self'",
    "application/pdf": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
}
"""The policies of figures that a page of ours shows in a frame, by their media types."""

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer."""

_Server = TypeVar("_Server", bound="LocalServer")


def listen(server: Callable[[int], _Server], port: int | None = None) -> _Server:
    """A server that answers in a thread of its own.

    Args:
        server: makes it for a port.
        port: to listen on; None is PORT, or any free port if PORT is in use.

    Raises:
        ConfigError: the server cannot listen on the port.
    """
    for candidate in (PORT, 0) if port is None else (port,):
        try:
            made = server(candidate)
        except OSError as error:
            reason = error.strerror or error
        else:
            threading.Thread(target=made.serve_forever, daemon=True).start()
            return made
    raise ConfigError([Problem(f"cannot listen on this port: {reason}", f"--port {port}")])


class LocalServer(ThreadingHTTPServer):
    """A server with bounds: a connection beyond them gets the answer 503.

    Args:
        port: to listen on; 0 is any free port.
        handler: answers the requests of a connection.

    Raises:
        OSError: the server cannot listen on the port.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, handler: type[LocalHandler]) -> None:
        self._connections = set[object]()
        self._refused = deque[tuple[float, socket.socket]]()
        super().__init__((HOST, port), handler)

    @property
    def address(self) -> str:
        """The address of its root."""
        return f"http://{HOST}:{self.server_port}/"

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection."""
        try:
            return super().get_request()
        except OSError:
            # Out of file descriptors: the connection stays in the queue, so to try again at once
            # would keep a processor busy.
            time.sleep(0.1)
            raise

    def process_request(self, request: object, client_address: object) -> None:
        """Answer a connection in a thread of its own, or refuse it."""
        assert isinstance(request, socket.socket)
        if len(self._connections) < MAX_CONNECTIONS:
            self._connections.add(request)
            super().process_request(request, client_address)
        else:
            self._refuse(request)

    def shutdown_request(self, request: object) -> None:
        """Close a connection, however it ended."""
        super().shutdown_request(request)  # type: ignore[arg-type]
        # Not before: a descriptor counts until it is closed.
        self._connections.discard(request)

    def service_actions(self) -> None:
        """Close refused connections that had time to read the answer."""
        while self._refused and self._refused[0][0] < time.monotonic():
            self._refused.popleft()[1].close()

    def server_close(self) -> None:
        """Listen no more, and close the connections that were refused."""
        super().server_close()
        while self._refused:
            self._refused.popleft()[1].close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: a traceback is no news about a config."""

    def _refuse(self, request: socket.socket) -> None:
        body = _sentence(503)
        headers = {"Content-Type": "text/plain", "Content-Length": len(body), **SECURITY_HEADERS}
        headers |= {"Connection": "close", "Retry-After": 5}
        lines = ["HTTP/1.1 503 Service Unavailable", *(f"{a}: {b}" for a, b in headers.items())]
        request.setblocking(False)
        with suppress(OSError):
            request.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            request.shutdown(socket.SHUT_WR)
        # Closed at once, a connection with an unread request would be reset, and the answer lost.
        self._refused.append((time.monotonic() + 1, request))
        if len(self._refused) > MAX_REFUSED:
            self._refused.popleft()[1].close()


class _HeadTooLargeError(Exception):
    """A request whose head has more than MAX_HEAD bytes."""


class _Requests(io.RawIOBase):
    """The bytes that a client sends, up to a deadline for each whole request.

    The timeout of a socket is not enough: it starts again with every byte.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.begin()

    def begin(self) -> None:
        """The next request begins."""
        self.deadline, self.left = time.monotonic() + TIMEOUT, MAX_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        if self.left <= 0:
            raise _HeadTooLargeError
        self._connection.settimeout(seconds)
        try:
            size = self._connection.recv_into(buffer)
        finally:
            self._connection.settimeout(TIMEOUT)
        self.left -= size
        return size


class LocalHandler(BaseHTTPRequestHandler):
    """Answers the requests of one connection to a `LocalServer`.

    Attributes:
        allowed: the methods that it has.
    """

    server: LocalServer
    allowed = "GET, HEAD"
    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # 0.9 has no headers, and so no policy
    server_version, sys_version = "optanim", ""
    timeout = TIMEOUT

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._requests = _Requests(self.connection)
        self.rfile = io.BufferedReader(self._requests)

    def handle_one_request(self) -> None:
        self._requests.begin()
        self.command, self.requestline, self.request_version = "", "", ""
        self.headers = Message()
        with suppress(OSError):
            try:
                super().handle_one_request()
                return
            except _HeadTooLargeError:
                self.send_error(431)
        self.close_connection = True

    def finish(self) -> None:
        """End the connection; what the client still sends is read, or it loses the answer."""
        with suppress(OSError):
            super().finish()
            self.connection.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + 1
            while (left := deadline - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(PIECE):
                    break

    def do_GET(self) -> None:
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # a body is not read, so it must not be the next request
        if self.is_addressed():
            self.answer(self.path.partition("?")[0])

    do_HEAD = do_GET  # noqa: N815 (http.server asks for this name)

    def answer(self, path: str) -> None:
        """Answer GET or HEAD for a path of this server."""
        raise NotImplementedError

    def is_addressed(self) -> bool:
        """Whether a request is for this server; otherwise it is answered with the reason."""
        if self.headers.defects:
            self.send_error(400)
        elif self.headers.get_all("Host", []) not in [[host] for host in self.hosts]:
            self.send(421, b"This is not the address of optanim.\n")
        else:
            return True
        return False

    @property
    def hosts(self) -> list[str]:
        """The names of this server, with its port."""
        return [f"{name}:{self.server.server_port}" for name in (HOST, "localhost")]

    def body(self, limit: int) -> bytes | None:
        """The body of a request; None if it is refused, which is then the answer.

        Args:
            limit: the largest number of bytes; a larger body is not read.
        """
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or not lengths:
            self.send_error(411)
        elif len(lengths) > 1 or not re.fullmatch(r"[0-9]+", lengths[0]):
            self.send_error(400)
        elif (length := _count(lengths[0])) > limit:
            self.send_error(413)
        else:
            self._requests.left += length
            data = self.rfile.read(length)
            if len(data) == length:
                return data
            self.close_connection = True
        return None

    def send_named_file(self, path: Path | None) -> None:
        """Answer with a file, or the part of it that is asked for; None is not found."""
        if path is None:
            self.send(404)
            return
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open_file(path))
            except OSError as error:
                self.send(503 if error.errno in (errno.EMFILE, errno.ENFILE) else 404)
            else:
                self._send_file(file, media_type)

    def _send_file(self, file: BinaryIO, media_type: str) -> None:
        facts = os.fstat(file.fileno())
        tag, size = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', facts.st_size
        headers = {"Accept-Ranges": "bytes", "ETag": tag}
        if media_type in FRAMED_POLICIES:
            headers["Content-Security-Policy"] = FRAMED_POLICIES[media_type]
        asked = self.headers.get_all("Range", [])
        part = None
        if self.command == "GET" and len(asked) == 1 and self.headers.get("If-Range", tag) == tag:
            part = byte_range(asked[0], size)
        if part is not None and not part:
            self.send(416, headers={**headers, "Content-Range": f"bytes */{size}"})
            return
        whole = range(size)
        if part is not None:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
        sent = whole if part is None else part
        headers |= {"Content-Type": media_type, "Content-Length": str(len(sent))}
        self.send_head(200 if part is None else 206, headers)
        if self.command == "HEAD":
            return
        file.seek(sent.start)
        left = len(sent)
        while left:
            data = file.read(min(left, PIECE))
            if not data:  # the file became shorter
                self.close_connection = True
                return
            self.wfile.write(data)
            left -= len(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that http.server refuses; its words would repeat the request."""
        self.close_connection = True
        self.send(405 if code == 501 else code)  # 501: a method that this class does not have

    def send(
        self, code: int, body: bytes = b"", media_type: str = "text/plain",
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        body = body or _sentence(code)
        allowed = {"Allow": self.allowed} if code == 405 else {}
        length = {"Content-Type": media_type, "Content-Length": str(len(body))}
        self.send_head(code, length | allowed | dict(headers or {}))
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_head(self, code: int, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for name, value in (SECURITY_HEADERS | dict(headers)).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def handle_expect_100(self) -> bool:
        """Ask for no body: none is read."""
        self.close_connection = True
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal is for news about configs."""


def byte_range(header: str, size: int) -> range | None:
    """The bytes of a file that a header `Range` asks for.

    Returns:
        None where the header does not count, as for several ranges; an empty range where the file
        has no such bytes.
    """
    match = re.fullmatch(r"bytes=([0-9]*)-([0-9]*)", header.strip())
    if not match or header.strip() == "bytes=-":
        return None
    first, last = (_count(digits) if digits else None for digits in match.groups())
    if first is None:
        return range(max(size - (last or 0), 0), size)
    if last is None:
        return range(first, size)
    return None if last < first else range(first, min(last + 1, size))


def _count(digits: str) -> int:
    """A number of bytes; more than 18 digits are as good as any: no file is as large."""
    return int(digits.lstrip("0")[:19] or "0")


def _sentence(code: int) -> bytes:
    reasons = {503: "Too many connections are open; close some pages of optanim"}
    return f"{reasons.get(code, HTTPStatus(code).phrase)}.\n".encode()
