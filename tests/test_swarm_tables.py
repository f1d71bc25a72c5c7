"""Tables and arrays of swarms: quantiles and counts, measured again from each trajectory."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.cli.tables import results_as_json, rows_as_csv, rows_as_markdown
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.results import SwarmResult, results_of
from optanim.experiment.simulate import Trajectory, simulate
from optanim.experiment.trials import simulate_run, trajectories_of
from tests.command import optanim_
from tests.needs import uses_posix

SWARM = (
    "surface: himmelblau\nstart: {grid: [6, 5]}\nsteps: 150\n"
    "figure: {size: [320, 240], legend: none}\n"
    "optimizers: [{name: gd, lr: 0.035}, {name: adam, lr: 0.3}]\n"
)


def alone(run: optanim.Run, i: int) -> list[Trajectory]:
    trial = run.trials[i]
    assert trial.starts
    return [
        simulate(trial.surface, trial.optimizer, list(start), steps=trial.steps)
        for start in trial.starts
    ]


def test_a_row_has_the_spread_of_the_starts() -> None:
    run, trajectories = simulate_run(optanim.loads(SWARM))
    rows = results_of(run, trajectories)
    seen = set[str]()
    for i, row in enumerate(rows):
        assert isinstance(row, SwarmResult) and row.starts == 30
        paths = alone(run, i)
        outcomes = [measure_outcome(path, run.surface) for path in paths]
        losses = sorted(p.values[-1] if p.status == "finished" else np.inf for p in paths)
        assert (row.loss_low, row.loss, row.loss_high) == (losses[2], losses[14], losses[27])
        steps = sorted(o.since for o in outcomes if o.status == "arrived")  # type: ignore[type-var]
        last, within = len(steps) - 1, (row.within_low, row.within, row.within_high)
        assert row.arrived == len(steps) / 30
        if steps:
            assert within == (steps[last // 10], steps[last // 2], steps[-(-9 * last // 10)])
        else:
            assert within == (None, None, None)
        seen |= {outcome.status for outcome in outcomes}
    assert {"arrived", "diverged"} <= seen


def test_tables_of_swarms_and_of_others_have_the_columns_of_both() -> None:
    one = optanim.loads("surface: beale\nstart: [1, 1]\nsteps: 5\noptimizer: gd\n")
    swarm = optanim.loads(SWARM)
    rows = [*results_of(*simulate_run(one)), *results_of(*simulate_run(swarm))]
    (first, second, _) = csv.DictReader(io.StringIO(rows_as_csv(rows)))
    assert (first["starts"], second["starts"], second["evaluations"]) == ("", "30", "")
    assert float(second["loss_low"]) == rows[1].loss_low  # type: ignore[attr-defined]
    assert rows_as_markdown(rows).splitlines()[0].endswith("| within_low | within_high |")
    assert "starts" not in rows_as_csv(rows[:1])


def test_json_has_the_spread_and_no_number_that_json_lacks(tmp_path: Path) -> None:
    made = optanim.render(optanim.loads(SWARM), output=tmp_path / "a.png", frame=-1)
    (figure,) = json.loads(results_as_json([made]))
    gd, adam = figure["optimizers"]
    assert gd["starts"] == adam["starts"] == 30 and 0 < adam["arrived"] <= 1
    assert gd["loss_high"] is None  # more than a tenth diverge
    assert gd["loss_low"] == made.results[0].loss_low  # type: ignore[attr-defined]


def test_trace_writes_the_arrays_of_all_starts(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(SWARM)
    done = optanim_("trace", "c.yaml", "-o", "a.npz", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    run = optanim.loads(SWARM)
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["label"].tolist() == [path.label for path in trajectories_of(run)]
        assert arrays["minima"].tolist() == [list(minimum) for minimum in run.surface.minima]
        for i in range(2):
            assert arrays[f"points_{i}"].shape == (2, 151, 30)
            for r, path in enumerate(alone(run, i)):
                points = arrays[f"points_{i}"][:, : path.steps + 1, r]
                assert arrays[f"steps_{i}"][r] == path.steps
                assert np.array_equal(points, path.points)
                assert np.isnan(arrays[f"loss_{i}"][path.steps + 1 :, r]).all()
                outcome = measure_outcome(path, run.surface)
                minimum = arrays[f"minimum_{i}"][r]
                assert (arrays[f"outcome_{i}"][r] == "arrived") == (outcome.status == "arrived")
                assert (minimum >= 0) == (outcome.status == "arrived")
                if minimum >= 0:
                    assert tuple(arrays["minima"][minimum]) == outcome.minimum
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.npz", "c.yaml"]


@pytest.mark.parametrize("more", [(), ("-o", "a.csv"), ("-o", "a.json")])
def test_a_swarm_is_too_long_for_a_table(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "c.yaml").write_text(SWARM)
    done = optanim_("trace", "c.yaml", *more, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"a swarm has a trajectory from each start, too many for a table" in done.stderr
    assert b"-o trace.npz" in done.stderr and len([*tmp_path.iterdir()]) == 1


@uses_posix
def test_trace_does_not_follow_a_link_to_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(SWARM)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "l.npz").symlink_to("notes.txt")
    done = optanim_("trace", "c.yaml", "-o", "l.npz", cwd=tmp_path)
    assert done.returncode == 2 and b"notes.txt, which is no .npz file" in done.stderr
    assert (tmp_path / "notes.txt").read_text() == "mine"
    (tmp_path / "l.npz").unlink()
    (tmp_path / "l.npz").symlink_to("other.npz")
    assert optanim_("trace", "c.yaml", "-o", "l.npz", cwd=tmp_path).returncode == 0
    assert (tmp_path / "l.npz").is_symlink() and (tmp_path / "other.npz").is_file()
