"""The matrix of a config: which runs it makes, what their files are called, what is said of it."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.config.dump import as_yaml
from optanim.config.file_names import file_name_part, safe_name
from optanim.config.loader import load_runs
from optanim.errors import ConfigError, Place
from optanim.experiment.trials import trajectories_of

BASE = """\
surface: {name: quadratic, b: 5}
start: [-4, 3]
steps: 6
optimizer: {name: momentum, lr: 0.01}
"""
MATRIX = "matrix: {optimizer.lr: [1e-3, 1e-2, 1e-1], optimizer.momentum: [0, 0.9]}\n"


def runs(tmp_path: Path, text: str, name: str = "race", **more: object) -> list[optanim.Run]:
    file = tmp_path / f"{name}.yaml"
    file.write_text(text, "utf-8")
    return load_runs(file, **more)  # type: ignore[arg-type]


def wrong(tmp_path: Path, text: str, **more: object) -> tuple[str, ConfigError]:
    with pytest.raises(ConfigError) as caught:
        runs(tmp_path, text, **more)
    return str(caught.value), caught.value


def test_every_combination_the_first_key_slowest(tmp_path: Path) -> None:
    made = runs(tmp_path, BASE + MATRIX)
    wanted = list(product([1e-3, 1e-2, 1e-1], [0.0, 0.9]))
    assert [(r.trials[0].chosen.options["lr"], r.trials[0].chosen.options["momentum"])
            for r in made] == wanted  # fmt: skip
    assert [str(r.outputs[0]) for r in made] == [
        f"output/race-lr{lr}-momentum{momentum:g}.gif" for lr, momentum in wanted
    ]
    for run, (lr, momentum) in zip(made, wanted, strict=True):
        alone = optanim.loads(
            BASE, set=[f"optimizer.lr={lr}", f"optimizer.momentum={momentum}"]
        )  # fmt: skip
        assert np.array_equal(trajectories_of(run)[0].points, trajectories_of(alone)[0].points)


def test_flags_are_the_same_as_the_matrix_and_replace_it(tmp_path: Path) -> None:
    flags = ["optimizer.lr=1e-3,1e-2,1e-1", "optimizer.momentum=0,0.9"]
    there = [as_yaml(run) for run in runs(tmp_path, BASE + MATRIX)]
    assert [as_yaml(run) for run in runs(tmp_path, BASE, matrix=flags)] == there
    other = BASE + "matrix: {seed: [1, 2]}\n"
    assert [as_yaml(run) for run in runs(tmp_path, other, matrix=flags)] == there


VALUES = {
    "start=[1,2],[3,4],{x: 5, y: 6}": [(1, 2), (3, 4), (5, 6)],
    "optimizers[0].start=[1,2],[3,4]": [(1, 2), (3, 4)],
}


@pytest.mark.parametrize("flag", VALUES)
def test_values_are_whatever_yaml_can_say(tmp_path: Path, flag: str) -> None:
    text = BASE.replace("optimizer:", "optimizers:\n -")
    assert [run.trials[0].start for run in runs(tmp_path, text, matrix=[flag])] == VALUES[flag]


def test_keys_of_every_kind(tmp_path: Path) -> None:
    made = runs(tmp_path, BASE, matrix=["optimizer.lr={name: cosine, start: 0.5},cosine,0.1"])
    assert [run.outputs[0].name for run in made] == [
        "race-lr-cosine_start_0.5.gif", "race-lr-cosine.gif", "race-lr0.1.gif",
    ]  # fmt: skip
    schedules = [run.trials[0].chosen.options["lr"] for run in made[:2]]
    assert [dict(chosen.options) for chosen in schedules] == [{"start": 0.5}, {}]
    assert [run.steps for run in runs(tmp_path, BASE, matrix=["steps=3,5"])] == [3, 5]
    assert [run.seed for run in runs(tmp_path, BASE, matrix=["seed=3,5"])] == [3, 5]
    assert [r.chosen.options["b"] for r in runs(tmp_path, BASE, matrix=["surface.b=3,5"])] == [3, 5]
    made = runs(tmp_path, BASE, matrix=["optimizer=gd,{name: adam, lr: 0.5}"])
    assert [run.trials[0].name for run in made] == ["gd", "adam"]
    assert [run.outputs[0].name for run in made] == ["race-gd.gif", "race-adam_lr_0.5.gif"]


def test_braces_of_the_output(tmp_path: Path) -> None:
    made = runs(tmp_path, BASE + MATRIX, output="{optimizer}/{lr}_{momentum}-{values}.png")
    assert str(made[1].outputs[0]) == "momentum/0.001_0.9-lr0.001-momentum0.9.png"
    text = BASE.replace("optimizer: ", "optimizers:\n - gd\n - ")
    made = runs(tmp_path, text, matrix=["optimizers[0].lr=1,2", "optimizers[1].lr=3"])
    assert made[0].outputs[0].name == "race-optimizers_0_lr1-optimizers_1_lr3.gif"
    assert [len(run.trials) for run in made] == [2, 2]


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
))  # fmt: skip
def test_names_mean_nothing_to_make_or_a_shell(value: object) -> None:
    name = file_name_part("lr", safe_name(value))
    assert name and not re.search(r"[\s=$%:/\\#*?\"'`|&;<>(){}\[\]!~^,@+]", name)
    assert len(name) <= 50


def test_surfaces_are_made_once_where_they_are_not_swept(tmp_path: Path) -> None:
    text = BASE.replace("{name: quadratic, b: 5}", "{expr: x**2 + a*y**2, params: {a: 2}}")
    made = runs(tmp_path, text + MATRIX)
    assert len({id(run.surface) for run in made}) == 1
    made = runs(tmp_path, text, matrix=["surface.params.a=1,2", "optimizer.lr=0.1,0.2"])
    assert len({id(run.surface) for run in made}) == 4
    data = tmp_path / "d.csv"
    data.write_text("0,1\n1,2\n2,4\n")
    text = BASE.replace("{name: quadratic, b: 5}", "{regression: {data: d.csv, model: x*w + b}}")
    made = runs(tmp_path, text + MATRIX)
    assert {run.inputs for run in made} == {(tmp_path / "race.yaml", data)}


def test_one_is_asked_for_and_there_are_several(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(BASE + MATRIX)
    with pytest.raises(ConfigError, match=r"c.yaml:5:9: error: the matrix makes 6 pictures"):
        optanim.load(tmp_path / "c.yaml")
    assert len(optanim.load_runs(tmp_path / "c.yaml")) == 6
    assert optanim.loads(BASE + "matrix: {seed: [3]}\n").seed == 3
    assert optanim.loads(BASE + MATRIX, set=["matrix="]).sweep is None


WRONG = {
    "value": ("optimizer.lr: [1, -1]", "5:28: error: optimizer.lr must be greater than 0, got -1"),
    "name": ("optimizer: [gd, adm]", "5:26: error: no optimizer is called 'adm'"),
    "key": ("optimizer.lrr: [1]", "5:10: error: momentum has no option 'lrr'"),
    "path": ("a b: [1]", "5:10: error: 'a b' is not the path of a key"),
    "no list": ("seed: 3", "5:16: error: seed needs a list of values, got 3"),
    "empty": ("seed: []", "5:16: error: seed has no values"),
    "twice": ("seed: [1, 2, 1]", "5:23: error: 1 is twice in the values of seed"),
    "equal": ("noise: [1, 1.0]", "5:21: error: 1.0 is twice in the values of noise"),
    "inside": ("optimizer: [gd], optimizer.lr: [1]", "5:10: error: optimizer is swept, and so is"),
    "same": (
        "'optimizers[0].lr': [1], 'optimizers[00].lr': [2]",
        "5:35: error: optimizers[00].lr is swept twice",
    ),
    "five": (
        "a: [1], b: [1], c: [1], d: [1], e: [1]",
        "5:9: error: matrix must have at most 4",
    ),
    "itself": ("matrix: [1]", "5:10: error: matrix cannot be swept"),
    "nowhere": ("steps.x: [1]", "5:10: error: the config has no steps.x to set"),
    "many": (
        f"seed: {list(range(1001))}",
        "layout: files allows 1,000 combinations",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_matrix_gets_its_message_once(tmp_path: Path, name: str) -> None:
    matrix, message = WRONG[name]
    said, error = wrong(tmp_path, f"{BASE}matrix: {{{matrix}}}\n")
    assert message in said and len(error.problems) == 1


def test_everything_that_is_wrong_at_once_and_each_thing_once(tmp_path: Path) -> None:
    text = BASE + "matrix: {optimizer.lr: [1, -1, x], optimizer.momentum: [2, 0, 0.9]}\nfigur: 1\n"
    said, error = wrong(tmp_path, text)
    where = [p.place for p in error.problems]
    assert all(isinstance(place, Place) for place in where)
    assert [(p.line, p.column) for p in where] == [(5, 28), (5, 32), (5, 57), (6, 1)]
    # A start is wrong only where the surface is.
    text = "surface: {expr: log(x - a) + y, params: {a: 0}}\nstart: [1, 0]\noptimizer: gd\n"
    said, error = wrong(tmp_path, text + "matrix: {surface.params.a: [0, 1, 2], seed: [1, 2]}\n")
    assert len(error.problems) == 1 and "2:8: error: the surface has no finite value" in said


def test_flags_have_places(tmp_path: Path) -> None:
    said, _ = wrong(tmp_path, BASE, matrix=["optimizer.lr=1,-2"])
    assert said.splitlines()[:3] == [
        "-x optimizer.lr=1,-2:1:16: error: optimizer.lr must be greater than 0, got -2",
        " 1 | optimizer.lr=1,-2",
        "   |                ^^",
    ]
    assert "-x lr:1:1: error: not of the form KEY=VALUES" in wrong(tmp_path, BASE, matrix=["lr"])[0]
    assert "swept twice" in wrong(tmp_path, BASE, matrix=["seed=1", "seed=2"])[0]
    assert "there is nothing to sweep" in wrong(tmp_path, BASE, matrix=[])[0]
    assert "-x seed=1]" in wrong(tmp_path, BASE, matrix=["seed=1]"])[0]


def test_claims_speak_of_the_values_of_the_config(tmp_path: Path) -> None:
    text = f"{BASE}claims: [{{arrives: 1, by: 1}}]\n"
    (tmp_path / "c.yaml").write_text(text)
    for layout in ("files", "overlay"):
        found = load_runs(tmp_path / "c.yaml", matrix=["seed=1,2"], layout=layout)
        assert all(run.claims == () for run in found)
    matrix = "matrix: {seed: [1, 2]}\n"
    (tmp_path / "c.yaml").write_text(text + matrix)
    assert all(len(run.claims) == 1 for run in load_runs(tmp_path / "c.yaml"))
    said, _ = wrong(tmp_path, text + matrix + "layout: overlay\n")
    assert "an overlay of a matrix cannot have claims" in said


def test_an_override_that_would_do_nothing_is_an_error(tmp_path: Path) -> None:
    for key in ("optimizer.lr=0.3", "optimizer.lr.name=cosine"):
        said, _ = wrong(tmp_path, BASE.replace(", lr: 0.01", "") + MATRIX, set=[key])
        assert f"--set {key}" in said and "optimizer.lr is swept by the matrix" in said
    assert len(runs(tmp_path, BASE + MATRIX, set=["steps=3"])) == 6


def test_files_of_one_name(tmp_path: Path) -> None:
    said, _ = wrong(tmp_path, BASE + MATRIX + "output: a.gif\n")
    assert "6:9: error: two combinations of the matrix would write a.gif" in said
    said, _ = wrong(tmp_path, BASE, matrix=["title=a b,a_b"])
    assert "two combinations of the matrix would write output/race-title-a_b.gif" in said


LAYOUTS = {
    "overlay without": ("layout: overlay\n", "5:9: error: layout: overlay shows a matrix, but"),
    "unknown": ("layout: heap\n" + MATRIX, "5:9: error: layout must be 'row', 'grid', 'files'"),
    "surfaces": (
        "layout: overlay\nmatrix: {surface.b: [1, 2]}\n",
        "6:10: error: an overlay has one surface: surface.b cannot be swept",
    ),
    "own surfaces": (
        "layout: grid\nmatrix: {optimizer.surface: [quadratic, matyas]}\n",
        "6:10: error: an overlay has one surface",
    ),
    "theme": (
        "layout: grid\nmatrix: {figure.theme: [light, dark]}\n",
        "6:10: error: a grid is one picture: figure.theme cannot be swept",
    ),
    "colors": (
        "layout: overlay\nmatrix: {optimizer.color: ['#F00', '#00F']}\n",
        "6:10: error: color cannot be swept in an overlay: colors show the values",
    ),
    "cells": (
        f"layout: grid\nmatrix: {{seed: {list(range(37))}}}\n",
        "6:9: error: layout: grid allows 36 combinations, the matrix has 37",
    ),
    "walks": (
        f"layout: overlay\nmatrix: {{seed: {list(range(101))}, noise: {list(range(100))}}}\n",
        "6:9: error: layout: overlay allows 10,000 combinations, the matrix has 10,100",
    ),
    "arrows": (
        f"layout: overlay\nview: {{arrows: [step]}}\nmatrix: {{seed: {list(range(17))}}}\n",
        "6:16: error: the arrows of 17 trials would hide them",
    ),
    "landscape": (
        f"layout: overlay\npanels: [surface3d]\nmatrix: {{seed: {list(range(17))}}}\n",
        "6:10: error: surface3d would hide 17 trials behind each other",
    ),
    "memory": (
        f"layout: overlay\nmatrix: {{steps: [6000, 6400], seed: {list(range(900))}}}\n",
        "6:9: error: a matrix must have at most 10,000,000 steps in all, got 11,160,000",
    ),
    "legend": (
        "layout: grid\nfigure: {legend: box}\n" + MATRIX,
        "6:18: error: the cells of a grid have titles in place of a legend",
    ),
    "names": (
        "layout: overlay\nfigure: {legend: end}\n" + MATRIX,
        "6:18: error: the traces of an overlay have a scale of their values in place of names",
    ),
    "dashes": (
        "layout: overlay\npanels: [rates]\n" + MATRIX,
        "6:10: error: rates has dashes of its own",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_a_layout_cannot_show(tmp_path: Path, name: str) -> None:
    text, message = LAYOUTS[name]
    said, error = wrong(tmp_path, BASE + text)
    assert message in said and len(error.problems) == 1, said


def test_a_race_cannot_be_overlaid(tmp_path: Path) -> None:
    text = BASE.replace("optimizer: ", "optimizers:\n - gd\n - ")
    for layout in ("overlay", "grid"):
        said, _ = wrong(tmp_path, text, matrix=["seed=1,2"], layout=layout)
        assert "has one optimizer in each combination" in said and "race.yaml:5:2" in said
    text = BASE.replace("lr: 0.01", "color: '#F00'")
    said, _ = wrong(tmp_path, text + MATRIX, layout="overlay")
    assert "race.yaml:4:29: error: the colors of an overlay show the values" in said
    assert len(runs(tmp_path, text + MATRIX, layout="grid")[0].trials) == 6


SHOWN = [
    ["optimizer.lr=1e-3,{name: cosine},3e-2", "optimizer.momentum=0,0.9"],
    ["optimizer=gd,{name: adam, beta1: 0.5}"],
    ["optimizer.name=gd,adam", "optimizer.lr=0.01,0.1"],
    ["start=[1,2],{x: 3, y: 4}"],
    ["optimizer.start=[1,2],[3,4]"],
    ["seed=1,2", "steps=4,6"],
    ["surface.b=1,2"],
    ["surface=quadratic,rosenbrock"],
    ["figure.theme.name=dark,light"],
    ["panels=[contour],[contour,loss]"],
]


@pytest.mark.parametrize("layout", ["files", "overlay", "grid"])
@pytest.mark.parametrize("flags", SHOWN, ids=lambda flags: flags[0])
def test_what_show_prints_makes_the_same_runs(
    tmp_path: Path, flags: list[str], layout: str
) -> None:
    text = BASE + "noise: 0.5\noutput: 'a/{config}-{surface}.gif'\n"
    if layout != "files" and flags[0].startswith(("figure", "panels")):
        return
    if layout == "overlay" and flags[0].startswith("surface"):
        return
    first = runs(tmp_path, text, matrix=flags, layout=layout)
    again = runs(tmp_path, as_yaml(first[0]), "other")
    assert as_yaml(again[0]) == as_yaml(first[0])
    for a, b in zip(first, again, strict=True):
        assert a.outputs == b.outputs and a.theme == b.theme and a.figure.size == b.figure.size
        assert [p.entry.name for p in a.panels] == [p.entry.name for p in b.panels]
        for x, y in zip(trajectories_of(a), trajectories_of(b), strict=True):
            assert x.label == y.label and np.array_equal(x.points, y.points)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.1..0.9 by 0.1", np.linspace(0.1, 0.9, 9)),
        ("0.1..0.9 by 0.3", np.arange(0.1, 0.9, 0.3)),
        (".05 .. .2 by 5e-2", np.linspace(0.05, 0.2, 4)),
        ("0.9..0.1 by 0.4", np.linspace(0.9, 0.1, 3)),
        ("log 1e-3..1 by 7", np.geomspace(1e-3, 1, 7)),
        ("log 1..0.01 by 3", np.geomspace(1, 0.01, 3)),
        ("0.5, 0.1..0.2 by 0.1, 0.9", np.array([0.5, 0.1, 0.2, 0.9])),
    ],
)
def test_a_range_is_the_numbers_between(text: str, wanted: np.ndarray, tmp_path: Path) -> None:
    made = runs(tmp_path, BASE, matrix=[f"optimizer.lr={text}"])
    rates = np.array([run.trials[0].chosen.options["lr"] for run in made])
    assert rates.shape == wanted.shape and np.allclose(rates, wanted, rtol=3e-3)
    assert all(len(repr(float(rate))) < 9 for rate in rates)  # 0.3, not 0.30000000000000004
    in_config = runs(tmp_path, BASE + f"matrix: {{optimizer.lr: [{text}]}}\n")
    assert [as_yaml(run) for run in in_config] == [as_yaml(run) for run in made]


def test_a_range_of_whole_numbers_has_whole_numbers(tmp_path: Path) -> None:
    assert [run.steps for run in runs(tmp_path, BASE, matrix=["steps=10..30 by 10"])] == [
        10,
        20,
        30,
    ]
    assert [run.seed for run in runs(tmp_path, BASE, matrix=["seed=1..3"])] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.1..0.9", "the range '0.1..0.9' needs a step"),
        ("0.1..0.9 by 0", "needs a step greater than 0"),
        ("0..1 by 1e-9", "has more than 10,000 values"),
        ("log 0..1 by 5", "needs numbers greater than 0"),
        ("log 1e-3..1", "needs the number of its values, at least 2"),
        ("log 1e-3..1 by 99999", "has more than 10,000 values"),
    ],
)
def test_a_wrong_range_says_what_it_needs(text: str, message: str, tmp_path: Path) -> None:
    printed, _ = wrong(tmp_path, BASE, matrix=[f"optimizer.lr={text}"])
    assert message in printed and "0.1..0.9 by 0.1" in printed
    assert printed.startswith(f"-x optimizer.lr={text}:1:14: error: ")


@pytest.mark.parametrize(
    ("output", "sweep", "names"),
    [
        ("{config}-{theme}.gif", ["figure.theme=light,dark"], ["race-light.gif", "race-dark.gif"]),
        ("{theme}/{config}.gif", ["figure.theme=light,dark"], ["light/race.gif", "dark/race.gif"]),
        ("{config}-{lr}.gif", ["optimizer.lr=0.1,0.2"], ["race-0.1.gif", "race-0.2.gif"]),
        ("{config}-{values}.gif", ["optimizer.lr=0.1,0.2"], ["race-lr0.1.gif", "race-lr0.2.gif"]),
        ("{config}_{optimizer}.gif", ["optimizer=gd,adam"], ["race_gd.gif", "race_adam.gif"]),
        ("{surface}-{config}.gif", ["surface=beale,booth"], ["beale-race.gif", "booth-race.gif"]),
        ("{config}-{theme}.gif", ["figure.theme=dark", "optimizer.lr=0.1,0.2"],
         ["race-lr0.1-dark.gif", "race-lr0.2-dark.gif"]),
        ("{config}.gif", ["figure.theme=light,dark"], ["race-light.gif", "race-dark.gif"]),
    ],
)  # fmt: skip
def test_no_value_is_twice_in_a_name(
    output: str, sweep: list[str], names: list[str], tmp_path: Path
) -> None:
    text = BASE.replace("optimizer: momentum", "optimizer: {name: momentum, lr: 0.1}")
    made = runs(tmp_path, text, matrix=sweep, output=output)
    assert [str(run.outputs[0]) for run in made] == names
    (tmp_path / "shown.yaml").write_text(as_yaml(made[0]), "utf-8")
    shown = optanim.load_runs(tmp_path / "shown.yaml")
    assert [str(run.outputs[0]) for run in shown] == names
