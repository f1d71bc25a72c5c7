"""Clients that attack the page of `optanim watch --serve`, and players that ask for parts."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from optanim.cli import local_server, preview_server
from optanim.cli.local_server import LocalHandler
from optanim.cli.preview_board import Board
from optanim.cli.preview_server import PreviewServer, start_server
from tests.clients import HEADERS, ask, connect, has_same_headers, send, until, until_end

MOVIE = bytes(range(250)) * 4


@pytest.fixture
def port(tmp_path: Path) -> int:
    """A server with figure 1."""
    board = Board()
    (tmp_path / "a.mp4").write_bytes(MOVIE)
    board._paths["1"] = tmp_path / "a.mp4"
    address = start_server(board, 0)
    return int(address.rstrip("/").rpartition(":")[2])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines pass soon."""
    monkeypatch.setattr(local_server, "TIMEOUT", 0.3)
    monkeypatch.setattr(LocalHandler, "timeout", 0.3)


@pytest.fixture(autouse=True)
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing an attacker does prints anything."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "POST", "OPTIONS", "TRACE", "X" * 5000, "__init__"]
)
@pytest.mark.parametrize("path", ["/", "/picture/1", "/nothing", "/picture/2"])
def test_every_answer_has_the_same_headers(method: str, path: str, port: int) -> None:
    request = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    answer = send(port, request.encode())
    found = 200 if path in ("/", "/picture/1") else 404
    status = int(answer.split()[1])
    assert status == (found if method in ("GET", "HEAD") else 405)
    assert has_same_headers(answer)
    assert (b"Allow: GET, HEAD\r\n" in answer) == (status == 405)
    assert (answer.partition(b"\r\n\r\n")[2] == b"") == (method == "HEAD")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + (b"A: " + b"a" * 60_000 + b"\r\n") * 9 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: HERE\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: HERE\r\n: b\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET / a b HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/x\r\n\r\n", 400),
        (b"GET / HTTP/1.\xb2\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"\x1b]0;title\x07 \x00 \xff\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: HERE\r\nHost: evil.example\r\n\r\n", 421),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nHost: HERE\r\n\r\n", 421),
        (b"GET //[ HTTP/1.1\r\nHost: HERE\r\n\r\n", 404),
        (b"GET http://[ HTTP/1.1\r\nHost: HERE\r\n\r\n", 404),
        (b"GET /picture/" + b"1" * 5000 + b" HTTP/1.1\r\nHost: HERE\r\n\r\n", 404),
        (b"GET /picture/\xb2 HTTP/1.1\r\nHost: HERE\r\n\r\n", 404),
        (b"GET /picture/" + b"0" * 5000 + b"1 HTTP/1.1\r\nHost: HERE\r\n\r\n", 404),
        (b"GET /picture/1 HTTP/1.1\r\nHost: HERE\r\nRange: bytes=" + b"9" * 5000 + b"-\r\n\r\n",
         416),
    ],
)  # fmt: skip
def test_a_bad_request_gets_a_clear_answer(request_: bytes, status: int, port: int) -> None:
    request_ = request_.replace(b"HERE", b"127.0.0.1:%d" % port)
    if status in (404, 416, 421):  # such a connection could go on
        request_ = request_.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answer = send(port, request_)
    assert answer.startswith(b"HTTP/1.1 %d " % status) and has_same_headers(answer)
    assert b"a" * 100 not in answer and b"\x1b" not in answer
    assert ask(port, "/picture/1")[2] == MOVIE


@pytest.mark.parametrize("header", ["Content-Length: 40", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_body_is_not_the_next_request(method: str, header: str, port: int) -> None:
    host = f"Host: 127.0.0.1:{port}\r\n"
    request = f"{method} /nothing HTTP/1.1\r\n{host}{header}\r\n\r\nGET / HTTP/1.1\r\n{host}\r\n"
    assert send(port, request.encode()).count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-1", slice(0, 2)),  # the first request of Safari
        ("bytes=0-", slice(0, None)),
        ("bytes=990-", slice(990, None)),
        ("bytes=990-2000", slice(990, None)),
        ("bytes=5-5", slice(5, 6)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=-2000", slice(0, None)),
        ("bytes=999-999", slice(999, None)),
        ("bytes=0000-0001", slice(0, 2)),
        ("bytes=0-" + "9" * 5000, slice(0, None)),
        ("bytes=-" + "9" * 5000, slice(0, None)),
        ("bytes=" + "0" * 5000 + "7-8", slice(7, 9)),
    ],
)
def test_a_part_of_a_video(asked: str, part: slice, port: int) -> None:
    status, headers, body = ask(port, "/picture/1", Range=asked)
    start, stop, _ = part.indices(1000)
    assert (status, body) == (206, MOVIE[part])
    assert headers["Content-Range"] == f"bytes {start}-{stop - 1}/1000"
    assert headers["Content-Length"] == str(len(body)) and headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_part_that_is_not_there(asked: str, port: int) -> None:
    status, headers, _ = ask(port, "/picture/1", Range=asked)
    assert (status, headers["Content-Range"]) == (416, "bytes */1000")
    assert all(headers[name] == text for name, text in HEADERS.items())


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,3-4", "bytes=5-4", "bytes=-", "lines=0-1", "bytes=a-", "bytes=+1-2", "0-1"]
)
def test_a_range_that_does_not_count(asked: str, port: int) -> None:
    status, headers, body = ask(port, "/picture/1", Range=asked)
    assert (status, body, headers["Accept-Ranges"]) == (200, MOVIE, "bytes")


def test_a_part_of_another_version_is_not_mixed(port: int) -> None:
    tag = ask(port, "/picture/1")[1]["ETag"]
    assert ask(port, "/picture/1", Range="bytes=0-1", If_Range=tag)[0] == 206
    assert ask(port, "/picture/1", Range="bytes=0-1", If_Range='"another"')[2] == MOVIE
    status, headers, body = ask(port, "/picture/1", "HEAD", Range="bytes=0-1")
    assert (status, headers["Content-Length"], body) == (200, "1000", b"")


def test_a_figure_that_became_a_pipe_is_not_opened(port: int, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").unlink()
    os.mkfifo(tmp_path / "a.mp4")
    assert ask(port, "/picture/1")[0] == 404


@pytest.mark.parametrize(
    "start", [b"", b"GET", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nB"]
)
def test_a_silent_client_is_sent_away(start: bytes, port: int, impatient: None) -> None:
    assert send(port, start) == b""


def test_a_client_of_one_byte_at_a_time_is_sent_away(port: int, impatient: None) -> None:
    with connect(port) as client:
        client.settimeout(0.05)
        for _ in range(400):  # each byte comes before a timeout of the socket
            try:
                client.sendall(b"a")
                if client.recv(1) == b"":
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    pytest.fail("it is still read")


def test_a_client_that_does_not_read_is_sent_away(
    port: int, impatient: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    finish = LocalHandler.finish

    def end(handler: LocalHandler) -> None:
        finish(handler)
        ended.set()

    monkeypatch.setattr(LocalHandler, "finish", end)
    with (tmp_path / "a.mp4").open("wb") as file:
        file.truncate(100_000_000)
    with connect(port) as client:
        client.sendall(b"GET /picture/1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port)
        assert ended.wait(20)


def test_a_stream_whose_reader_stopped_makes_room(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview_server, "KEEPALIVE_INTERVAL", 0.05)
    monkeypatch.setattr(preview_server, "STREAM_LIFETIME", 0.2)
    request = b"GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port
    with ExitStack() as stack:
        for _ in range(preview_server.MAX_STREAMS):
            stack.enter_context(connect(port)).sendall(request)
        for _ in range(200):
            with connect(port) as client:
                client.sendall(request)
                if client.recv(12) == b"HTTP/1.1 200":
                    return
            time.sleep(0.05)
    pytest.fail("the streams have no end")


def test_the_number_of_streams_is_bounded(port: int) -> None:
    request = b"GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port
    with ExitStack() as stack:
        for _ in range(preview_server.MAX_STREAMS):
            client = stack.enter_context(connect(port))
            client.sendall(request)
            answer = client.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200") and has_same_headers(answer)
        answer = send(port, request)
        assert answer.startswith(b"HTTP/1.1 503 ") and has_same_headers(answer)
        assert b"close some pages" in answer
        assert ask(port, "/events", "HEAD")[0] == 200
        assert ask(port, "/picture/1")[0] == 200


def test_the_number_of_connections_is_bounded(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(local_server.MAX_CONNECTIONS):
            stack.enter_context(connect(port))
        for _ in range(40):
            answer = send(port, b"GET / HTTP/1.1\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 503 ") and has_same_headers(answer)
    until(lambda: ask(port, "/picture/1")[0] == 200)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ECONNABORTED, errno.ENOMEM])
def test_it_survives_running_out_of_files(
    number: int, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, waits = iter(range(3)), list[float]()
    accept = socket.socket.accept

    def failing(self: socket.socket) -> tuple[socket.socket, object]:
        if next(tries, None) is not None:
            raise OSError(number, "none left")
        return accept(self)

    monkeypatch.setattr(socket.socket, "accept", failing)
    monkeypatch.setattr(time, "sleep", waits.append)
    assert ask(port, "/picture/1")[2] == MOVIE
    assert len(waits) == 3  # it waits, and does not keep a processor busy


def test_a_figure_is_not_found_missing_without_free_files(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(local_server, "open_file", full)
    assert ask(port, "/picture/1")[0] == 503
    assert ask(port, "/")[0] == 200


def test_it_survives_running_out_of_threads(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for _ in range(local_server.MAX_CONNECTIONS + 5):
            with connect(port) as client:
                assert until_end(client) == b""
    assert ask(port, "/picture/1")[0] == 200


def test_the_bounds_leave_files_for_rendering() -> None:
    assert local_server.MAX_CONNECTIONS + preview_server.MAX_STREAMS < 128
    assert PreviewServer.daemon_threads
