"""A config over another: what stays, what makes way, and where each mistake is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.config.dump import as_yaml
from optanim.config.extends import MAX_BASES
from optanim.config.merge import merge
from optanim.config.yaml_nodes import parse_yaml
from optanim.errors import ConfigError
from optanim.files import CONFIG
from optanim.pipeline.loading import configs_in
from tests.command import optanim_

BASE = """\
surface: {name: quadratic, b: 20}
start: {x: -4, y: 3}
optimizer: {name: adam, lr: 0.1, beta1: 0.8}
steps: 30
view: {levels: 9, camera: {azimuth: -60}}
animation: {steps_per_second: 5}
panels: [contour, loss]
"""


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / f"{next(iter(texts))}.yaml"


def over(base: str, own: str) -> Any:
    return merge(parse_yaml(base, "base"), parse_yaml(own, "own")).plain()


@pytest.mark.parametrize(
    ("base", "own", "both"),
    [
        ("{a: 1, b: 2}", "{b: 3, c: 4}", {"a": 1, "b": 3, "c": 4}),
        ("{view: {x: [0, 1], levels: 3}}", "{view: {levels: 4}}",
         {"view": {"x": [0, 1], "levels": 4}}),
        ("{panels: [contour, loss]}", "{panels: [curve]}", {"panels": ["curve"]}),
        ("{start: [1, 2]}", "{start: {x: 1}}", {"start": {"x": 1}}),
        ("{start: {x: 1, y: 2}}", "{start: {x: 5}}", {"start": {"x": 5, "y": 2}}),
        # the same entry: its options merge
        ("{o: {name: adam, lr: 1}}", "{o: {name: adam, eps: 2}}",
         {"o": {"name": "adam", "lr": 1, "eps": 2}}),
        ("{o: {name: adam, lr: 1}}", "{o: {eps: 2}}", {"o": {"name": "adam", "lr": 1, "eps": 2}}),
        ("{o: adam}", "{o: {eps: 2}}", {"o": {"name": "adam", "eps": 2}}),
        ("{o: {lr: 1}}", "{o: {name: adam}}", {"o": {"lr": 1, "name": "adam"}}),
        ("{lr: cosine}", "{lr: {end: 2}}", {"lr": {"name": "cosine", "end": 2}}),
        # another entry: nothing leaks
        ("{o: {name: adam, lr: 1}}", "{o: {name: gd}}", {"o": {"name": "gd"}}),
        ("{o: {name: adam, lr: 1}}", "{o: gd}", {"o": "gd"}),
        ("{o: {name: adam, lr: 1}}", "{o: adam}", {"o": "adam"}),
        ("{o: adam}", "{o: {name: gd, lr: 1}}", {"o": {"name": "gd", "lr": 1}}),
        ("{lr: {name: cosine, end: 1}}", "{lr: 0.3}", {"lr": 0.3}),
        ("{lr: 0.3}", "{lr: {name: cosine}}", {"lr": {"name": "cosine"}}),
        # a key may stand for the name, and a formula is a name
        ("{s: {expr: x*k, params: {k: 1, l: 2}}}", "{s: {params: {k: 3}}}",
         {"s": {"expr": "x*k", "params": {"k": 3, "l": 2}}}),
        ("{s: {expr: x*k, params: {k: 1}}}", "{s: {expr: x**2}}", {"s": {"expr": "x**2"}}),
        ("{s: {name: expression, expr: x**2, axes: [x]}}", "{s: {expr: x**2, minima: []}}",
         {"s": {"name": "expression", "expr": "x**2", "axes": ["x"], "minima": []}}),
        ("{s: {expr: x**2}}", "{s: {regression: {model: w*x}}}",
         {"s": {"regression": {"model": "w*x"}}}),
        ("{s: {regression: {model: w*x, loss: mse}, batch_size: 3}}",
         "{s: {regression: {loss: mae}}}",
         {"s": {"regression": {"model": "w*x", "loss": "mae"}, "batch_size": 3}}),
        ("{s: {name: beale}}", "{s: {expr: x**2}}", {"s": {"expr": "x**2"}}),
        # null takes a key of the base away; one that the base lacks is as wrong as it was
        ("{a: 1, v: {x: 1, y: 2}}", "{a: null, v: {x: ~}}", {"v": {"y": 2}}),
        ("{v: {x: 1}}", "{v: null}", {}),
        ("{a: 1}", "{vew: null}", {"a": 1, "vew": None}),
        # one optimizer or several, one pace or the other
        ("{optimizer: gd}", "{optimizers: [gd, adam]}", {"optimizers": ["gd", "adam"]}),
        ("{optimizers: [gd]}", "{optimizer: {name: adam}}", {"optimizer": {"name": "adam"}}),
        ("{optimizers: [gd]}", "{optimizer: null}", {"optimizers": ["gd"], "optimizer": None}),
        ("{animation: {fps: 9, duration: 3s}}", "{animation: {steps_per_second: 4}}",
         {"animation": {"fps": 9, "steps_per_second": 4}}),
        ("{view: {optimizer: gd}}", "{view: {optimizers: 1}}",
         {"view": {"optimizer": "gd", "optimizers": 1}}),
    ],
)  # fmt: skip
def test_what_stays_and_what_makes_way(base: str, own: str, both: Any) -> None:
    assert over(base, own) == both


TREES = st.recursive(
    st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
)
MAPPINGS = st.dictionaries(st.sampled_from("abcd"), TREES, max_size=4)


@given(MAPPINGS, MAPPINGS)
def test_without_names_merging_is_a_patch(base: Any, own: Any) -> None:
    a, b = parse_yaml(yaml.safe_dump(base), "a"), parse_yaml(yaml.safe_dump(own), "b")
    assert merge(a, a).plain() == base

    def patched(target: Any, patch: Any) -> Any:
        """RFC 7396, but for null, which these trees do not have."""
        if not isinstance(patch, dict):
            return patch
        target = dict(target) if isinstance(target, dict) else {}
        return target | {key: patched(target.get(key), value) for key, value in patch.items()}

    assert merge(a, b).plain() == patched(base, own)


def test_a_config_is_its_bases_with_its_own_keys_on_top(tmp_path: Path) -> None:
    own = "extends: base.yaml\noptimizer: {lr: 0.3}\nview: {camera: {turn: 90}}\nsteps: null\n"
    file = write(tmp_path, own=own, base="extends: root.yaml\nseed: 3\nstart: {y: 2}\n", root=BASE)
    run = optanim.load(file)
    assert run.config == "own" and run.outputs == (Path("output/own.gif"),)
    assert run.inputs == (file, tmp_path / "base.yaml", tmp_path / "root.yaml")
    assert run.trials[0].chosen.options == {"lr": 0.3, "beta1": 0.8}
    assert (run.trials[0].start, run.seed, run.steps) == ((-4.0, 2.0), 3, 100)
    assert (run.view.camera.azimuth, run.view.camera.turn, run.view.levels) == (-60, 90, 9)


def test_set_goes_on_top_and_may_name_the_base(tmp_path: Path, monkeypatch: Any) -> None:
    file = write(tmp_path, own="extends: base.yaml\nsteps: 9\n", base=BASE,
                 other=BASE.replace("adam", "gd").replace(", beta1: 0.8", ""))  # fmt: skip
    run = optanim.load(file, set=["steps=7", "optimizer.lr=0.5", "animation.duration=3s"])
    assert (run.steps, run.trials[0].chosen.options["lr"]) == (7, 0.5)
    assert (run.animation.duration, run.animation.steps_per_second) == (3.0, None)
    monkeypatch.chdir(tmp_path.parent)  # what was typed is relative to where it was typed
    run = optanim.load(file, set=[f"extends={tmp_path.name}/other.yaml", "optimizer.lr=0.5"])
    assert (run.trials[0].name, run.steps) == ("gd", 9)
    with pytest.raises(ConfigError, match="surface is missing"):
        optanim.load(file, set=["extends="])


def test_from_a_text_it_is_relative_to_the_working_folder(tmp_path: Path, monkeypatch: Any) -> None:
    write(tmp_path, base=BASE)
    monkeypatch.chdir(tmp_path)
    assert optanim.loads("extends: base.yaml\n").inputs == (Path("base.yaml"),)
    assert optanim.loads("extends: base.yaml\n", folder=tmp_path).steps == 30


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A base with a data file beside it, in another folder than the config."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "post").mkdir()
    (tmp_path / "shared" / "hours.csv").write_text("1,2\n2,4\n3,7\n")
    write(tmp_path / "shared", base="surface: {regression: {data: hours.csv, model: w*x}}\n"
          "start: [0]\noptimizer: {name: gd, lr: 0.05}\n")  # fmt: skip
    write(tmp_path / "post", own="extends: ../shared/base.yaml\n")
    return tmp_path


def test_files_are_relative_to_the_config_that_names_them(folders: Path) -> None:
    file = folders / "post" / "own.yaml"
    run = optanim.load(file)
    assert [path.name for path in run.inputs] == ["own.yaml", "base.yaml", "hours.csv"]
    assert all(path.is_file() for path in run.inputs)
    shown = as_yaml(run)
    assert "data: ../shared/hours.csv" in shown and "extends" not in shown
    again = optanim.loads(shown, folder=file.parent)
    assert as_yaml(again) == shown and again.inputs[0].samefile(folders / "shared/hours.csv")
    (folders / "post" / "hours.csv").write_text("1,5\n2,5\n4,5\n")
    own = file.read_text() + "surface: {regression: {data: hours.csv}}\n"
    assert optanim.loads(own, folder=file.parent).surface.data.y.tolist() == [5, 5, 5]  # type: ignore[union-attr]


def test_a_font_of_a_base_is_looked_for_beside_the_base(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folders)  # the text of a base that is elsewhere would not be shown
    base = folders / "shared" / "base.yaml"
    base.write_text(base.read_text() + "figure: {font: no.otf}\n")
    with pytest.raises(ConfigError) as caught:
        optanim.load(folders / "post" / "own.yaml")
    (problem,) = caught.value.problems
    assert problem.place.source == str(folders / "post" / "../shared/base.yaml")  # type: ignore[union-attr]
    assert problem.message.endswith("no.otf") and "shared" in problem.message


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "a value of the base": (
        {"own": "extends: base.yaml\nsteps: 9\n", "base": BASE + "title: 3\nnoise: -1\n"},
        "base.yaml:8:8: error: title must be text, got 3\n 8 | title: 3\n   |        ^\n"
        "   = help: write title: '3'\n\n"
        "base.yaml:9:8: error: noise must be at least 0, got -1",
    ),
    "an option of the base": (
        {"own": "extends: base.yaml\noptimizer: {eps: 0}\n", "base": BASE.replace("0.1", "-1")},
        "base.yaml:3:29: error: optimizer.lr must be greater than 0, got -1\n"
        " 3 | optimizer: {name: adam, lr: -1, beta1: 0.8}\n   |                             ^^\n"
        "   = help: write lr: 1; to climb, add ascend: true\n\n"
        "own.yaml:2:18: error: optimizer.eps must be greater than 0, got 0",
    ),
    "a key that no base has": (
        {"own": "extends: base.yaml\nvew: null\n", "base": BASE},
        "own.yaml:2:1: error: unknown key 'vew'",
    ),
    "what nobody says": (
        {"own": "extends: base.yaml\nsteps: 9\n", "base": "surface: beale\nstart: [1, 1]\n"},
        "own.yaml:1:1: error: 'optimizer' is missing",
    ),
    "no such base": (
        {"own": "steps: 3\nextends: bse.yaml\n"},
        "own.yaml:2:10: error: bse.yaml: there is no such file\n 2 | extends: bse.yaml\n"
        "   |          ^^^^^^^^",
    ),
    "a folder": ({"own": "extends: .\n"}, "own.yaml:1:10: error: .: is a folder, not a config"),
    "no name": (
        {"own": "extends: 3\n"},
        "own.yaml:1:10: error: extends must be the name of a file, got 3",
    ),
    "a list": (
        {"own": "extends: [a.yaml, b.yaml]\n"},
        "own.yaml:1:10: error: extends must be the name of a file, got ['a.yaml', 'b.yaml']\n"
        " 1 | extends: [a.yaml, b.yaml]\n   |          ^^^^^^^^^^^^^^^^\n"
        "   = help: one file, which may extend another",
    ),
    "itself": (
        {"own": "extends: own.yaml\n"},
        "own.yaml:1:10: error: extends goes round in a circle: own.yaml → own.yaml\n",
    ),
    "a circle": (
        {"own": "extends: a.yaml\n", "a": "extends: b.yaml\n", "b": "x: 1\nextends: ./a.yaml\n"},
        "b.yaml:2:10: error: extends goes round in a circle: a.yaml → b.yaml → a.yaml\n",
    ),
    "a long chain": (
        {"own": "extends: a0.yaml\n", **{f"a{i}": f"extends: a{i + 1}.yaml\n" for i in range(9)}},
        f"a{MAX_BASES - 1}.yaml:1:10: error: more than {MAX_BASES} configs extend one another",
    ),
    "a base that is no mapping": (
        {"own": "extends: base.yaml\n", "base": "- 1\n"},
        "base.yaml:1:1: error: the config must be a mapping of its keys, got [1]",
    ),
    "a base that is empty": (
        {"own": "extends: base.yaml\n", "base": "# nothing\n"},
        "base.yaml: error: the config is empty",
    ),
    "a base that is no YAML": (
        {"own": "extends: base.yaml\n", "base": "view:\n\tlevels: 3\n"},
        "base.yaml:2:1: error: a tab cannot indent YAML",
    ),
    "a base of an alias bomb": (
        {"own": "extends: base.yaml\n", "base": "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 8)}]\n" for i in range(1, 7)
        )},
        "error: more than 20000 values, aliases counted",
    ),
    "a base that is large": (
        {"own": "extends: base.yaml\n", "base": "#" * (CONFIG + 1)},
        "own.yaml:1:10: error: base.yaml: is larger than 1 MB",
    ),
    "elsewhere than at the top": (
        {"own": BASE.replace("levels: 9", "extends: own.yaml")},
        "own.yaml:5:8: error: unknown key 'extends'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_each_mistake_is_shown_in_its_file(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    texts, message = WRONG[name]
    write(tmp_path, **texts)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        optanim.load("own.yaml")
    assert message in str(caught.value) + "\n"


def test_the_longest_chain_is_read(tmp_path: Path) -> None:
    chain = {f"a{i}": f"extends: a{i + 1}.yaml\n" for i in range(MAX_BASES)}
    file = write(tmp_path, **chain, **{f"a{MAX_BASES}": BASE})
    assert len(optanim.load(file).inputs) == MAX_BASES + 1


def test_what_is_only_a_base_is_no_figure(tmp_path: Path, monkeypatch: Any) -> None:
    write(
        tmp_path,
        a="extends: base.yaml\nstart: [1, 1]\n",
        b="extends: base.yaml\noptimizer: {name: gd, start: [1, 1]}\n",
        base="extends: looks.yaml\nsurface: beale\noptimizer: gd\n",
        looks="figure: {theme: dark}\n",
        whole=BASE,
        c="extends: whole.yaml\nsteps: 3\n",
        alone="surface: beale\n",
        broken="steps: [\n",
    )
    monkeypatch.chdir(tmp_path)
    names = ["a.yaml", "alone.yaml", "b.yaml", "broken.yaml", "c.yaml", "whole.yaml"]
    assert configs_in(["."]) == names
    assert configs_in(["base.yaml"]) == ["base.yaml"]
    assert configs_in(["base.yaml", "c.yaml"]) == ["base.yaml", "c.yaml"]
    assert configs_in(["base.yaml", "a.yaml", "-"]) == ["a.yaml", "-"]
    # by itself, it is what was asked for, and its problems are told
    done = optanim_("check", "base.yaml")
    assert done.returncode == 2 and b"base.yaml:1:1: error: 'start' is missing" in done.stderr


def test_check_and_show_of_a_folder_with_a_base(tmp_path: Path) -> None:
    write(tmp_path, own="extends: base.yaml\nsurface: beale\nstart: [1, 1]\n",
          base="optimizer: {name: gd, lr: 1e-3}\n")  # fmt: skip

    assert b"1 config checked: no problems" in optanim_("check", ".", cwd=tmp_path).stderr
    shown = optanim_("show", "own.yaml", cwd=tmp_path).stdout.decode()
    assert "lr: 0.001" in shown and "extends" not in shown
    piped = optanim_("show", "-", cwd=tmp_path, input=(tmp_path / "own.yaml").read_bytes())
    assert piped.stdout.decode().replace("output/optanim.gif", "output/own.gif") == shown
