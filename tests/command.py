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
    from subprocess import CompletedProcess

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
    request = json.dumps([arguments, cwd, environment]).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [b"%08d" % len(request)], streams)
        connection.sendall(request)
        return int(connection.recv(3) or 255)  # nothing comes from a process that was killed


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
    _draw_once()
    gc.freeze()  # a collection in a fork would copy the memory of all objects
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("warm", flush=True)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _answer(connection)
            connection.close()


def _draw_once() -> None:
    """Fill what is made at first use: fonts, the parser of TeX, the readers of formulas."""
    import tempfile

    from optanim import loads, render

    config = (
        "surface: {expr: x**2 + y**2/2}\nstart: [-4, 3]\noptimizers: [{name: gd, lr: 0.1}, adam]\n"
        "steps: 2\npanels: [contour, loss]\nanimation: {duration: 0.1s}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        render(loads(config), output=f"{folder}/a.gif")


def _answer(connection: socket.socket) -> None:
    """Run the command of a connection in this process, which ends with it."""
    import runpy
    import traceback

    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as file:
        arguments, cwd, environment = json.loads(file.read(int(size)))
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
    code = 1
    try:
        runpy.run_module("optanim", run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException:
        traceback.print_exc()
    for file in (sys.stdout, sys.stderr):
        file.flush()
    connection.sendall(b"%d" % code)
    os._exit(code)


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(sys.argv[2])
    else:
        sys.exit(call(sys.argv[1], sys.argv[2:], str(Path.cwd()), dict(os.environ), [0, 1, 2]))
