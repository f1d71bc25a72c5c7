"""The public names of the package, as people use them in Python and in a notebook."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.experiment.trials import simulate_run
from optanim.schema.catalogue import catalogue
from tests.pages import PAGES, ROOT, blocks

CONFIG: dict[str, Any] = {"surface": "quadratic", "start": [-4, 3], "optimizer": "adam"}

PYTHON = [block for page in PAGES for block in blocks("python", page.read_text("utf-8"))]


@pytest.mark.parametrize("block", PYTHON)
def test_the_python_of_the_pages_runs(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").symlink_to(ROOT / "configs", target_is_directory=True)
    exec(compile(block, "page", "exec"), {})
    assert {path.suffix for path in tmp_path.iterdir()} >= {".gif"}


def test_a_docstring_of_the_package_is_in_the_readme() -> None:
    lines = [line.strip() for line in (optanim.__doc__ or "").splitlines() if "optanim." in line]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(lines) == 2 and all(line in readme for line in lines)


def test_the_public_names_are_listed_before_they_are_imported() -> None:
    code = "import sys, optanim; print(*dir(optanim)); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    names, numpy = done.stdout.splitlines()
    assert {*optanim.__all__, "__version__"} <= {*names.split()} and numpy == "False"
    assert {name for name in dir(optanim) if not name.startswith("__")} == {*optanim.__all__}
    assert all(hasattr(optanim, name) for name in dir(optanim))


def shown(tmp_path: Path) -> dict[str, str]:
    """The `repr` of values that a notebook shows."""
    labels = [{"name": "gd", "label": "모멘텀 with a very long label", "lr": 0.1}] * 12
    run = optanim.load({"surface": "quadratic", "start": [-4, 3], "optimizers": labels})
    tuned = optanim.load({**CONFIG, "optimizer": {"name": "adam", "lr": "auto"}, "steps": 10})
    tuned, trajectories = simulate_run(tuned)
    points = {"points": np.random.default_rng(0).normal(size=(500, 2)), "model": "w*x + b"}
    fitted = {**CONFIG, "surface": {"regression": points}}
    data = optanim.load(fitted)
    small = optanim.load({**CONFIG, "steps": 3, "figure": {"size": [160, 120]}})
    values = {
        "run": run, "tuned": tuned, "data run": data, "data": data.surface.data,
        "surface": data.surface, "trial": tuned.trials[0], "trajectory": trajectories[0],
        "chosen": data.chosen, "entry": data.chosen.entry, "trials": run.trials[:1],
        "result": optanim.render(small, output=tmp_path / "a.gif"),
    }  # fmt: skip
    for kind in ("surfaces", "optimizers"):
        for entry in catalogue(kind).values():
            if kind == "surfaces" and not entry.lead:
                values[entry.name] = entry.function()
    return {name: repr(value) for name, value in values.items()}


def test_the_repr_of_a_value_is_one_short_line(tmp_path: Path) -> None:
    for name, text in shown(tmp_path).items():
        assert len(text) < 200 + len(str(tmp_path)) and "\n" not in text and " at 0x" not in text, (
            name,
            text,
        )


def test_what_a_repr_says() -> None:
    run = optanim.load({**CONFIG, "steps": 20})
    assert repr(run) == "<Run optanim: 'Adam' on quadratic, 20 steps>"
    assert repr(run.surface) == "<Surface x² + 2y² of x, y>"
    assert repr(run.trials[0]) == "<Trial 'Adam': adam from (-4, 3), 20 steps>"
    path = optanim.simulate(run.surface, run.trials[0].optimizer, [-4, 3], steps=2, label="A")
    assert repr(path).startswith("<Trajectory 'A': 2 steps, loss 34 to ")


class Steps(IntEnum):
    FEW = 8


@pytest.mark.parametrize(
    ("mapping", "text"),
    [
        ({"start": (-4, 3)}, "start: [-4, 3]"),
        ({"start": np.array([-4, 3.5])}, "start: [-4.0, 3.5]"),
        ({"steps": np.int64(8)}, "steps: 8"),
        ({"steps": Steps.FEW}, "steps: 8"),
        ({"title": None}, "title: null"),
        ({"title": ""}, "title: ''"),
        ({"title": "1e-3"}, "title: '1e-3'"),
        ({"title": "on"}, "title: 'on'"),
        ({"title": "a: b # c"}, "title: 'a: b # c'"),
        ({"title": "모멘텀: η"}, "title: '모멘텀: η'"),
        ({"figure": {"theme": "dark"}}, "figure: {theme: dark}"),
        ({"optimizer": {"name": "adam", "lr": np.float64(1e-5)}},
         "optimizer: {name: adam, lr: 1e-5}"),
        ({"surface": {"expr": "x**2 + 3*y**2"}}, "surface: {expr: x**2 + 3*y**2}"),
        ({"output": Path("a") / "b.gif"}, "output: a/b.gif"),
        ({"animation": {"loop": "forever", "hold_end": "2s"}},
         "animation: {loop: forever, hold_end: 2s}"),
        ({"start": range(1, 3)}, "start: [1, 2]"),
    ],
)  # fmt: skip
def test_a_dict_is_the_same_config_as_its_yaml(mapping: dict[str, Any], text: str) -> None:
    base = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\n"
    lines = [line for line in base.splitlines() if line.partition(":")[0] not in mapping]
    same = optanim.loads("\n".join([*lines, text]), source="config")
    assert as_yaml(optanim.load({**CONFIG, **mapping})) == as_yaml(same)


def test_a_dict_has_all_that_a_file_has(tmp_path: Path) -> None:
    run = optanim.load(CONFIG, set=["optimizer.lr=0.3"], output="x/{config}.gif")
    assert run.outputs == (Path("x/optanim.gif"),)
    assert as_yaml(run) == as_yaml(optanim.load(CONFIG | {"optimizer": {"name": "adam", "lr": 0.3},
                                                          "output": "x/optanim.gif"}))  # fmt: skip
    runs = optanim.load_runs(CONFIG | {"matrix": {"optimizer.lr": [0.1, 0.3]}})
    assert len(runs) == 2
    shared = {"name": "gd", "lr": 0.1}  # the same object twice needs no anchor
    race = {**CONFIG, "optimizers": [shared, shared, {"name": "adam"}]}
    del race["optimizer"]
    assert len(optanim.load(race).trials) == 3
    assert replace(run) == run


def endless() -> dict[str, Any]:
    config: dict[str, Any] = {}
    config["surface"] = config
    return config


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"surface": "quadratc"}, "config:1:10: error: no surface is called 'quadratc'"),
        ({"steps": 0}, "config:4:8: error: steps must be"),
        ({"optimizer": {"name": "adam", "lr": -1}}, "optimizer.lr must be greater than 0"),
        ({"surface": len}, "config: surface: error: a config cannot hold a builtin_function"),
        ({"view": {"levels": {1, 2}}}, "config: view.levels: error: a config cannot hold a set"),
        ({"start": [object(), 1]}, "config: start.0: error: a config cannot hold a object"),
        ({1: 2}, "config: error: a key must be a text, got 1"),
        ({None: 2}, "config: error: a key must be a text, got nothing"),
        (endless(), "has more than 50 levels"),
        ({"title": "\ud800"}, "title"),
    ],
)
def test_a_wrong_dict(mapping: dict[Any, Any], message: str) -> None:
    with pytest.raises(optanim.ConfigError) as error:
        optanim.load({**CONFIG, **mapping})
    assert message in str(error.value)


def test_a_text_in_place_of_a_file() -> None:
    with pytest.raises(optanim.ConfigError, match=r"optanim\.loads reads the text"):
        optanim.load("surface: quadratic\nstart: [1, 1]\noptimizer: gd\n")


def test_a_notebook_shows_the_message_of_an_error() -> None:
    """IPython prints the lines of `_render_traceback_` of an exception in place of a traceback."""
    with pytest.raises(optanim.ConfigError) as config:
        optanim.load({"surface": "quadratc", "start": [1, 1], "optimizer": "adm"})
    lines = config.value._render_traceback_()
    assert lines[0] == "ConfigError:" and "\n".join(lines[1:]) == str(config.value)
    assert len(config.value.problems) == 2 and "Traceback" not in "\n".join(lines)
    assert repr(config.value) == (
        "<ConfigError: config:1:10: error: no surface is called 'quadratc' and 1 more>"
    )
    claims = {**CONFIG, "steps": 5, "claims": [{"arrives": "adam"}]}
    with pytest.raises(optanim.ClaimError) as claim:
        optanim.render(optanim.load(claims))
    assert claim.value._render_traceback_()[0] == "ClaimError:"
