"""Panel surface3d by meaning: heads on the surface, nothing hidden that is just gone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.landscape.backdrop import Backdrop
from optanim.drawing.landscape.surface_trace import SurfaceTrace
from optanim.drawing.painter import Painter
from optanim.errors import ConfigError
from optanim.experiment.remarks import remarks_of
from optanim.experiment.trials import trajectories_of
from optanim.schema.catalogue import catalogue
from tests import painters
from tests.test_themes import FIRST

BOWL = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\nsteps: 40\n"
WELLS = "surface: two_wells\nstart: [1.6, 1.2]\noptimizer: {name: gd, lr: 0.02}\nsteps: 80\n"
SADDLE = (
    "surface: saddle\nstart: [-1.8, 0.02]\noptimizers: [{name: gd, lr: 0.05}, adam]\nsteps: 46\n"
)


def painter(text: str, *set: str, panels: str = "[surface3d]") -> Painter:
    return painters.painter(text + f"panels: {panels}\n", *set)


def surface_traces(made: Painter) -> list[SurfaceTrace]:
    return [mark for mark in made._marks if isinstance(mark, SurfaceTrace)]


def ink(picture: np.ndarray) -> np.ndarray:
    """Where a picture is orange, or paler orange."""
    red, green, blue = picture[..., :3].astype(int).transpose(2, 0, 1)
    return (red - blue > 60) & (red - green > 30)


@pytest.fixture(scope="module")
def bowl() -> Painter:
    return painter(BOWL)


def test_the_default_camera_sees_the_descent() -> None:
    for text in (BOWL, WELLS, "surface: rosenbrock\nstart: [-1.2, 1]\noptimizer: {name: adam}\n"):
        (trace,) = surface_traces(painter(text))
        visibility = trace.backdrop.visibility(0)
        assert visibility.visible(trace.path.points, 1.0).mean() > 0.85
        assert not trace.hidden(0)


def test_holes_and_cliffs_are_drawn() -> None:
    for expr in ("log(x) + y", "1/(x*y)", "sign(x) + 0*y", "0*x + 0*y"):
        text = f"surface: {{expr: {expr}, domain: [[-1, 1], [-1, 1]]}}\nstart: [0.5, 0.5]\n"
        made = painter(
            text + "optimizer: {name: gd, lr: 1e-3}\nsteps: 2\n", "figure.size=[200,150]"
        )
        assert (made.paint(2)[..., 3] == 255).all()


def test_the_head_is_where_the_projected_trajectory_says(bowl: Painter) -> None:
    (trace,) = surface_traces(bowl)
    path, embedding = bowl.scene.traces[0], trace.backdrop.embedding
    for step in (0, 3, 17.5, 40):
        at = path.at(step)[:, None]
        height = embedding.scale.heights(path.surface.value(at))
        expected = trace.backdrop.visibility(step).projection.pixels(
            embedding.box.place(at, height)
        )[0]
        x, y = trace.position(step)
        assert (x, y) == pytest.approx(expected)
        assert not trace.hidden(step)
        picture = bowl.paint(step)
        assert (picture[len(picture) - 1 - round(y - 0.5), round(x - 0.5), :3] == FIRST).all()


def test_between_two_updates_the_head_slides_on_the_surface() -> None:
    # A step from wall to wall: the middle of the two points floats high above the floor.
    text = "surface: quadratic\nstart: [-4, 0]\noptimizer: {name: gd, lr: 1}\nsteps: 1\n"
    size = "figure.size=[320, 240]"
    (trace,) = surface_traces(painter(text, size, "view.x=[-5, 5]", "view.y=[-5, 5]"))
    a, half, b = (trace.position(step) for step in (0, 0.5, 1))
    assert half[1] < (a[1] + b[1]) / 2 - 20
    floor = trace.backdrop.embedding.place(np.zeros((2, 1)))
    assert half == pytest.approx(trace.backdrop.visibility(0.5).projection.pixels(floor)[0])


@pytest.mark.parametrize(
    ("text", "camera"),
    [(WELLS, "{azimuth: -90, elevation: 20}"), (SADDLE, "{azimuth: -90, elevation: 10}")],
)
def test_what_is_hidden_is_hinted_and_never_gone(text: str, camera: str) -> None:
    made = painter(text, f"view.camera={camera}", "view.x=[-2,2]", "view.y=[-2,2]")
    trace = surface_traces(made)[0]
    end = float(trace.trace.trajectory.steps)
    seen = trace.backdrop.visibility(end).visible(trace.path.points, made.scene.unit)
    assert 0.05 < seen.mean() < 0.95
    picture = made.paint(end)
    marked = ink(picture)
    pixels = trace.backdrop.visibility(end).projection.pixels(trace.path.points)
    walked = trace.path.steps <= end
    near = np.array([
        marked[max(0, len(picture) - 1 - int(y) - 4) :, max(0, int(x) - 4) :][:9, :9].sum()
        for x, y in pixels
    ])  # fmt: skip
    assert (near[walked] > 0).mean() > 0.9
    assert near[walked & ~seen].mean() < near[walked & seen].mean()
    if trace.hidden(end):
        x, y = trace.position(end)
        assert marked[len(picture) - int(y) - 10 :, int(x) - 10 :][:20, :20].any()


def test_a_trail_is_as_long_as_asked(bowl: Painter) -> None:
    short, none = (painter(BOWL, f"animation.trail={t}") for t in ("last 5", "none"))
    long, some, head = (int(ink(made.paint(40)).sum()) for made in (bowl, short, none))
    assert long > some > head > 50


def test_a_path_that_leaves_the_window_is_not_drawn_outside() -> None:
    made = painter(BOWL, "view.x=[-3, 3]", "view.y=[-1, 1]")
    (trace,) = surface_traces(made)
    assert trace.position(0) is None and not trace.hidden(0)
    assert not ink(made.paint(0)).any() and ink(made.paint(40)).any()
    diverging = BOWL.replace("name: momentum, lr: 0.1", "name: gd, lr: 20")
    assert (painter(diverging).paint(1e9)[..., 3] == 255).all()


# The picture.


@pytest.mark.parametrize("camera", ["{}", "{turn: 90}"])
def test_a_picture_depends_on_its_step_only(camera: str) -> None:
    small = ("figure.size=[200, 150]", f"view.camera={camera}")
    made = painter(WELLS, *small)
    steps = [0, 7.5, 40, 3, 12.25]
    pictures = [made.paint(step) for step in steps]
    for step, shown in reversed(list(zip(steps, pictures, strict=True))):
        assert (made.paint(step) == shown).all()
    again = painters.painter_of(WELLS + "panels: [surface3d]\n", *small)
    assert (again.paint(12.25) == pictures[-1]).all()


def test_a_camera_turns_by_as_much_as_asked() -> None:
    for turn in (90.0, -720.0, 0.0):
        made = painter(WELLS, "figure.size=[200, 150]", f"view.camera.turn={turn}")
        backdrop: Backdrop = surface_traces(made)[0].backdrop
        first, last = backdrop.azimuth(0), backdrop.azimuth(made.scene.steps)
        assert last - first == pytest.approx(turn)
        # Evenly in time, though the updates are one by one at first, and then faster.
        turned = [backdrop.azimuth(moment.step) for moment in made.scene.moments]
        assert np.diff(turned) == pytest.approx(turn / (len(turned) - 1))
        assert any(isinstance(mark, Backdrop) for mark in made._marks) == bool(turn)
    # A whole turn ends where it began: the surface, not the path on it.
    made = painter(WELLS, "figure.size=[320, 240]", "view.camera.turn=360", "animation.trail=none")
    a, b = (made.paint(step)[60:, :, :3].astype(int) for step in (0, made.scene.steps))
    assert (np.abs(a - b).max(axis=-1) > 40).mean() < 0.02


@pytest.mark.parametrize(
    ("size", "camera"),
    [
        ("[320, 240]", "{}"),
        ("[320, 240]", "{turn: 360, elevation: 20}"),
        ("[480, 640]", "{elevation: 90}"),
        ("[640, 480]", "{}"),
    ],
)
def test_nothing_is_clipped_or_touches_the_edge(size: str, camera: str) -> None:
    made = painter(BOWL, f"figure.size={size}", f"view.camera={camera}")
    backdrop = surface_traces(made)[0].backdrop
    for step in (0, 13, 40):
        picture = made.paint(step)[..., :3]
        edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
        assert (edge == 255).all()
        projection = backdrop.visibility(step).projection
        bare = projection.pixels(backdrop.field.box.corners[:, ::2])
        assert (bare >= backdrop.clip.min - 1).all() and (bare <= backdrop.clip.max + 1).all()
        for placed in backdrop.axes.layout(projection)[1]:
            ends = placed.middle + placed.image.size / np.array([[2], [-2]])
            assert (ends >= backdrop.clip.min - 2).all() and (ends <= backdrop.clip.max + 2).all()


def test_numbers_and_names_do_not_cover_one_another(bowl: Painter) -> None:
    backdrop = surface_traces(bowl)[0].backdrop
    for azimuth in range(-180, 180, 15):
        _, texts = backdrop.axes.layout(replace(backdrop.visibility(0).projection, azimuth=azimuth))
        assert len(texts) >= 3 + 6
        assert not any(a.overlaps(b, 0) for i, a in enumerate(texts) for b in texts[:i])


@pytest.mark.parametrize(
    "panels", ["[surface3d, contour]", "[surface3d, loss]", "[loss, surface3d]"]
)
def test_it_stands_beside_other_panels(panels: str) -> None:
    made = painter(BOWL, "figure.size=[480, 240]", panels=panels)
    boxes = [axes.get_tightbbox(made._renderer) for axes in made.axes]
    assert all(a.x1 <= b.x0 for a, b in pairwise(boxes))
    picture = made.paint(20)[..., :3]
    assert (picture[:, -1] == 255).all() and (picture[:, 0] == 255).all()


def test_one_trial_of_two_stands_beside_both() -> None:
    of_one = painter(
        SADDLE, "figure.size=[480, 240]", panels="[{name: surface3d, of: 2}, surface3d]"
    )
    assert len(surface_traces(of_one)) == 3


def test_scale_doubles_the_pixels_and_keeps_the_layout() -> None:
    size = "figure.size=[320, 240]"
    large = surface_traces(painter(BOWL, size, "figure.scale=2"))[0]
    small = surface_traces(painter(BOWL, size))[0]
    assert large.position(3) == pytest.approx(2 * small.position(3), abs=12)


def test_contours_and_minimum_as_in_the_contour_panel() -> None:
    size = "figure.size=[320, 240]"
    plain, lines, bands, starless = (
        painter(BOWL, size, f"view={view}").paint(0)
        for view in ("{}", "{contours: lines}", "{contours: bands}", "{minimum: false}")
    )
    assert (plain != lines).any() and (plain != bands).any() and (plain != starless).any()
    dark = [int((shown[60:, :, :3] < 60).all(axis=-1).sum()) for shown in (plain, starless)]
    assert dark[0] > dark[1] + 5


SURFACES = [
    entry.name
    for entry in catalogue("surfaces").values()
    if not entry.lead and entry.function().dimensions == 2
]


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_paints(name: str) -> None:
    low, high = np.array(catalogue("surfaces")[name].function().domain).T
    start = (low + 0.3 * (high - low)).tolist()
    text = f"surface: {name}\nstart: {start}\noptimizer: {{name: adam, lr: 0.05}}\nsteps: 10\n"
    made = painter(text, "figure.size=[160, 120]")
    (trace,) = surface_traces(made)
    assert trace.position(0) is not None and ink(made.paint(10)).sum() > 30
    assert len(np.unique(made._backdrop.reshape(-1, 4), axis=0)) < 400


# The config.


@pytest.mark.parametrize(
    ("camera", "message"),
    [
        ("{elevation: 4}", "5:28: error: view.camera.elevation must be at least 5, got 4"),
        ("{elevation: 91}", "5:28: error: view.camera.elevation must be at most 90, got 91"),
        ("{azimuth: 361}", "5:26: error: view.camera.azimuth must be at most 360, got 361"),
        ("{turn: -721}", "5:23: error: view.camera.turn must be at least -720, got -721"),
        ("{turn: fast}", "5:23: error: view.camera.turn must be a number, got 'fast'"),
        ("{tilt: 3}", "5:17: error: unknown key 'tilt'"),
        ("12", "5:16: error: view.camera must be"),
    ],
)
def test_a_wrong_camera_is_shown_where_it_stands(camera: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(BOWL + f"view: {{camera: {camera}}}\n")
    assert f"stdin:{message}" in str(caught.value)


def test_a_curve_has_no_landscape() -> None:
    text = "surface: wave\nstart: [9]\noptimizer: gd\npanels: [surface3d]\n"
    with pytest.raises(ConfigError, match="surface3d shows a surface of two parameters"):
        optanim.loads(text)


def test_a_camera_resolves_to_itself() -> None:
    run = optanim.loads(BOWL + "view: {camera: {azimuth: -30, turn: 45}}\n")
    again = optanim.loads(as_yaml(run))
    assert again.view.camera == run.view.camera and again.view.camera.turn == 45
    made = painter(BOWL, "figure.size=[200, 150]", "view.camera={azimuth: -30, elevation: 50}")
    projection = surface_traces(made)[0].backdrop.visibility(0).projection
    assert (projection.azimuth, projection.elevation) == (-30, 50)


def test_a_trace_that_has_ended_turns_with_the_surface() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, {name: gd, lr: 0.9}]\nsteps: 30\n"
    made = painter(text, "view.camera={turn: 90}", painters.SMALL, "stop.gradient=1")
    first, second = (trace.trace.trajectory.steps for trace in surface_traces(made))
    early = surface_traces(made)[int(first > second)]
    made.paint(max(first, second))
    projection = early.backdrop.visibility(max(first, second)).projection
    assert first != second
    assert early._visibility.projection is projection


def test_a_gif_alone_of_a_turning_camera_is_remarked() -> None:
    text = BOWL + "panels: [surface3d]\nview: {camera: {turn: 90}}\n"
    for set, count in ((), 1), (("formats=[mp4]",), 0), (("view.camera.turn=0",), 0):
        run = optanim.loads(text, set=set)
        assert sum("camera turns" in r for r in remarks_of(run, trajectories_of(run))) == count


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("figure: {size: [640, 480]}", True),
        ("figure: {size: [320, 240], scale: 2}", True),
        ("figure: {size: [640, 480]}\nformats: [mp4]", False),
        ("figure: {size: [200, 150]}", False),
        ("figure: {size: [640, 480]}\npanels: [contour]", False),
    ],
)
def test_a_large_gif_of_a_turning_camera_is_told_of_once(rest: str, told: bool) -> None:
    panels = "" if "panels" in rest else "panels: [surface3d]\n"
    run = optanim.loads(f"{BOWL}{panels}{rest}\nview: {{camera: {{turn: 90}}}}\n")
    trajectories = trajectories_of(run)
    assert sum("every frame of a GIF is large" in r for r in remarks_of(run, trajectories)) == told
    assert not any("GIF" in r for r in remarks_of(run, trajectories, still=True))
