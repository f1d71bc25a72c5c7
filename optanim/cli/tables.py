"""Results, learning rates and trajectories as CSV, Markdown, JSON, NPZ and aligned text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from optanim.cli.snippet import markdown_text
from optanim.cli.streams import write_utf8
from optanim.errors import ConfigError, Problem, did_you_mean, text_width
from optanim.experiment.results import Result
from optanim.experiment.simulate import Trajectory
from optanim.experiment.swarm import SwarmTrajectory
from optanim.experiment.tuning import BestRate
from optanim.formulas.plain_text import plain
from optanim.pipeline.render import RenderResult
from optanim.printable import as_json, one_line
from optanim.schema.rate_grid import RATE, Search
from optanim.surfaces import Surface

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rows = Sequence["DataclassInstance"]
"""Instances of a dataclass of numbers and text, or of its subclasses; each field is a column."""

TrajectoryWriter = Callable[[Surface, Sequence[Trajectory]], bytes]
"""Called with the surface of the run, and the trajectories."""


def rows_as_csv(rows: Rows) -> str:
    """CSV with a header. Numbers keep all digits; None is an empty cell."""
    names = _names(rows)
    return _csv([names, *(_values(row, names) for row in rows)])


def rows_as_markdown(rows: Rows) -> str:
    """A Markdown table. Numbers have four significant digits, on the right; None is a dash."""
    names = _names(rows)
    numeric = [
        all(isinstance(getattr(row, name, None), int | float | None) for row in rows)
        for name in names
    ]
    alignment = ["---:" if right else "---" for right in numeric]
    lines = [names, alignment, *(map(_markdown_cell, _values(row, names)) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


ROW_WRITERS: dict[str, Callable[[Rows], str]] = {"csv": rows_as_csv, "markdown": rows_as_markdown}
"""The formats of `--table`. A writer needs at least one row."""


def table_printer(format: str | None, flags: Mapping[str, object]) -> Callable[[Rows], None]:
    """A function that prints rows on standard output; it does nothing without a format or rows.

    Args:
        format: the value of `--table`.
        flags: the values of the other flags that print on standard output.

    Raises:
        ConfigError: the format is unknown, or another flag is set.
    """
    if format is None:
        return lambda rows: None
    if format not in ROW_WRITERS:
        help = did_you_mean(format, ROW_WRITERS, "formats")
        raise ConfigError([Problem(f"no table format is called '{format}'", "--table", help)])
    if conflict := next((flag for flag, value in flags.items() if value), None):
        message = f"cannot be combined with {conflict}: both print on standard output"
        raise ConfigError([Problem(message, "--table", "use only one of them")])
    return lambda rows: write_utf8(ROW_WRITERS[format](rows) if rows else "")


def trajectories_as_csv(surface: Surface, trajectories: Sequence[Trajectory]) -> bytes:
    """CSV in UTF-8: `label`, `step`, a column for each axis, `loss`, `evaluations`; all digits."""
    lines: list[Iterable[object]] = [["label", "step", *surface.axes, "loss", "evaluations"]]
    for trajectory in trajectories:
        columns = (trajectory.points.T, trajectory.values, trajectory.evaluations)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        lines += (
            [trajectory.label, step, *point, loss, evaluations]
            for step, (point, loss, evaluations) in enumerate(rows)
        )
    return _csv(lines).encode()


def trajectories_as_json(surface: Surface, trajectories: Sequence[Trajectory]) -> bytes:
    """A list of objects: label, status, and lists for each axis, the loss and the evaluations."""
    objects = [
        {"label": trajectory.label, "status": trajectory.status}
        | ({"stopped": trajectory.stopped[0]} if trajectory.stopped else {})
        | {axis: row.tolist() for axis, row in zip(surface.axes, trajectory.points, strict=True)}
        | {"loss": trajectory.values.tolist(), "evaluations": trajectory.evaluations.tolist()}
        for trajectory in trajectories
    ]
    return (as_json(objects, indent=1) + "\n").encode()


def trajectories_as_npz(surface: Surface, trajectories: Sequence[Trajectory]) -> bytes:
    """Arrays label (n,), status (n,), axes (d,), and for each trajectory i those of `Trajectory`.

    These are points_i (d, T + 1), loss_i and evaluations_i (T + 1,), and where there are any,
    crowd_i (d, n, T + 1), shapes_i (d, d, T + 1) and means_i (d, T + 1). Of a swarm of R starts
    they are points_i (d, T + 1, R) and loss_i (T + 1, R), NaN after the end of each; and (R,) each
    steps_i, outcome_i, since_i (−1: never) and minimum_i, the index in `minima` (m, d) or −1.
    """
    file = io.BytesIO()
    arrays = {
        f"{name}_{i}": array
        for i, trajectory in enumerate(trajectories)
        for name, array in _arrays_of(trajectory).items()
        if array is not None
    }
    if any(isinstance(trajectory, SwarmTrajectory) for trajectory in trajectories):
        arrays["minima"] = np.array(surface.minima).reshape(-1, surface.dimensions)
    np.savez(
        file,
        axes=np.array(surface.axes),
        label=np.array([trajectory.label for trajectory in trajectories]),
        status=np.array([trajectory.status for trajectory in trajectories]),
        **arrays,
    )
    return file.getvalue()


def _arrays_of(trajectory: Trajectory) -> dict[str, Any]:
    """The arrays of a trajectory by name, None for those that it lacks."""
    if isinstance(trajectory, SwarmTrajectory):
        members, outcomes = trajectory.members, trajectory.outcomes
        return {
            "points": members.points, "loss": members.values, "steps": members.steps,
            "outcome": outcomes.status, "since": outcomes.since, "minimum": outcomes.minimum,
        }  # fmt: skip
    return {
        "points": trajectory.points, "loss": trajectory.values,
        "evaluations": trajectory.evaluations, "crowd": trajectory.crowd,
        "shapes": trajectory.shapes, "means": trajectory.means,
    }  # fmt: skip


TRAJECTORY_WRITERS: dict[str, TrajectoryWriter] = {
    "csv": trajectories_as_csv,
    "json": trajectories_as_json,
    "npz": trajectories_as_npz,
}
"""The formats of `optanim trace`, by the suffix of the file."""


def results_as_json(figures: Sequence[RenderResult]) -> str:
    """A list with an object for each rendered figure."""
    objects = [
        {
            "paths": [str(path) for path in figure.paths],
            "bytes": [path.stat().st_size for path in figure.paths],
            "frames": figure.frames,
            "seconds": round(figure.seconds, 6),
            "size": figure.size,
            "took": round(figure.took, 3),
            "alt": figure.alt,
            "optimizers": [
                _result_object(result, end)
                for result, end in zip(figure.results, figure.ends, strict=True)
            ],
            "claims": [asdict(verdict) for verdict in figure.verdicts],
        }
        for figure in figures
    ]
    return as_json(objects)


def _result_object(result: Result, end: tuple[float, ...]) -> dict[str, object]:
    return {
        "label": result.label,
        "status": _json_status(result),
        "steps": result.steps,
        "evaluations": result.evaluations,
        "end": end,
        "loss": result.loss,
        "optimizer": result.optimizer,
        "rate": result.rate,
        "outcome": result.status,
        "within": result.within,
        "overshoots": result.overshoots,
        "length": _finite_or_none(result.length),
    } | {
        # Of a swarm, the spread of its starts.
        field.name: _finite_or_none(getattr(result, field.name))
        for field in fields(result)[len(fields(Result)) :]
    }


def _json_status(result: Result) -> str:
    failures = {"diverged": result.diverged, "undefined": result.undefined}
    return next((status for status, fails in failures.items() if fails), "finished")


def rates_as_text(bests: Sequence[BestRate]) -> str:
    """The best learning rates in aligned columns, and the best values of other tuned options."""
    loss = "final loss" if bests[0].seeds == 1 else "median loss"
    header = ("optimizer", "best lr", "options", loss, "config lr", "its loss", "diverged")
    lines = [header, *map(_rate_cells, bests)]
    if not any(best.options for best in bests):
        lines = [(*cells[:2], *cells[3:]) for cells in lines]
    widths = [max(map(text_width, cells)) for cells in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - text_width(cell))
            for cell, width in zip(cells, widths, strict=True)
        ).rstrip()
        for cells in lines
    )


def _rate_cells(best: BestRate) -> tuple[str, ...]:
    rate, loss = best.own_rate, best.own_loss
    return (
        plain(best.label),
        f"{best.rate:g}",
        best.options or "–",
        f"{best.loss:.4g}",
        "–" if rate is None else f"{rate:g}",
        "–" if loss is None else _loss_cell(loss),
        f"{best.diverged} of {best.combinations}",
    )


def _loss_cell(loss: float) -> str:
    failure = "undefined" if isnan(loss) else "diverged"
    return f"{loss:.4g}" if isfinite(loss) else failure


def rates_as_json(bests: Sequence[BestRate], searches: Sequence[Search]) -> str:
    """The best learning rates, and the final loss of every combination; null where there is none.

    The values of a combination are in the order of `over`, and its loss comes after them.
    """
    objects = [
        {name: _finite_or_none(value) for name, value in asdict(best).items()}
        | {
            "options": {name: value for name, value in (search.best or {}).items() if name != RATE},
            "over": search.names,
            "tried": [
                [*values.values(), _finite_or_none(loss)]
                for values, loss in zip(search.combinations, search.losses, strict=True)
            ],
        }
        for best, search in zip(bests, searches, strict=True)
    ]
    return as_json(objects)


def _finite_or_none(value: object) -> object:
    """The value; None for a number that JSON does not have."""
    return None if isinstance(value, float) and not isfinite(value) else value


def _csv(lines: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_csv_cell, line) for line in lines)
    return text.getvalue()


def _csv_cell(value: object) -> str:
    """Text; a number with the digits that read back as the same number.

    A spreadsheet takes text that begins with one of `=+-@` for a formula and runs it. An apostrophe
    before it keeps it text.
    """
    if isinstance(value, str):
        return f"'{one_line(value)}" if value.startswith(tuple("=+-@\t\r")) else one_line(value)
    return "" if value is None else repr(value)


def _markdown_cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    return markdown_text(one_line(" ".join(str(value).split())))


def _names(rows: Rows) -> list[str]:
    """The columns of all rows: those of a swarm have more than others."""
    return [*dict.fromkeys(field.name for row in rows for field in fields(row))]


def _values(row: DataclassInstance, names: Sequence[str]) -> list[Any]:
    return [getattr(row, name, None) for name in names]
