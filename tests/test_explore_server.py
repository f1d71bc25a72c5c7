"""Requests to the server of `optanim explore`: those of its page, and those of everybody else."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from optanim.cli import local_server
from optanim.cli.explorer_server import MAX_BODY, ExplorerServer, start_explorer
from optanim.pipeline.edited_config import EditedConfig
from optanim.pipeline.exploration import Exploration
from tests.clients import Answer, ask, connect, has_same_headers, send, until
from tests.command import optanim_
from tests.needs import uses_posix

CONFIG = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 0.2}\nsteps: 5\n"
VALUES = {
    "surface": "quadratic", "start": [-4, 3], "optimizers": [{"name": "gd", "lr": 0.2}], "steps": 5,
    "figure": {"size": [200, 150]}, "animation": {"duration": "100ms"},
}  # fmt: skip


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExplorerServer]:
    """A server for a config in the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("race.yaml").write_text(CONFIG)
    server = start_explorer(Exploration(EditedConfig(Path("race.yaml"))), 0)
    threading.Thread(target=server.work, daemon=True).start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing an attacker does prints anything."""
    yield
    assert capfd.readouterr() == ("", "")


def post(server: ExplorerServer, name: str, body: Any, **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content_Type": "application/json", **headers}
    return ask(server.server_port, f"/{server.token}/{name}", "POST", data, **headers)


def posted(server: ExplorerServer, name: str, **body: Any) -> Any:
    """The JSON of an answer."""
    status, headers, data = post(server, name, body)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    return json.loads(data)


def test_the_page_and_its_files_have_a_policy(server: ExplorerServer) -> None:
    for name in server.files:
        status, headers, body = ask(server.server_port, f"/{server.token}/{name}")
        assert (status, body) == (200, server.files[name])
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy and "unsafe" not in policy


def test_the_catalogue_has_the_config(server: ExplorerServer) -> None:
    status, _, body = ask(server.server_port, f"/{server.token}/catalogue")
    catalogue = json.loads(body)
    assert status == 200 and catalogue["file"] == "race.yaml"
    assert catalogue["config"]["optimizer"] == {"name": "gd", "lr": 0.2}


def test_the_page_is_behind_its_token(server: ExplorerServer) -> None:
    token = server.token
    wrong = [
        "/", f"/{token}", "/catalogue", f"/{token[:-1]}/", f"/{token}x/",
        f"/x/{token}/", f"/{token.swapcase()}/", "/\xb2/", "/%2e/", f"/{token}/../", f"/./{token}/",
        f"http://127.0.0.1:{server.server_port}/{token}/",
    ]  # fmt: skip
    for path in wrong:
        request = f"GET {path} HTTP/1.1\r\nHost: {server_hosts(server)[0]}\r\nConnection: close"
        answer = send(server.server_port, f"{request}\r\n\r\n".encode("latin-1"))
        assert answer.startswith(b"HTTP/1.1 404 ") and token.encode() not in answer, path
    assert len(token) >= 32


@pytest.mark.parametrize(
    "path",
    [
        "../explorer_server.py", "..%2fexplorer_server.py", "%2e%2e/x", "....//x", "race.yaml",
        "/etc/passwd", "output/", "output/0/x.gif", "output/1/x.gif", "output/../race.yaml",
        "output/-1/x.gif", "output/" + "1" * 5000, "explorer.js/", "__init__.py", "\\..\\x",
    ],
)  # fmt: skip
def test_no_other_file_is_sent(path: str, server: ExplorerServer) -> None:
    assert ask(server.server_port, f"/{server.token}/{path}")[0] == 404


def test_another_host_is_refused(server: ExplorerServer) -> None:
    for host in ("evil.example", f"evil.example:{server.server_port}", "127.0.0.1", "[::1]"):
        assert post(server, "figure", {}, Host=host)[0] == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
def test_no_other_page_may_post(headers: dict[str, str], server: ExplorerServer) -> None:
    body = {"config": VALUES, "file": "new.yaml"}
    assert post(server, "save", body, **headers)[0] == 403
    assert not Path("new.yaml").exists()


def test_its_own_page_may_post(server: ExplorerServer) -> None:
    for host in server_hosts(server):
        headers = {"Origin": f"http://{host}", "Sec_Fetch_Site": "same-origin", "Host": host}
        assert post(server, "figure", {"config": VALUES}, **headers)[0] == 200


def server_hosts(server: ExplorerServer) -> list[str]:
    return [f"{name}:{server.server_port}" for name in ("127.0.0.1", "localhost")]


@pytest.mark.parametrize(
    "type_", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"]
)
def test_a_form_cannot_post(type_: str, server: ExplorerServer) -> None:
    # Python finds a head of several parts broken, as it is without their boundary.
    expected = 400 if "multipart" in type_ else 415
    assert post(server, "figure", {"config": VALUES}, Content_Type=type_)[0] == expected


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"1", b"null", b'"a"', b"\xff\xfe", b'{"a": NaN}',
        b'{"a": 1' + b"0" * 5000,
        b"[" * 400_000, b'{"a":' * 100_000, b'{"config": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:12]),
)  # fmt: skip
def test_garbage_is_a_bad_request(body: bytes, server: ExplorerServer) -> None:
    assert post(server, "figure", body)[0] == 400
    assert posted(server, "figure", config=VALUES)["yaml"]


@pytest.mark.parametrize(
    "config",
    [
        None, [], "adam", 1, {}, {"surface": None}, {"surface": "\ud800"}, {"\ud800": 1},
        {"surface": "quadratic", "a\0b": 1}, {"start": [1e308, -1e308]}, {"steps": 1e30},
        {"optimizers": [{"name": "gd"}] * 17}, {"optimizers": "torch.os.system"}, {"x": {"y": []}},
        {"surface": {"expr": "x" * 5000}}, {"surface": {"expr": "x**x**x**x**x"}},
        {"start": [[]] * 20_001}, {"extends": "/etc/passwd"}, {"surface": ["quadratic"]},
    ],
    ids=lambda config: repr(config)[:30],
)  # fmt: skip
def test_a_wrong_config_has_problems(config: Any, server: ExplorerServer) -> None:
    for name in ("figure", "save", "render"):
        answer = posted(server, name, config=config, overwrite=True)
        assert answer["problems"] and all(problem["message"] for problem in answer["problems"])
    assert Path("race.yaml").read_text() == CONFIG


def test_a_deep_config_has_a_problem(server: ExplorerServer) -> None:
    deep: Any = 1
    for _ in range(400):
        deep = [deep]
    assert posted(server, "figure", config={"start": deep})["problems"]


@pytest.mark.parametrize("number", [None, "1", 1.5, True, [1], 10**30])
def test_odd_numbers_are_no_ground(number: Any, server: ExplorerServer) -> None:
    answer = posted(server, "figure", config=VALUES, number=number, ground=number, draft=True)
    assert answer["figure"]["version"] == 1


@pytest.mark.parametrize("length", [MAX_BODY + 1, 10_000_000, 10**30])
def test_a_large_body_is_refused_before_it_is_read(length: int, server: ExplorerServer) -> None:
    answer = send(server.server_port, head(server, f"Content-Length: {length}"))
    assert answer.startswith(b"HTTP/1.1 413 ") and has_same_headers(answer)
    assert b"Connection: close" in answer


def test_a_body_of_ten_megabytes_is_refused(server: ExplorerServer) -> None:
    # The server reads some of it after its answer, so that the client can read that.
    with connect(server.server_port) as client:
        client.sendall(head(server, "Content-Length: 10000000"))
        with pytest.raises(OSError):
            for _ in range(10_000):
                client.sendall(b" " * 1_000_000)


@pytest.mark.parametrize(
    ("lengths", "status"),
    [
        ("", 411), ("Transfer-Encoding: chunked", 411),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked", 411),
        ("Content-Length: 2\r\nContent-Length: 3", 400), ("Content-Length: -1", 400),
        ("Content-Length: 2, 2", 400), ("Content-Length: 0x2", 400), ("Content-Length: \xb2", 400),
    ],
)  # fmt: skip
def test_a_body_of_unknown_length_is_refused(
    lengths: str, status: int, server: ExplorerServer
) -> None:
    answer = send(server.server_port, head(server, lengths) + b"{}")
    assert answer.startswith(b"HTTP/1.1 %d " % status) and answer.count(b"HTTP/1.1 ") == 1


def head(server: ExplorerServer, lengths: str) -> bytes:
    lines = [
        f"POST /{server.token}/figure HTTP/1.1", f"Host: 127.0.0.1:{server.server_port}",
        "Content-Type: application/json", *([lengths] if lengths else []), "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode("latin-1")


def test_a_refused_body_is_not_the_next_request(server: ExplorerServer) -> None:
    inner = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % server.server_port
    request = head(server, f"Content-Length: {len(inner)}").replace(b"application", b"text") + inner
    assert send(server.server_port, request).count(b"HTTP/1.1 ") == 1


def test_a_body_that_does_not_come_ends_the_connection(
    server: ExplorerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_server, "TIMEOUT", 0.3)
    monkeypatch.setattr(local_server.LocalHandler, "timeout", 0.3)
    assert send(server.server_port, head(server, "Content-Length: 40") + b"{") == b""


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_not_allowed(method: str, server: ExplorerServer) -> None:
    status, headers, _ = ask(server.server_port, f"/{server.token}/figure", method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD, POST")


def test_a_get_changes_nothing(server: ExplorerServer) -> None:
    for name in ("figure", "save", "render"):
        assert ask(server.server_port, f"/{server.token}/{name}")[0] == 404
    for name in ("", "catalogue", "explorer.js", "nothing", "output/1/a.gif"):
        assert post(server, name, {})[0] == 404


def test_five_hundred_connections(server: ExplorerServer) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(server.server_port)) for _ in range(500)]
        refused = 0
        for client in clients[local_server.MAX_CONNECTIONS :]:
            try:
                refused += client.recv(12) == b"HTTP/1.1 503"
            except ConnectionError:  # it did not read the answer in a second
                refused += 1
        assert refused == 500 - local_server.MAX_CONNECTIONS
    until(lambda: ask(server.server_port, f"/{server.token}/catalogue")[0] == 200)


def test_a_connection_stays_open(server: ExplorerServer) -> None:
    body = json.dumps({"config": VALUES}).encode()
    request = head(server, f"Content-Length: {len(body)}") + body
    last = request.replace(b"\r\nHost", b"\r\nConnection: close\r\nHost", 1)
    assert send(server.server_port, request + last).count(b"HTTP/1.1 200 ") == 2


def test_a_rendered_file_is_sent(server: ExplorerServer) -> None:
    answer = posted(server, "render", config=VALUES | {"output": "out put/{config} é.gif"})
    assert answer["file"] == str(Path("out put/race é.gif")) and answer["address"].isascii()
    status, headers, body = ask(server.server_port, answer["address"] + "?2")
    assert (status, headers["Content-Type"]) == (200, "image/gif")
    assert body == Path("out put/race é.gif").read_bytes()
    Path("out put/race é.gif").unlink()
    assert ask(server.server_port, answer["address"])[0] == 404


def test_a_mistake_of_ours_is_told(
    server: ExplorerServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server.exploration, "figure", lambda *_: 1 // 0)
    assert "bug" in posted(server, "figure", config=VALUES)["problems"][0]["message"]
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert posted(server, "save", config=VALUES, file="new.yaml") == {"saved": "new.yaml"}


@uses_posix
def test_the_command_prints_the_address_and_ends_quietly(tmp_path: Path) -> None:
    (tmp_path / "race.yaml").write_text(CONFIG)
    command = [sys.executable, "-m", "optanim", "explore", "race.yaml", "-s", "steps=7"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        line = process.stderr.readline()
        match = re.fullmatch(r".*; the page is at http://127\.0\.0\.1:(\d+)(/\S+/)\n", line)
        assert match, line
        _, _, body = ask(int(match[1]), f"{match[2]}catalogue")
        process.send_signal(signal.SIGINT)
        assert (process.wait(), process.stderr.read()) == (130, "")
    assert json.loads(body)["config"]["steps"] == 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-"], "a pipe cannot be explored"),
        (["/dev/fd/0"], "a pipe cannot be explored"),
        (["none.yaml"], "there is no such file"),
        (["race.yaml", "-s", "matrix={optimizer.lr: [1, 2]}"], "only one is possible here"),
        (["race.yaml", "-s", "steps=0"], "must be"),
    ],
)
def test_a_config_that_cannot_be_explored(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    (tmp_path / "race.yaml").write_text(CONFIG)
    done = optanim_("explore", *arguments, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr.decode() and not done.stdout
