"""`lr: auto`: the rate that a search by brute force finds, and everything that is told of it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.cli.commands.tune import tune
from optanim.cli.terminal import search_line
from optanim.config.dump import as_yaml
from optanim.errors import ConfigError
from optanim.experiment.remarks import remarks_of
from optanim.experiment.results import results_of
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.experiment.tuning import searches_of, tune_rates, with_auto_rates
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.option_grid import derived_values, number_rule
from optanim.schema.rate_grid import RateGrid, Search
from optanim.schema.validation import error_paths
from optanim.surfaces import Array, Surface
from tests.command import optanim_

# Tuning knows no optimizer by name. These differ in what it meets: some diverge, one looks ahead,
# one steps by signs.
OPTIMIZERS = ["gd", "momentum", "nesterov", "adagrad", "adam", "lion"]
SURFACES = {
    "{name: quadratic, b: 20}": ("quadratic", {"b": 20}, [-4.0, 3.0]),
    "rosenbrock": ("rosenbrock", {}, [-1.2, 1.0]),
    "beale": ("beale", {}, [1.0, 1.5]),
}
STEPS = 40
ONE = "surface: {name: quadratic, b: 20}\nstart: [-4, 3]\noptimizer: {name: adam, lr: auto}\n"
RACE = (
    "surface: rosenbrock\nstart: [-1.2, 1]\nsteps: 30\n"
    "optimizers: [{name: gd, lr: auto}, {name: adam, lr: auto}, {name: momentum, lr: 1e-3}]\n"
)
HOPELESS = (
    "surface: quadratic\nstart: [-4, 3]\nsteps: 400\ntuning: {low: 2}\n"
    "optimizers: [{name: gd, lr: auto}, adam]\n"
)


def by_hand() -> list[float]:
    """The grid of the README, written out."""
    digits = ["1.00", "1.33", "1.78", "2.37", "3.16", "4.22", "5.62", "7.50"]
    rates = [float(f"{mantissa}e{power}") for power in range(-5, 1) for mantissa in digits]
    return [*rates, 10.0]


# Above these rates each of them diverges on x² + 20y²: the curvature along y is 40, and μ = 0.9.
BOUNDS = {"gd": 2 / 40, "momentum": 2 * 1.9 / 40, "nesterov": 2 * 1.9 / (1 + 2 * 0.9) / 40}


def brute_force(surface: Surface, name: str, start: list[float]) -> list[float]:
    """The final loss of each rate, without the engine: NaN where it diverges on the way."""
    losses = []
    with np.errstate(all="ignore"):
        for rate in by_hand():
            walk = catalogue("optimizers")[name].function(surface, np.array(start), lr=rate)
            values = np.array([surface.value(w) for w in islice(walk, STEPS)])
            losses.append(values[-1] if np.isfinite(values).all() else np.nan)
    return losses


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_auto_is_what_brute_force_finds(name: str, surface: str) -> None:
    entry, options, start = SURFACES[surface]
    losses = brute_force(catalogue("surfaces")[entry].function(**options), name, start)
    if entry == "quadratic":
        bound = BOUNDS.get(name, np.inf)
        losses = [
            np.nan if rate > bound else loss for rate, loss in zip(by_hand(), losses, strict=True)
        ]
    best = int(np.nanargmin(losses))
    run = optanim.loads(
        f"surface: {surface}\nstart: {start}\nsteps: {STEPS}\noptimizer: {{name: {name}, lr: auto}}"
    )
    (search,) = searches_of(tune_rates(run))
    assert search.rates == tuple(by_hand()) and search.steps == STEPS
    assert search.rate == by_hand()[best] and search.diverged == np.isnan(losses).sum()
    assert search.loss == pytest.approx(losses[best], rel=1e-9)
    assert np.nan_to_num(losses, nan=np.inf) == pytest.approx(search.losses, rel=1e-6)


@pytest.mark.parametrize("name", [*OPTIMIZERS, "sophia"])
def test_auto_is_the_same_number_by_hand(name: str) -> None:
    text = ONE.replace("adam", name) + "noise: 0.5\nseed: 3\n"
    run, (path,) = simulate_run(optanim.loads(text))
    (search,) = searches_of(run)
    other = optanim.loads(text, set=[f"optimizer.lr={search.rate!r}"])
    (hand,) = trajectories_of(other)
    assert np.array_equal(path.points, hand.points) and path.values[-1] == search.loss
    shown, told = compose_scene(run, [path]), compose_scene(other, [hand])
    assert shown.caption[:2] == told.caption[:2] and shown.title == told.title
    assert shown.traces[0].label == told.traces[0].label
    assert alt_text(run, [path]) == alt_text(other, [hand])


def test_every_rate_gets_the_same_noise_batches_and_start() -> None:
    text = (
        "surface: {regression: {points: [[1, 2], [2, 3], [3, 5], [4, 4]], model: w*x + b},"
        " batch_size: 2}\nstart: {w: 0, b: 0}\nnoise: 0.1\nseed: 5\nsteps: 25\n"
        "optimizers: [{name: gd, lr: auto, start: [1, 1]}, {name: gd, lr: auto, surface: {expr:"
        " w**2 + b**4}}]\ntuning: {low: 1e-3, high: 0.1, per_decade: 2}\n"
    )
    for i, search in enumerate(searches_of(tune_rates(optanim.loads(text)))):
        assert search.rates == (0.001, 0.00316, 0.01, 0.0316, 0.1)
        for rate, loss in zip(search.rates, search.losses, strict=True):
            # In a race of its own kind, and once more.
            paths = trajectories_of(optanim.loads(text, set=[f"optimizers[{i}].lr={rate}"]))
            assert paths[i].values[-1] == loss


def test_rates_that_fail_lose_as_if_tried_alone() -> None:
    text = (
        "surface: {expr: sqrt(x) + (x - 2)**4}\nstart: [3]\nsteps: 40\nstop: {loss: 1.5}\n"
        "optimizers: [{name: gd, lr: auto}, {name: gd, lr: auto, surface: {expr: x**4}}]\n"
    )
    ticks = list[tuple[int, int]]()
    searches = searches_of(tune_rates(optanim.loads(text), lambda *tick: ticks.append(tick)))
    kinds = set[str]()
    for i, search in enumerate(searches):
        for rate, loss in zip(search.rates, search.losses, strict=True):
            alone = optanim.loads(text, set=[f"optimizers[{i}].lr={rate}", "stop={}"])
            path = trajectories_of(alone)[i]
            kinds.add(path.status)
            failure = {"diverged": np.inf, "undefined": np.nan}.get(path.status, path.values[-1])
            # Formulas of arrays and of single numbers differ in the last place.
            np.testing.assert_allclose(loss, failure, rtol=1e-12)
    assert kinds == {"finished", "diverged", "undefined"}
    assert ticks[-1] == (98, 98) and ticks == sorted(ticks)


def test_a_tuned_run_stays_and_numbers_stay_and_all_is_found_again() -> None:
    run = tune_rates(optanim.loads(RACE))
    assert tune_rates(run).trials == run.trials
    assert [bool(trial.search) for trial in run.trials] == [True, True, False]
    assert run.trials[2].chosen.options == {"lr": 1e-3}
    assert searches_of(run) == searches_of(tune_rates(optanim.loads(RACE)))


def test_of_equals_the_smaller_rate_wins() -> None:
    (search,) = searches_of(tune_rates(optanim.loads(ONE, set=["start=[0, 0]"])))
    assert (search.rate, search.loss, search.end) == (1e-5, 0.0, "smallest")


def test_what_diverges_never_wins() -> None:
    # Its last finite loss is the lowest of all, just before it is none.
    text = "surface: {expr: x**3}\nstart: [-1]\nsteps: 60\noptimizer: {name: gd, lr: auto}\n"
    run, (path,) = simulate_run(optanim.loads(text))
    (search,) = searches_of(run)
    assert path.status == "finished" and 0 < search.diverged < 49
    worst = trajectories_of(optanim.loads(text, set=["optimizer.lr=10"]))[0]
    assert worst.status == "diverged" and worst.values[-1] < path.values[-1]


def test_the_default_grid_reads_well() -> None:
    assert RateGrid().rates == tuple(by_hand())
    assert RateGrid(low=1e-3, high=0.5, per_decade=1).rates == (0.001, 0.01, 0.1)


@given(
    st.floats(1e-12, 1e6), st.floats(1e-12, 1e6), st.integers(1, 25)
)  # fmt: skip
def test_any_grid_rises_in_equal_ratios(one: float, other: float, per_decade: int) -> None:
    low, high = sorted((one, other))
    try:
        rates = RateGrid(low=low, high=high, per_decade=per_decade).rates
    except ValueError:
        assert high < low * 10 ** (1 / per_decade) * (1 + 1e-6)
        return
    assert rates[0] == pytest.approx(low, rel=0.005) and rates[-1] <= high * 1.005
    assert rates[-1] * 10 ** (1 / per_decade) > high * 0.99
    for rate, following in pairwise(rates):
        assert following / rate == pytest.approx(10 ** (1 / per_decade), rel=0.011)
        assert float(f"{rate:.3g}") == rate


@pytest.mark.parametrize(
    ("tuning", "message"),
    [
        ("{low: 0}", "c.yaml:4:15: error: tuning.low must be at least 1e-12, got 0"),
        ("{high: 1e7}", "c.yaml:4:16: error: tuning.high must be at most 1000000, got 10000000.0"),
        ("{per_decade: 26}", "c.yaml:4:22: error: tuning.per_decade must be at most 25, got 26"),
        ("{per_decade: 0}", "c.yaml:4:22: error: tuning.per_decade must be at least 1, got 0"),
        ("{per_decade: 1.5}", "c.yaml:4:22: error: tuning.per_decade must be a whole number"),
        (
            "{low: 11}",
            "c.yaml:4:9: error: tuning has fewer than two rates: low 11, high 10, per_decade 8",
        ),
        (
            "{low: 9}",
            "c.yaml:4:9: error: tuning has fewer than two rates: low 9, high 10, per_decade 8",
        ),
        ("{hihg: 1}", "c.yaml:4:10: error: unknown key 'hihg'"),
        ("fast", "c.yaml:4:9: error: tuning must be a mapping of its keys, got 'fast'"),
    ],
)
def test_a_wrong_grid_gets_its_message(tuning: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(f"{ONE}tuning: {tuning}\n", source="c.yaml")
    assert message in str(caught.value) and len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        ("Auto", "no schedule is called 'Auto'\n"),
        ("atuo", f"did you mean 'auto'? known: {', '.join(catalogue('schedules'))}, auto"),
        ("{name: auto}", "no schedule is called 'auto'"),
        ("{name: cosine, start: auto}", "start must be a number, got 'auto'"),
        ("[auto]", "lr must be a number, got [auto]"),
    ],
)
def test_what_is_nearly_auto_is_not(rate: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(ONE.replace("auto", rate))
    assert message.replace("[auto]", "['auto']") in str(caught.value)


def test_where_every_rate_diverges_the_error_names_optimizer_grid_and_help(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(HOPELESS)
    said = (
        "c.yaml:5:29: error: Gradient descent diverges at each of 6 rates from 2 to 8.43, "
        "400 steps each\n"
        " 5 | optimizers: [{name: gd, lr: auto}, adam]\n"
        "   |                             ^^^^\n"
        "   = help: write tuning: {low: 0.2}, a nearer start, or fewer steps\n"
    )
    for command in ("check", "render", "tune", "trace"):
        done = optanim_(command, "c.yaml", cwd=tmp_path)
        assert done.returncode == 2 and done.stdout == b"", command
        assert done.stderr.decode().strip() == said.strip()
    assert [path.name for path in tmp_path.iterdir()] == ["c.yaml"]


def test_one_config_without_a_rate_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(HOPELESS)
    (tmp_path / "good.yaml").write_text(ONE + "figure: {size: [200, 150]}\nsteps: 10\n")
    done = optanim_("render", ".", "--frame", "last", cwd=tmp_path)
    assert done.returncode == 1 and b"Gradient descent diverges at each" in done.stderr
    assert b"\n  Adam: lr " in done.stderr and (tmp_path / "output/good.png").exists()


def test_the_caption_tells_the_rate_and_how_it_was_found() -> None:
    def caption(text: str, *more: str) -> tuple[str, ...]:
        return compose_scene(*simulate_run(optanim.loads(text, set=more))).caption

    grid = r"$\mathrm{10^{-5}}$ to $\mathrm{10}$"
    (_, rates, how) = caption(ONE)
    assert r"$\eta = 7.5$" in rates
    assert how == rf"$\eta$ of lowest loss after 100 steps, of 49 from {grid}"
    found = rf"$\eta$ of lowest loss after 30 steps, of 49 from {grid}"
    assert caption(RACE)[-1] == f"{found}: Gradient descent, Adam"
    assert caption(RACE, "optimizers[2].lr=auto")[-1] == f"each {found}"
    assert caption(ONE, "optimizer.lr=1")[-1] == "" != caption(ONE, "optimizer.lr=1")[-2]


def test_the_labels_of_a_race_tell_the_rates() -> None:
    run, paths = simulate_run(optanim.loads(RACE))
    labels = [path.label for path in compose_scene(run, paths).traces]
    rates = [search.rate for search in searches_of(run)]
    assert labels == [
        rf"Gradient descent, $\eta = {rates[0]:g}$",
        rf"Adam, $\eta = {rates[1]:g}$",
        r"Momentum, $\eta = 0.001$",
    ]


def test_what_tells_of_walks_refuses_rates_that_are_not_found() -> None:
    run = optanim.loads(RACE)
    paths = trajectories_of(run)
    for tell in (compose_scene, results_of):
        with pytest.raises(ValueError, match="lr is auto"):
            tell(run, paths)  # type: ignore[operator]


def test_a_line_says_what_was_tried_and_where_the_grid_ends() -> None:
    search = Search(r"Mine, $\mu = 0.9$", 50, (0.1, 1.0, 10.0), (3.0, 2.0, np.inf))
    assert search_line(search) == (
        "Mine, μ = 0.9: lr 1 has the lowest final loss, 2, of 3 rates from 0.1 to 10,"
        " 50 steps each; 1 diverged"
    )
    search = Search("Mine", 50, (0.1, 1.0, 10.0), (3.0, 2.0, 1.0))
    assert search_line(search).endswith(
        "the largest rate of the grid; a better one may lie above tuning.high"
    )
    search = Search("Mine", 50, (0.1, 1.0), (1.0, 1.0))
    assert search_line(search).endswith(
        "the smallest rate of the grid; a better one may lie below tuning.low"
    )


def test_show_prints_auto_and_set_takes_it() -> None:
    run = optanim.loads(ONE.replace("auto", "0.1"), set=["optimizer.lr=auto", "tuning.high=1"])
    text = as_yaml(run)
    assert "lr: auto" in text and "tuning: {low: 1.0e-05, high: 1.0, per_decade: 8}" in text
    assert as_yaml(optanim.loads(text)) == text


def test_the_commands_that_walk_find_the_rate_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(ONE + "figure: {size: [200, 150]}\nsteps: 10\n")
    (search,) = searches_of(tune_rates(optanim.load(tmp_path / "c.yaml")))
    traced = optanim_("trace", "c.yaml", cwd=tmp_path)
    rows = list(csv.DictReader(io.StringIO(traced.stdout.decode())))
    assert float(rows[-1]["loss"]) == search.loss and len(rows) == 11
    embedded = optanim_("embed", "c.yaml", cwd=tmp_path)
    for done in (traced, embedded):
        assert done.returncode == 0 and search_line(search) in done.stderr.decode()
    made = optanim.render(optanim.load(tmp_path / "c.yaml"), output=tmp_path / "c.png", frame=-1)
    assert made.searches == (search,) and made.results[0].rate == search.rate


def test_tune_prints_what_can_be_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.yaml"
    head = "surface: rosenbrock\nstart: [-1.2, 1]\nsteps: 30\n"
    file.write_text(
        f"{head}optimizers: [gd, {{name: momentum, lr: 1e-3, momentum: 0.5, color: '#AA0000'}},"
        " {name: adam, label: 느린 아담, lr: {name: cosine}, start: [0, 0]}]\n"
    )
    tune(str(file))
    said, _ = capsys.readouterr()
    table, budget, lines = said.split("\n\n")
    assert budget == "49 rates from 1e-05 to 10, 30 steps each"
    run, pasted = optanim.load(file), optanim.loads(head + lines)
    searches = searches_of(tune_rates(with_auto_rates(run)))
    for before, after, search in zip(run.trials, pasted.trials, searches, strict=True):
        assert after.chosen.options == {**before.chosen.options, "lr": search.rate}
        assert after.look == before.look
    paths, again = trajectories_of(pasted), trajectories_of(tune_rates(with_auto_rates(run)))
    assert all(np.array_equal(a.points, b.points) for a, b in zip(paths, again, strict=True))
    heads, *rows = (line.split("  ") for line in table.splitlines())
    assert [cell.strip() for cell in heads if cell] == [
        "optimizer", "best lr", "final loss", "config lr", "its loss", "diverged",
    ]  # fmt: skip
    own = trajectories_of(optanim.load(file))
    assert [cell.strip() for cell in rows[1] if cell][3:5] == ["0.001", f"{own[1].values[-1]:.4g}"]
    assert "diverged" in table.splitlines()[1] and "–" in table.splitlines()[3]


def test_tune_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(RACE)
    tune(str(file), set=["tuning={low: 1e-3, high: 1, per_decade: 2}"], json=True)
    rows = json.loads(capsys.readouterr().out)
    tune(str(file), set=["tuning={low: 1e-3, high: 1, per_decade: 2}"], table="csv")
    written = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    tune(str(file), set=["tuning={low: 1e-3, high: 1, per_decade: 2}"], table="markdown")
    assert capsys.readouterr().out.count("\n") == 2 + len(rows) == 5
    for row, cells in zip(rows, written, strict=True):
        tried = {rate: loss for rate, loss in row["tried"] if loss is not None}
        assert row["rate"] == min(tried, key=lambda rate: tried[rate]) == float(cells["rate"])
        assert row["loss"] == tried[row["rate"]] == float(cells["loss"])
        assert row["diverged"] == len(row["tried"]) - len(tried) and row["rates"] == 7
    assert [row["own_rate"] for row in rows] == [None, None, 1e-3]
    (own,) = (path for path in trajectories_of(optanim.load(file)) if path.label == "Momentum")
    assert rows[2]["own_loss"] == own.values[-1] == float(written[2]["own_loss"])
    with pytest.raises(ConfigError, match="cannot be combined with --json"):
        tune(str(file), json=True, table="csv")


def rateless(f: Surface, w: Array) -> Iterator[Array]:
    """Rateless: steps of fixed size."""
    while True:
        w = w - 0.01 * np.sign(f.gradient(w))
        yield w


def test_an_optimizer_without_a_rate_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    point = EntryPoint("rateless", "tests.test_tuning:rateless", "optanim.optimizers")
    monkeypatch.setattr(catalogue("optimizers"), "_points", [point], raising=False)
    file = tmp_path / "c.yaml"
    file.write_text("surface: beale\nstart: [1, 1]\nsteps: 5\noptimizers: [rateless, gd]\n")
    tune(str(file))
    said, noted = capsys.readouterr()
    assert re.search(r"  - \{name: rateless.*\}\n  - \{name: gd, lr: ", said)
    assert noted.startswith("Rateless has no lr, so it is not tuned\n")
    rows = results_of(*simulate_run(optanim.load(file)))
    assert rows[0].rate is None and rows[1].rate == 0.1
    with pytest.raises(ConfigError, match="no optimizer of this config has an lr to tune"):
        tune(str(file), set=["optimizer=rateless"])
    with pytest.raises(ConfigError, match="rateless has no option 'lr'"):
        optanim.load(file, set=["optimizers[0].lr=auto"])


OVER = (
    "surface: {name: quadratic, b: 20}\nstart: [-4, 3]\nsteps: 30\n"
    "optimizers: [{name: gd, lr: auto}, {name: momentum, lr: auto}]\n"
    "tuning: {low: 1e-3, high: 0.1, per_decade: 2, over: {momentum: [0.9, 0, 0.5]}}\n"
)


def test_over_two_options_is_what_all_pairs_find() -> None:
    run, paths = simulate_run(optanim.loads(OVER))
    alone, both = searches_of(run)
    pairs = {
        (rate, momentum): trajectories_of(
            optanim.loads(OVER, set=[f"optimizers[1]={{name: momentum, lr: {rate}, "
                                     f"momentum: {momentum}}}"])
        )[1].values[-1]
        for rate in (0.001, 0.00316, 0.01, 0.0316, 0.1)
        for momentum in (0, 0.5, 0.9)
    }  # fmt: skip
    best = min(pairs, key=lambda pair: pairs[pair])
    assert best[1] != 0.9 and both.best == {"lr": best[0], "momentum": best[1]}
    assert both.losses == tuple(
        np.inf if both.losses[i] == np.inf else loss for i, loss in enumerate(pairs.values())
    )
    assert alone.names == ("lr",) and len(alone.losses) == 5
    assert run.trials[1].chosen.options == both.best
    assert paths[1].values[-1] == both.loss == pairs[best]
    scene = compose_scene(run, paths)
    assert scene.traces[1].label == rf"Momentum, $\eta = {best[0]:g}$, $\mu = {best[1]:g}$"
    assert scene.caption[-1] == (
        r"each $\eta$, $\mu$ of lowest loss after 30 steps, of 5–15 combinations"
    )
    assert search_line(both).startswith(
        f"Momentum: lr {best[0]:g}, momentum {best[1]:g} have the lowest final loss, "
        f"{both.loss:.4g}, of 15 combinations: 5 rates from 0.001 to 0.1; "
        "3 values of momentum from 0 to 0.9, 30 steps each; "
    )


def test_of_seeds_the_median_counts_and_none_may_diverge() -> None:
    text = OVER + "noise: 1\nseed: 3\n"
    run = tune_rates(optanim.loads(text, set=["tuning.seeds=3", "tuning.over="]))
    search = searches_of(run)[0]
    for rate, loss in zip(search.rates, search.losses, strict=True):
        paths = [
            trajectories_of(optanim.loads(text, set=[f"optimizers[0].lr={rate}", f"seed={seed}"]))
            for seed in (3, 4, 5)
        ]
        ends = [path[0].values[-1] for path in paths]
        failed = any(path[0].status == "diverged" for path in paths)
        assert loss == (np.inf if failed else sorted(ends)[1])
    assert search.budget == "5 rates from 0.001 to 0.1, 30 steps each, 3 seeds each"
    assert "has the lowest median of the final losses" in search_line(search)
    scene = compose_scene(run, trajectories_of(run))
    assert scene.caption[-1].endswith(", median of 3 seeds")


def test_options_that_are_set_or_lacking_are_left_out_and_tune_tunes_them(tmp_path: Path) -> None:
    text = OVER.replace("lr: auto}]", "lr: auto, momentum: 0.7}]")
    run = tune_rates(optanim.loads(text))
    assert [search.names for search in searches_of(run)] == [("lr",), ("lr",)]
    assert run.trials[1].chosen.options["momentum"] == 0.7
    (tmp_path / "c.yaml").write_text(text)
    done = optanim_("tune", "c.yaml", cwd=tmp_path)
    table, budget, lines = done.stdout.decode().split("\n\n")
    assert "options" in table.splitlines()[0] and budget.startswith("Gradient descent: 5 rates")
    pasted = optanim.loads(text.split("optimizers")[0] + lines).trials[1].chosen.options
    assert pasted == searches_of(tune_rates(optanim.loads(OVER)))[1].best


def test_over_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.yaml").write_text(OVER)
    tune(str(tmp_path / "c.yaml"), json=True)
    gd, momentum = json.loads(capsys.readouterr().out)
    assert gd["over"] == ["lr"] and len(gd["tried"]) == 5 == gd["combinations"]
    assert momentum["over"] == ["lr", "momentum"] and len(momentum["tried"]) == 15
    assert [momentum["rate"], *momentum["options"].values(), momentum["loss"]] in momentum["tried"]
    tune(str(tmp_path / "c.yaml"), table="csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["options"] for row in rows] == ["", f"momentum={momentum['options']['momentum']}"]
    assert [row["combinations"] for row in rows] == ["5", "15"]


@pytest.mark.parametrize(
    ("name", "option", "values"),
    [
        ("momentum", "momentum", (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)),
        ("adamw", "weight_decay", (0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0)),
        ("gd", "weight_decay", (0.0, 1e-4, 1e-3, 1e-2, 0.1)),
        ("lookahead", "k", (1, 2, 5, 10, 20)),
        ("rprop", "grow", (1.002, 1.02, 1.2, 3.0, 21.0)),
        ("differential_evolution", "mutation", (0.0, 0.5, 0.7, 1.0, 1.5, 2.0)),
    ],
)
def test_a_grid_follows_from_the_type(name: str, option: str, values: tuple[float, ...]) -> None:
    assert derived_values(catalogue("optimizers")[name].options[option]) == values


def test_a_grid_that_follows_has_the_default_and_only_allowed_values() -> None:
    for entry in catalogue("optimizers").values():
        for option in entry.options.values():
            values = derived_values(option)
            assert list(values) == sorted({*values})
            assert not values or option.default in values, (entry.name, option.name)
            for value in values:
                number = int(value) if number_rule(option).whole else value  # type: ignore[union-attr]
                assert not error_paths(entry.function, (), option.name, number)


def test_whole_numbers_are_tuned_as_whole_numbers() -> None:
    text = (
        "surface: rosenbrock\nstart: [-1.2, 1]\nsteps: 20\noptimizer: {name: lbfgs, lr: auto}\n"
        "tuning: {over: {lr: [0.1, 1], history: [3, 1]}}\n"
    )
    run = tune_rates(optanim.loads(text))
    (search,) = searches_of(run)
    assert [*search.combinations[1].values()] == [0.1, 3]
    assert type(run.trials[0].chosen.options["history"]) is int
    for values, loss in zip(search.combinations, search.losses, strict=True):
        one = optanim.loads(text, set=[f"optimizer.{k}={v}" for k, v in values.items()])
        assert trajectories_of(one)[0].values[-1] == loss
    assert "2 rates from 0.1 to 1; 2 values of history from 1 to 3" in search.budget


@pytest.mark.parametrize(
    ("tuning", "message"),
    [
        ("{over: [momentun]}", "4:17: error: no optimizer has an option 'momentun'"),
        ("{over: {momentun: auto}}", "did you mean 'momentum'?"),
        ("{over: [amsgrad]}", "4:17: error: amsgrad of adam is no number: true or false"),
        ("{over: [lr, lr]}", "4:16: error: tuning.over has 'lr' twice"),
        ("{over: []}", "4:16: error: tuning.over must have at least 1 item"),
        ("{over: momentum}", "write over: [momentum]"),
        ("{over: 3}", "4:16: error: tuning.over must be a list of options, or values by option"),
        ("{over: {momentum: [0, 1]}}", "4:31: error: momentum of momentum must be less than 1"),
        ("{over: {momentum: [0, x]}}", "4:31: error: tuning.over.momentum[1] must be a number"),
        ("{over: {momentum: 0.9}}", "tuning.over.momentum must be a list of numbers, or auto"),
        ("{over: {momentum: []}}", "tuning.over.momentum must have at least 1 item"),
        ("{over: {momentum: [0, 0]}}", "tuning.over.momentum has 0 twice"),
        ("{over: {lr: [0, 1]}}", "4:22: error: lr of momentum must be greater than 0"),
        ("{over: {lr: [1]}, low: 1}", "tuning has the rates in over, and low beside it"),
        ("{over: [target]}", "the values of target do not follow from its type"),
        ("{over: {k: [1.5]}}", "4:21: error: k of lookahead must be a whole number"),
        ("{seeds: 0}", "4:17: error: tuning.seeds must be at least 1"),
        (
            "{per_decade: 25, over: [momentum, dampening], seeds: 2}",
            "4:9: error: tuning tries 151 rates × 7 values of momentum × 7 values of dampening"
            " × 2 seeds of momentum, 14,798 in all; the limit is 10,000",
        ),
    ],
)
def test_what_cannot_be_tuned_gets_its_message(tuning: str, message: str) -> None:
    text = "surface: beale\nstart: [1, 1]\noptimizer: {name: momentum, lr: auto}\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(f"{text}tuning: {tuning}\n", source="c.yaml")
    assert message in str(caught.value), str(caught.value)


def test_options_of_no_optimizer_of_the_run_are_remarked() -> None:
    text = OVER.replace("momentum: [", "beta1: [")
    run, paths = simulate_run(optanim.loads(text))
    (remark,) = (line for line in remarks_of(run, paths) if "tuning" in line)
    assert remark.startswith("tuning.over names beta1, but no optimizer was tuned over it")
    shown = as_yaml(optanim.loads(OVER, set=["tuning.seeds=2"]))
    assert "  over:\n    momentum: [0.9, 0, 0.5]\n  seeds: 2\n" in shown
    assert as_yaml(optanim.loads(shown)) == shown
