"""`themes: [light, dark]`: twins of a figure from one config, simulated once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import optanim
import optanim.pipeline.render as rendering
from optanim.config.dump import as_data, as_yaml
from optanim.config.loader import load_pairs, load_runs
from optanim.errors import ConfigError
from optanim.pipeline.estimate import estimate
from optanim.pipeline.loading import load_all
from optanim.pipeline.make_rules import make_rules
from optanim.pipeline.provenance import config_of, stale_files
from optanim.pipeline.targets import target_problems
from optanim.pipeline.watch import watch_configs
from tests.command import optanim_

RIGHT = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nsteps: 2\nfigure: {size: [200, 160]}\n"
TWINS = RIGHT + "themes: [light, dark]\nformats: [png]\n"


def names(text: str, *set: str) -> list[str]:
    return [path.as_posix() for path in optanim.loads(text, name="a", set=set).outputs]


def test_the_name_of_the_theme_stands_before_the_suffix() -> None:
    assert names(TWINS) == [
        "output/a-light.gif", "output/a-light.png", "output/a-dark.gif", "output/a-dark.png",
    ]  # fmt: skip
    assert names(RIGHT + "themes: [dark]\n") == ["output/a-dark.gif"]
    assert names(TWINS, "output='{theme}/x.webp'", "formats=null") == [
        "light/x.webp",
        "dark/x.webp",
    ]
    assert names(TWINS, "output='x.y/{{z}}.gif'", "formats=null", "themes=[paper]") == [
        "x.y/{z}-paper.gif"
    ]


def test_a_run_in_themes_has_the_files_and_colors_of_each() -> None:
    run = optanim.loads(TWINS)
    light, dark = run.in_themes()
    assert (run.theme, light.theme) == (light.theme, light.theme) != (dark.theme, dark.theme)
    assert dark.figure.theme.entry.name == "dark" and not dark.themes
    assert (*light.outputs, *dark.outputs) == run.outputs
    alone = optanim.loads(RIGHT)
    assert alone.in_themes() == (alone,)


def test_one_simulation_is_painted_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    calls, progress = list[object](), list[tuple[int, int]]()
    simulate = rendering.simulate_run
    monkeypatch.setattr(rendering, "simulate_run", lambda *a: calls.append(a) or simulate(*a))
    run = optanim.loads(TWINS, name="a")
    result = optanim.render(run, progress=lambda *pair: progress.append(pair))
    assert len(calls) == 1 and result.paths == run.outputs
    assert progress == [(i + 1, 2 * result.frames) for i in range(2 * result.frames)]
    assert stale_files(run) == {}
    # Each is the file of a config with `figure.theme`, byte for byte.
    for theme in ("light", "dark"):
        alone = optanim.loads(RIGHT + "formats: [png]\n", set=[f"figure.theme={theme}"])
        optanim.render(replace(alone, outputs=(Path("b.gif"), Path("b.png"))))
        for suffix in ("gif", "png"):
            twin = Path(f"output/a-{theme}.{suffix}")
            assert twin.read_bytes() == Path(f"b.{suffix}").read_bytes()
        assert f"name: {theme}" in config_of(Path(f"output/a-{theme}.gif"))
    Path("output/a-dark.gif").unlink()
    assert stale_files(run) == {Path("output/a-dark.gif"): "it does not exist"}


def test_a_failure_leaves_the_files_of_every_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "output/a-dark.gif").mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"a-dark\.gif"):
        optanim.render(optanim.loads(TWINS, name="a"))
    assert [path.name for path in (tmp_path / "output").iterdir()] == ["a-dark.gif"]


def test_the_config_is_read_back() -> None:
    # A dump has the main file only, as for every config.
    set = ["output='{config}-of-{theme}.gif'", "formats=null"]
    run = optanim.loads(TWINS, set=set, name="a")
    again = optanim.loads(as_yaml(run), name="b")
    assert again.outputs == run.outputs and as_data(again) == as_data(run)
    assert "theme" not in as_data(run)["figure"]


def test_one_rule_of_make(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TWINS)
    run = optanim.load(tmp_path / "a.yaml")
    outputs = " ".join(path.as_posix() for path in run.outputs)
    assert f"\n{outputs} &: " in make_rules([run]) and make_rules([run]).count("render") == 1


def test_the_estimate_counts_each_theme_and_one_simulation() -> None:
    twins, one = (optanim.loads(RIGHT + text) for text in ("themes: [light, dark]\n", ""))
    works = [[part.work for part in estimate(run).parts] for run in (twins, one)]
    assert works[0] == [*works[1], *works[1][2:]]


def test_two_configs_that_write_one_twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(TWINS)
    (tmp_path / "b.yaml").write_text(RIGHT + "output: output/a-dark.gif\n")
    runs, problems = load_all(["a.yaml", "b.yaml"])
    assert not runs and problems[0].message == "would write output/a-dark.gif, as a.yaml does"


def test_every_twin_is_refused_outside_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := tmp_path / "in").mkdir()
    monkeypatch.chdir(folder)
    run = optanim.loads(RIGHT + "themes: [light, dark]\noutput: ../x.gif\n")
    problems = target_problems(run)
    assert [problem.message.split()[0] for problem in problems] == [
        "../x-light.gif",
        "../x-dark.gif",
    ]
    assert all(problem.help.endswith("-o '../x-{theme}.gif'") for problem in problems)
    assert not target_problems(optanim.loads(RIGHT + "themes: [light, dark]\n", output="../x.gif"))


def test_a_matrix_has_twins_of_each_combination_or_of_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(RIGHT + "themes: [light, dark]\nmatrix: {optimizer.lr: [0.1, 0.2]}\n")
    runs = load_runs(file)
    assert [path.name for run in runs for path in run.outputs] == [
        "a-lr0.1-light.gif", "a-lr0.1-dark.gif", "a-lr0.2-light.gif", "a-lr0.2-dark.gif",
    ]  # fmt: skip
    (run,) = load_runs(file, layout="overlay")
    assert [path.name for path in run.outputs] == ["a-light.gif", "a-dark.gif"]
    assert [len(twin.trials) for twin in run.in_themes()] == [2, 2]
    with pytest.raises(ConfigError, match="so a matrix cannot have"):
        load_runs(file, matrix=["figure.theme=light,dark"])


def test_a_batch_has_twins_of_each_pair(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RIGHT + "themes: [light, dark]\n")
    runs = load_pairs(tmp_path / "a.yaml", ["gd", "adam"])
    outputs = [path.name for run in runs if isinstance(run, optanim.Run) for path in run.outputs]
    assert outputs == [
        "a-gd-light.gif", "a-gd-dark.gif", "a-adam-light.gif", "a-adam-dark.gif",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "own", "set", "outputs"),
    [
        ("themes: [light, dark]\n", "figure: {theme: dark}\n", [], ["output/a.gif"]),
        ("figure: {theme: dark}\n", "themes: [paper]\n", [], ["output/a-paper.gif"]),
        ("themes: [light, dark]\n", "themes: null\n", [], ["output/a.gif"]),
        ("themes: [paper]\n", "", ["figure.theme=dark"], ["output/a.gif"]),
        ("themes: [paper]\n", "", ["figure={theme: dark}"], ["output/a.gif"]),
        ("", "figure: {theme: dark}\n", ["themes=[light]"], ["output/a-light.gif"]),
    ],
)
def test_a_later_key_takes_the_place_of_the_other(
    base: str, own: str, set: list[str], outputs: list[str], tmp_path: Path
) -> None:
    start = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\n"
    (tmp_path / "base.yaml").write_text(start + base)
    (tmp_path / "a.yaml").write_text("extends: base.yaml\n" + own)
    run = optanim.load(tmp_path / "a.yaml", set=set)
    assert [path.as_posix() for path in run.outputs] == outputs


def test_standard_output_takes_one_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RIGHT + "themes: [light, dark]\n")
    done = optanim_("render", "a.yaml", "-o", "-", cwd=tmp_path)
    assert done.returncode == 2 and b"standard output takes only one figure" in done.stderr
    done = optanim_("render", "a.yaml", "-o", "-", "-s", "themes=[dark]", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout[:6] == b"GIF89a"


def test_a_still_of_each(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TWINS)
    done = optanim_("render", "a.yaml", "--frame", "last", "-q", cwd=tmp_path)
    assert done.stdout.split() == [b"output/a-light.png", b"output/a-dark.png"]


def test_a_file_that_a_call_names_is_of_the_first_theme(tmp_path: Path) -> None:
    run = optanim.loads(TWINS)
    optanim.render(run, output=tmp_path / "x.png", frame=0)
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]
    assert "name: light" in config_of(tmp_path / "x.png")


def test_watching_renders_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("watchfiles")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(TWINS)
    event = next(watch_configs(["a.yaml"]))
    assert [path.exists() for path in event.rendered.paths] == [True] * 4  # type: ignore[union-attr]
