"""`--plugin FILE`: the optimizers and surfaces of a Python file of the user's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

import optanim
from optanim.experiment.simulate import simulate_trial
from optanim.experiment.trials import trajectories_of
from optanim.optimizers import load_plugin, reload_plugins
from optanim.schema.catalogue import catalogue
from tests.command import optanim_

MINE = """
import numpy as np
from optanim.plugin import Surface

def norm(g):
    return np.linalg.norm(g)

def zz_normed(f, w, *, lr=0.1, part=1.0):
    while True:
        g = f.gradient(w)
        w = w - part * lr * g / norm(g)
        yield w

def zz_dune(*, a: float = 2.0) -> Surface:
    return Surface(value=lambda p: a * p[0] ** 2 + p[1] ** 2,
                   gradient=lambda p: np.array([2 * a * p[0], 2 * p[1]]),
                   domain=((-4, 4), (-4, 4)), minima=((0.0, 0.0),), formula="ax^2 + y^2")
"""
CONFIG = (
    "surface: {name: zz_dune, a: 3}\nstart: [-3, 2]\nsteps: 4\n"
    "optimizer: {name: zz_normed, lr: 0.5}\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "c.yaml").write_text(CONFIG)
    added = [catalogue(kind)._added for kind in ("optimizers", "surfaces")]
    yield tmp_path
    for entries in added:
        entries.clear()


def test_its_entries_are_used_and_travel_without_the_file(folder: Path) -> None:
    load_plugin("mine.py")
    run = optanim.load("c.yaml")
    (path,) = trajectories_of(run)
    np.testing.assert_allclose(np.linalg.norm(np.diff(path.points), axis=0), 0.5)
    assert Path("mine.py") in run.inputs and dict(run.digests).keys() == {"mine.py"}
    assert {"lr", "part"} == catalogue("optimizers")["zz_normed"].options.keys()
    assert "norm" not in catalogue("optimizers")
    packed = cloudpickle.dumps(run.trials[0])
    (folder / "mine.py").unlink()
    assert np.array_equal(simulate_trial(cloudpickle.loads(packed)).points, path.points)


def test_a_changed_file_is_loaded_again(folder: Path) -> None:
    load_plugin("mine.py")
    reload_plugins()
    (folder / "mine.py").write_text(MINE.replace("part=1.0", "part=0.5, more=1"))
    reload_plugins()
    assert "more" in catalogue("optimizers")["zz_normed"].options


def test_the_command_line_takes_it(folder: Path) -> None:
    shown = optanim_("show", "zz_normed", "--plugin", "mine.py", cwd=folder)
    assert b"number > 0, or auto" in shown.stdout
    wrong = optanim_("check", "c.yaml", "--plugin", "none.py", cwd=folder)
    assert wrong.returncode == 2 and b"--plugin none.py: error: there is no" in wrong.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(:\n", "bad.py:1:7: error: cannot be run: SyntaxError"),
        ("x = 1\ny = x / 0\n", "bad.py:2:1: error: cannot be run: ZeroDivisionError"),
        ("raise SystemExit(3)\n", "bad.py:1:1: error: calls exit"),
        ("x = 1\n", "bad.py: error: has no entry"),
        ("def adam(f, w):\n    yield w\n", "bad.py:1:1: error: 'adam' is an entry of optanim"),
        ("\ndef zz(f, w, lr=0.1):\n    yield w\n", "bad.py:2:1: error: the option 'lr' must stand"),
        ("def zz(f):\n    yield f\n", "bad.py:1:1: error: zz must take a surface and a start"),
        ("def zz(f, w, **k):\n    yield w\n", "bad.py:1:1: error: **k names no options"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: str, message: str, folder: Path) -> None:
    (folder / "bad.py").write_text(text)
    with pytest.raises(optanim.ConfigError) as caught:
        load_plugin("bad.py")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    yield w / undefined\n", "bad.py:2:1: error: zz fails: NameError"),
        ("    yield [1, 2, 3]\n", "bad.py:1:1: error: zz must yield 2 numbers, got [1, 2, 3]"),
        ("    yield 'w'\n", "bad.py:1:1: error: zz must yield 2 numbers, got 'w'"),
    ],
)
def test_what_fails_later_is_told_at_its_line(body: str, message: str, folder: Path) -> None:
    (folder / "bad.py").write_text(f"def zz(f, w):\n{body}")
    load_plugin("bad.py")
    run = optanim.loads("surface: beale\nstart: [1, 1]\noptimizer: zz\n")
    with pytest.raises(optanim.ConfigError) as caught:
        trajectories_of(run)
    assert str(caught.value).startswith(message)


def test_a_config_cannot_name_it(folder: Path) -> None:
    for name in ("mine.zz_normed", "./mine.py", "mine.py"):
        with pytest.raises(optanim.ConfigError):
            optanim.loads(CONFIG.replace("{name: zz_normed, lr: 0.5}", f"'{name}'"))
