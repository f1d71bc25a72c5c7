"""Arrows by meaning: downhill from where the gradient was asked for, from a point to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import optanim
from optanim.drawing.arrow_legend import arrow_kinds
from optanim.drawing.arrows import (
    MAX_LENGTH,
    MIN_LENGTH,
    MIN_SPAN,
    STYLES,
    Arrows,
    arrow_color,
    outline,
)
from optanim.drawing.painter import AXIS_NAME_HEIGHT, Painter
from optanim.drawing.trail import Trail
from optanim.errors import ConfigError
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.surfaces import Array, Surface
from tests import painters
from tests.test_paint import DIVERGES, RACE, SINGLE
from tests.test_themes import FIRST

ALL = "view: {arrows: [gradient, step, lookahead]}\n"
AHEAD = SINGLE.replace("momentum", "nesterov")
LONG_AND_NARROW = "surface: {expr: (x/100)**2 + y**2}\nstart: [-300, 2]\noptimizer: {name: momentum, lr: 0.1}\nview: {x: [-400, 100], y: [-3, 3], arrows: [gradient, step]}\n"  # noqa: E501


def painter(text: str, walk: object = None) -> Painter:
    """The painter of a config; of another optimizer than its own, if there is one."""
    if not walk:
        return painters.painter(text)
    run = optanim.loads(text)
    run = replace(run, trials=tuple(replace(r, optimizer=walk) for r in run.trials))
    return painters.headless(compose_scene(run, trajectories_of(run)))


def with_header(text: str) -> Painter:
    run = optanim.loads(text)
    return Painter(compose_scene(run, trajectories_of(run)))


def spans(made: Painter, kind: str, k: int, path: int = 0) -> np.ndarray:
    """Root and tip of the arrows of an update, in pixels."""
    return [m for m in made._marks if isinstance(m, Arrows) and m.kind == kind][path].spans(k)


def pixels(made: Painter, points: np.ndarray) -> np.ndarray:
    return made.axes[0].transData.transform(points)


@pytest.mark.parametrize("text", [SINGLE + ALL, AHEAD + ALL, LONG_AND_NARROW], ids=["momentum", "nesterov", "axes of unlike units"])  # fmt: skip # noqa: E501
def test_a_gradient_points_downhill_from_where_it_was_asked_for(text: str) -> None:
    made = painter(text)
    trajectory = made.scene.traces[0].trajectory
    for k in (0, 1, 7, 20):
        ((root, tip),) = spans(made, "gradient", k)
        looked, slope = trajectory.looked[:, k], trajectory.gradients[:, k]
        assert root == pytest.approx(pixels(made, looked), abs=1e-6)
        # As a displacement in the surface's units, scaled like every step beside it.
        way = pixels(made, looked - slope / np.linalg.norm(slope)) - pixels(made, looked)
        assert (tip - root) / np.hypot(*(tip - root)) == pytest.approx(way / np.hypot(*way))


def test_a_step_goes_from_a_point_to_the_next_and_stays_while_the_head_slides() -> None:
    made = painter(SINGLE + ALL)
    points = made.scene.traces[0].trajectory.points.T
    for k in (0, 5, 20):
        assert spans(made, "step", k)[0] == pytest.approx(pixels(made, points[k : k + 2]), abs=1e-6)
    (step,) = (m for m in made._marks if isinstance(m, Arrows) and m.kind == "step")

    def drawn(at: float) -> np.ndarray:
        return painters.drawn_alone(made, step, at)

    assert (drawn(5) == drawn(5.9)).all() and (drawn(5) != drawn(6)).any()
    assert drawn(5).any() and not drawn(40).any() and not drawn(1e9).any()


def test_nesterov_looks_ahead_and_others_do_not() -> None:
    made = painter(AHEAD + ALL)
    points = made.scene.traces[0].trajectory.points
    for k in (1, 2, 5):
        # w − ημv, where −ηv is the last step.
        ahead = points[:, k] + 0.9 * (points[:, k] - points[:, k - 1])
        expected = pixels(made, np.stack([points[:, k], ahead]))
        assert spans(made, "lookahead", k)[0] == pytest.approx(expected, abs=1e-6)
    assert not len(spans(made, "lookahead", 0))
    assert arrow_kinds(made.scene) == ["gradient", "step", "lookahead"]
    for name in ("adam", "momentum"):
        plain = painter(SINGLE.replace("momentum", name) + ALL)
        assert not any(len(spans(plain, "lookahead", k)) for k in range(40))
        assert arrow_kinds(plain.scene) == ["gradient", "step"]  # nothing to explain


def test_every_question_of_an_update_has_its_arrow() -> None:
    def extragradient(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            w = w - 0.1 * f.gradient(w - 0.2 * f.gradient(w))
            yield w

    made = painter(SINGLE + ALL, extragradient)
    trajectory = made.scene.traces[0].trajectory
    assert trajectory.questions(2) == slice(2, 4)
    assert spans(made, "gradient", 1)[:, 0] == pytest.approx(
        pixels(made, trajectory.looked[:, 2:4].T), abs=1e-6
    )
    assert len(spans(made, "lookahead", 1)) == 1

    def blind(f: Surface, w: Array) -> Iterator[Array]:
        while True:
            w = w + 0.5
            yield w

    made = painter(SINGLE + ALL, blind)
    assert not len(spans(made, "gradient", 0)) and len(spans(made, "step", 0)) == 1
    made.paint(3.5)


@pytest.mark.parametrize(("size", "scale"), [(1e-6, 2), (1.0, 1), (1.0, 2), (1e6, 1)])
def test_lengths_are_bounded_and_grow_with_the_gradient(size: float, scale: int) -> None:
    made = painter(
        f"surface: {{expr: k*(x**2 + 2*y**2), params: {{k: {size}}}}}\nstart: [-4, 3]\n"
        f"optimizer: {{name: gd, lr: {0.1 / size}}}\nsteps: 40\nfigure: {{scale: {scale}}}\n" + ALL
    )
    length = [
        float(np.hypot(*np.diff(spans(made, "gradient", k)[0], axis=0)[0])) for k in range(40)
    ]
    gradients = np.linalg.norm(made.scene.traces[0].trajectory.gradients, axis=0)
    assert all(a > b for a, b in pairwise(length))
    assert length[0] == pytest.approx(MAX_LENGTH * scale) and min(length) > MIN_LENGTH * scale
    part = (np.array(length) / scale - MIN_LENGTH) / (MAX_LENGTH - MIN_LENGTH)
    assert part**2 == pytest.approx(gradients / gradients[0])


def test_a_run_that_flies_off_and_one_that_stands_still() -> None:
    made = painter(DIVERGES + ALL)
    for step in range(made.scene.steps + 1):
        made.paint(step)
        for k, kind in ((step, kind) for kind in ("gradient", "step") if step < made.scene.steps):
            assert np.isfinite(spans(made, kind, k)).all()
    still = painter(SINGLE.replace("[-4, 3]", "[0, 0]") + ALL)
    assert not any(len(spans(still, kind, 0)) for kind in STYLES)
    still.paint(0)


def test_a_tiny_step_has_no_arrow() -> None:
    made = painter(SINGLE.replace("momentum", "gd") + ALL)
    steps = pixels(made, made.scene.traces[0].trajectory.points.T)
    length = np.hypot(*np.diff(steps, axis=0).T)
    has = [len(spans(made, "step", k)) for k in range(40)]
    assert has == (length >= MIN_SPAN).tolist() and 0 < sum(has) < 40


@pytest.mark.parametrize("length", [8.0, 14.0, 90.0, 1e5])
def test_a_head_is_no_longer_than_its_shaft(length: float) -> None:
    shape = outline(np.array([[[10.0, 10.0], [10.0 + length, 10.0]]]), 5.6, 14.0)
    (left, low), (right, high) = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
    neck = np.unique(shape.vertices[:, 0])[1]
    assert (left, right) == pytest.approx((10, 10 + length))
    assert right - neck <= min(14.0, neck - left) + 1e-9 and high - low <= 14


@pytest.mark.parametrize("text", [SINGLE, AHEAD, RACE, DIVERGES], ids=["momentum", "nesterov", "race", "diverges"])  # fmt: skip # noqa: E501
def test_arrows_stay_within_the_axes_and_follow_from_the_step(text: str) -> None:
    made, without = painter(text + ALL), painter(text)
    clip = next(m for m in made._marks if isinstance(m, Trail)).clip
    heights = made._pixels.shape[0]
    for step in (0, 2.5, 5):
        before = made.paint(step)
        changed = np.zeros(before.shape[:2], bool)
        for mark in made._marks:
            if isinstance(mark, Arrows):
                changed |= painters.drawn_alone(made, mark, step)[..., 3] > 0
        changed[
            heights - round(clip.y1) : heights - round(clip.y0), round(clip.x0) : round(clip.x1)
        ] = False
        assert not changed.any()
        made.paint(1)
        assert (made.paint(step) == before).all()
    last = made.scene.steps
    assert (made.paint(last) == painters.painter_of(text + ALL).paint(last)).all()
    assert not any(isinstance(m, Arrows) for m in without._marks)


def test_heads_lie_on_the_arrows_and_these_on_the_trails() -> None:
    made = painter(RACE + ALL)
    kinds = [type(m) for m in made._marks if isinstance(m, Trail | Arrows)]
    assert kinds == [Trail] * 3 + [Arrows] * 9 + [Trail] * 3
    # At the root of a step as broad as this, the head's own halo is seen all around it.
    single = painter(SINGLE + ALL)
    x, y = next(m for m in single._marks if isinstance(m, Trail)).position(0)
    picture = single.paint(0)[..., :3]
    assert (picture[480 - 1 - round(y - 0.5), round(x - 0.5)] == FIRST).all()


def test_in_a_race_each_arrow_has_the_hue_of_its_path() -> None:
    made = painter(RACE + ALL)
    paths = made.scene.traces
    own = {kind: [arrow_color(made.scene, p.color, kind) for p in paths] for kind in STYLES}
    assert own["step"] == [p.color.lower() for p in paths]
    assert len({*own["step"], *own["gradient"]}) == 6


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (AHEAD, "[640, 480]"),
        (RACE.replace("momentum", "nesterov"), "[320, 240]"),
        (RACE.replace("momentum", "nesterov"), "[880, 420]"),
    ],
    ids=["one", "race", "wide"],
)
def test_the_key_has_a_line_of_its_own(text: str, size: str) -> None:
    figure = f"figure: {{size: {size}}}\n"
    plain, made = with_header(text + figure), with_header(text + figure + ALL)
    unit = made.scene.unit
    lower = plain.axes[0].bbox.y1 - made.axes[0].bbox.y1
    assert lower == pytest.approx(21 * unit, abs=2)
    # Above it, the header is as it was; in it, nothing touches the edges.
    rows = round(plain._pixels.shape[0] - plain.axes[0].bbox.y1 - (AXIS_NAME_HEIGHT + 12) * unit)
    header = made._backdrop[:rows].astype(int) - plain._backdrop[:rows]
    assert np.abs(header).max() <= 8  # shades are put together
    line = made._backdrop[rows + 2 : rows + round(20 * unit), :, :3]
    assert (line[:, : int(10 * unit)] == 255).all() and (line[:, -int(8 * unit) :] == 255).all()
    assert (line < 200).any()


def test_panels_that_have_no_arrows_do_without() -> None:
    curve = "surface: wave\nstart: [9]\noptimizer: {name: gd, lr: 2}\nsteps: 10\n"
    for text in (curve, SINGLE + "panels: [loss, rates]\n"):
        made = painter(text + ALL)
        assert not arrow_kinds(made.scene) and not any(isinstance(m, Arrows) for m in made._marks)
        assert (made.paint(2.5) == painter(text).paint(2.5)).all()


def test_a_word_that_is_no_arrow() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(SINGLE + "view: {arrows: [step, gradent]}\n")
    assert "stdin:5:23: error: view.arrows[1] must be 'gradient', 'step' or" in str(caught.value)
    assert "help: did you mean 'gradient'?" in str(caught.value)
    with pytest.raises(ConfigError, match=r"view\.arrows must be a list, got 'step'"):
        optanim.loads(SINGLE + "view: {arrows: step}\n")
    assert optanim.loads(SINGLE + "view: {arrows: [step, step]}\n").view.arrows == ("step", "step")


def test_a_trajectory_knows_the_questions_of_an_update() -> None:
    def eager(f: Surface, w: Array) -> Iterator[Array]:
        for t in range(1, 4):
            w = w - 0.1 * sum(f.gradient(w) for _ in range(t - 1)) if t > 1 else w
            yield w

    path = simulate(optanim.loads(SINGLE).surface, eager, [1, 1], steps=3)
    assert [path.questions(t) for t in (1, 2, 3)] == [slice(0, 0), slice(0, 1), slice(1, 3)]
