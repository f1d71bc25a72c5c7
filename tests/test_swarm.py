"""A swarm: many starts of each optimizer, the dots that they are, and what is counted of them."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import optanim
from optanim.config.dump import as_yaml
from optanim.config.loader import load_values
from optanim.config.run import Run
from optanim.config.swarm import swarm_panels
from optanim.errors import ConfigError
from optanim.experiment.outcome import measure_outcome
from optanim.experiment.simulate import simulate
from optanim.experiment.swarm import SwarmTrajectory
from optanim.experiment.trials import simulate_run
from optanim.optimizers.gd import gd
from optanim.surfaces.himmelblau import himmelblau
from optanim.surfaces.parabola import parabola
from tests.pages import ROOT

CONFIG: dict[str, Any] = {
    "surface": "himmelblau",
    "start": {"grid": [4, 3]},
    "optimizer": {"name": "adam", "lr": 0.3},
    "steps": 12,
}


def run_of(**keys: Any) -> Run:
    return load_values({**CONFIG, **keys}, {})


def starts_of(**keys: Any) -> np.ndarray:
    return np.array(run_of(**keys).trials[0].starts).T


def swarm_of(**keys: Any) -> SwarmTrajectory:
    (trajectory,) = simulate_run(run_of(**keys))[1]
    assert isinstance(trajectory, SwarmTrajectory)
    return trajectory


def test_a_grid_has_a_start_in_the_middle_of_each_cell_of_the_domain() -> None:
    x, y = starts_of(start={"grid": [4, 2]})  # the domain of himmelblau is ±5 × ±5
    assert x.tolist() == [-3.75, -1.25, 1.25, 3.75] * 2
    assert y.tolist() == [-2.5] * 4 + [2.5] * 4


def test_the_ranges_of_the_view_are_covered_if_they_are_set() -> None:
    x, y = starts_of(start={"grid": [2, 2]}, view={"x": [0, 4]})
    assert x.tolist() == [1, 3, 1, 3]
    assert y.tolist() == [-2.5, -2.5, 2.5, 2.5]
    x, y = starts_of(start={"random": 300}, view={"x": [0, 4], "y": [1, 2]})
    assert ((x > 0) & (x < 4) & (y > 1) & (y < 2)).all()


def test_a_circle_has_its_starts_at_equal_distances_around_its_center() -> None:
    points = starts_of(start={"circle": 8, "radius": 2, "center": {"x": 1, "y": -1}})
    offsets = points - [[1], [-1]]
    assert np.hypot(*offsets) == pytest.approx(2)
    gaps = np.hypot(*(points - np.roll(points, 1, axis=1)))
    assert gaps == pytest.approx(2 * 2 * np.sin(np.pi / 8))
    assert starts_of(start={"circle": 8, "radius": 2}).mean(axis=1) == pytest.approx(0, abs=1e-12)


def test_random_starts_follow_from_the_seed_and_are_the_same_in_every_numpy() -> None:
    few, more = starts_of(start={"random": 5}, seed=7), starts_of(start={"random": 9}, seed=7)
    shares = (few.T / 10 + 0.5).ravel()[:4]
    assert shares.tolist() == pytest.approx(
        [0.9770716452238201, 0.2604433886759464, 0.7565007906444766, 0.45575575865025375]
    )
    assert (more[:, :5] == few).all()
    assert (starts_of(start={"random": 5}, seed=8) != few).all()


def test_a_surface_of_one_parameter_has_swarms_too() -> None:
    run = run_of(surface="parabola", start={"grid": [4]}, optimizer="gd")
    assert run.trials[0].starts == ((-8.25,), (-2.75,), (2.75,), (8.25,))


def test_one_number_is_the_grid_of_a_surface_of_one_parameter() -> None:
    x = starts_of(surface={"expr": "x**2", "domain": [-2, 2]}, start={"grid": 4}, optimizer="gd")
    assert x.tolist() == [[-1.5, -0.5, 0.5, 1.5]]


def test_there_is_no_start_where_the_surface_has_no_value() -> None:
    surface = {"expr": "log(x) + y**2", "domain": [[-2, 2], [-2, 2]]}
    run = run_of(surface=surface, start={"grid": [4, 2]}, optimizer="gd")
    assert sorted({x for x, _ in run.trials[0].starts or ()}) == [0.5, 1.5]
    message = "no finite value and gradient at any start"
    with pytest.raises(ConfigError, match=message):
        run_of(surface=surface, start={"circle": 8, "radius": 0.1, "center": [-1, 0]})


def test_all_values_of_a_swarm_are_written_and_read_again() -> None:
    for start in ({"grid": [4, 3]}, {"random": 5},
                  {"circle": 7, "radius": 2.5, "center": [1.0, 2.0]}):  # fmt: skip
        run = run_of(start=start)
        data = yaml.safe_load(as_yaml(run))
        assert data["optimizers"][0]["start"] == start
        assert load_values(data, {}).trials[0].starts == run.trials[0].starts


def test_a_swarm_replaces_the_start_of_a_base(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    own = tmp_path / "own.yaml"
    for start, over, count in (
        ("{grid: [4, 3]}", "{random: 5}", 5),
        ("{x: 1, y: 2}", "{random: 5}", 5),
        ("{circle: 6, radius: 2}", "{circle: 8}", 8),
        ("{grid: [4, 3]}", "{x: 1, y: 2}", None),
    ):
        base.write_text(f"{{surface: booth, start: {start}, optimizer: gd}}")
        own.write_text(f"{{extends: base.yaml, start: {over}}}")
        starts = optanim.load(own).trials[0].starts
        assert (starts and len(starts)) == count, over


def test_the_page_names_the_panels_of_swarms() -> None:
    page = (ROOT / "docs" / "swarms.md").read_text("utf-8")
    (sentence,) = re.findall(r"The panels [^.]*show swarms\. The panel `\w+`", page)
    names = {name for surface in (himmelblau(), parabola()) for name in swarm_panels(surface)}
    assert {*re.findall(r"`(\w+)`", sentence)} == names


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"start": {"gird": [4, 3]}}, "did you mean 'grid'"),
        ({"start": {"grid": [4]}}, "grid has 1 number, the surface has the axes x, y"),
        ({"start": {"grid": 4}}, r"for each axis: grid: \[4, 4\]"),
        ({"start": {"grid": 20_000}}, "at most 10000"),
        ({"start": {"grid": [200, 200]}}, "2 to 10,000 starts, the grid has 40,000"),
        ({"start": {"grid": [4, 3], "random": 5}}, "has grid and random"),
        ({"start": {"circle": 9}}, "a circle without a radius"),
        ({"start": {"random": 9, "radius": 2}}, "has radius, and no circle"),
        ({"start": {"circle": 9, "radius": 0}}, "must be greater than 0"),
        ({"start": {"circle": 9, "radius": 1, "center": [1]}}, "center has 1 number"),
        ({"start": {"random": 20_000}}, "at most 10000"),
        ({"start": {"random": 1000}, "steps": 20_000}, "at most 10,000,000 steps"),
        ({"start": [{"random": 5}, [1, 1]]}, "no list of swarms"),
        ({"surface": "parabola", "start": {"circle": 9, "radius": 1}}, "two parameters"),
        ({"optimizer": None, "optimizers": ["gd", {"name": "adam", "start": [1, 1]}]},
         "all optimizers of a picture start as swarms, or none"),
        ({"claims": [{"arrives": "adam", "within": 0.1}]}, "arrives is about one start"),
        ({"panels": ["contour", "rates"]}, "rates shows one start"),
        ({"panels": ["rates"]}, "of a swarm: basins, contour, loss, map, schedule, surface3d"),
        ({"claims": [{"share": "momentum", "arrives": 90}]}, "write arrives: 0.9"),
        ({"view": {"zoom": {"at": [1, 1]}}}, r"'to' here: write to: \[1, 1\]"),
        ({"view": {"arrows": ["step"]}}, "arrows of a swarm"),
        ({"view": {"notes": [{"text": "a", "step": 3}]}}, "a note at a step"),
        ({"view": {"against": "evaluations"}}, "counted in updates"),
        ({"figure": {"legend": "end"}}, "counts the starts that reach each place"),
        ({"start": [1, 1], "view": {"color": "loss"}}, "is about the dots of a swarm"),
        ({"matrix": {"optimizer.lr": [0.1, 0.2]}, "layout": "overlay"}, "a swarm has many"),
        ({"matrix": {"start": [{"random": 5}, [1, 1]]}, "layout": "grid"}, "or none"),
        ({"matrix": {"seed": [1, 2]}, "layout": "grid", "start": {"random": 10_000},
          "steps": 600}, "at most 10,000,000 steps in all"),
    ],
)  # fmt: skip
def test_what_a_swarm_cannot_be_is_said(keys: dict[str, Any], message: str) -> None:
    config = {key: value for key, value in {**CONFIG, **keys}.items() if value is not None}
    with pytest.raises(ConfigError, match=message):
        load_values(config, {})


def test_each_start_has_the_trajectory_that_it_has_alone_and_a_seed_of_its_own() -> None:
    run = run_of(noise=0.5, seed=3)
    trial = run.trials[0]
    swarm = swarm_of(noise=0.5, seed=3)
    for r in (0, 5, 11):
        alone = simulate(trial.surface, trial.optimizer, list(trial.starts[r]), steps=12,
                         noise=0.5, seed=3 + r)  # fmt: skip
        assert swarm.members[r].points == pytest.approx(alone.points)
        outcome = measure_outcome(alone, trial.surface)
        assert swarm.outcomes.status[r] in (outcome.status, "moving")


def test_the_one_of_the_median_loss_stands_for_all() -> None:
    swarm = swarm_of(optimizer={"name": "gd", "lr": 0.04})  # some of them diverge
    losses = np.where(swarm.members.status == "finished", swarm.members.end_values, np.inf)
    assert np.isinf(losses).any()
    assert np.count_nonzero(losses <= swarm.values[-1]) == 6  # of twelve
    assert (np.isinf(swarm.losses[-1]) == np.isinf(losses)).all()
    finite = np.isfinite(losses)
    assert (swarm.losses[-1][finite] == losses[finite]).all()


def test_a_rate_is_tuned_for_the_median_of_the_starts() -> None:
    run = run_of(optimizer={"name": "gd", "lr": "auto"}, tuning={"low": 1e-3, "per_decade": 2})
    tuned, _ = simulate_run(run)
    search = tuned.trials[0].search
    assert search is not None and search.rate is not None
    for rate, loss in zip(search.rates, search.losses, strict=True):
        ends = [
            simulate(run.surface, partial(gd, lr=rate), list(start), steps=12)
            for start in run.trials[0].starts or ()
        ]
        losses = sorted(t.values[-1] if t.status == "finished" else np.inf for t in ends)
        assert loss == pytest.approx(losses[5])
