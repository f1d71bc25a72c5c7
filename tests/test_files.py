"""Files are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from optanim.pipeline.atomic_file import atomic_write, unwritable_reason
from tests.needs import uses_posix


def test_a_whole_file_with_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "글 [1].gif"
    for text in (b"one", b"two"):
        with atomic_write(target) as file:
            file.write(text)
        assert target.read_bytes() == text
    assert [p.name for p in target.parent.iterdir()] == [target.name]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file(error: type[BaseException], tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    target.write_bytes(b"old")
    with pytest.raises(error), atomic_write(target) as file:
        file.write(b"half")
        raise error
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]


def test_a_killed_writer_leaves_the_old_file_and_the_next_one_cleans(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    target.write_bytes(b"old")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from optanim.pipeline.atomic_file import atomic_write\n"
        "with atomic_write(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)])
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 2
    with atomic_write(target) as file:
        file.write(b"new")
        with atomic_write(target) as other:  # a live writer's file is not cleaned away
            other.write(b"newer")
    assert target.read_bytes() == b"new" and list(tmp_path.iterdir()) == [target]


def test_mode_and_links(tmp_path: Path) -> None:
    target, link = tmp_path / "a.gif", tmp_path / "link.gif"
    before = os.umask(0o027)
    try:
        with atomic_write(target) as file:
            file.write(b"1")
    finally:
        os.umask(before)
    assert target.stat().st_mode & 0o777 == 0o640
    target.chmod(0o604)
    link.symlink_to(target)
    with atomic_write(link) as file:
        file.write(b"2")
    assert link.is_symlink() and target.read_bytes() == b"2"
    assert target.stat().st_mode & 0o777 == 0o604


def test_the_longest_name_that_a_folder_takes(tmp_path: Path) -> None:
    target = tmp_path / ("가" * 83 + "aa.gif")
    with atomic_write(target) as file:
        file.write(b"1")
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


@uses_posix
def test_a_file_cleaned_away_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    lock, taken = fcntl.flock, []

    def late(file: BinaryIO, how: int) -> None:
        if not taken:
            taken.append(file.name)
            Path(file.name).unlink()  # as another writer's cleaning does
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with atomic_write(tmp_path / "a.gif") as file:
        file.write(b"1")
    assert taken and (tmp_path / "a.gif").read_bytes() == b"1"


def test_what_cannot_be_written_is_said_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert unwritable_reason(tmp_path / "new" / "a.gif") == "" and not (tmp_path / "new").exists()
    assert "is a folder" in unwritable_reason(tmp_path)
    assert "is not a folder" in unwritable_reason(tmp_path / "file" / "a.gif")
    assert "regular file" in unwritable_reason(Path("/dev/null"))
