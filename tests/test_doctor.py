"""The diagnosis of this machine, and of machines that lack something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import optanim
from optanim.cli import doctor as diagnosis
from optanim.encoding.formats.png import png
from optanim.errors import ConfigError, Problem
from optanim.schema.catalogue import catalogue
from tests.command import optanim_

METADATA = [
    "numpy>=2.0",
    "pillow>=999",
    "not-on-any-index>=1",
    'watchfiles>=1.0; extra == "watch"',
    'not-on-any-index>=2; extra == "video"',
    'numpy; extra == "video"',
    'optanim[watch,video]; extra == "all"',
    'pytest; extra == "dev"',
    'colorama; sys_platform == "no-such" and extra == "watch"',
]


@pytest.fixture
def metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "requires", lambda name: METADATA)


def doctor(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(Path(optanim.__file__).parents[1]), **more}
    command = [sys.executable, "-m", "optanim", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env)


def test_a_machine_that_renders_is_well() -> None:
    done = optanim_("doctor", "--json")
    assert done.returncode == 0, done.stdout
    found = {(row["about"], row["name"]): row for row in json.loads(done.stdout)}
    assert found["versions", "optanim"]["found"] == optanim.__version__
    assert found["versions", "numpy"]["found"] == version("numpy")
    assert found["render", "test figure"]["state"] == "ok"
    formats = {name for about, name in found if about == "formats"}
    assert formats == {*catalogue("formats"), "webm, av1"}
    latin = found["fonts", "Latin"]["found"]
    assert latin.startswith("DejaVu Sans, ") and Path(latin.partition(", ")[2]).is_file()
    assert all(row["help"] for row in found.values() if row["state"] != "ok")


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = doctor(MPLCONFIGDIR=str(tmp_path / "file"))
    assert done.returncode == 0
    assert f"{tmp_path / 'file'} cannot be written; set MPLCONFIGDIR" in done.stdout
    assert "no problems" in done.stdout
    (tmp_path / "folder").mkdir()
    done = doctor(MPLCONFIGDIR=str(tmp_path / "folder"))
    assert "cannot be written" not in done.stdout
    # The list of fonts is made now, and kept.
    assert list((tmp_path / "folder").rglob("fontlist*"))


def test_versions_are_those_that_are_required(metadata: None) -> None:
    found = {finding.name: finding for finding in diagnosis.versions()}
    assert found["numpy"].state == "ok"
    assert found["pillow"].state == "wrong" and found["pillow"].found.endswith(
        ", but >=999 is required"
    )
    assert found["not-on-any-index"].found == "not installed"
    assert found["not-on-any-index"].help.endswith(" install 'not-on-any-index>=1'")
    assert "watchfiles" not in found and "pytest" not in found


def test_extras_are_those_of_the_package(metadata: None) -> None:
    found = {finding.name: finding for finding in diagnosis.extras()}
    assert set(found) == {"watch", "video"}
    assert found["video"].state == "absent" and found["video"].help.endswith(
        " install 'not-on-any-index>=2' numpy"
    )
    try:
        version("watchfiles")
    except PackageNotFoundError:
        assert found["watch"].state == "absent"
    else:
        assert found["watch"].state == "ok" and "colorama" not in found["watch"].found


def test_a_package_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(diagnosis, "requires", missing)
    assert "pip install . in the clone" in {finding.help for finding in diagnosis.versions()}
    assert list(diagnosis.extras()) == []


def test_a_format_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise ConfigError([Problem("no ffmpeg", "", "pip install 'optanim[video]'")])

    monkeypatch.setattr(png, "needs", absent, raising=False)
    found = {finding.name: finding for finding in diagnosis.formats()}
    assert found["png"].state == "absent" and found["png"].help == "pip install 'optanim[video]'"
    assert found["gif"].state == "ok"
    monkeypatch.setattr(png, "needs", lambda: None)
    assert all(finding.state == "ok" for finding in diagnosis.formats() if finding.name == "png")


def test_fonts_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from optanim.drawing import fonts

    def none(texts: list[str], font: str | None = None) -> list[str]:
        raise ConfigError([Problem("no font here has it", "", "pip install 'optanim[ko]'")])

    monkeypatch.setattr(fonts, "families", none)
    found = {finding.name: finding for finding in diagnosis.fonts()}
    assert found["Latin"].state == "wrong" and found["Hangul"].state == "absent"
    assert found["Hangul"].help == "pip install 'optanim[ko]'"


def test_what_does_not_work_is_told_in_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    from optanim.cli.commands.doctor import doctor

    trial = "surface: quadratic\nstart: [1, 1]\noptimizer: gd\nfigure: {font: None}\n"
    monkeypatch.setattr(diagnosis, "TEST_CONFIG", trial)
    with pytest.raises(typer.Exit) as stop:
        doctor()
    assert stop.value.exit_code == 1
    said = capsys.readouterr().out
    assert "no font here is called 'None'" in said and "problems: test figure" in said
