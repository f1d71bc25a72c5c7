"""The timeline: the steps that an animation shows, and the duration of each."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from optanim.schema.animation import Animation, count_frames


@dataclass(frozen=True)
class Moment:
    """A step, fractional between two updates, and the seconds for which it is shown."""

    step: float
    seconds: float


def timeline(steps: int, animation: Animation) -> tuple[Moment, ...]:
    """The moments of a run, from step 0 to the last step.

    Each is shown for 1/fps seconds; the first for `hold_start` longer, the last for `hold_end`
    longer.
    """
    advance, count = animation.advance(steps), count_frames(steps, animation)
    ease = _smooth if animation.easing == "smooth" else float
    shown_steps = [*(ease(min(i * advance, steps)) for i in range(count - 1)), float(steps)]
    durations = [1 / animation.fps] * count
    durations[0] += animation.hold_start
    durations[-1] += animation.hold_end
    return tuple(map(Moment, shown_steps, durations))


def _smooth(step: float) -> float:
    """The step with its fraction u replaced by 3u² − 2u³, known as smoothstep.

    The marker slows down at each update, which shows where one ends and the next begins.
    """
    whole = floor(step)
    u = step - whole
    return whole + u * u * (3 - 2 * u)
