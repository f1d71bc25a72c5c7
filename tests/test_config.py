"""Right configs: what a writer means is what is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.config.dump import as_yaml
from optanim.config.yaml_nodes import parse_yaml
from optanim.errors import ConfigError

CONFIGS = sorted(Path(__file__).parents[1].joinpath("configs").glob("*.yaml"))
TEMPLATES = sorted(Path(optanim.__file__).parent.joinpath("cli/templates").glob("*.yaml"))
RIGHT = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1e-3", 0.001), ("1E-3", 0.001), ("5e-4", 5e-4), ("1e3", 1000.0), ("-.5", -0.5),
        (".5", 0.5), ("1.", 1.0), ("+3", 3), ("010", 10), ("0x1F", 31), ("0o17", 15),
        ("true", True), ("False", False), ("on", "on"), ("off", "off"), ("no", "no"), ("y", "y"),
        ("16:9", "16:9"), ("2025-11-24", "2025-11-24"), ("null", None), ("~", None), ("", None),
        ("1_000", "1_000"), ("'1e-3'", "1e-3"), ("inf", "inf"), ("-.inf", float("-inf")),
    ],
)  # fmt: skip
def test_scalars_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    value = parse_yaml(f"a: {written}\n", "c").value["a"].value
    assert value == meant and type(value) is type(meant)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back(number: float) -> None:
    assert parse_yaml(f"a: {number!r}\n", "c").value["a"].value == number


@given(st.text(max_size=60))
def test_any_text_is_a_config_or_a_config_error(text: str) -> None:
    try:
        optanim.loads(text)
    except ConfigError as error:
        assert str(error)


@given(
    st.recursive(
        st.integers(-5, 5) | st.booleans() | st.none() | st.text("abc:#-{}[]*&!'\" ", max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(["surface", "start", "optimizer", "optimizers", "name", "lr", "view"]),
            inner, max_size=4,
        ),
    )
)  # fmt: skip
def test_any_data_is_a_config_or_a_config_error(data: object) -> None:
    import yaml

    try:
        optanim.loads(yaml.safe_dump(data))
    except ConfigError as error:
        assert all(problem.message for problem in error.problems)


def test_bare_names_and_mappings_say_the_same() -> None:
    short = optanim.loads(RIGHT)
    long = optanim.loads(
        "surface: {name: quadratic}\nstart: {y: 3, x: -4}\noptimizers: [{name: adam}]\n"
    )
    assert as_yaml(short) == as_yaml(long)


def test_defaults_of_the_parts() -> None:
    run = optanim.loads(RIGHT, name="post")
    assert run.outputs == (Path("output/post.gif"),)
    assert run.trials[0].label == "Adam" and run.trials[0].start == (-4.0, 3.0)
    assert run.animation.fps == 20 and run.animation.loop == 0 and run.figure.size == (640, 480)


def test_reserved_keys_beside_an_optimizer() -> None:
    run = optanim.loads(
        "surface: beale\nstart: [1, 1]\noptimizers:\n"
        "  - {name: gd, label: 느린, color: '#abc', marker: D, start: [0, 0], lr: 1e-3}\n  - adam\n"
    )
    first, second = run.trials
    assert (first.label, first.look.color, first.look.marker) == ("느린", "#AABBCC", "D")
    assert first.start == (0.0, 0.0) and second.start == (1.0, 1.0)
    assert first.chosen.options == {"lr": 0.001}


def test_set_puts_in_what_is_not_there_yet() -> None:
    run = optanim.loads(
        RIGHT, set=["optimizer.lr=1e-2", "view.levels=9", "figure.size=[320, 240]", "title='a: b'"]
    )
    assert run.trials[0].chosen.options == {"lr": 0.01}
    assert run.view.levels == 9 and run.figure.size == (320, 240) and run.title == "a: b"


def test_set_reaches_into_lists_and_changes_kinds() -> None:
    race = "surface: beale\nstart: [1, 1]\noptimizers: [gd, adam]\n"
    run = optanim.loads(race, set=["optimizers[1].lr={name: cosine, start: 0.2}"])
    assert run.trials[1].chosen.options["lr"].options == {"start": 0.2}
    assert len(optanim.loads(race, set=["optimizer=gd"]).trials) == 1
    assert len(optanim.loads(RIGHT, set=["optimizers=[gd, adam]"]).trials) == 2


def test_output_names_follow_a_template() -> None:
    text = RIGHT + "output: 'figs/{surface}-{optimizer}-{theme}-{config}.gif'\nformats: [png]\n"
    run = optanim.loads(text, name="p")
    assert [str(path) for path in run.outputs] == [
        "figs/quadratic-adam-light-p.gif",
        "figs/quadratic-adam-light-p.png",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_line_ends(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "글.yaml"
    file.write_bytes((RIGHT + "title: 경사하강법\n").replace("\n", "\r\n").encode(encoding))
    run = optanim.load(file)
    assert run.title == "경사하강법" and run.config == "글" and run.inputs == (file,)


@pytest.mark.parametrize("file", CONFIGS + TEMPLATES, ids=lambda file: file.stem)
def test_configs_of_the_project_are_right_and_resolve_to_themselves(file: Path) -> None:
    run = optanim.load(file)
    again = as_yaml(optanim.loads(as_yaml(run), folder=file.parent))
    assert again == as_yaml(run)


@pytest.mark.parametrize(
    ("config", "output", "file"),
    [
        ("posts/a.yaml", "{folder}/{config}.gif", "posts/a.gif"),
        ("a.yaml", "{folder}/{config}.gif", "a.gif"),
        ("a.yaml", "{folder}/out/{theme}.gif", "out/light.gif"),
        ("posts/{x}/a.yaml", "{folder}/a.gif", "posts/{x}/a.gif"),
        ("posts/a.yaml", "{config}.gif", "a.gif"),
    ],
)
def test_the_folder_of_the_config_in_output(
    config: str, output: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(config).parent.mkdir(parents=True, exist_ok=True)
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\n"
    Path(config).write_text(text + f"output: '{output}'\n")
    assert optanim.load(config).outputs == (Path(file),)
    assert optanim.load(Path(config).resolve()).outputs[0] == (
        tmp_path.resolve() / file if "{folder}" in output else Path(file)
    )
    assert optanim.load(config, output="{folder}/x.png").outputs == (Path(config).parent / "x.png",)
    assert optanim.loads(text + f"output: '{output}'\n", name="a").outputs[0].parent in (
        Path(), Path("out"),
    )  # fmt: skip
