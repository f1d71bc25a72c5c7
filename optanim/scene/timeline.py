"""The timeline: which step is shown when, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from optanim.schema.animation import Animation, frames


@dataclass(frozen=True)
class Moment:
    """A step to show, fractional between two updates, and for how many seconds."""

    step: float
    seconds: float


def timeline(steps: int, animation: Animation) -> tuple[Moment, ...]:
    """The moments of a run of so many updates: the first at step 0, the last at the last step.

    Each stays for 1/fps seconds, the first for `hold_start` more, and the last for `hold_end`.
    """
    advance, count, still = animation.advance(steps), frames(steps, animation), 1 / animation.fps
    eased = _smooth if animation.easing == "smooth" else float
    shown = [eased(min(i * advance, steps)) for i in range(count - 1)]
    stays = [still] * count
    stays[0] += animation.hold_start
    stays[-1] += animation.hold_end
    return tuple(map(Moment, [*shown, float(steps)], stays))


def _smooth(step: float) -> float:
    """The same step, nearer to the closer update: 3u² − 2u³ of the way in place of u.

    A head that sets off and arrives shows where one update ends and the next begins.
    """
    whole = floor(step)
    u = step - whole
    return whole + u * u * (3 - 2 * u)
