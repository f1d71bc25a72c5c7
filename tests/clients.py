"""Clients of the servers of optanim, as a browser or an attacker is one."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Callable
from contextlib import closing

import pytest

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Answer = tuple[int, http.client.HTTPMessage, bytes]


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    """The status, the headers and the body of an answer; `_` in the name of a header is `-`."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        connection.request(method, path, body, headers=named)
        with connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read()


def send(port: int, request: bytes) -> bytes:
    """All that the server answers to these bytes."""
    with connect(port) as client:
        client.sendall(request)
        return until_end(client)


def connect(port: int) -> socket.socket:
    """An open connection."""
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def until_end(client: socket.socket) -> bytes:
    """All that the server sends until it closes the connection."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def has_same_headers(answer: bytes) -> bool:
    """Whether an answer has the headers that every answer has."""
    headers = http.client.parse_headers(io.BytesIO(answer.partition(b"\r\n")[2]))
    policy = headers["Content-Security-Policy"]
    same = all(headers.get_all(name) == [text] for name, text in HEADERS.items())
    return same and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("not in 10 seconds")
