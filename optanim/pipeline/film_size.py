"""The limit of the size of an animation. What draws nothing, as `optanim trace`, has none."""

from __future__ import annotations

from optanim.config.run import Run
from optanim.errors import Problem
from optanim.pipeline.provenance import with_frames
from optanim.schema.animation import count_frames

MAX_ANIMATION_PIXELS = 4_000_000_000


def film_problems(run: Run, frame: int | None = None) -> list[Problem]:
    """The problem of an animation with too many pixels in all of its frames.

    Args:
        run: of a config.
        frame: as for `render`; a still has no such problem.
    """
    if all(still is not None for _, still in with_frames(run.in_themes()[0], frame)):
        return []
    assert run.figure.size  # the loader sets it
    width, height = run.figure.size
    pixels = width * height * run.figure.scale**2
    frames = count_frames(max(trial.steps for trial in run.trials), run.animation)
    if pixels * frames <= MAX_ANIMATION_PIXELS:
        return []
    message = f"{frames} frames of {pixels} pixels are more than 4 billion pixels"
    help = f"fewer frames, as {run.animation.shorter}, or a smaller figure.size"
    return [Problem(message, run.steps_place or run.source, help)]
