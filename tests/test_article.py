"""The project's own configs, from the file to what two other programs decode."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import optanim
from optanim.experiment.trials import trajectories_of
from optanim.pipeline.provenance import stale_files
from optanim.scene.compose import compose_scene
from tests.needs import GIFSICLE, uses_gifsicle

ROOT = Path(__file__).parents[1]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))


@uses_gifsicle
@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.stem)
def test_a_figure_is_what_its_config_says(config: Path, tmp_path: Path) -> None:
    # One is as large as its config says, the others are small: the frames are as many.
    run = optanim.load(config, set=["figure.size=[320, 240]"] if config != CONFIGS[0] else [])
    made = optanim.render(run, output=tmp_path / "a.gif")
    assert all(result.steps == run.steps for result in made.results)
    moments = compose_scene(run, trajectories_of(run)).moments
    hundredths = round(100 * sum(moment.seconds for moment in moments))
    with Image.open(tmp_path / "a.gif") as image:
        stays = []
        for i in range(image.n_frames):
            image.seek(i)
            stays.append(image.info["duration"] // 10)
        assert image.size == run.figure.size and image.info["loop"] == 0
    assert made.frames == len(moments) and sum(stays) == hundredths
    # At 20 frames a second; only frames that look alike have become one, which stays longer.
    assert all(stay % 5 == 0 for stay in stays) and stays[0] >= 65 and stays[-1] >= 155
    info = subprocess.run(
        [GIFSICLE, "--info", str(tmp_path / "a.gif")], capture_output=True, text=True, check=True
    )
    assert not info.stderr and "loop forever" in info.stdout
    delays = [round(100 * float(delay)) for delay in re.findall(r"delay ([\d.]+)s", info.stdout)]
    assert delays == stays
    assert f"logical screen {'x'.join(map(str, run.figure.size))}" in info.stdout


def test_adamws_figure_shows_three_different_ends() -> None:
    made = optanim.load(ROOT / "configs" / "adamw_optimization.yaml")
    ends = []
    for trial in made.trials:
        path = optanim.simulate(made.surface, trial.optimizer, list(trial.start), steps=made.steps)
        ends.append(path.points[:, -1])
    plain, coupled, decoupled = ends
    assert np.abs(plain - [3, 2]).max() < 0.01
    # L2 with λ rests where 2(x − 3) + λx = 0 and 4(y − 2) + λy = 0.
    assert coupled == pytest.approx([6 / 2.3, 8 / 4.3], abs=0.01)
    assert decoupled[0] < coupled[0] - 0.5


KOREAN = sorted((ROOT / "configs/ko").glob("*.yaml"))


def test_every_figure_is_korean_too() -> None:
    assert [config.name for config in KOREAN] == [config.name for config in CONFIGS]


@pytest.mark.parametrize("config", KOREAN, ids=lambda config: config.stem)
def test_a_korean_figure_shows_the_same_in_two_themes(config: Path) -> None:
    korean, english = optanim.load(config), optanim.load(ROOT / "configs" / config.name)
    assert korean.lang == "ko" and [theme.entry.name for theme in korean.themes] == [
        "light",
        "dark",
    ]
    assert all(path.parent == Path("output/ko") for path in korean.outputs)
    assert len(korean.claims) == len(english.claims)
    for own, other in zip(trajectories_of(korean), trajectories_of(english), strict=True):
        assert np.array_equal(own.points, other.points)
    texts = [text for text, _ in korean.texts if text in {text for text, _ in english.texts}]
    # Names of optimizers and losses alone are the same.
    assert all(re.fullmatch(r"(Adam|AdamW|MSE|MAE)[^가-힣]*|[a-zA-Z]", text) for text in texts)


SHIPPED = [
    *((config, "", list[str]()) for config in KOREAN),
    *((config, "output/dark/{config}.webp", ["figure.theme=dark"]) for config in CONFIGS),
]


@pytest.mark.parametrize("folder", ["output/ko", "output/dark"])
def test_all_pictures_of_a_folder_are_shipped_or_none(folder: str) -> None:
    """Those that are there are fresh, whatever the versions of libraries."""
    expected = set[str]()
    for config, output, set_ in SHIPPED:
        run = optanim.load(config, set=set_, output=output or None)
        if str(run.outputs[0].parent) != folder:
            continue
        expected |= {path.name for path in run.outputs}
        here = replace(run, outputs=tuple(ROOT / path for path in run.outputs))
        reasons = set(stale_files(here, inputs_only=True).values())
        assert reasons <= {"it does not exist"}
    found = {path.name for path in (ROOT / folder).glob("*")}
    assert found in (set(), expected)
