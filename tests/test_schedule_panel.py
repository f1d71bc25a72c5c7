"""The panel `schedule`: heads stand where the rates of the config say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes

import optanim
from optanim.config.panels import rate_problems
from optanim.config.schedules import schedule_of
from optanim.drawing.axes import to_pixels
from optanim.drawing.trail import Trail
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from tests import painters

START = "surface: quadratic\nstart: [-4, 3]\nsteps: 40\npanels: [schedule]\n"
CYCLE = "{name: one_cycle, start: 0.95, peak: 0.85, end: 0.95}"
RACE = START + (
    "optimizers:\n  - {name: gd, lr: 0.02}\n"
    f"  - {{name: momentum, lr: {{name: cosine, start: 0.05, warmup: 10}}, momentum: {CYCLE}}}\n"
)


def heads(axes: Axes, text: str, *set: str) -> list[Trail]:
    box = axes.bbox.extents
    marks = painters.painter(text, *set)._marks
    return [m for m in marks if isinstance(m, Trail) and np.allclose(m.clip.extents, box)]


def test_heads_are_at_the_rates_and_at_the_momentum() -> None:
    painter = painters.painter(RACE)
    (axes,) = painter.axes
    (lower,) = axes.child_axes
    chosen = painter.scene.traces[1].trial.chosen  # type: ignore[union-attr]
    rate, momentum = (schedule_of(chosen.options[name], 40) for name in ("lr", "momentum"))
    constant, warmed = heads(axes, RACE)
    (cycled,) = heads(lower, RACE)
    for t in (1, 2, 11, 25, 40):
        for place, head, value in (
            (axes, constant, 0.02), (axes, warmed, rate(t)), (lower, cycled, momentum(t))
        ):  # fmt: skip
            pixel = to_pixels(place, np.array([[t], [value]]))[0]
            assert head.position(t) == pytest.approx(pixel, abs=1e-6)
    assert len({head.position(t)[1] for t in range(1, 41) for head in [constant]}) == 1
    assert constant.position(0) is None or np.isnan(constant.position(0)).all()
    assert axes.get_ylabel() == "learning rate" and lower.get_ylabel() == r"$\mu$"
    assert lower.bbox.y1 < axes.bbox.y0 and lower.get_xlim() == axes.get_xlim()


SCALES = [
    ("{name: gd, lr: 0.1}", "linear"),
    ("{name: gd, lr: cosine}", "linear"),
    ("{name: gd, lr: one_cycle}", "linear"),
    ("{name: gd, lr: {name: exponential, gamma: 0.8}}", "log"),
    ("{name: gd, lr: {name: step, gamma: 0.1, every: 10}}", "log"),
]


@pytest.mark.parametrize(("optimizer", "scale"), SCALES)
def test_the_axis_is_logarithmic_where_a_line_would_lie_on_the_floor(
    optimizer: str, scale: str
) -> None:
    text = f"{START}optimizer: {optimizer}\n"
    assert painters.painter(text, painters.SMALL).axes[0].get_yscale() == scale
    other = "linear" if scale == "log" else "log"
    asked = painters.painter(text, painters.SMALL, f"panels=[{{name: schedule, scale: {other}}}]")
    assert asked.axes[0].get_yscale() == other


def test_rates_of_trials_far_apart_are_on_a_logarithmic_axis() -> None:
    text = START + "optimizers: [{name: gd, lr: 0.1}, {name: adam, lr: 0.0005}]\n"
    assert painters.painter(text, painters.SMALL).axes[0].get_yscale() == "log"


def test_a_low_panel_and_a_grid_have_the_rates_alone() -> None:
    assert not painters.painter(RACE, "figure.size=[320, 180]").axes[0].child_axes
    assert not any(axes.child_axes for axes in painters.painter(RACE, "layout=grid").axes)


def test_a_second_scheduled_option_is_dashed() -> None:
    text = f"{START}optimizer: {{name: adam, beta1: {CYCLE}, beta2: {CYCLE}}}\n"
    (lower,) = painters.painter(text).axes[0].child_axes
    first, second = heads(lower, text)
    assert first.pen.dash is None and second.pen.dash
    assert lower.get_ylabel() == r"$\beta_{1}$, $\beta_{2}$ - -"


def without_rate(f: object, w: object) -> object:
    """Still: it has no rate."""
    raise NotImplementedError


def test_optimizers_without_a_rate_are_left_out_or_reported() -> None:
    run = optanim.loads(RACE, set=[painters.SMALL])
    scene = compose_scene(run, trajectories_of(run))
    trial = scene.traces[1].trial
    assert trial
    still = replace(trial.chosen.entry, function=without_rate)
    none = replace(trial, chosen=Chosen(still))
    traces = (scene.traces[0], replace(scene.traces[1], trial=none))
    painter = painters.headless(replace(scene, traces=traces))
    assert sum(isinstance(mark, Trail) for mark in painter._marks) == 1
    gd, panel = run.trials[0].chosen, Chosen(catalogue("panels")["schedule"])
    assert not [*rate_problems([panel], [gd, none.chosen])]
    of_second = replace(panel, options={"of": 2})
    for panels, chosen in (([panel], [none.chosen]), ([of_second], [gd, none.chosen])):
        ((message, path, _),) = rate_problems(panels, chosen)
        assert message == "schedule shows learning rates, and momentum has none"
        assert path == ("panels", 0)


def test_a_trial_that_diverges_has_the_rates_until_then() -> None:
    text = START + "optimizers: [{name: gd, lr: 30}, {name: gd, lr: 0.1}]\n"
    run = optanim.loads(text.replace("steps: 40", "steps: 3000"), set=[painters.SMALL])
    scene = compose_scene(run, trajectories_of(run))
    first, _ = (m for m in painters.headless(scene)._marks if isinstance(m, Trail))
    assert len(first.points) == scene.traces[0].trajectory.steps + 1


WRONG = [
    ("panels: [schedules]\n", "no panel is called 'schedules'"),
    ("panels: [{name: schedule, scale: logarithmic}]\n", "panels[0].scale must be"),
    ("panels: [{name: schedule, of: 2}]\n", "of: there is no optimizer 2, the run has 1"),
    ("panels: [lr]\n", "write panels: [schedule]"),
]


@pytest.mark.parametrize(("panels", "message"), WRONG)
def test_a_wrong_panel(panels: str, message: str) -> None:
    text = START.replace("panels: [schedule]\n", "") + "optimizer: gd\n" + panels
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text)
    assert message in str(caught.value) and ":5:" in str(caught.value)
