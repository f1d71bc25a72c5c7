"""The automatic pace: the first updates one by one, then faster, and no film without motion."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optanim
from optanim.errors import ConfigError
from optanim.experiment.trials import simulate_run
from optanim.pipeline.estimate import estimate
from optanim.pipeline.film_size import film_problems
from optanim.scene.compose import compose_scene
from optanim.scene.framing import fit_window
from optanim.scene.head_paths import HeadPaths
from optanim.scene.scene import Scene
from optanim.scene.timeline import Moment, timeline
from optanim.schema.animation import Animation, count_frames
from optanim.surfaces import Array

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "configs").rglob("*.yaml"))

QUADRATIC = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 0.1}\n"


def scene(text: str) -> Scene:
    return compose_scene(*simulate_run(optanim.loads(text)))


def heads(*positions: Array, curves: bool = False) -> HeadPaths:
    """Heads along the first side of a window of 400 × 300 pixels."""
    pixels = tuple(np.stack([part, np.full(len(part), 100.0)]) for part in positions)
    return HeadPaths(pixels, np.array([400.0, 300.0]), curves)


def steps_of(moments: tuple[Moment, ...]) -> Array:
    return np.array([moment.step for moment in moments])


def length(moments: tuple[Moment, ...]) -> float:
    return sum(moment.seconds for moment in moments)


@pytest.mark.parametrize("steps", [1, 2, 5, 12, 13, 30, 31, 100, 999, 20_000])
def test_any_number_of_steps_takes_six_seconds_or_half_a_second_each(steps: int) -> None:
    moments = timeline(steps, Animation())
    shown = steps_of(moments)
    assert shown[0] == 0 and shown[-1] == steps and (np.diff(shown) > 0).all()
    assert moments[0].seconds == pytest.approx(0.65) and moments[-1].seconds == pytest.approx(1.55)
    assert length(moments) == pytest.approx(0.6 + min(6, steps / 2) + 0.05 + 1.5, abs=0.06)
    # The first updates, each in three frames or more, and every one of these sets off and arrives.
    for update in range(min(steps, 2)):
        inside = shown[(shown >= update) & (shown <= update + 1)] - update
        assert len(inside) >= 3
    first = np.diff(shown[shown <= 1.05])
    assert first[0] < 0.6 * first.max() and first[-1] < first.max()
    # Then faster and faster, and never slower: of whole updates, easing changes nothing.
    reached = np.interp(np.arange(steps + 1), shown, np.arange(len(shown)))
    assert (np.diff(reached, 2) < 0.5).all()


@given(
    steps=st.integers(0, 3000),
    fps=st.floats(0.01, 50),
    rest=st.floats(0, 1),
    curves=st.booleans(),
    easing=st.sampled_from(["smooth", "linear"]),
)
@settings(max_examples=25)
def test_every_film_begins_at_the_start_and_ends_at_the_last_step(
    steps: int, fps: float, rest: float, curves: bool, easing: str
) -> None:
    animation = Animation(fps=fps, easing=easing)  # type: ignore[arg-type]
    path = np.minimum(np.arange(steps + 1), round(rest * steps)) % 350.0
    for moving in (None, heads(path, curves=curves)):
        moments = timeline(steps, animation, moving)
        shown = steps_of(moments)
        assert shown[0] == 0 and shown[-1] == steps and (np.diff(shown) > 0).all()
        assert len(moments) <= count_frames(steps, animation)
        assert {m.seconds for m in moments[1:-1]} <= {1 / fps}
        assert moments[0].seconds >= 0.6 and moments[-1].seconds >= 1.5


@pytest.mark.parametrize("set", [{"steps_per_second": 7.0}, {"duration": 3.0}])
def test_a_pace_that_is_set_is_kept_exactly_and_so_are_its_holds(set: dict[str, float]) -> None:
    animation, steps = Animation(**set, easing="linear"), 100  # type: ignore[arg-type]
    moments = timeline(steps, animation, heads(np.zeros(steps + 1)))
    pace = 7 / 20 if "steps_per_second" in set else steps / 60
    count = int(np.ceil(steps / pace - 1e-9))
    assert steps_of(moments) == pytest.approx([*(i * pace for i in range(count)), steps])
    seconds = [moment.seconds for moment in moments]
    assert seconds == pytest.approx([0.05] * count + [2.05])
    held = timeline(2, Animation(**set, hold_start=1, hold_end=0))  # type: ignore[arg-type]
    assert held[0].seconds == 1.05 and held[-1].seconds == 0.05


def test_what_is_held_can_be_said_without_a_pace() -> None:
    moments = timeline(50, Animation(hold_start=0, hold_end=3))
    assert moments[0].seconds == 0.05 and moments[-1].seconds == 3.05


@pytest.mark.parametrize(("curves", "quick"), [(False, 0.5), (True, 1.5)])
def test_the_steps_after_the_last_motion_pass_quickly(curves: bool, quick: float) -> None:
    """A distance that falls by a fifth with each update is below half a pixel from step 30 on."""
    head = 300 * 0.8 ** np.arange(1001)
    fast = 200 * 0.5 ** np.arange(21)  # stopped long before
    moving = heads(head, fast, curves=curves)
    assert moving.rest_step() == int(np.log(0.5 / 300) / np.log(0.8)) + 1 == 29
    moments = timeline(1000, Animation(), moving)
    shown = steps_of(moments)
    before = shown[shown <= 29]
    assert before[-1] == 29 and (len(shown) - len(before)) / 20 == quick
    assert 0.6 + 2.5 < length(moments) < 0.65 + 6 + 1.51
    # No frame is without motion, except where an update that is eased begins or ends.
    moved = np.abs(np.diff(np.interp(before, np.arange(1001), head)))
    assert (moved >= 0.5).mean() > 0.9 and (moved >= 0.2).mean() > 0.98


def test_one_that_goes_on_keeps_the_film_going() -> None:
    still, cycle = np.zeros(201), 50 + 3 * np.cos(np.pi * np.arange(201))
    assert heads(still, cycle).rest_step() == 200
    shown = steps_of(timeline(200, Animation(), heads(still, cycle)))
    assert len(shown) / 20 > 4 and (shown[:-1] < 150).mean() > 0.8


def test_nothing_moves_and_the_film_is_short() -> None:
    moments = timeline(500, Animation(), heads(np.full(501, 7.0), 9 + 0.2 * np.ones(501)))
    assert length(moments) == pytest.approx(0.65 + 0.5 + 1.5) and moments[-1].step == 500


def test_what_happens_outside_the_window_is_not_waited_for() -> None:
    away = 100 * (-2.0) ** np.arange(1016)  # within at 100, outside on both sides, to 10³⁰⁷
    with np.errstate(over="ignore"):
        paths = HeadPaths.in_windows(
            [np.stack([away, away])], [((0.0, 400.0), (0.0, 300.0))], np.array([400.0, 300.0])
        )
    assert paths.rest_step() == 1
    assert length(timeline(1015, Animation(), paths)) < 0.65 + 0.5 + 0.5 + 1.51


@pytest.mark.parametrize("fps", [5, 10, 25, 50])
def test_the_number_of_frames_a_second_changes_the_frames_and_not_the_time(fps: float) -> None:
    moving = heads(300 * 0.8 ** np.arange(101))
    usual, other = (timeline(100, Animation(fps=rate), moving) for rate in (20.0, fps))
    assert length(other) - 1 / fps == pytest.approx(length(usual) - 0.05, abs=1.5 / fps)


def test_curves_are_seen_to_their_end() -> None:
    """A map comes to rest long before the schedule beside it; without a map, nothing does."""
    text = QUADRATIC.replace("lr: 0.1", "lr: {name: cosine}") + "steps: 300\n"
    beside, alone = (
        scene(f"{text}panels: {panels}\n") for panels in ("[contour, rates]", "[rates]")
    )
    late = [moment for moment in beside.moments if moment.step > 40]
    assert 1.35 < len(late) / 20 < 2.5
    assert len(alone.moments) == 121


def test_a_film_ends_with_its_last_trial() -> None:
    stopped = scene(QUADRATIC + "steps: 400\nstop: {loss: 1.0e-3}\n")
    assert stopped.moments[-1].step == stopped.steps < 40


@pytest.mark.parametrize(
    ("pace", "shorter"),
    [
        ("", "animation: {fps: 25}"),
        (", duration: 9s", "animation: {fps: 25}"),
        (", duration: 11s", "animation: {duration: 10s}"),
        (", steps_per_second: 5", "animation: {duration: 10s}"),
    ],
)
def test_what_makes_a_film_shorter_is_true(pace: str, shorter: str) -> None:
    """Six seconds that are too many pixels are not made fewer by ten, nor by fewer steps."""
    huge = f"figure: {{size: [4000, 4000]}}\nanimation: {{fps: 50{pace}}}\nsteps: 500\n"
    run = optanim.loads(QUADRATIC + huge)
    (problem,) = film_problems(run)
    assert f"as {shorter}," in problem.help
    assert ("or steps" in estimate(run).largest.key) == ("steps_per_second" in pace)
    assert "animation.fps" in estimate(run).largest.key or "steps_per_second" in pace


ENDLESS = QUADRATIC + "steps: 9\nfigure: {size: [200, 150]}\nanimation: {steps_per_second: %s}\n"
"""At 1e-6 steps per second it has 180 million frames."""


@pytest.mark.parametrize("frame", [None, 4])
@pytest.mark.parametrize("panel", ["contour", "{name: surface3d}"])
def test_a_still_is_the_same_at_any_pace(frame: int | None, panel: str, tmp_path: Path) -> None:
    texts = []
    for pace in ("4", "1e-6"):
        text = ENDLESS % pace + f"panels: [{panel}]\nview: {{camera: {{turn: 90}}}}\n"
        path = tmp_path / "x.svg"
        optanim.render(optanim.loads(text if "3d" in panel else text.split("view")[0]),
                       output=path, frame=frame)  # fmt: skip
        texts.append(
            re.sub("<metadata>.*</metadata>", "", path.read_text("utf-8"), flags=re.DOTALL)
        )
    assert texts[0] == texts[1]


@pytest.mark.parametrize("frame", [None, -1])
def test_a_page_has_all_steps_even_if_it_begins_at_one(frame: int | None, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="frames of 30000 pixels"):
        optanim.render(optanim.loads(ENDLESS % "1e-6"), output=tmp_path / "x.html", frame=frame)


def head_pixels(drawn: Scene, steps: Array) -> list[Array]:
    """The heads at steps, (n, d) each, in pixels, as a reader sees them on the maps."""
    across = len(drawn.panels)
    width = (0.75 if drawn.legend == "box" else 1) * drawn.size[0] / across - 60
    size = np.array([width, drawn.size[1] - 104])[: drawn.surface.dimensions]
    pixels = []
    # Each dot of a swarm is a head.
    for trace in (replace(t, trajectory=path) for t in drawn.traces for path in t.trajectories):
        framed = drawn.traces if drawn.sweep else drawn.on(trace.surface)
        paths = [points for one in framed for points in one.points]
        low, high = np.array(fit_window(trace.surface, paths, width / (drawn.size[1] - 104))).T
        places = np.array([trace.at(step) for step in steps])
        with np.errstate(over="ignore"):
            places = (places - low) / (high - low) * size
        outside = (places < 0).any(axis=1) | (places > size).any(axis=1)
        pixels.append(np.where(outside[:, None], -1e4, places))
    return pixels


def longest_still(drawn: Scene) -> float:
    """The longest time between two frames in which cells of a map change, in seconds."""
    longest = still = 0.0
    for one, other in pairwise(drawn.moments):
        still += min(one.seconds, drawn.moments[1].seconds)  # the first frame is held
        if any((p.at(one.step) != p.at(other.step)).any() for p in drawn.maps.values()):
            longest, still = max(longest, still), 0.0
    return max(longest, still)


@pytest.mark.parametrize("config", SHIPPED, ids=lambda config: config.stem)
def test_no_shipped_figure_stands_still_for_half_of_its_time(config: Path) -> None:
    drawn = compose_scene(*simulate_run(optanim.load(config)))
    seconds = np.array([moment.seconds for moment in drawn.moments])
    assert seconds[0] >= 0.3
    if not drawn.has_traces:
        assert longest_still(drawn) <= 1.0
        return
    paths = head_pixels(drawn, steps_of(drawn.moments))
    motion = np.max([np.linalg.norm(np.diff(path, axis=0), axis=1) for path in paths], axis=0)
    # A frame that is held moves for the time of the others only.
    moving = (motion >= 0.5).sum() * seconds.min()
    assert moving >= 0.5 * seconds.sum()
