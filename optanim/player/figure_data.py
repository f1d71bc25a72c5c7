"""The data of a page: a figure, the numbers of its trajectories, and its texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from optanim.config.run import Run
from optanim.encoding.png_image import png_address
from optanim.experiment.results import Result, results_of
from optanim.experiment.simulate import Trajectory
from optanim.formulas.numbers import number_in_text
from optanim.formulas.plain_text import plain
from optanim.player.arrays import encoded, encoded_pixels
from optanim.scene.alt_text import alt_text
from optanim.scene.scene import Trace
from optanim.schema.control_words import controls_of
from optanim.schema.notation import optimizer_title
from optanim.schema.words import words_of

if TYPE_CHECKING:
    from optanim.drawing.painter import Painter

VERSION = 1
"""The version of the data; the JavaScript beside it reads this one."""

DRAFT_SECONDS = 0.04
"""The duration of each step of a draft."""

MAX_ROWS = 100
"""Number of trials up to which a page has a table of their results."""


def figure_data(
    painter: Painter, run: Run, trajectories: Sequence[Trajectory], start: float | None = None
) -> dict[str, Any]:
    """The data of a figure as JSON, as docs/player.md has them.

    Args:
        painter: of the scene of the run.
        run: the config.
        trajectories: of its trials.
        start: the step at which the page begins, paused; None to play.
    """
    from optanim.drawing.figure_record import record_figure  # imports matplotlib

    scene, record = painter.scene, record_figure(painter)
    theme = scene.theme
    words = {"loss": scene.value_word, **asdict(controls_of(run.lang))}
    return {
        "version": VERSION,
        "size": list(scene.pixels),
        "unit": round(scene.unit, 4),
        "start": start,
        "theme": {
            **{name: getattr(theme, name) for name in ("background", "ink", "faint", "halo")},
            "alarm": theme.alarm,
            "dark": theme.is_dark,
        },
        "language": run.lang,
        "words": words,
        "title": plain(scene.title) or run.config,
        "caption": [plain(line) for line in scene.caption if line],
        "alt": alt_text(run, trajectories),
        "axes": [plain(f"${name}$") for name in scene.surface.axes],
        "loop": run.animation.loop,
        "paths": record.paths,
        "pens": record.pens,
        "images": [png_address(pixels) for pixels in record.images],
        "still": [_op(op) for op in record.still],
        "samples": record.samples,
        "panels": record.panels,
        "steps": scene.steps,
        "moments": [[round(m.step, 4), round(m.seconds, 4)] for m in scene.moments],
        "marks": [_mark(mark) for mark in record.marks],
        "traces": [
            {**_name(trace, run), "marker": marker, "series": _series(trace)}
            for trace, marker in zip(scene.traces, record.markers, strict=True)
        ],
        "table": _table(run, trajectories),
    }


def draft_data(
    painter: Painter, run: Run, trajectories: Sequence[Trajectory]
) -> dict[str, Any]:  # fmt: skip
    """What changes where a figure shows other trajectories in the same axes.

    Marks are trails alone: those for which it is known where they would be.

    Args:
        painter: of the figure that is shown, which has a trace for each trial.
        run: the new config.
        trajectories: of its trials.
    """
    from optanim.drawing.figure_record import follow  # imports matplotlib

    steps = max(trajectory.steps for trajectory in trajectories)
    return {
        "steps": steps,
        "moments": [[step, DRAFT_SECONDS] for step in range(steps + 1)],
        "marks": [_mark(mark) for mark in follow(painter, trajectories)],
        "series": [
            _numbers(trace, trajectory)
            for trajectory, trace in zip(trajectories, painter.scene.traces, strict=False)
        ],
        "table": _table(run, trajectories),
    }


def _mark(mark: dict[str, Any]) -> dict[str, Any]:
    """A mark with its arrays encoded."""
    if mark["kind"] == "ops":
        return mark | {"ops": [_op(op) for op in mark["ops"]]}
    route = mark["route"]
    return mark | {
        "points": encoded_pixels(mark["points"]),
        "at": None if mark["at"] is None else encoded(mark["at"]),
        "route": route and {name: encoded(values) for name, values in route.items()},
    }


def _op(op: list[Any]) -> list[Any]:
    """An operation with its array of places encoded."""
    return [*op[:-1], encoded_pixels(op[-1])] if op[0] == "m" else op


def _name(trace: Trace, run: Run) -> dict[str, Any]:
    """The name and the color of a trace."""
    label = trace.label
    if not label and trace.trial:
        title = optimizer_title(trace.trial.chosen, run.lang, ascends=trace.surface.ascends)
        label = trace.trial.look.label or title
    return {"label": plain(label), "color": trace.color}


def _series(trace: Trace) -> dict[str, Any] | None:
    """The numbers of a trace; None of a swarm."""
    return None if trace.swarm else _numbers(trace, trace.trajectory)


def _numbers(trace: Trace, trajectory: Trajectory) -> dict[str, Any]:
    """The numbers of a trajectory of a trace at each step, T + 1 in each array.

    No update asked for a gradient at the last point: there it is that of the surface, if it has no
    noise.
    """
    series: dict[str, Any] = {
        "points": [encoded(row) for row in trajectory.points],
        "loss": encoded(trajectory.values),
        "gradients": None,
        "rates": None,
    }
    numbers = trajectory.gradient_numbers
    if (numbers >= 0).any() and trajectory.gradients.shape[1]:
        gradients = np.where(numbers >= 0, trajectory.gradients[:, numbers], np.nan)
        exact = trace.trial and not trace.trial.noise and trace.surface.batch_size is None
        if numbers[-1] < 0 and exact:
            gradient = trace.surface.gradient(trajectory.points[:, -1])
            gradients[:, -1] = -gradient if trace.surface.ascends else gradient
        series["gradients"] = [encoded(row) for row in gradients]
        series["rates"] = [encoded(np.r_[row, np.nan]) for row in trajectory.rates]
    return series


def _table(run: Run, trajectories: Sequence[Trajectory]) -> dict[str, Any] | None:
    """The results in ready texts; None where there are too many."""
    if len(trajectories) > MAX_ROWS:
        return None
    words, controls = words_of(run.lang), controls_of(run.lang)
    head = [controls.optimizer, words.learning_rate, controls.steps, words.loss,
            words.steps_to_arrive]  # fmt: skip
    rows = [_cells(result) for result in results_of(run, trajectories)]
    shown = [i for i in range(len(head)) if i != 1 or any(row[1] != "–" for row in rows)]
    return {
        "head": [head[i] for i in shown],
        "rows": [[row[i] for i in shown] for row in rows],
    }


def _cells(result: Result) -> list[str]:
    rate = result.rate
    return [
        plain(result.label),
        "–" if rate is None else rate if isinstance(rate, str) else number_in_text(rate),
        str(result.steps),
        number_in_text(float(f"{result.loss:.4g}")),
        "–" if result.within is None else str(result.within),
    ]
