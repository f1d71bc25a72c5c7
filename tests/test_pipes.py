"""Output into a pipe whose reader ends early, and two outputs on one stream."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.command import call as call_warm
from tests.command import optanim_, warm_process
from tests.needs import uses_posix

CONFIG = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nfigure: {size: [160, 120]}\n"

STARTED = ("list",), ("--version",)
"""With an interpreter of their own, whose end writes what is left in a buffer."""

CALLS = [
    ("list",), ("show", "adam"), ("show", "c.yaml"), ("schema",), ("embed", "c.yaml"),
    ("trace", "c.yaml"), ("trace", "c.yaml", "-s", "steps=5000"), ("tune", "c.yaml", "--json"),
    ("deps", "c.yaml"), ("render", "c.yaml", "--frame", "last", "-o", "-"),
    ("render", "c.yaml", "--frame", "last", "--json"), ("--version",), ("--help",),
    *((name, "--help") for name in ("render", "check")),
]  # fmt: skip


def run(
    arguments: tuple[str, ...], folder: Path, stdout: int = -1, stderr: int = -1
) -> tuple[int, bytes, bytes]:
    """The exit code of a command, and what it wrote to a stream that is not given."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        streams = [out.fileno() if stdout < 0 else stdout, err.fileno() if stderr < 0 else stderr]
        address = None if arguments in STARTED else warm_process(dict(os.environ))
        if address:
            with Path(os.devnull).open("rb") as none:
                code = call_warm(
                    address, [*arguments], str(folder), dict(os.environ), [none.fileno(), *streams]
                )
        else:
            command = [sys.executable, "-m", "optanim", *arguments]
            code = subprocess.run(
                command, stdout=streams[0], stderr=streams[1], cwd=folder
            ).returncode
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


@uses_posix
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_reader_that_has_ended_gets_no_word(call: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG)
    reader, writer = os.pipe()
    os.close(reader)
    code, _, stderr = run(call, tmp_path, stdout=writer)
    os.close(writer)
    said = stderr.decode().splitlines()
    assert code == 141
    assert not [line for line in said if "rror" in line or "Traceback" in line or "pipe" in line]


@uses_posix
def test_a_reader_of_messages_that_has_ended(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("surface: bad\n")
    reader, writer = os.pipe()
    os.close(reader)
    code, stdout, _ = run(("check", "c.yaml"), tmp_path, stderr=writer)
    os.close(writer)
    assert code == 141 and not stdout


@pytest.mark.parametrize("flag", ["--json", "--table=csv", "--check", "--if-changed"])
def test_bytes_on_standard_output_are_alone(flag: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(CONFIG)
    done = optanim_("render", "c.yaml", "-o", "-", flag, cwd=tmp_path)
    assert done.returncode == 2 and not done.stdout
    assert b"cannot be combined with" in done.stderr and b"-o -" in done.stderr
