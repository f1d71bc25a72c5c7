"""`view.xlabel` and `view.ylabel` name the axes of the panels that show the surface."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.text import Text

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.landscape import box_axes
from optanim.drawing.painter import Painter
from optanim.experiment.trials import simulate_run
from optanim.scene.compose import compose_scene

NAMES = "view: {xlabel: 'weight (kg)', ylabel: 'bias, $b_0$'}\n"
FIGURES = {
    "contour": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\npanels: [contour, loss]\n",
    "surface3d": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\npanels: [surface3d]\n",
    "curve": "surface: parabola\nstart: 3\noptimizer: gd\npanels: [curve, rates]\n",
    "grid": "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, adam]\nlayout: grid\n",
    "overlay": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nlayout: overlay\n"
    "matrix: {optimizer.lr: [0.1, 0.2]}\n",
}


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that a figure has, also while they are measured."""
    texts: list[str] = []
    set_text = Text.set_text
    monkeypatch.setattr(Text, "set_text", lambda s, t: (texts.append(str(t)), set_text(s, t))[1])
    image = box_axes.TextImage

    def recorded(text: str, *rest: Any, **options: Any) -> Any:
        texts.append(text)
        return image(text, *rest, **options)

    monkeypatch.setattr(box_axes, "TextImage", recorded)
    return texts


def draw(text: str) -> None:
    Painter(compose_scene(*simulate_run(optanim.loads(text + "steps: 5\n"))))


@pytest.mark.parametrize("kind", FIGURES)
def test_axes_have_the_names_of_the_view(kind: str, words: list[str]) -> None:
    draw(FIGURES[kind] + NAMES)
    assert {"weight (kg)", "bias, $b_0$"} <= {*words}
    assert not {"$x$", "$y$", "$f(x)$"} & {*words}


@pytest.mark.parametrize("kind", FIGURES)
def test_one_name_leaves_the_other(kind: str, words: list[str]) -> None:
    draw(FIGURES[kind] + "view: {xlabel: mass}\n")
    assert "mass" in words and {"$y$", "$f(x)$"} & {*words} and "$x$" not in words


def test_an_empty_name_is_none(words: list[str]) -> None:
    draw(FIGURES["contour"] + "view: {xlabel: '', ylabel: ''}\n")
    assert not {"$x$", "$y$"} & {*words}


def test_all_values_of_a_config_have_the_names() -> None:
    run = optanim.loads(FIGURES["contour"] + NAMES)
    assert optanim.loads(as_yaml(run)).view == run.view
    assert "xlabel" not in as_yaml(optanim.loads(FIGURES["contour"]))
