"""Schedules: warm-ups, options that take schedules, and what is said of wrong ones."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from math import cos, pi
from typing import Any

import numpy as np
import pytest
import yaml

import optanim
from optanim.config.dump import as_yaml
from optanim.config.loader import load_runs
from optanim.config.schedules import schedule_of
from optanim.errors import ConfigError
from optanim.experiment.results import results_of
from optanim.experiment.simulate import simulate
from optanim.experiment.trials import trajectories_of
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Choice
from optanim.schema.notation import value_in_tex
from optanim.schema.option import mark_of
from optanim.schema.types import Scheduled
from optanim.schema.warm_up import WarmUp
from optanim.surfaces import Array
from tests.needs import uses_torch

SCHEDULES, OPTIMIZERS = catalogue("schedules"), catalogue("optimizers")
QUADRATIC = "surface: quadratic\nstart: [-4, 3]\nsteps: 60\n"
CYCLED = "{name: one_cycle, start: 0.95, peak: 0.85, end: 0.95}"
ONE_CYCLE = "{name: one_cycle, peak: 0.2}"


def values(text: str, steps: int = 60) -> list[float]:
    schedule = schedule_of(Choice("schedules", WarmUp).choose(yaml.safe_load(text)), steps)
    return [schedule(t) for t in range(1, steps + 1)]


def ours(optimizer: str, option: str) -> Array:
    text = f"{QUADRATIC}optimizer: {{name: {optimizer}, lr: {ONE_CYCLE}, {option}: {CYCLED}}}\n"
    (trajectory,) = trajectories_of(optanim.loads(text))
    return trajectory.points


CYCLES = [
    # the ends of PyTorch's paths with OneCycleLR, which cycles the momentum or beta1
    (
        "momentum",
        "momentum",
        "SGD",
        {"momentum": 0.9},
        [-0.20947780410750827, -0.05953513350696201],
    ),
    ("adam", "beta1", "Adam", {}, [-0.1838616724827573, -0.16297908684521836]),
    (
        "adamw",
        "beta1",
        "AdamW",
        {"weight_decay": 0.01},
        [-0.14224029836915736, -0.16842171876511441],
    ),
]


@pytest.mark.parametrize(("name", "option", "torch_name", "options", "end"), CYCLES)
def test_the_path_with_a_cycled_momentum_ends_where_it_did(
    name: str, option: str, torch_name: str, options: dict[str, Any], end: list[float]
) -> None:
    assert ours(name, option)[:, -1] == pytest.approx(end, rel=1e-10)


@uses_torch
@pytest.mark.parametrize(("name", "option", "torch_name", "options", "end"), CYCLES)
def test_the_path_with_a_cycled_momentum_is_pytorchs(
    name: str, option: str, torch_name: str, options: dict[str, Any], end: list[float]
) -> None:
    """PyTorch's bias correction is 1 − β₁(t)ᵗ with the β₁ of the update, too."""
    import torch

    w = torch.tensor([-4.0, 3.0], dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, torch_name)([w], lr=0.1, **options)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.2, total_steps=60)
    points = [w.detach().numpy().copy()]
    for _ in range(60):
        optimizer.zero_grad()
        (w[0] ** 2 + 2 * w[1] ** 2).backward()
        optimizer.step()
        scheduler.step()
        points.append(w.detach().numpy().copy())
    theirs = np.stack(points, axis=1)
    assert np.abs(ours(name, option) - theirs).max() <= 1e-12 * np.abs(theirs).max()


SCHEDULED = [
    (name, option.name)
    for name, entry in OPTIMIZERS.items()
    for option in entry.options.values()
    if mark_of(option.type, Scheduled)
]


@pytest.mark.parametrize(("name", "option"), SCHEDULED)
def test_a_schedule_in_place_of_a_number(name: str, option: str) -> None:
    surface = catalogue("surfaces")["quadratic"].function()
    number, seen = 0.07, list[int]()
    made = OPTIMIZERS[name].function
    constant = simulate(surface, partial(made, **{option: number}), [-4, 3], steps=10)
    scheduled = partial(made, **{option: lambda t: seen.append(t) or number})
    assert np.array_equal(constant.points, simulate(surface, scheduled, [-4, 3], steps=10).points)
    assert seen[:10] == [*range(1, 11)]


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("shape", ["linear", "cosine"])
def test_a_warm_up_comes_before_any_schedule(name: str, shape: str) -> None:
    if "warmup" in SCHEDULES[name].options:  # its own, which is a part of its equation
        return
    warmed = values(f"{{name: {name}, warmup: 12, warmup_shape: {shape}}}")
    then = values(name, 48)
    assert warmed[12:] == then
    shares = [t / 13 for t in range(1, 13)]
    shares = [(1 - cos(pi * share)) / 2 for share in shares] if shape == "cosine" else shares
    assert warmed[:12] == pytest.approx([share * then[0] for share in shares], rel=1e-14)
    assert all(one < two for one, two in pairwise(warmed[:13]))
    assert warmed == values(f"{{name: {name}, warmup: 0.2, warmup_shape: {shape}}}")
    assert values(f"{{name: {name}, warmup: 0}}") == values(name)


def test_known_rates() -> None:
    assert values("{name: inverse, start: 1}")[:4] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])
    # the paper's, start · √(W/(t − 1)), from W + 1 on
    paper = [0.3 * (10 / (t - 1)) ** 0.5 for t in range(11, 61)]
    text = "{name: inverse_sqrt, start: 0.3, gamma: 0.1, warmup: 10}"
    assert values(text)[10:] == pytest.approx(paper, rel=1e-14)
    flat = values("{name: wsd, start: 0.2, warmup: 5, decay: 20, end: 0.1, shape: sqrt}")
    assert flat[5:41] == [0.2] * 36 and flat[45] == pytest.approx(0.2 - 0.1 * 0.5)
    down = values("{name: wsd, start: 0.2, warmup: 0, decay: 20, shape: cosine}")
    assert down[0] == 0.2 and down[50] == pytest.approx(0.1)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_short_run_has_rates(name: str, steps: int) -> None:
    assert all(0 <= value <= 0.1 for value in values(name, steps))


def test_a_cycle_rises_to_its_peak_at_the_step_that_it_says() -> None:
    rates = values("{name: one_cycle, peak: 0.3, rise: 20}")
    assert rates.index(max(rates)) == 19 and max(rates) == 0.3
    assert rates[0] == pytest.approx(0.3 / 25) and rates[-1] == pytest.approx(0.3 / 25e4)
    at_once = values("{name: one_cycle, peak: 0.3, rise: 1}")
    assert at_once[0] == 0.3


WRONG = [
    ("lr: {name: cosine, warmup: 60}", "52: error: warmup has 60 steps, and the run has 60"),
    ("lr: {name: cosine, warmup: -3}", "write warmup: 3"),
    ("lr: {name: cosine, warmup: 1.5}", "52: error: optimizer.lr.warmup must be a number of steps"),
    ("lr: {name: cosine, warmup: many}", "share of the run below 1, got 'many'"),
    ("lr: {name: cosine, warmup_shape: linear}", "58: error: warmup_shape is the curve of a war"),
    ("lr: {name: cosine, warmup: 5, warmup_shape: cos}", "69: error: optimizer.lr.warmup_shape mu"),
    ("lr: {name: cosine, growth: 2}", "52: error: growth is the factor from one restart to the n"),
    ("lr: {name: cosine, T_0: 20}", "it is called 'restart' here: write restart: 20"),
    ("lr: {name: cosine, warmup_steps: 5}", "it is called 'warmup' here: write warmup: 5"),
    ("lr: {name: multistep, at: [30, 20]}", "51: error: optimizer.lr.at must go up, got [30, 20]"),
    ("lr: {name: multistep, at: 30}", "write at: [30]"),
    ("lr: {name: multistep, milestones: [9]}", "it is called 'at' here: write at: [9]"),
    ("lr: {name: one_cycle, max_lr: 0.1}", "it is called 'peak' here: write peak: 0.1"),
    ("lr: {name: one_cycle, rise: 70}", "53: error: rise has 70 steps up and the run has 60"),
    (
        "lr: {name: one_cycle, rise: 0.6, three_phases: true}",
        "rise has 36 steps up, and so many do",
    ),
    ("lr: {name: one_cycle, shape: cos}", "did you mean 'cosine'?"),
    ("lr: {name: cyclic, shrink: 0.9}", "52: error: shrink belongs to the shape exp_range"),
    ("lr: {name: cyclic, gamma: 0.9}", "it is called 'shrink' here: write shrink: 0.9"),
    ("lr: {name: wsd, decay: 58}", "48: error: warmup and decay have 6 + 58 steps, and the run h"),
    ("lr: {name: wsd, warmup: 0.9}", "49: error: warmup and decay have 54 + 12 steps"),
    ("lr: {name: polynomial, power: 0}", "55: error: optimizer.lr.power must be greater than 0"),
    ("lr: OneCycleLR", "write lr: one_cycle"),
    ("lr: 0.1, warmup: 9", "{name: adam, lr: {name: constant, start: 0.1, warmup: 9}}"),
    ("lr: {name: step, gamma: [0.1, 0.5]}", "add matrix: {optimizer.lr.gamma: [0.1, 0.5]}"),
    ("beta1: {name: one_cycle, start: 0.5, peak: 1.2}", "32: error: beta1 must be less than 1, an"),
    ("beta1: {name: cosine, restart: 0}", "56: error: optimizer.beta1.restart must be at least 1"),
    ("beta1: auto", "32: error: no schedule is called 'auto'"),
]


@pytest.mark.parametrize(("option", "message"), WRONG, ids=[option for option, _ in WRONG])
def test_a_wrong_schedule_has_one_answer(option: str, message: str) -> None:
    text = f"{QUADRATIC}optimizer: {{name: adam, {option}}}\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text)
    assert len(caught.value.problems) == 1 and message in str(caught.value)
    assert ":4:" in str(caught.value)


def test_a_config_with_all_of_its_values_gives_the_same_rates() -> None:
    for text in (text for text, _, _ in NOTATIONS):
        run = optanim.loads(f"{QUADRATIC}optimizer: {{name: gd, lr: {text}}}\n")
        again = optanim.loads(as_yaml(run))
        assert trajectories_of(again)[0].points.tolist() == trajectories_of(run)[0].points.tolist()


NOTATIONS = [
    ("cosine", r"\mathrm{cosine}(0.1, 0)", "cosine(start=0.1, end=0.0)"),
    ("{name: step, warmup: 5}", r"\mathrm{step}(0.1, \gamma = 0.1, \mathrm{every} = 30, "
     r"\mathrm{warmup} = 5)", "step(warmup=5, start=0.1, gamma=0.1, every=30)"),
    ("{name: one_cycle, start: 0.01, shape: linear}", r"\mathrm{one\_cycle}(0.01, 0.1, "
     r"\mathrm{rise} = 0.3, \mathrm{shape} = \mathrm{linear})",
     "one_cycle(start=0.01, peak=0.1, rise=0.3, shape=linear, three_phases=False)"),
    ("{name: multistep, at: [3, 9]}", r"\mathrm{multistep}(0.1, \gamma = 0.1, \mathrm{at} = "
     r"(3, 9))", "multistep(start=0.1, gamma=0.1, at=(3, 9))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tex", "plain"), NOTATIONS)
def test_a_schedule_in_captions_and_tables(text: str, tex: str, plain: str) -> None:
    run = optanim.loads(f"{QUADRATIC}optimizer: {{name: gd, lr: {text}}}\n")
    assert value_in_tex(run.trials[0].chosen.options["lr"]) == tex
    assert results_of(run, trajectories_of(run))[0].rate == plain


def test_options_of_schedules_are_swept() -> None:
    lr = {"name": "step", "start": 0.1, "every": 20}
    matrix = {"optimizer.lr.gamma": [0.2, 0.5], "optimizer.lr.warmup": [0, 10]}
    config = {"surface": "quadratic", "start": [-4, 3], "optimizer": {"name": "gd", "lr": lr}}
    runs = load_runs({**config, "matrix": matrix})
    chosen = [run.trials[0].chosen.options["lr"] for run in runs]
    assert [(one.options["gamma"], one.beside.warmup) for one in chosen] == [
        (0.2, 0), (0.2, 10), (0.5, 0), (0.5, 10)
    ]  # fmt: skip
