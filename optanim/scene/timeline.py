"""The timeline: the steps that an animation shows, and the duration of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import expm1, floor

import numpy as np

from optanim.scene.head_paths import HeadPaths
from optanim.schema.animation import MAX_SECONDS, MIN_PACE, Animation, count_frames
from optanim.surfaces import Array

START_PACE = 5.0
"""Updates per second at the start of a run of many updates, if the pace is automatic."""

REST_SECONDS = 0.5
"""The time of the updates after the last one that moves a head."""

CURVE_SECONDS = 1.5
"""The same if there are curves over the steps, whose heads still move."""

PLANNED_FPS = 20.0
"""Frames per second for which the automatic pace is planned; `fps` then only changes its frames."""

MIN_MOTION = 1.0
"""Pixels by which some head moves from a planned frame to the next, or the frame is left out.

Easing makes it less in half of the frames of an update, but hardly less than half a pixel.
"""


PLANS = (1.0, 1.5, 2.0)
"""Durations that are planned in turn, until the film is not much shorter than the first of them."""

ENOUGH = 0.8
"""The part of the first planned duration that the frames with motion should last."""


@dataclass(frozen=True)
class Moment:
    """A step, fractional between two updates, and the seconds for which it is shown."""

    step: float
    seconds: float


def timeline(
    steps: int, animation: Animation, heads: HeadPaths | None = None
) -> tuple[Moment, ...]:
    """The moments of a run, from step 0 to the last step.

    Each is shown for 1/fps seconds; the first and the last are held longer.

    Args:
        steps: the last step.
        animation: the section `animation` of the config.
        heads: what moves, for the automatic pace; None if there is motion in each update.
    """
    if animation.automatic:
        shown_steps = _automatic(steps, animation, heads)
    else:
        advance, count = animation.advance(steps), count_frames(steps, animation)
        ease = _smooth if animation.easing == "smooth" else float
        shown_steps = [*(ease(min(i * advance, steps)) for i in range(count - 1)), float(steps)]
    return _held(shown_steps, animation)


def outcome_timeline(
    steps: int, animation: Animation, known: Array | None = None
) -> tuple[Moment, ...]:
    """The moments of outcome maps, with the pace at which their cells become known.

    A third of the film goes to the steps evenly, the rest to the cells.

    Args:
        steps: the last step.
        animation: the section `animation` of the config.
        known: (steps + 1,), the part of the cells that are known at each step, rising; None if
            something changes at each.
    """
    if not animation.automatic:
        return timeline(steps, animation)
    seconds = min(steps / MIN_PACE, MAX_SECONDS)
    # Where all cells change in each frame, half of the frames are enough, and of the file.
    changing = known is None or known[-1] == known[0]
    fps = animation.fps / 2 if changing else animation.fps
    count, whole = max(round(seconds * fps), min(steps, 1)), np.arange(steps + 1.0)
    passed = whole / max(steps, 1)
    if known is not None and not changing:
        passed = (passed + 2 * (known - known[0]) / (known[-1] - known[0])) / 3
    # A step that stays is one frame in the file.
    shown = np.interp(np.linspace(0, 1, count + 1), passed, whole).round()
    return _held(shown.tolist(), replace(animation, fps=fps))


def zoom_moments(animation: Animation) -> tuple[Moment, ...]:
    """The moments of a zoom, numbered from 0; all cells change in each frame."""
    if animation.duration is not None:
        fps, seconds = animation.fps, animation.duration
    else:
        fps, seconds = animation.fps / 2, MAX_SECONDS
    count = max(round(seconds * fps), 1)
    return _held([float(i) for i in range(count + 1)], replace(animation, fps=fps))


def _held(shown_steps: Sequence[float], animation: Animation) -> tuple[Moment, ...]:
    """The moments of some steps; the first and the last are held longer."""
    durations = [1 / animation.fps] * len(shown_steps)
    hold_start, hold_end = animation.holds
    durations[0] += hold_start
    durations[-1] += hold_end
    return tuple(map(Moment, shown_steps, durations))


def _automatic(steps: int, animation: Animation, heads: HeadPaths | None) -> list[float]:
    """The steps to show: updates one by one at first, then faster, and no frame without motion.

    When every head on a map is at rest, the other steps pass quickly, so that the last frame is the
    last step.
    """
    rest, quick = steps, 0.0
    if heads:
        rest = heads.rest_step()
        quick = (CURVE_SECONDS if heads.curves else REST_SECONDS) if rest < steps else 0.0
    seconds = min(rest / MIN_PACE, MAX_SECONDS - quick)
    planned = _planned(rest, seconds, heads)
    seconds = min((len(planned) - 1) / PLANNED_FPS, seconds)
    count = max(round(seconds * animation.fps), min(rest, 1))
    shown = np.interp(np.linspace(0, len(planned) - 1, count + 1), range(len(planned)), planned)
    if animation.easing == "smooth" and count:
        shown = _eased(shown)
    frames = min(max(round(quick * animation.fps), 1), 4 * (steps - rest))
    tail = np.linspace(rest, steps, frames + 1)[1:]
    return [*map(float, shown), *map(float, tail)]


def _planned(steps: int, seconds: float, heads: HeadPaths | None) -> Array:
    """The steps to show at PLANNED_FPS, from 0 to the last; in each frame some head has moved.

    Where frames without motion are left out, the steps may be slower: there is time.
    """
    if heads is None:
        return _growing(steps, seconds)
    for factor in PLANS:
        planned = _growing(steps, factor * seconds)
        planned = planned[_moving(heads.at(planned))]
        if len(planned) > ENOUGH * seconds * PLANNED_FPS:
            break
    return planned


def _growing(steps: int, seconds: float) -> Array:
    """The steps of as many seconds at PLANNED_FPS, from 0 to the last.

    The pace is the same all the time if it can be START_PACE or less. Otherwise it grows from
    there exponentially: s(t) = p (exp(g t) − 1) / g, with the growth g that reaches the last step
    in time.
    """
    if steps <= START_PACE * seconds:
        return np.linspace(0, steps, round(seconds * PLANNED_FPS) + 1)
    low, high = 1e-9, 10.0  # the growth of a run of 10²⁵ steps
    for _ in range(60):
        growth = (low + high) / 2
        reached = START_PACE * expm1(growth * seconds) / growth
        low, high = (growth, high) if reached < steps else (low, growth)
    times = np.linspace(0, seconds, round(seconds * PLANNED_FPS) + 1)
    planned = START_PACE * np.expm1(growth * times) / growth
    planned[-1] = steps
    return planned


def _moving(places: Array) -> list[int]:
    """The frames in which some head has moved since the one before, the first and the last.

    Args:
        places: the pixels of each head in each frame, (heads, d, n).
    """
    kept, last = [0], places.shape[2] - 1
    for i in range(1, last + 1):
        motion = np.linalg.norm(places[:, :, i] - places[:, :, kept[-1]], axis=1)
        if i == last or motion.max() >= MIN_MOTION:
            kept.append(i)
    return kept


def _eased(steps: Array) -> Array:
    """Steps (n,), eased as long as an update has three frames, and not at all where it has two."""
    frames = 1 / np.maximum(np.gradient(steps), 1e-9)
    smooth = np.array([_smooth(step) for step in steps])
    eased = steps + np.clip(frames - 2, 0, 1) * (smooth - steps)
    return np.unique(eased)


def _smooth(step: float) -> float:
    """The step with its fraction u replaced by 3u² − 2u³, known as smoothstep.

    The marker slows down at each update, which shows where one ends and the next begins.
    """
    whole = floor(step)
    u = step - whole
    return whole + u * u * (3 - 2 * u)


def elapsed(step: float, moments: Sequence[Moment]) -> float:
    """The part of the frames of a timeline that are before a step, from 0 to 1."""
    parts = np.linspace(0, 1, len(moments))
    return float(np.interp(step, [moment.step for moment in moments], parts))
