"""The command that installs an extra, in each kind of environment."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from optanim import extras

REQUIRES = [
    "numpy>=2.0", 'watchfiles>=1.0; extra == "watch"', "imageio-ffmpeg>=0.5 ; extra=='video'",
    'winonly; sys_platform == "win32" and extra == "watch"', 'optanim[watch]; extra == "all"',
]  # fmt: skip


class Installed:
    """The metadata of an installed optanim."""

    requires = REQUIRES
    url: object = None

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return None if self.url is None else json.dumps(self.url)


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that is active, with pip."""
    folder = tmp_path / "optanim"
    folder.mkdir()
    monkeypatch.setattr(sys, "prefix", str(folder))
    monkeypatch.setattr(sys, "executable", str(folder / "bin/python"))
    monkeypatch.setattr(extras, "distribution", lambda name: Installed())
    monkeypatch.setattr(extras, "find_spec", lambda name: object())
    monkeypatch.setenv("VIRTUAL_ENV", str(folder))
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    return folder


def test_in_an_active_environment(prefix: Path) -> None:
    assert extras.install_extras("video") == "pip install 'imageio-ffmpeg>=0.5'"
    both = "pip install 'watchfiles>=1.0' 'imageio-ffmpeg>=0.5' winonly"
    assert extras.install_extras("video", "watch") == both
    assert extras.install_packages(["numpy"]) == "pip install numpy"


def test_in_an_environment_of_conda(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV")
    monkeypatch.setenv("CONDA_PREFIX", str(prefix))
    assert extras.install_extras("video") == "pip install 'imageio-ffmpeg>=0.5'"


def test_in_an_environment_that_is_not_active(
    prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/another")
    assert extras.install_extras("video") == (
        f"{prefix}/bin/python -m pip install 'imageio-ffmpeg>=0.5'"
    )


def test_in_an_environment_of_pipx(prefix: Path) -> None:
    (prefix / "pipx_metadata.json").touch()
    assert extras.install_extras("video") == "pipx inject optanim 'imageio-ffmpeg>=0.5'"


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (None, "optanim"),
        ({"url": "file:///home/me/my%20clone", "dir_info": {}}, "'/home/me/my clone'"),
        ({"url": "file:///home/me/clone", "dir_info": {"editable": True}},
         "--editable /home/me/clone"),
        ({"url": "https://example.org/optanim", "vcs_info": {"vcs": "git", "commit_id": "1"}},
         "git+https://example.org/optanim"),
        ({"url": "https://example.org/optanim.whl", "archive_info": {}},
         "https://example.org/optanim.whl"),
        ([1], "optanim"),
        ({"url": "x", "vcs_info": {}}, "optanim"),
    ],
)  # fmt: skip
def test_as_a_tool_of_uv(
    url: object, source: str, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (prefix / "uv-receipt.toml").touch()
    monkeypatch.setattr(Installed, "url", url)
    assert extras.install_extras("video") == (
        f"uv tool install --with 'imageio-ffmpeg>=0.5' {source}"
    )


def test_without_pip(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    assert " -m ensurepip && " in extras.install_extras("video")
    (prefix / "pyvenv.cfg").write_text("home = /usr/bin\nuv = 0.9.1\nversion_info = 3.12\n")
    assert extras.install_extras("video") == "uv pip install 'imageio-ffmpeg>=0.5'"
    monkeypatch.delenv("VIRTUAL_ENV")
    assert extras.install_extras("video") == (
        f"uv pip install --python {prefix}/bin/python 'imageio-ffmpeg>=0.5'"
    )


def test_from_the_source(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Installed:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(extras, "distribution", missing)
    assert extras.install_extras("watch") == "pip install '.[watch]' in the clone of optanim"
    (prefix / "uv-receipt.toml").touch()
    assert extras.install_packages(["a"]) == "uv tool install --with a optanim"
