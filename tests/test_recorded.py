"""Recorded points: what another program walked, from CSV, JSON and NPZ."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

import optanim
from optanim.cli.tables import TRAJECTORY_WRITERS
from optanim.config.dump import as_yaml
from optanim.config.variants import catalogue_names
from optanim.experiment.results import results_of
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.pipeline.provenance import stamp
from optanim.scene.caption import hyperparameters
from optanim.surfaces import Array

RACE = (
    "surface: rosenbrock\nstart: [-1.5, 1.5]\nsteps: 20\noptimizers: [adam, {name: gd, lr: 1e-3}]\n"
)
POINTS = np.array([[-1.5, 1.5], [0.0, 0.5], [0.5, 0.25], [1e-17, 0.1]])
ONE = "surface: rosenbrock\nsteps: 50\noptimizer: "

FILES = {
    "points.json": json.dumps(POINTS.tolist()),
    "lists.json": json.dumps({"x": POINTS[:, 0].tolist(), "y": POINTS[:, 1].tolist()}),
    "rows.json": json.dumps([{"t": 9, "x": x, "y": y} for x, y in POINTS.tolist()]),
    "blanks.txt": "\n".join(f"{x!r} {y!r}" for x, y in POINTS.tolist()),
    "names.csv": "w;b;loss\n" + "".join(f"{x!r};{y!r};9\n" for x, y in POINTS.tolist()),
}
KEYS = dict.fromkeys(FILES, "") | {
    "points.npz": "",
    "columns.npz": ", columns: {x: w, y: b}",
    "swapped.csv": ", columns: {x: y, y: x}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = optanim.loads(RACE)
    for suffix, write in TRAJECTORY_WRITERS.items():
        (tmp_path / f"run.{suffix}").write_bytes(write(run.surface, trajectories_of(run)))
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    swapped = "".join(f"{y!r},{x!r}\n" for x, y in POINTS.tolist())
    (tmp_path / "swapped.csv").write_text("x,y\n" + swapped)
    np.savez(tmp_path / "points.npz", points=POINTS)
    np.savez(tmp_path / "columns.npz", w=POINTS[:, 0], b=POINTS[:, 1])
    return tmp_path


def walked(config: str, folder: Path) -> Array:
    return trajectories_of(optanim.loads(config, folder=folder))[0].points


@pytest.mark.parametrize("suffix", TRAJECTORY_WRITERS)
def test_what_trace_writes_is_walked_again(suffix: str, folder: Path) -> None:
    for title, own in zip(
        ("Adam", "Gradient descent"), trajectories_of(optanim.loads(RACE)), strict=True
    ):
        config = f"{ONE}{{file: run.{suffix}, where: {{label: {title}}}}}"
        run, (again,) = simulate_run(optanim.loads(config, folder=folder))
        assert np.array_equal(again.points, own.points) and again.label == title
        assert np.array_equal(again.values, own.values) and again.status == "finished"
        assert again.gradients.shape == (2, 0) and np.isnan(again.rates).all()
        (row,) = results_of(run, (again,))
        assert (row.optimizer, row.rate, row.steps) == ("recorded", None, 20)


@pytest.mark.parametrize("name", KEYS)
def test_columns_of_each_form(name: str, folder: Path) -> None:
    points = walked(f"{ONE}{{file: {name}{KEYS[name]}}}", folder)
    assert points.T.tolist() == POINTS.tolist()


def test_steps_cap_the_path_and_the_label_is_that_of_the_file(folder: Path) -> None:
    run = optanim.loads(f"{ONE}{{file: points.npz}}", folder=folder, set=["steps=2"])
    assert trajectories_of(run)[0].steps == 2 and run.trials[0].label == "points"


def test_a_start_of_the_config_is_for_the_others(folder: Path) -> None:
    config = "surface: rosenbrock\nstart: [[1, 2], [2, 1]]\noptimizers: [{file: points.npz}, adam]"
    starts = [trial.start for trial in optanim.loads(config, folder=folder).trials]
    assert starts == [(-1.5, 1.5), (1, 2), (2, 1)]


def test_the_file_is_an_input_and_travels_with_the_run(folder: Path) -> None:
    (folder / "c.yaml").write_text(f"{ONE}{{file: points.npz, label: theirs}}")
    run = optanim.load(folder / "c.yaml")
    assert run.inputs == (folder / "c.yaml", folder / "points.npz")
    before = stamp(run, None)
    packed = cloudpickle.loads(cloudpickle.dumps(replace(run, outputs=())))
    np.savez(folder / "points.npz", points=POINTS[:2])
    assert stamp(optanim.load(folder / "c.yaml"), None) != before
    assert trajectories_of(packed)[0].steps == 3
    again = optanim.loads(as_yaml(run), folder=folder)
    assert again.trials[0].start == (-1.5, 1.5) and again.trials[0].label == "theirs"


def test_a_base_names_its_files_from_its_own_folder(folder: Path) -> None:
    (folder / "c.yaml").write_text(f"{ONE}{{file: points.npz}}")
    (folder / "inner").mkdir()
    (folder / "inner" / "d.yaml").write_text("extends: ../c.yaml\nsteps: 3\n")
    run = optanim.load(folder / "inner" / "d.yaml")
    assert run.trials[0].chosen.options["file"] == Path("../points.npz")


def test_captions_and_claims(folder: Path) -> None:
    claims = "claims: [{lower: [{file: rows.json}, points], holds: false}]"
    config = f"{ONE}{{file: points.npz}}\n{claims}"
    run = optanim.loads(config, folder=folder)
    assert len(run.hidden) == 1
    assert hyperparameters(run.trials[0].chosen) == ""


WRONG = [
    ("{name: recorded}", "stdin:3:12: error: optimizer.file is missing"),
    ("{file: point.npz}", "stdin:3:19: error: there is no file {}/point.npz"),
    ("{file: run.csv}", "stdin:3:19: error: run.csv has the paths of several optimizers"),
    ("{file: run.json}", "stdin:3:19: error: run.json has the paths of several optimizers"),
    ("{file: run.csv, where: {label: Adm}}", "stdin:3:43: error: no row has label = 'Adm'"),
    ("{file: run.npz, where: {label: Adm}}", "stdin:3:43: error: nothing has label = 'Adm'"),
    ("{file: run.json, where: {lable: Adam}}", "stdin:3:37: error: run.json has no column 'lable'"),
    ("{file: points.npz, where: {a: 1}}", "stdin:3:31: error: points.npz has no labels"),
    ("{file: text.csv}", "{}/text.csv:3:3: error: y must be a number, got 'abc'"),
    ("{file: short.csv}", "{}/short.csv:2:1: error: the file has one row of numbers, a path"),
    ("{file: text.json}", "{}/text.json:3:2: error: x must be a number up to 1e+100, got 'q'"),
    ("{file: open.json}", "{}/open.json:2:1: error: is no JSON"),
    ("{file: ragged.json}", "{}/ragged.json:1:9: error: a point has 2 numbers"),
    ("{file: uneven.json}", "{}/uneven.json: error: the columns have different lengths"),
    ("{file: text.npz}", "{}/text.npz: error: cannot be read as NPZ"),
    ("{file: pickle.npz}", "{}/pickle.npz: error: cannot be read as NPZ"),
    ("{file: three.csv}", "stdin:3:19: error: three.csv has no column 'x', the name of an axis"),
    ("{file: points.npz, columns: {z: a}}", "stdin:3:41: error: the surface has no axis 'z'"),
    ("{file: columns.npz, columns: {x: ww, y: b}}", "stdin:3:45: error: columns.npz has no column"),
    ("{file: run.json, separator: ';'}", "stdin:3:29: error: 'separator' is about a CSV file"),
    ("{file: points.npz, start: [1, 1]}", "stdin:3:38: error: starts at its first point, [-1.5, 1"),
    ("{file: points.npz, lr: auto}", "stdin:3:31: error: recorded has no option 'lr'"),
    ("{file: .}", "stdin:3:19: error: {} is a folder"),
]  # fmt: skip


@pytest.mark.parametrize(("optimizer", "message"), WRONG)
def test_what_is_wrong_has_its_place(optimizer: str, message: str, folder: Path) -> None:
    (folder / "text.csv").write_text("x,y\n1,2\n3,abc\n")
    (folder / "short.csv").write_text("x,y\n1,2\n")
    (folder / "text.json").write_text('{"x": [1,\n2,\n "q"], "y": [1, "\\"]", 3]}')
    (folder / "open.json").write_text('{"x": [1, 2\n')
    (folder / "ragged.json").write_text("[[1, 2],[3]]")
    (folder / "uneven.json").write_text('{"x": [1, 2, 3], "y": [1, 2]}')
    (folder / "text.npz").write_text("x,y\n")
    np.savez(folder / "pickle.npz", x=np.array([{}, []], dtype=object))
    (folder / "three.csv").write_text("a,b,c\n1,2,3\n2,3,4\n")
    with pytest.raises(optanim.ConfigError) as caught:
        optanim.loads(ONE + optimizer, folder=folder)
    assert str(caught.value).startswith(message.replace("{}", str(folder)))


def test_missing_values_can_be_left_out(folder: Path) -> None:
    (folder / "nan.csv").write_text("x,y\n1,2\n2,3\nnan,nan\n")
    (folder / "nan.json").write_text("[[1, 2], [2, 3], [NaN, null]]")
    for name in ("nan.csv", "nan.json"):
        points = walked(f"{ONE}{{file: {name}, missing: drop}}", folder)
        assert points.T.tolist() == [[1, 2], [2, 3]]


def test_a_file_elsewhere_is_not_quoted(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.npz"
    np.savez(secret, hunter2=np.array(["a", "b"]), x=np.array(["hunter2", "b"]))
    for name, columns in ((secret, ""), (secret, ", columns: {x: x, y: x}")):
        (folder / "c.yaml").write_text(f"{ONE}{{file: {name}{columns}}}")
        with pytest.raises(optanim.ConfigError) as caught:
            optanim.load(folder / "c.yaml")
        assert "hunter2" not in str(caught.value)


def test_all_optimizers_of_a_batch_are_those_that_need_no_option() -> None:
    assert "recorded" not in catalogue_names("all", "optimizers", "--optimizers")
