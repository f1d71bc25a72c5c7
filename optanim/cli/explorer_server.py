"""A server for the page of `optanim explore`.

It is a `LocalServer` with a token in the paths of its address, so that no other program of this
machine can guess them: a wrong token is not found. What changes something is asked for with POST,
by the page itself and nobody else. Matplotlib is not for several threads at once, and signals reach
the main thread only: there the work of all requests is done, one after the other.
"""

from __future__ import annotations

import json
import queue
import secrets
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import optanim.player
from optanim import __version__
from optanim.cli.local_server import LocalHandler, LocalServer, listen
from optanim.pipeline.exploration import Answer, Exploration

WEB = Path(optanim.player.__file__).parent / "web"
MEDIA_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}
PAGE = "explorer.html"
MAX_BODY = 1_000_000
"""Bytes of a config with all that is asked of it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Work = tuple["Future[Answer]", Callable[[], Answer]]


def start_explorer(exploration: Exploration, port: int | None = None) -> ExplorerServer:
    """Start a server in a thread of its own; `work` then does what its requests ask for.

    Args:
        exploration: the session.
        port: as for `listen`.

    Raises:
        ConfigError: the server cannot listen on the port.
    """
    return listen(partial(ExplorerServer, exploration), port)


class ExplorerServer(LocalServer):
    """A server for one exploration.

    Args:
        exploration: the session.
        port: to listen on; 0 is any free port.

    Attributes:
        token: the first part of the paths that exist.
        files: the files of the page, by name.

    Raises:
        OSError: the server cannot listen on the port.
    """

    def __init__(self, exploration: Exploration, port: int) -> None:
        self.exploration = exploration
        self.token = secrets.token_urlsafe(24)
        # Read now: later there may be no free file descriptor.
        self.files = {
            file.name: file.read_bytes() for file in WEB.iterdir() if file.suffix in MEDIA_TYPES
        }
        self._work, self._stopped = queue.Queue[Work](), threading.Event()
        super().__init__(port, _Handler)

    @property
    def page_address(self) -> str:
        """The address of the page."""
        return f"{self.address}{self.token}/"

    def work(self) -> None:
        """Do the work of all requests, until `stop`."""
        while not self._stopped.is_set():
            # With a time limit, as Windows does not interrupt a thread that waits without one.
            try:
                future, task = self._work.get(timeout=1)
            except queue.Empty:
                continue
            try:
                future.set_result(task())
            except Exception:
                # A mistake of ours: whoever started the program can report it.
                traceback.print_exc()
                bug = {
                    "message": f"this is a bug in optanim {__version__}",
                    "place": "",
                    "help": "",
                }
                future.set_result({"problems": [bug]})

    def stop(self) -> None:
        """End `work` within a second, and the server."""
        self._stopped.set()
        self.shutdown()
        self.server_close()

    def done(self, task: Callable[[], Answer]) -> Answer:
        """The result of a task that `work` does; called by the thread of a request."""
        future: Future[Answer] = Future()
        self._work.put((future, task))
        return future.result()


class _Handler(LocalHandler):
    server: ExplorerServer
    allowed = "GET, HEAD, POST"

    def answer(self, path: str) -> None:
        name = self._inner(path)
        explored = self.server.exploration
        if name == "":
            self._send_page_file(PAGE)
        elif name in self.server.files:
            self._send_page_file(name)
        elif name == "catalogue":
            self._send_json(self.server.done(explored.catalogue))
        elif name is not None and name.startswith("output/"):
            self.send_named_file(explored.output(name.split("/")[1]))
        else:
            self.send(404)

    def do_POST(self) -> None:  # noqa: N802 (http.server asks for this name)
        keep, self.close_connection = self.close_connection, True  # until the body is read
        if not self.is_addressed():
            return
        tasks: dict[str | None, Callable[[Any], Answer]] = {
            "figure": self._figure, "save": self._save, "render": self._render,
        }  # fmt: skip
        task = tasks.get(self._inner(self.path))
        if task is None:
            self.send(404)
        elif not self._is_of_page():
            self.send(403)
        elif self.headers.get_content_type() != "application/json":
            self.send(415)
        elif (body := self.body(MAX_BODY)) is not None:
            self.close_connection = keep
            request = _parsed(body)
            if request is None:
                self.send(400)
            else:
                self._send_json(self.server.done(partial(task, request)))

    def _inner(self, path: str) -> str | None:
        """The part of a path behind the token; None without the token."""
        token, slash, inner = path.removeprefix("/").partition("/")
        expected = self.server.token.encode()
        is_known = secrets.compare_digest(token.encode("utf-8", "replace"), expected)
        return inner if slash and is_known else None

    def _is_of_page(self) -> bool:
        """Whether a request is from the page, as far as the browser tells."""
        origins = [f"http://{host}" for host in self.hosts]
        sites, own = self.headers.get_all("Sec-Fetch-Site", []), self.headers.get_all("Origin", [])
        return {*sites} <= {"same-origin"} and {*own} <= {*origins} and len(own) < 2

    def _figure(self, request: Any) -> Answer:
        draft = request.get("draft") is True
        number, ground = request.get("number"), request.get("ground")
        return self.server.exploration.figure(
            request.get("config"), number if type(number) is int else 0,
            ground if draft and type(ground) is int else None,
        )  # fmt: skip

    def _save(self, request: Any) -> Answer:
        file = request.get("file")
        return self.server.exploration.save(
            request.get("config"), file if isinstance(file, str) else None,
            overwrite=request.get("overwrite") is True,
        )  # fmt: skip

    def _render(self, request: Any) -> Answer:
        answer = self.server.exploration.render(request.get("config"))
        if "file" in answer:
            number, name = answer.pop("number"), quote(Path(answer["file"]).name)
            answer["address"] = f"/{self.server.token}/output/{number}/{name}"
        return answer

    def _send_page_file(self, name: str) -> None:
        media_type = f"{MEDIA_TYPES[Path(name).suffix]}; charset=utf-8"
        headers = {"Content-Security-Policy": POLICY}
        self.send(200, self.server.files.get(name, b"\n"), media_type, headers)

    def _send_json(self, answer: Answer) -> None:
        self.send(200, json.dumps(answer, allow_nan=False).encode(), "application/json")


def _parsed(body: bytes) -> dict[str, Any] | None:
    """The mapping that a body of JSON is; None if it is anything else."""

    def no_number(text: str) -> Any:
        raise ValueError(text)

    try:
        request = json.loads(body.decode(), parse_constant=no_number)
    except (ValueError, RecursionError):
        return None
    return request if isinstance(request, dict) else None
