"""The frames of an animation: the limit of their size, and the windows of a zoom.

What draws nothing, as `optanim trace`, has no limit.
"""

from __future__ import annotations

from dataclasses import replace

from optanim.config.run import Run
from optanim.encoding.write import is_page
from optanim.errors import Problem
from optanim.pipeline.provenance import with_frames
from optanim.scene.map_cells import zoom_factors
from optanim.schema.animation import count_frames

MAX_ANIMATION_PIXELS = 4_000_000_000

MANY_FRAMES = 10_000
"""Number of frames from which on a still is drawn from a shorter film."""


def film_problems(run: Run, frame: int | None = None) -> list[Problem]:
    """The problem of an animation with too many pixels, or of a still that a zoom does not have.

    Args:
        run: of a config.
        frame: as for `render`; a still is never too large.
    """
    windows = len(zoom_factors(run))
    if windows and frame is not None and not -windows <= frame < windows:
        # The frames of a zoom are known before anything is simulated, unlike the steps of a run.
        message = f"there is no frame {frame}; the frames of the zoom are 0 to {windows - 1}"
        return [Problem(message, run.source, "--frame last is the last window")]
    files = with_frames(run.in_themes()[0], frame)
    if all(still is not None and not is_page(path.suffix) for path, still in files):
        return []
    assert run.figure.size  # the loader sets it
    width, height = run.figure.size
    pixels = width * height * run.figure.scale**2
    frames = windows or _frames(run)
    if pixels * frames <= MAX_ANIMATION_PIXELS:
        return []
    message = f"{frames} frames of {pixels} pixels are more than 4 billion pixels"
    help = f"fewer frames, as {run.animation.shorter}, or a smaller figure.size"
    return [Problem(message, run.steps_place or run.source, help)]


def at_any_pace(run: Run) -> Run:
    """A run with the same stills, but a frame for each step: a slow film may have billions."""
    if run.animation.steps_per_second is None or _frames(run) <= MANY_FRAMES:
        return run
    return replace(run, animation=replace(run.animation, steps_per_second=run.animation.fps))


def _frames(run: Run) -> int:
    return count_frames(max(trial.steps for trial in run.trials), run.animation)
