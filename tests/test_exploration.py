"""What the page of `optanim explore` gets: figures, drafts, and the config of what is seen."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optanim.config.controls import (
    optimizer_entries,
    panel_entries,
    schedule_entries,
    surface_entries,
)
from optanim.config.dump import as_data
from optanim.config.loader import load, load_runs, loads, read_merged
from optanim.config.mapping import mapping_as_page
from optanim.config.minimal import minimal_yaml
from optanim.config.yaml_nodes import parse_yaml
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.optimizers import load_plugin
from optanim.pipeline.edited_config import DEFAULT, EditedConfig
from optanim.pipeline.exploration import Exploration
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Choice
from optanim.surfaces import Array
from tests.command import optanim_
from tests.needs import uses_posix
from tests.pages import ROOT

SMALL = {"figure": {"size": [200, 150]}, "animation": {"duration": "100ms"}}
CONFIG = (
    "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 0.2}\nsteps: 5\n"
    "view: {x: [-5, 5], y: [-4, 4]}\n"
)
SECRET = "ghp_S3CRET"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def opened(text: str = CONFIG, name: str = "race.yaml") -> Exploration:
    """A session with a config of this text."""
    Path(name).write_text(text)
    return Exploration(EditedConfig(Path(name)))


def array(data: Any) -> Array:
    """Numbers as the page decodes them."""
    if isinstance(data, list):
        return np.array(data, dtype=float)
    (kind, text), *rest = data.items()
    numbers = np.frombuffer(base64.b64decode(text), dtype=f"<{kind}").astype(float)
    return numbers * (rest[0][1] if rest else 1)


def points_of(series: Any) -> Array:
    return np.array([array(row) for row in series["points"]])


def traced(file: str) -> dict[str, Array]:
    """The points (d, T + 1) of each optimizer, as `optanim trace` prints them."""
    done = optanim_("trace", file)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    names = dict.fromkeys(row["label"] for row in rows)
    return {
        name: np.array([[float(r["x"]), float(r["y"])] for r in rows if r["label"] == name]).T
        for name in names
    }


def test_the_figure_has_the_trajectory_of_its_yaml() -> None:
    answer = Exploration(EditedConfig()).figure(DEFAULT, 1, None)
    Path("copied.yaml").write_text(answer["yaml"])
    expected = traced("copied.yaml")
    assert answer["number"] == 1 and len(expected) == 3
    for trace, points in zip(answer["figure"]["traces"], expected.values(), strict=True):
        np.testing.assert_allclose(points_of(trace["series"]), points, rtol=1e-6)


def test_what_is_saved_passes_check_and_has_the_same_trajectory() -> None:
    session = Exploration(EditedConfig())
    values = {**DEFAULT, "start": [-0.5, 2.25]}
    assert session.save(values, None, overwrite=False) == {"saved": "explored.yaml"}
    assert optanim_("check", "explored.yaml").returncode == 0
    figure = session.figure(values, 1, None)["figure"]
    for trace, points in zip(figure["traces"], traced("explored.yaml").values(), strict=True):
        np.testing.assert_allclose(points_of(trace["series"]), points, rtol=1e-6)


def test_a_draft_has_the_points_of_the_figure() -> None:
    session, moved = opened(), opened()
    values = {**session.config.values, "start": [2, -3]}
    session.figure(session.config.values, 1, None)
    draft = session.figure(values, 2, 1)["figure"]
    figure = moved.figure(values, 3, None)["figure"]
    assert "version" not in draft and figure["version"] == 1
    np.testing.assert_array_equal(
        points_of(draft["series"][0]), points_of(figure["traces"][0]["series"])
    )
    assert draft["table"] == figure["table"] and draft["steps"] == figure["steps"]
    trails = [mark for mark in figure["marks"] if mark["kind"] == "trail"]
    assert trails and len(trails) == len(draft["marks"])
    for trail, mark in zip(trails, draft["marks"], strict=True):
        np.testing.assert_allclose(array(mark["points"]), array(trail["points"]), atol=0.05)


@pytest.mark.parametrize(
    ("change", "is_draft"),
    [
        ({"start": [1, 1]}, True),
        ({"optimizer": {"name": "gd", "lr": 0.01}}, True),
        ({"seed": 3, "noise": 0.1}, True),
        ({"optimizer": {"name": "adam"}}, False),
        ({"optimizer": {"name": "gd", "lr": 0.2, "color": "#ff0000"}}, False),
        ({"steps": 6}, False),
        ({"surface": {"name": "quadratic", "b": 7}}, False),
        ({"panels": ["loss"]}, False),
        ({"figure": {"theme": "dark"}}, False),
    ],
    ids=str,
)
def test_a_draft_is_drawn_on_a_ground_of_the_same_look(
    change: dict[str, Any], is_draft: bool
) -> None:
    session = opened()
    session.figure(session.config.values, 1, None)
    answer = session.figure({**session.config.values, **change}, 2, 1)
    assert ("version" not in answer["figure"]) == is_draft
    answer = session.figure(session.config.values, 3, 2 if is_draft else 1)
    assert answer["figure"]["version"] == 1  # no figure has the number of that ground any more


def test_the_minimal_config_is_the_same_run() -> None:
    shutil.copytree(ROOT / "configs", "configs")
    files = sorted(Path("configs").glob("**/*.yaml"))
    assert len(files) > 50
    for file in files:
        values, run = read_merged(file).plain(), load_runs(file)[0]
        text = minimal_yaml(values, run)
        file.write_text(text, "utf-8")
        assert as_data(load_runs(file)[0]) == as_data(run), file


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"surface": {"name": "rosenbrock", "b": 100}}, "surface: rosenbrock\n"),
        ({"optimizers": [{"name": "adam", "lr": 0.1, "label": None}, "gd"]}, "[adam, gd]\n"),
        ({"optimizers": [{"name": "adam", "lr": 1e-5}, "gd"]}, "\n  - {name: adam, lr: 1e-5}\n"),
        ({"optimizers": [{"name": "adam", "lr": 1e22}]}, "optimizer: {name: adam, lr: 1e22}\n"),
        ({"optimizer": {"name": "gd", "lr": {"name": "cosine", "start": 0.1}}}, "lr: cosine}\n"),
        ({"panels": ["contour"], "lang": "en", "seed": 0, "title": None}, "optimizer: gd\n"),
        ({"figure": {"theme": "light", "size": [640, 480], "scale": 1}}, "optimizer: gd\n"),
        ({"view": {"arrows": [], "levels": 30}}, "view: {levels: 30}\n"),
        ({"animation": {"loop": "forever", "fps": 20}, "claims": []}, "optimizer: gd\n"),
    ],
    ids=str,
)
def test_a_default_is_not_written(values: dict[str, Any], text: str) -> None:
    rest = {} if "optimizers" in values else {"optimizer": "gd"}
    config = {"surface": "rosenbrock", "start": [1, 2], **rest, **values}
    shortest = minimal_yaml(config, load(config))
    assert shortest.endswith(text) or text in shortest, shortest
    assert as_data(loads(shortest)) == as_data(load(config))


@given(st.floats(allow_nan=False))
def test_a_number_is_written_as_it_is_read(number: float) -> None:
    assert parse_yaml(mapping_as_page({"a": number}), "a").plain() == {"a": number}


def test_the_config_is_written_as_people_write_it() -> None:
    note = {"at": [1, 2], "text": "a note of forty characters, more or less"}
    config = {
        "surface": {"name": "quadratic", "b": 20}, "start": [-4.0, 3],
        "optimizers": [{"name": "gd", "lr": {"name": "cosine", "start": 1e-3}}, "adam"],
        "title": "a: b, $c$", "claims": [{"faster": ["adam", "gd"], "holds": False}],
        "view": {"x": [-5, 5], "notes": [note, note]},
    }  # fmt: skip
    text = "{at: [1, 2], text: 'a note of forty characters, more or less'}"
    assert mapping_as_page(config).splitlines() == [
        "surface: {name: quadratic, b: 20}",
        "start: [-4.0, 3]",
        "optimizers:",
        "  - {name: gd, lr: {name: cosine, start: 0.001}}",
        "  - adam",
        "title: 'a: b, $c$'",
        "claims: [{faster: [adam, gd], holds: false}]",
        "view:",
        "  x: [-5, 5]",
        f"  notes: [{text}, {text}]",
    ]


def test_a_config_keeps_its_matrix() -> None:
    session = opened(
        "surface: quadratic\nstart: [1, 2]\noptimizer: {name: gd, lr: 0.1}\ntitle: Mine\n"
        "matrix: {optimizer.lr: [0.01, 0.1]}\nlayout: overlay\n"
    )
    answer = session.figure(session.config.values, 1, None)
    assert len(answer["figure"]["traces"]) == 2 and "matrix" in answer["yaml"]
    assert session.figure(session.config.values, 2, 1)["figure"]["version"] == 1  # no draft


def test_claims_are_live_and_stop_nothing() -> None:
    session = opened(CONFIG + "claims: [{arrives: gd}, {diverges: gd, holds: false}]\n")
    claims = session.figure(session.config.values, 1, None)["claims"]
    assert [claim["holds"] for claim in claims] == [False, True]
    longer = session.figure({**session.config.values, "steps": 50}, 2, None)
    assert [claim["holds"] for claim in longer["claims"]] == [True, True]
    assert all(claim["text"] and claim["reason"] for claim in claims)
    assert session.render({**session.config.values, **SMALL})["problems"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"optimizer": {"name": "gd", "lr": -1}}, "optimizer.lr"),
        ({"optimizer": {"name": "gd", "rl": 1}}, "optimizer.rl"),
        ({"optimizer": None, "optimizers": ["gd", {"name": "adam", "lr": {"name": "cosine",
          "start": -1}}]}, "optimizers[1].lr.start"),
        ({"surface": {"name": "quadratic", "a": 0}}, "surface.a"),
        ({"surface": {"expr": "x +* y"}}, "surface.expr"),
        ({"start": [1]}, "start"),
        ({"steps": 20_001}, "steps"),
        ({"panels": ["curve"]}, "panels[0]"),
        ({"panels": ["basins"]}, "panels"),
        ({"start": {"grid": [3, 3]}}, "start"),
        ({"title": "$\\frac{$"}, "title"),
        ({"figure": {"size": [8000, 8000]}}, "figure.size"),
        ({"view": {"notes": [{"step": 9, "text": "a"}]}}, "view.notes[0].step"),
    ],
    ids=str,
)  # fmt: skip
def test_a_problem_has_the_key_that_it_is_about(change: dict[str, Any], place: str) -> None:
    session = opened()
    answer = session.figure({**session.config.values, **change}, 7, None)
    assert answer["number"] == 7 and place in [problem["place"] for problem in answer["problems"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimizers": ["cma_es", "particle_swarm"] * 8, "steps": 20_000}, "would take about"),
        ({"matrix": {"seed": [*range(500)]}, "layout": "overlay"}, "500 combinations"),
        ({"matrix": {"seed": [*range(99)]}, "layout": "overlay", "steps": 9999}, "too many"),
        ({"figure": {"size": [4000, 4000]}}, "2 million pixels"),
        ({"start": [[]] * 330_000}, "more than 20000 values"),
        ({"animation": {"steps_per_second": 1e-6}, "output": "x.svg"}, "frames of"),
        ({f"key{i}": 1 for i in range(9000)}, "unknown key"),
    ],
    ids=lambda change: repr(change)[:30],
)
def test_what_takes_long_is_refused(change: dict[str, Any], message: str) -> None:
    config = {"surface": "quadratic", "start": [1, 1], "optimizers": ["gd"], **change}
    answer = Exploration(EditedConfig()).figure(config, 1, None)
    assert message in answer["problems"][0]["message"] and len(answer["problems"]) <= 51


FOREIGN = {
    "extends": {"extends": "{}"},
    "data": {"surface": {"regression": {"data": "{}", "model": "w*x + b"}}},
    "optimizer": {"optimizer": {"name": "recorded", "file": "{}"}},
    "font": {"figure": {"font": "{}"}},
}


@pytest.mark.parametrize("key", FOREIGN)
@pytest.mark.parametrize(
    "file", ["secret.csv", "/etc/passwd", "secret.ttf", "../x.csv", "none.csv"]
)
def test_the_page_reads_no_file_that_the_config_does_not_name(key: str, file: str) -> None:
    for name in ("secret.csv", "secret.ttf"):
        Path(name).write_text(f"{SECRET},b\n1,2\n")
    session = opened()
    change = json.loads(json.dumps(FOREIGN[key]).replace("{}", file))
    answer = session.figure({**session.config.values, **change}, 1, None)
    said = json.dumps(answer)
    assert answer["problems"] and SECRET not in said and "root:" not in said
    assert key == "font" or "the opened config does not name it" in said
    assert "no such file" not in said  # nor whether it exists


def test_the_config_may_read_its_files_and_those_of_its_bases() -> None:
    Path("base").mkdir()
    Path("base/a.csv").write_text("x,y\n1,2\n2,4\n3,7\n")
    Path("base/base.yaml").write_text(
        "surface: {regression: {data: a.csv, model: w*x + b}}\nstart: [0, 0]\noptimizer: gd\n"
    )
    session = opened("extends: base/base.yaml\nsteps: 20\n")
    assert session.config.values["surface"]["regression"]["data"] == "base/a.csv"
    answer = session.figure(session.config.values, 1, None)
    assert "problems" not in answer and "base/a.csv" in answer["yaml"]
    assert session.save(session.config.values, "b.yaml", overwrite=False) == {"saved": "b.yaml"}
    assert optanim_("check", "b.yaml").returncode == 0


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (CONFIG, [-4, 3]),
        (CONFIG.replace("[-4, 3]", "{y: 3, x: -4}"), [-4, 3]),
        ("surface: wave\nstart: 3\noptimizer: gd\n", [3]),
        (CONFIG.replace("[-4, 3]", "[[1, 2], {x: 1, y: 1}]"), [[1, 2], {"x": 1, "y": 1}]),
        ("surface: beale\noptimizer: {name: gd, start: [1, 1]}\n", None),
    ],
)
def test_the_start_is_a_list_of_numbers(text: str, start: Any) -> None:
    session = opened(text)
    assert session.config.values.get("start") == start
    assert "problems" not in session.figure(session.config.values, 1, None)


def test_an_entry_of_a_plug_in_leaves_the_same_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue("optimizers"), "_added", {})
    rule = "while True:\n        w = w - lr * f.gradient(w)\n        yield w\n"
    Path("mine.py").write_text(f"def walk(f, w, *, lr=0.1):\n    {rule}")
    Path("race.yaml").write_text(CONFIG)
    load_plugin("mine.py")
    session = Exploration(EditedConfig(Path("race.yaml"), plugins=["mine.py"]))
    values = {**session.config.values, **SMALL, "optimizer": "walk"}
    assert session.render(values)["file"] and session.save(values, "b.yaml", overwrite=False)
    command = ["render", "--plugin", "mine.py", "b.yaml", "-o", "b.gif"]
    assert optanim_(*command).returncode == 0
    assert Path("b.gif").read_bytes() == Path("output/race.gif").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "../b.yaml", "/tmp/b.yaml", "a/b.yaml", "a\\b.yaml", ".b.yaml", "..yaml", "b.gif", "b", "",
        "b.yaml/", "b.yaml\0", "b\n.yaml", "C:b.yaml", "b.yaml:x", " b.yaml", "é" * 200 + ".yaml",
        "~/b.yaml", "b.YAML", "\ud800.yaml", "b.yaml ", "b.yaml\u202e.yaml",
    ],
    ids=lambda name: repr(name)[:20],
)  # fmt: skip
def test_a_version_is_saved_in_the_folder_only(name: str) -> None:
    Path("a").mkdir()
    session = opened(name="a/race.yaml") if os.name == "posix" else opened()
    before = sorted(Path().rglob("*"))
    answer = session.save(session.config.values, name, overwrite=True)
    if name:
        assert answer["problems"][0]["place"] == "file"
        assert sorted(Path().rglob("*")) == before
    else:
        assert answer == {"saved": "race.yaml"}


@uses_posix
def test_a_version_is_not_saved_over_a_link_a_folder_or_a_pipe() -> None:
    session = opened()
    Path("there").mkdir()
    Path("link.yaml").symlink_to("there/new.yaml")
    Path("race2.yaml").symlink_to("race.yaml")
    Path("folder.yaml").mkdir()
    os.mkfifo("pipe.yaml")
    for name in ("link.yaml", "race2.yaml", "folder.yaml", "pipe.yaml"):
        assert session.save(session.config.values, name, overwrite=True)["problems"], name
    assert Path("race.yaml").read_text() == CONFIG and not list(Path("there").iterdir())


def test_a_file_is_replaced_only_if_that_is_asked_for() -> None:
    session = opened()
    Path("other.yaml").write_text("mine")
    values = session.config.values
    assert session.save(values, "other.yaml", overwrite=False) == {"exists": "other.yaml"}
    assert Path("other.yaml").read_text() == "mine"
    assert session.save(values, "other.yaml", overwrite=True) == {"saved": "other.yaml"}
    # What was written here is replaced unasked, until somebody else changes it.
    assert session.save(values, "other.yaml", overwrite=False) == {"saved": "other.yaml"}
    Path("other.yaml").write_text("mine again")
    assert session.save(values, "other.yaml", overwrite=False) == {"exists": "other.yaml"}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        (CONFIG, False),
        ("# yaml-language-server: $schema=a.json\n\n" + CONFIG, False),
        (CONFIG + "title: 'a # b'\n", False),
        (CONFIG + "# a comment\n", True),
        (CONFIG.replace("steps: 5", "steps: 5  # few"), True),
        ("extends: base.yaml\nsteps: 3\n", True),
    ],
)
def test_the_opened_config_is_replaced_unasked_if_nothing_is_lost(text: str, asks: bool) -> None:
    Path("base.yaml").write_text(CONFIG)
    session = opened(text)
    answer = session.save({**session.config.values, "steps": 7}, None, overwrite=False)
    assert answer == ({"exists": "race.yaml"} if asks else {"saved": "race.yaml"})
    written = Path("race.yaml").read_text()
    assert written == text if asks else load("race.yaml").steps == 7
    assert written.startswith("#") == text.startswith("#")


def test_an_edited_config_is_asked_for() -> None:
    session = opened()
    Path("race.yaml").write_text(CONFIG + "seed: 3\n")
    answer = session.save(session.config.values, "race.yaml", overwrite=False)
    assert answer == {"exists": "race.yaml"} and "seed" in Path("race.yaml").read_text()


def test_new_files_get_new_names() -> None:
    names = [Exploration(EditedConfig()).save(DEFAULT, None, overwrite=False) for _ in range(3)]
    assert [n["saved"] for n in names] == ["explored.yaml", "explored-2.yaml", "explored-3.yaml"]


def test_a_wrong_version_is_not_saved() -> None:
    session = opened()
    answer = session.save({**session.config.values, "steps": 0}, "new.yaml", overwrite=True)
    assert answer["problems"][0]["place"] == "steps" and not Path("new.yaml").exists()


def test_the_gif_is_that_of_the_saved_config() -> None:
    session = opened()
    values = {**session.config.values, **SMALL}
    answer = session.render(values)
    assert answer == {"file": str(Path("output/race.gif")), "number": 1}
    first = Path("output/race.gif").read_bytes()
    assert session.save(values, "race.yaml", overwrite=True)["saved"]
    assert optanim_("render", "race.yaml").returncode == 0
    assert Path("output/race.gif").read_bytes() == first
    assert session.output("1") == Path("output/race.gif")
    assert session.output("2") is None and session.output("0") is None


def test_no_file_outside_is_rendered(tmp_path: Path) -> None:
    Path("here").mkdir()
    os.chdir("here")
    session = opened()
    for output in ("../out.gif", str(tmp_path / "out.gif"), "race.yaml", "out.exe"):
        answer = session.render({**session.config.values, **SMALL, "output": output})
        assert answer["problems"], output
    assert not (tmp_path / "out.gif").exists() and Path("race.yaml").read_text() == CONFIG


@pytest.mark.parametrize(
    "text",
    [
        CONFIG + "matrix: {optimizer.lr: [0.1, 0.2]}\n",
        "surface: quadratic\n",
        "surface: [\n",
    ],
)
def test_a_config_that_cannot_be_explored_is_told_at_once(text: str) -> None:
    with pytest.raises(ConfigError):
        opened(text)


def test_every_entry_has_controls_whose_ranges_are_allowed() -> None:
    for kind, entries in (
        ("optimizers", optimizer_entries()), ("schedules", schedule_entries()),
        ("surfaces", surface_entries()), ("panels", panel_entries()),
    ):  # fmt: skip
        for entry in entries:
            for option in entry["options"]:
                if "low" not in option:
                    continue
                assert option["low"] < option["high"], (entry["name"], option)
                default = option["default"]
                assert default is None or option["low"] <= default <= option["high"], option
                for end in (option["low"], option["high"]):
                    chosen = {"name": entry["name"], option["name"]: end}
                    assert _is_allowed(kind, chosen), chosen
        names = {entry["name"] for entry in entries}
        left_out = {*catalogue(kind)} - names
        assert left_out <= {"recorded", "basins", "map"}


def _is_allowed(kind: str, chosen: dict[str, Any]) -> bool:
    try:
        Choice(kind).choose(chosen)
    except Exception as error:
        return "missing" in str(error)  # another option that is needed
    return True


def test_the_good_start_of_a_surface_leads_somewhere() -> None:
    for entry in surface_entries():
        if entry["start"] is None:
            continue
        run = load({"surface": entry["name"], "start": entry["start"], "optimizer": "adam"})
        (trajectory,) = trajectories_of(run)
        assert len(entry["start"]) == entry["dimensions"]
        assert trajectory.values[-1] < trajectory.values[0], entry["name"]


def test_the_words_of_the_page_are_there_in_each_language() -> None:
    for language in catalogue("languages"):
        session = opened(CONFIG + f"lang: {language}\n", f"{language}.yaml")
        page = session.catalogue()
        assert page["language"] == language and all(page["words"].values())
    json.dumps(page, allow_nan=False)
