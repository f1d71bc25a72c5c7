"""Run the command line as a process of its own, most times without its start.

A warm process has imported optanim and its libraries, and forks for each command: the start takes
0.7 s, and half of the time of all tests went into starts. Tests of the start itself run
`python -m optanim`. So does a test that has changed the environment, as imports may depend on it.

`python -I -S tests/command.py ADDRESS ARGUMENT ...` is the same command in a Makefile.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subprocess import CompletedProcess, Popen

LATE = (
    "COLUMNS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PATH", "PYTEST_CURRENT_TEST", "PYTHONSAFEPATH",
)  # fmt: skip
"""Variables that are read after the start of a command, or not at all."""


def optanim_(
    *arguments: str, cwd: Path | None = None, input: bytes = b"", **variables: str
) -> CompletedProcess[bytes]:
    """Run the command line without a terminal.

    Args:
        arguments: those of `optanim`.
        cwd: the working folder.
        input: what its standard input gives.
        variables: added to the environment.
    """
    import subprocess
    import tempfile

    cwd, environment = cwd or Path.cwd(), {**os.environ, **variables}
    if (address := warm_process(environment)) is None:
        command = [sys.executable, "-m", "optanim", *arguments]
        return subprocess.run(command, cwd=cwd, input=input, capture_output=True, env=environment)
    with (
        tempfile.TemporaryFile() as stdin,
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
    ):
        files = [stdin, stdout, stderr]
        stdin.write(input)
        stdin.seek(0)
        streams = [file.fileno() for file in files]
        code = call(address, list(arguments), str(cwd), environment, streams)
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(arguments, code, stdout.read(), stderr.read())


class Fork:
    """A command that runs in a fork of the warm process, as `subprocess.Popen` has it.

    Attributes:
        pid: the number of its process.
        returncode: None until its end is known; negative for a signal that killed it.
    """

    def __init__(self, connection: socket.socket, files: list[Any]) -> None:
        self.connection, self.files = connection, files
        self.pid = int(connection.recv(PID_LENGTH))
        self.returncode: int | None = None
        self.said: list[bytes] = []

    def poll(self) -> int | None:
        """Its exit code if it has ended."""
        try:
            return self.wait(0)
        except TimeoutError:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. TimeoutError: it has not ended in so many seconds."""
        import select

        if self.returncode is None:
            if not select.select([self.connection], [], [], timeout)[0]:
                raise TimeoutError
            with self.connection:
                self.returncode = int(self.connection.recv(4))
            for file in self.files:
                with file:
                    file.seek(0)
                    self.said.append(file.read())
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[bytes, bytes]:
        """What it wrote on standard output and error, after its end."""
        self.wait(timeout)
        return self.said[0], self.said[1]


def begin(*arguments: str, cwd: Path, **variables: str) -> Popen[bytes] | Fork:
    """Begin a command in a session and process group of its own, and do not wait for its end.

    Args:
        arguments: those of `optanim`.
        cwd: the working folder.
        variables: added to the environment.
    """
    import subprocess
    import tempfile

    environment = {**os.environ, **variables}
    if (address := warm_process(environment)) is None:
        command = [sys.executable, "-m", "optanim", *arguments]
        return subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
    files = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115 (`wait` closes them)
    with Path(os.devnull).open("rb") as null:
        streams = [null.fileno(), *(file.fileno() for file in files)]
        request = [list(arguments), str(cwd), environment, True]
        return Fork(ask(address, request, streams), files)


def warm_process(environment: dict[str, str]) -> str | None:
    """The address of the warm process; None if this environment needs a start of its own."""
    if not STARTED:
        STARTED.append(True)
        start_warm(dict(os.environ))
    return ADDRESSES.get(frozenset(_at_start(environment).items()))


STARTED: list[bool] = []
"""Has one element when the warm process for the environment of the tests was started."""

ADDRESSES: dict[frozenset[tuple[str, str]], str] = {}
"""The addresses of warm processes by their environments."""


def start_warm(environment: dict[str, str]) -> None:
    """Start a warm process for an environment, if there is none and the system has what it needs.

    The first command starts one for the environment of the tests; a test that has many commands
    in another one starts one for it.
    """
    import subprocess
    import tempfile

    key = frozenset(_at_start(environment).items())
    if key in ADDRESSES or not (hasattr(os, "fork") and hasattr(socket, "send_fds")):
        return
    address = f"{tempfile.mkdtemp()}/socket"
    process: Any = subprocess.Popen(
        [sys.executable, "-m", "tests.command", "--serve", address],
        cwd=Path(__file__).parents[1],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"warm\n"
    KEPT.append(process)
    ADDRESSES[key] = address


def _at_start(environment: dict[str, str]) -> dict[str, str]:
    """The variables that may count before a command begins."""
    return {name: value for name, value in environment.items() if name not in LATE}


KEPT: list[Any] = []
"""The warm processes, which end with their standard input."""


def call(
    address: str, arguments: list[str], cwd: str, environment: dict[str, str], streams: list[int]
) -> int:
    """Run a command in a fork of the warm process, and return its exit code.

    Args:
        address: the path of the warm process's socket.
        arguments: those of `optanim`.
        cwd: the working folder.
        environment: the variables.
        streams: the file descriptors of standard input, output and error.
    """
    with ask(address, [arguments, cwd, environment, False], streams) as connection:
        connection.recv(PID_LENGTH)
        code = int(connection.recv(4) or 255)
        return code if code >= 0 else 128 - code


PID_LENGTH = 10
"""The number of bytes in which a fork tells its process."""


def ask(address: str, request: list[Any], streams: list[int]) -> socket.socket:
    """Ask a warm process for a fork. It answers with the fork's process, at its end with its code.

    Args:
        address: the path of the warm process's socket.
        request: arguments, working folder, environment; whether in a session of its own.
        streams: the file descriptors of standard input, output and error.
    """
    message = json.dumps(request).encode()
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    socket.send_fds(connection, [b"%08d" % len(message)], streams)
    connection.sendall(message)
    return connection


def serve(address: str) -> None:
    """Fork for each connection. The warm process ends when its standard input does."""
    import gc
    import importlib
    import pkgutil
    import select
    import signal

    import optanim.cli.commands
    import optanim.pipeline.preload

    for module in pkgutil.walk_packages(optanim.__path__, "optanim."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    _use_once()
    os.fsync = lambda file: None  # what tests write need not outlive a loss of power
    gc.freeze()  # a collection in a fork would copy the memory of all objects
    waiting: dict[int, socket.socket] = {}
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("warm", flush=True)
        while sys.stdin not in (ready := select.select([listener, sys.stdin, ended], [], [])[0]):
            if ended in ready:
                os.read(ended, 512)
                _tell_ends(waiting)
            if listener not in ready:
                continue
            connection, _ = listener.accept()
            if (fork := os.fork()) == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for other in (listener, *waiting.values()):
                    other.close()
                os.close(ended)
                os.close(wake)
                _answer(connection)
            waiting[fork] = connection


def _tell_ends(waiting: dict[int, socket.socket]) -> None:
    """Tell who waits for forks that have ended."""
    import contextlib

    for fork in list(waiting):
        if (found := os.waitpid(fork, os.WNOHANG))[0]:
            with waiting.pop(fork) as connection, contextlib.suppress(BrokenPipeError):
                connection.sendall(b"%d" % os.waitstatus_to_exitcode(found[1]))


def _use_once() -> None:
    """Fill what is made at first use: fonts, the parser of TeX, the readers of formulas, the models
    of options, the formats of Pillow, and the names of all catalogues.
    """
    import tempfile

    from PIL import Image

    from optanim import loads, render
    from optanim.schema.catalogue import FOLDERS, catalogue

    Image.init()
    for kind in FOLDERS:
        list(catalogue(kind))
    race = (
        "surface: {expr: x**2 + y**2/2}\nstart: [-4, 3]\noptimizers: [{name: gd, lr: 0.1}, adam]\n"
        "steps: 2\npanels: [contour, loss]\nanimation: {duration: 0.1s}\n"
    )
    single = (
        "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: adam, lr: 0.1}\nsteps: 2\n"
        "figure: {size: [160, 120]}\nanimation: {fps: 10, steps_per_second: 10, hold_end: 0.5}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        for config in (race, single):
            render(loads(config), output=f"{folder}/a.gif")


def _answer(connection: socket.socket) -> None:
    """Run the command of a connection in this process, which ends with it."""
    import runpy
    import traceback

    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as file:
        arguments, cwd, environment, session = json.loads(file.read(int(size)))
    if session:
        os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace")
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv[1:] = arguments
    with connection:
        connection.sendall(b"%0*d" % (PID_LENGTH, os.getpid()))
    code = 1
    try:
        runpy.run_module("optanim", run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException:
        traceback.print_exc()
    for file in (sys.stdout, sys.stderr):
        file.flush()
    os._exit(code)


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(sys.argv[2])
    else:
        sys.exit(call(sys.argv[1], sys.argv[2:], str(Path.cwd()), dict(os.environ), [0, 1, 2]))
