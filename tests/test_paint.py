"""Pictures by meaning: heads where the trajectory says, nothing at the edge, steps alone."""

from __future__ import annotations

import numpy as np
import pytest

import optanim
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.scene.framing import fit_window
from optanim.scene.viewport import contour_levels, loss_grid
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Surface
from optanim.surfaces.expression import expression
from optanim.surfaces.quadratic import quadratic
from tests import painters
from tests.test_themes import FIRST

SINGLE = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\nsteps: 40\n"
RACE = """
surface: {name: rosenbrock, b: 20}
start: [-1.2, 1]
optimizers: [{name: gd, lr: 4e-3}, {name: momentum, lr: 1e-3}, {name: adam, lr: 0.1}]
steps: 60
"""
DIVERGES = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 20}\nsteps: 500\n"


def painter(text: str, *set: str) -> Painter:
    run = optanim.loads(text, set=set)
    return Painter(compose_scene(run, trajectories_of(run)))


@pytest.fixture(scope="module")
def single() -> Painter:
    return painter(SINGLE)


def trails(made: Painter) -> list[Trail]:
    return [mark for mark in made._marks if isinstance(mark, Trail)]


def readings(made: Painter, step: int) -> str:
    return " ".join(m.text(step) for m in made._marks if isinstance(m, LiveNumber))


def test_a_picture_depends_on_its_step_only(single: Painter) -> None:
    steps = [0, 7.5, 40, 3, 12.25]
    pictures = [single.paint(step) for step in steps]
    again = {step: single.paint(step) for step in reversed(steps)}
    assert all(
        (again[step] == picture).all() for step, picture in zip(steps, pictures, strict=True)
    )
    fresh = painter(SINGLE).paint(12.25)
    assert (fresh == pictures[-1]).all()
    assert fresh.shape == (480, 640, 4) and (fresh[..., 3] == 255).all()


def test_the_head_is_where_the_trajectory_says(single: Painter) -> None:
    (trail,) = trails(single)
    for step in (0, 3, 17.5, 40):
        x, y = trail.position(step)
        middle = single.paint(step)[480 - 1 - round(y - 0.5), round(x - 0.5), :3]
        assert (middle == FIRST).all()
    half = (trail.points[3] + trail.points[4]) / 2
    assert trail.position(3.5) == pytest.approx(half)


def test_pixels_and_coordinates_agree(single: Painter) -> None:
    (trail,) = trails(single)
    path = single.scene.traces[0].trajectory.points
    # A pixel is as long on both axes: gradients stand at right angles on contours.
    ratio = np.diff(trail.points, axis=0).T / np.diff(path)
    assert ratio == pytest.approx(ratio[0, 0], rel=1e-6)


# The domain is four times as high as wide: nothing is widened by default.
STEEP = SINGLE.replace("quadratic", "{expr: x**2 + y**2/16, domain: [[-2, 2], [-8, 8]]}").replace(
    "[-4, 3]", "[-1.5, 6]"
)


def shown(text: str, *set: str) -> tuple[np.ndarray, float]:
    """The window of the contour panel, and how long a unit of x is beside one of y, in pixels."""
    (axes,) = painters.painter(text, *set).axes
    window = np.array([axes.get_xlim(), axes.get_ylim()])
    width, height = np.array(axes.bbox.size) / np.ptp(window, axis=1)
    return window, width / height


def test_scales_of_the_axes_are_equal_or_not() -> None:
    assert shown(STEEP)[1] > 5 and shown(SINGLE)[1] == pytest.approx(1, rel=1e-5)
    for text in (STEEP, SINGLE):
        narrow, ratio = shown(text, "view.aspect=auto")
        wide, equal = shown(text, "view.aspect=equal")
        assert equal == pytest.approx(1, rel=1e-5) and abs(ratio - 1) > 0.1
        assert (wide[:, 0] <= narrow[:, 0]).all() and (narrow[:, 1] <= wide[:, 1]).all()
        # one axis is widened, around its middle
        assert (wide == narrow).all(axis=1).sum() == 1
        assert wide.mean(axis=1) == pytest.approx(narrow.mean(axis=1))
    assert (shown(STEEP)[0] == shown(STEEP, "view.aspect=auto")[0]).all()
    assert (shown(SINGLE)[0] == shown(SINGLE, "view.aspect=equal")[0]).all()


@pytest.mark.parametrize("text", [STEEP, SINGLE])
@pytest.mark.parametrize(("axis", "key"), [(0, "x"), (1, "y")])
def test_a_set_side_of_the_window_stands_and_the_other_has_its_scale(
    text: str, axis: int, key: str
) -> None:
    window, ratio = shown(text, f"view.{key}=[-2, 7]", "view.aspect=equal")
    assert tuple(window[axis]) == (-2, 7) and ratio == pytest.approx(1, rel=1e-5)


def test_a_minimum_is_seen_where_a_head_has_arrived() -> None:
    made = painter("surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 0.2}\n")
    (trail,) = trails(made)
    x, y = trail.position(100)
    rows, columns = np.mgrid[:480, :640]
    distance = np.hypot(columns - x, 480 - 1 - rows - y)
    ring = (distance > 9) & (distance < 13)
    ink = (made.paint(100)[..., :3].astype(int).sum(axis=-1) < 250) & ring
    angles = np.arctan2(rows - (480 - 1 - y), columns - x)[ink]
    assert len(np.unique(np.floor(angles / (np.pi / 8)))) >= 16


def test_a_trail_is_as_long_as_asked() -> None:
    long, none = painter(SINGLE), painter(SINGLE, "animation.trail=none")
    short = painter(SINGLE, "animation.trail=last 5")

    def colored(made: Painter) -> int:
        return int((made.paint(40)[..., :3] == FIRST).all(axis=-1).sum())

    assert colored(long) > colored(short) > colored(none) > 50


def test_digits_do_not_move(single: Painter) -> None:
    boxes = set()
    for step in (4, 15, 38):
        corner = single.paint(step)[10:30, 400:, :3]
        ink = (corner < 128).all(axis=-1)
        boxes.add(
            (int(np.flatnonzero(ink.any(axis=0))[0]), int(np.flatnonzero(ink.any(axis=1))[0]))
        )
    assert (
        len({box[1] for box in boxes}) == 1
        and max(b[0] for b in boxes) - min(b[0] for b in boxes) <= 2
    )
    counter, loss = (m for m in single._marks if isinstance(m, LiveNumber) and m.text(0))
    # They begin where they began, whatever the number of their digits.
    assert counter.left and counter.text(0) == "step 0" and counter.text(40) == "step 40"
    assert loss.left and loss.right is None and loss.text(0) == "loss 34.0000"
    assert len({len(loss.text(step)) for step in range(41)}) > 1


def test_a_run_that_diverges_says_so_from_its_last_point_on() -> None:
    made = painter(DIVERGES)
    last = made.scene.steps
    assert last < 500 and "diverged" not in readings(made, last - 1)
    assert f"diverged at step {last + 1}" in readings(made, last)
    red = (made.paint(last)[:40, :, :3] == (0xB0, 0x00, 0x20)).all(axis=-1)
    assert red.any() and not (made.paint(1)[:40, :, :3] == (0xB0, 0x00, 0x20)).all(axis=-1).any()


def test_a_race_has_a_row_for_each_and_nothing_collides() -> None:
    made = painter(RACE)
    assert len(trails(made)) == 3
    assert len({path.color for path in made.scene.traces}) == 3
    assert len({path.marker for path in made.scene.traces}) == 3
    backdrop = made._backdrop[..., :3].astype(int)
    clip = trails(made)[0].clip
    for step in (0, 30, 60):
        changed = (np.abs(made.paint(step)[..., :3] - backdrop) > 40).any(axis=-1)
        outside = changed.copy()
        outside[480 - int(clip.y1) : 480 - int(clip.y0), int(clip.x0) : int(clip.x1) + 1] = False
        # Beside the axes only numbers move, on a ground that was blank.
        assert (backdrop[outside] >= 250).all()
        assert not changed[:, :8].any() and not changed[:, -4:].any()


@pytest.mark.parametrize("size", ["[320, 240]", "[640, 480]", "[480, 640]", "[1280, 720]"])
@pytest.mark.parametrize("text", [SINGLE, RACE], ids=["single", "race"])
def test_nothing_touches_the_edge(text: str, size: str) -> None:
    picture = painter(text, f"figure.size={size}").paint(1e9)[..., :3]
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (edge == 255).all()


def test_scale_doubles_the_pixels_and_keeps_the_layout() -> None:
    small, large = painter(SINGLE), painter(SINGLE, "figure.scale=2")
    assert large.paint(3).shape == (960, 1280, 4)
    assert trails(large)[0].points == pytest.approx(2 * trails(small)[0].points, abs=12)


def test_scale_doubles_the_width_of_a_trail() -> None:
    def colored(made: Painter) -> int:
        away = np.abs(made.paint(40)[..., :3].astype(int) - FIRST).max(axis=-1)
        return int((away < 80).sum())

    ratio = colored(painter(SINGLE, "figure.scale=2")) / colored(painter(SINGLE))
    assert ratio == pytest.approx(4, rel=0.15)


SEEN_FROM_ABOVE = {
    entry.name: surface
    for entry in catalogue("surfaces").values()
    if not entry.lead and (surface := entry.function()).dimensions == 2
}
SEEN_FROM_ABOVE["expression"] = expression(expr="sin(x) + x**2/9 + y**2/4")


@pytest.mark.parametrize("surface", SEEN_FROM_ABOVE.values(), ids=list(SEEN_FROM_ABOVE))
def test_every_surface_frames_its_path_and_has_readable_levels(surface: Surface) -> None:
    low, high = np.array(surface.domain).T
    start = (low + 0.2 * (high - low))[:, None]
    sides = np.array(fit_window(surface, [start], 1.5))
    assert (sides[:, :1] <= start).all() and (start <= sides[:, 1:]).all()
    if surface.minima:
        assert any(
            ((sides[:, 0] <= m) & (m <= sides[:, 1])).all() for m in np.array(surface.minima)
        )
    *_, z = loss_grid(surface, tuple(map(tuple, sides)), (100, 150))
    edges = contour_levels(z, None, None)
    assert (np.diff(edges) > 0).all() and 8 <= len(edges) <= 25
    filled = np.histogram(z, edges)[0] / z.size
    assert (filled > 0.001).sum() >= 6
    widest = filled.argmax()
    if filled[widest] >= 0.5:  # Only a plain may fill half of the window.
        bottom, top = edges[widest : widest + 2]
        lower, upper = np.quantile(z[(bottom <= z) & (z <= top)], [0.25, 0.75])
        assert upper - lower < 0.1 * (top - bottom)


@pytest.mark.parametrize("scale", ["linear", "log", "sqrt"])
def test_levels_of_each_scale_rise_over_the_range(scale: str) -> None:
    *_, z = loss_grid(quadratic(), ((-5, 5), (-4, 4)), (80, 100))
    edges = contour_levels(z, 12, scale)
    assert len(edges) == 12 and (np.diff(edges) > 0).all()
    assert edges[0] == z.min() and edges[-1] == pytest.approx(z.max())


@pytest.mark.parametrize(
    "z", [np.zeros((5, 5)), np.full((5, 5), np.nan), np.array([[1e300, -1e300], [0.0, np.nan]])]
)
def test_levels_of_odd_fields(z: np.ndarray) -> None:
    assert (np.diff(contour_levels(z, None, None)) > 0).all()


def test_a_run_that_flies_off_is_framed_on_its_readable_part() -> None:
    made = painter(DIVERGES)
    path = made.scene.traces[0].trajectory.points
    framed = np.array(fit_window(made.scene.surface, [path], 1.5))
    assert np.abs(path).max() > 1e100 and np.abs(framed).max() < 40


def test_letters_that_no_font_has() -> None:
    run = optanim.loads(SINGLE + "title: '\U00013080'\n")
    with pytest.raises(ConfigError, match="no font here has"):
        Painter(compose_scene(run, trajectories_of(run)))


def test_hangul_beside_maths() -> None:
    boxes = painter(SINGLE, "title='가가가 $\\eta$'").paint(0)[8:32, 10:80, :3]
    letters = painter(SINGLE, "title='하강법 $\\eta$'").paint(0)[8:32, 10:80, :3]
    assert (boxes != letters).any()  # boxes for missing letters would all look the same
