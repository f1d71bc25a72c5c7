"""Pictures of what an optimizer holds beside its point."""

from __future__ import annotations

import numpy as np
import pytest

import optanim
from optanim.drawing.painter import Painter
from optanim.drawing.state_marks import StateMark, ellipse, polygon
from optanim.experiment.trials import simulate_run
from optanim.scene.alt_text import alt_text, result_sentences
from tests import painters, toy_optimizers

BASE = "surface: {name: quadratic, b: 6, rotation: 30}\nstart: [-4, 3]\nsteps: 12\n"


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    toy_optimizers.install(monkeypatch)


def config(optimizer: str, panel: str) -> str:
    return BASE + f"optimizer: {optimizer}\npanels: [{panel}]\n"


def states_of(made: Painter) -> list[StateMark]:
    return [mark for mark in made._marks if isinstance(mark, StateMark)]


@pytest.mark.parametrize("panel", ["contour", "surface3d"])
@pytest.mark.parametrize("optimizer", toy_optimizers.NAMES)
def test_what_is_beside_a_point_is_drawn(optimizer: str, panel: str) -> None:
    made = painters.painter(config(optimizer, panel))
    marks = states_of(made)
    assert len(marks) == (optimizer != "toy_search")
    for mark in marks:
        order = made._marks
        assert order.index(mark) < len(order) - 1  # the head is drawn over it
        for step in (0.0, 3.0, 3.5, 12.0):
            with_mark = np.array(made.paint(step))
            made._marks = [other for other in order if other is not mark]
            without = np.array(made.paint(step))
            made._marks = order
            if step in (3.0, 3.5):
                assert (with_mark != without).any()


def test_an_ellipse_is_that_of_its_matrix() -> None:
    shape, center = np.array([[4.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0])
    offsets = ellipse(center, shape) - center[:, None]
    distances = (offsets * np.linalg.solve(shape, offsets)).sum(axis=0)
    assert distances == pytest.approx(np.ones(offsets.shape[1]))


def test_a_polygon_goes_around_all_corners_once() -> None:
    corners = np.array([[0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]])
    line = polygon(corners[:, 0], corners)  # the point may be one of the corners
    x, y = line
    area = np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2
    assert area == pytest.approx(1) and np.array_equal(line[:, 0], line[:, -1])


def test_a_crowd_does_not_widen_the_window() -> None:
    windows = [
        painters.painter(config(f"{{name: toy_annealing, sigma: {sigma}}}", "contour"))
        .axes[0]
        .get_xlim()
        for sigma in (0.5, 0.6)
    ]
    assert np.ptp(windows[1]) < 14
    far = painters.painter(config("{name: toy_average, lr: 0.05}", "contour"))
    assert far.axes[0].get_xlim()[0] < -4


@pytest.mark.parametrize(
    ("optimizer", "en", "ko"),
    [("toy_simplex", "Toy simplex, with its simplex, ", "Toy simplex가 심플렉스와 함께"),
     ("toy_swarm", ", with its generation of 6, ", "한 세대의 점 6개와 함께"),
     ("toy_annealing", ", with the proposals it refused, ", "거절한 제안들과 함께"),
     ("toy_newton", ", with its ellipse, ", "타원과 함께"),
     ("toy_average", ", with the mean of its points, ", "점들의 평균과 함께")],
)  # fmt: skip
def test_alt_texts_say_what_is_beside(optimizer: str, en: str, ko: str) -> None:
    run, paths = simulate_run(optanim.loads(config(optimizer, "contour")))
    assert en in alt_text(run, paths) and ko in alt_text(run, paths, "ko")
    assert all(en not in text for text in result_sentences(run, paths))
    run, paths = simulate_run(optanim.loads(config(optimizer, "loss")))
    assert en not in alt_text(run, paths)
