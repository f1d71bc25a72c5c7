"""Trajectories as tables: digits enough to read back the same numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

import numpy as np

from optanim.experiment.simulate import Trajectory

Table = Callable[[Sequence[str], Sequence[Trajectory]], bytes]


def as_csv(axes: Sequence[str], trajectories: Sequence[Trajectory]) -> bytes:
    """Rows `label,step,` the axes `,loss`; UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["label", "step", *axes, "loss"])
    for path in trajectories:
        for step, (point, loss) in enumerate(zip(path.points.T, path.values, strict=True)):
            writer.writerow([path.label, step, *map(repr, point.tolist()), repr(float(loss))])
    return text.getvalue().encode()


def as_json(axes: Sequence[str], trajectories: Sequence[Trajectory]) -> bytes:
    """A list of objects: label, status, and a list of numbers for each axis and the loss."""
    rows = [
        {"label": path.label, "status": path.status}
        | {name: numbers.tolist() for name, numbers in zip(axes, path.points, strict=True)}
        | {"loss": path.values.tolist()}
        for path in trajectories
    ]
    return (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode()


def as_npz(axes: Sequence[str], trajectories: Sequence[Trajectory]) -> bytes:
    """Arrays label (n,), status (n,), points_i (d, T + 1) and loss_i (T + 1,), axes (d,)."""
    file = io.BytesIO()
    np.savez(
        file,
        axes=np.array(axes),
        label=np.array([path.label for path in trajectories]),
        status=np.array([path.status for path in trajectories]),
        **{f"points_{i}": path.points for i, path in enumerate(trajectories)},  # type: ignore[arg-type]
        **{f"loss_{i}": path.values for i, path in enumerate(trajectories)},  # type: ignore[arg-type]
    )
    return file.getvalue()


TABLES: dict[str, Table] = {"csv": as_csv, "json": as_json, "npz": as_npz}
