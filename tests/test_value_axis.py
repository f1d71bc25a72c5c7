"""Values against steps: what is drawn is what was measured, also off the axis."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import optanim
from optanim.drawing.frame_exit import SIDES
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail
from optanim.errors import ConfigError, Place
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from tests import painters

BOWL = "surface: quadratic\nstart: [-4, 3]\nsteps: 60\n"
LEFT, RIGHT, LOWER, UPPER = (SIDES.index(side) for side in ((-1, 0), (1, 0), (0, -1), (0, 1)))


def painted(text: str, *losses: list[float]) -> tuple[Painter, list[Trail]]:
    """The painter of a config and its trails; losses given here replace those of each trial."""
    if not losses:
        made = painters.painter(text, painters.SMALL)
    else:
        run = optanim.loads(text, set=[painters.SMALL])
        trajectories = tuple(
            replace(
                trajectory, values=np.array(values), points=np.zeros((2, len(values))),
                looked=np.zeros((2, 0)), gradients=np.zeros((2, 0)), asked=np.zeros(0, np.int64),
            )
            for trajectory, values in zip(trajectories_of(run), losses, strict=True)
        )  # fmt: skip
        made = painters.headless(compose_scene(run, trajectories))
    return made, [mark for mark in made._marks if isinstance(mark, Trail)]


def trials(count: int) -> str:
    return BOWL + f"optimizers: [{', '.join(['gd'] * count)}]\n"


RATES = ["0.1", "0.1, 0.45", "9", "0.1, 9", "0.1, 0.7, 9", "0.7, 9"]


# Both panels with each scale and with all rates; the scales take turns.
@pytest.mark.parametrize(
    ("panel", "rates", "scale"),
    [
        (panel, rates, ("linear", "log")[(i + j) % 2])
        for i, panel in enumerate(("loss", "gradient_norm"))
        for j, rates in enumerate(RATES)
    ],
)
def test_every_value_is_drawn_where_it_is_or_beyond_the_edge(
    panel: str, rates: str, scale: str
) -> None:
    optimizers = ", ".join(f"{{name: gd, lr: {rate}}}" for rate in rates.split(", "))
    text = BOWL.replace("60", "140") + f"optimizers: [{optimizers}]\n"
    made, trails = painted(text + f"panels: [{{name: {panel}, scale: {scale}}}]\n")
    axes, heights = made.axes[0], made.axes[0].bbox
    low, high = axes.get_ylim()
    for trail, trace in zip(trails, made.scene.traces, strict=True):
        values = trace.trajectory.values
        if panel == "gradient_norm":
            values = np.hypot(*trace.trajectory.gradients)
        pixels = trail.points[: len(values)]
        steps = axes.transData.transform([(k, high) for k in range(len(values))])[:, 0]
        assert pixels[:, 0] == pytest.approx(steps, abs=1e-6)
        shown = (values >= low) & (values <= high)
        with np.errstate(all="ignore"):
            true = axes.transData.transform(np.stack([np.arange(len(values)), values], axis=1))
        assert pixels[shown] == pytest.approx(true[shown], abs=1e-6)
        assert (pixels[values > high, 1] > heights.y1).all()
        assert (pixels[values < low, 1] < heights.y0).all()


def test_a_descent_beyond_the_precision_of_its_start_is_no_plateau() -> None:
    losses = 0.64 ** np.arange(201)  # to 1.7e-39
    _, (trail,) = painted(trials(1) + "panels: [loss]\n", losses.tolist())
    assert np.diff(trail.points, axis=0).std(axis=0) == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize("high", [1e30, 1e160, 1e300, 1.7e308])
def test_a_divergence_is_no_plateau(high: float) -> None:
    losses = np.geomspace(20, high, 50)
    _, (trail,) = painted(trials(1) + "panels: [loss]\n", losses.tolist())
    assert np.diff(trail.points[:49], axis=0).std(axis=0) == pytest.approx([0, 0], abs=1e-4)


@pytest.mark.parametrize(
    ("diverging", "panel", "scale"),
    [
        ("{name: gd, lr: 9}", "loss", "linear"),
        ("{name: gd, lr: 9}", "gradient_norm", "log"),
        ("{name: gd, lr: 0.7}", "loss", "log"),
        ("{name: gd, lr: 0.7}", "gradient_norm", "linear"),
    ],
)
def test_one_that_diverges_leaves_at_the_top_and_the_others_their_room(
    diverging: str, panel: str, scale: str
) -> None:
    text = BOWL + "optimizers: [{name: gd, lr: 0.1}%s]\npanels: [{name: %s, scale: %s}]\n"
    with_it, (first, second) = painted(text % (", " + diverging, panel, scale))
    alone, (only,) = painted(text % ("", panel, scale))
    heights = [
        np.ptp(trail.points[:, 1]) / made.axes[0].bbox.height
        for made, trail in ((with_it, first), (alone, only))
    ]
    assert heights[0] > 0.5 * heights[1] > 0.3
    assert first.exit(60) is None and second.exit(0) is None
    pixel, edge = second.exit(60) or (np.zeros(2), -1)
    assert edge == UPPER and pixel[1] == pytest.approx(with_it.axes[0].bbox.y1)


@pytest.mark.parametrize(
    ("zero", "other"), [(0.0, 1e-2), (0.0, 1e-30), (5e-324, 1e-5), (1e-300, 1e-2), (1e-300, 1e-30)]
)
def test_a_loss_of_zero_leaves_downwards_and_may_come_back(zero: float, other: float) -> None:
    others, losses = np.geomspace(4, other, 7), [4, 1, zero, zero, 1, 2, zero]
    made, (first, trail) = painted(trials(2) + "panels: [loss]\n", others.tolist(), losses)
    axes = made.axes[0]
    assert axes.get_yscale() == "log" and axes.get_ylim()[0] > 0.01 * other
    assert first.exit(6) is None
    # It falls straight down, from the value before.
    for step in (2, 3, 6):
        pixel, edge = trail.exit(step) or (np.zeros(2), -1)
        before = 1 if step < 6 else 5
        assert edge == LOWER and pixel[1] == pytest.approx(axes.bbox.y0)
        width = trail.points[before + 1, 0] - trail.points[before, 0]
        assert 0 <= pixel[0] - trail.points[before, 0] < (0.02 if zero == 0 else 0.5) * width
    assert trail.exit(1) is None and trail.exit(4) is None and trail.exit(5) is None
    # The triangle is drawn, and nothing is at the height of the other trial's last loss.
    pixels = made.paint(6)[::-1]
    x, y = (trail.exit(6) or (np.zeros(2), 0))[0]
    color = tuple(round(255 * part) for part in trail.color[:3])
    assert tuple(pixels[int(y) + 4, int(x), :3]) == color
    assert not (pixels[int(first.points[6, 1]), int(trail.points[3, 0]), :3] == color).all()


LOG = "surface: {expr: %s}\nstart: [3]\noptimizer: {name: gd, lr: 0.1}\npanels: [curve, {name: loss, scale: log}]\n"  # noqa: E501


@pytest.mark.parametrize("formula", ["x**2 - 4", "-x", "sin(x)", "x - 2.5"])
def test_negative_losses_on_a_logarithmic_axis_are_refused_at_scale(formula: str) -> None:
    with pytest.raises(ConfigError) as caught:
        painted(LOG % formula)
    (problem,) = caught.value.problems
    place = problem.place
    assert isinstance(place, Place) and (place.line, place.column, place.length) == (4, 37, 3)
    lowest = trajectories_of(optanim.loads(LOG % formula))[0].values.min()
    assert f"no place for negative values, and one is {lowest:.4g}" in problem.message
    assert problem.help == "scale: linear"
    made, _ = painted((LOG % formula).replace("log", "linear"))
    assert made.axes[1].get_yscale() == "linear"
    made, _ = painted((LOG % formula).replace("{name: loss, scale: log}", "loss"))
    assert made.axes[1].get_yscale() == "linear"


def test_a_scale_of_a_grid_and_of_a_flag_has_its_place() -> None:
    text = (LOG % "x**2 - 4").replace("curve, ", "").replace("optimizer: ", "optimizers: [gd, ")
    with pytest.raises(ConfigError, match=r"stdin:4:30: error: panels\[0\].scale: a log"):
        painted(text.replace("lr: 0.1}", "lr: 0.1}]") + "layout: grid\n")
    run = optanim.loads((LOG % "x - 4").replace("log", "linear"), set=["panels[1].scale=log"])
    with pytest.raises(ConfigError, match=r"--set panels\[1\].scale=log:1:17: error"):
        painters.headless(compose_scene(run, trajectories_of(run)))


def test_a_rate_of_zero_leaves_downwards() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\nsteps: 20\npanels: [{name: rates, scale: log}]\n"
    text += "optimizer: {name: gd, lr: {name: cosine, start: 0.1, end: 0}}\n"
    made, trails = painted(text)
    rate = made.scene.traces[0].trajectory.rates[0]
    assert rate[-1] > 0  # a cosine ends at 0 after its last step
    trajectory = made.scene.traces[0].trajectory
    points = trajectory.points.copy()
    points[:, -1] = points[:, -2] = 0  # 0 is exact, and no difference of rounded numbers
    run = optanim.loads(text)
    made = painters.headless(compose_scene(run, [replace(trajectory, points=points)]))
    trails = [mark for mark in made._marks if isinstance(mark, Trail)]
    assert [(trail.exit(20) or (0, -1))[1] for trail in trails] == [LOWER, LOWER]
