"""Sweeps in one picture: colors, dashes, bars, heads; what is drawn says which value it is."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise, product
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

import optanim
from optanim.cli.tables import trajectories_as_csv
from optanim.config.sweep import DASHES, SweptKey
from optanim.drawing.colorbar import bar_ticks
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.painter import Painter
from optanim.drawing.trail import Trail, thinned_points
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.pipeline.render import render
from optanim.scene.alt_text import alt_text
from optanim.scene.color_scale import SHADE_COUNT, ramp_colors, scale_of, value_colors
from optanim.scene.compose import compose_scene
from optanim.scene.layout import Margins, place_panels
from optanim.scene.line_style import line_style
from optanim.scene.scene import MARKERS
from optanim.schema.catalogue import catalogue
from optanim.schema.notation import value_label
from tests.command import optanim_
from tests.painters import headless
from tests.test_layout import faults
from tests.test_themes import THEMES, apart, bands, rgb, seen, themes

BASE = "surface: {name: quadratic, b: 5}\nstart: [-4, 3]\nsteps: 30\n"
ADAM = BASE + "optimizer: {name: momentum, lr: 0.01}\n"


def logs(count: int) -> list[float]:
    return [float(f"{10 ** (-3 + 2 * i / (count - 1)):.5g}") for i in range(count)]


CONFIGS = {
    "three": ADAM + "layout: overlay\nmatrix: {optimizer.lr: [1e-3, 1e-2, 1e-1]}\n",
    "seven, two keys": ADAM
    + f"layout: overlay\nmatrix: {{optimizer.lr: {logs(7)}, optimizer.momentum: [0, 0.5, 0.9]}}\n",
    "forty": ADAM
    + f"layout: overlay\npanels: [contour, loss]\nmatrix: {{optimizer.lr: {logs(40)}}}\n",
    "names": ADAM
    + "layout: overlay\nmatrix: {optimizer.name: [gd, momentum], optimizer.lr: [0.1]}\n",
    "starts": ADAM + "layout: overlay\nmatrix: {start: [[1, 2], [-3, 3], [4, -1]]}\n",
    "seeds": ADAM + "noise: 2\nlayout: overlay\n"
    + f"matrix: {{optimizer.lr: [0.01, 0.1], seed: {list(range(12))}}}\n",
    "diverges": BASE.replace("30", "400") + "layout: overlay\npanels: [contour, loss, rates]\n"
    "optimizer: gd\nmatrix: {optimizer.lr: [0.01, 0.1, 1, 2]}\n",
    "curve": "surface: wave\nstart: [9]\noptimizer: gd\nsteps: 20\npanels: [curve, loss]\n"
    "layout: overlay\nmatrix: {optimizer.lr: [0.5, 1, 2, 3]}\ntitle: '경사하강법의 학습률'\n",
    "grid": ADAM
    + "layout: grid\nmatrix: {optimizer.lr: [1e-3, 1e-2], optimizer.momentum: [0, 0.5, 0.9]}\n",
    "grid of one key": ADAM
    + f"layout: grid\npanels: [loss]\nmatrix: {{optimizer.lr: {logs(6)}}}\n",
    "grid of surfaces": ADAM + "layout: grid\nmatrix: {surface.b: [1, 5, 20]}\n",
    "grid of unlike surfaces": ADAM
    + "layout: grid\nmatrix: {surface: [quadratic, beale], seed: [1, 2]}\n",
}  # fmt: skip
SMALL = "[320, 240]"


@cache
def painted(name: str, more: str = "") -> Painter:
    run = optanim.loads(CONFIGS[name] + more)
    return headless(compose_scene(run, trajectories_of(run)))


def trails(made: Painter, axes: int = 0) -> list[Trail]:
    box = made.axes[axes].bbox.bounds
    return [m for m in made._marks if isinstance(m, Trail) and m.clip.bounds == box]


def blocks(made: Painter) -> list[Rectangle]:
    return [a for a in made.axes[0].figure.artists if isinstance(a, Rectangle)]


def said(made: Painter) -> list[str]:
    figure = made.axes[0].figure
    return [a.get_text() for a in figure.texts + figure.artists if isinstance(a, Text)]


def test_one_run_with_the_walks_of_all() -> None:
    run = optanim.loads(CONFIGS["seven, two keys"])
    made = list(product(logs(7), [0.0, 0.5, 0.9]))
    assert [(r.chosen.options["lr"], r.chosen.options["momentum"]) for r in run.trials] == made
    assert run.trials[1].label == "lr=0.001, momentum=0.5"
    rows = trajectories_as_csv(run.surface, trajectories_of(run)).decode().splitlines()
    assert rows[1].startswith('"lr=0.001, momentum=0",0,') and len(rows) == 1 + 21 * 31


def test_walks_have_steps_seeds_and_starts_of_their_own() -> None:
    text = ADAM + "noise: 1\nlayout: overlay\n"
    run = optanim.loads(text + "matrix: {steps: [3, 5], seed: [1, 2], noise: [0, 1]}\n")
    for path, (steps, seed, noise) in zip(
        trajectories_of(run), product([3, 5], [1, 2], [0, 1]), strict=True
    ):
        alone = optanim.loads(ADAM, set=[f"steps={steps}", f"seed={seed}", f"noise={noise}"])
        assert np.array_equal(path.points, trajectories_of(alone)[0].points)


@pytest.mark.parametrize("name", ["three", "seven, two keys", "forty", "seeds"])
def test_the_color_of_a_trail_is_that_of_its_value_on_the_bar(name: str) -> None:
    made = painted(name)
    key = made.scene.sweep.keys[0]
    low, high = min(key.numbers), max(key.numbers)
    bar = blocks(made)
    assert len(bar) == SHADE_COUNT
    bottom = min(block.get_y() for block in bar)
    whole = max(block.get_y() + block.get_height() for block in bar) - bottom
    # Means are after the trials.
    for trail, path, places in zip(
        trails(made), made.scene.traces, made.scene.sweep.places, strict=name != "seeds"
    ):
        assert np.allclose(trail.color[:3], rgb([path.color])[0])
        at = log(key.numbers[places[0]] / low) / log(high / low)
        (block,) = [b for b in bar if np.allclose(b.get_facecolor()[:3], trail.color[:3])]
        # What is higher of it is under the next one.
        middle = (block.get_y() - bottom) / whole + 0.5 / SHADE_COUNT
        assert middle == pytest.approx(at, abs=1.01 / SHADE_COUNT)


def test_the_numbers_of_the_bar_stand_at_their_values() -> None:
    made = painted("three")
    figure, bar = made.axes[0].figure, blocks(made)
    bottom = min(b.get_y() for b in bar)
    whole = max(b.get_y() + b.get_height() for b in bar) - bottom
    marks = [a for a in figure.artists if isinstance(a, Line2D)]
    places = sorted(float(a.get_ydata()[0] - bottom) / whole for a in marks)
    assert places == pytest.approx([0, 0.5, 1], abs=1 / SHADE_COUNT)
    assert r"$\eta$" in said(made) and {"0.001", "0.01", "0.1"} <= set(said(made))
    texts = {a.get_text(): a.get_window_extent(made._renderer) for a in figure.artists
             if isinstance(a, Text)}  # fmt: skip
    middle = texts["0.01"].y0 + texts["0.01"].height / 2
    assert middle == pytest.approx(bottom + whole / 2, abs=3)


def test_dashes_tell_a_second_key_and_what_is_not_told_is_said() -> None:
    made = painted("seven, two keys")
    for trail, places in zip(trails(made), made.scene.sweep.places, strict=True):
        assert trail.pen.dash == DASHES[places[1]] and not trail.pen.dots
    assert {r"$\mu$", "0", "0.5", "0.9"} <= set(said(made))
    made = painted("seeds")
    assert {trail.pen.dash for trail in trails(made)} == {None}
    assert "mean of 12 seeds" in said(made)


def test_names_have_patches_in_the_colors_of_a_race() -> None:
    made = painted("names")
    names = blocks(made)
    theme = made.scene.theme
    assert np.allclose([b.get_facecolor()[:3] for b in names], rgb(theme.paths[:2]))
    assert names[0].get_y() > names[1].get_y()
    assert {"Gradient descent", "Momentum", r"$\mathrm{optimizer}$"} <= set(said(made))


def test_those_that_diverge_are_counted_as_they_do() -> None:
    made = painted("diverges")
    paths = [path.trajectory for path in made.scene.traces]
    ends = sorted(p.steps for p in paths if p.status == "diverged")
    assert len(ends) == 2
    counts = [m for m in made._marks if isinstance(m, LiveNumber) and "step" not in m.text(0)]
    at = (0, ends[0] - 1, ends[0], ends[1], made.scene.steps)
    assert [counts[0].text(k) for k in at] == ["", "", "1 of 4", "2 of 4", "2 of 4"]
    assert [counts[1].text(k) for k in at] == ["", "", *["diverged"] * 3]
    # The losses that lead nowhere do not press the others flat.
    low, high = np.log10(made.axes[1].get_ylim())
    others = np.concatenate([path.values for path in paths if path.status == "finished"])
    assert np.log10(others.max()) - low > 0.55 * (high - low)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        *((name, SMALL) for name in CONFIGS),
        # In their own size, which other tests look at, too.
        *((name, "") for name in ("three", "seven, two keys", "names", "forty", "seeds", "grid")),
    ],
)
def test_nothing_is_cut_and_nothing_collides(name: str, size: str) -> None:
    if name == "diverges" and size == "[320, 240]":
        size = "[480, 240]"
    found = faults(painted(name, *([f"figure: {{size: {size}}}\n"] if size else [])))
    assert [fault for fault in found if " sign on " not in fault] == []


def test_many_are_finer_than_few_and_have_no_markers() -> None:
    pens = [line_style(count) for count in (1, 8, 24, 120, 1000)]
    for fewer, more in pairwise(pens):
        assert fewer.width >= more.width and fewer.alpha >= more.alpha and fewer.head >= more.head
    assert [p.dots for p in pens] == [True, True, False, False, False]
    assert line_style(10_000).alpha >= 0.3
    assert {m.pen for m in trails(painted("forty"))} == {line_style(40)}


def test_a_fine_line_leaves_out_only_what_nobody_sees() -> None:
    way = np.cumsum(np.random.default_rng(0).normal(0, 0.2, (500, 2)), axis=0)
    codes = np.full(500, 2, np.uint8)
    codes[0] = codes[250] = 1
    kept = thinned_points(way, codes)
    assert len(kept) < 400 and {0, 250} <= set(kept.tolist())
    nearest = np.abs(way[:, None] - way[kept]).max(axis=2).min(axis=1)
    assert nearest.max() <= 0.5
    last = np.searchsorted(kept, np.arange(500), side="right") - 1
    assert np.abs(way - way[kept[last]]).max() <= 0.5


def test_a_picture_follows_from_its_step_alone() -> None:
    made = painted("forty")
    first = made.paint(12.5)
    made.paint(30)
    assert np.array_equal(made.paint(12.5), first)


def test_heads_at_the_edges_of_a_grid() -> None:
    made = painted("grid")
    heads = {t.get_text(): t for t in made.axes[0].figure.texts if t.get_text().startswith("$\\")}
    columns = [rf"$\mu = {value}$" for value in ("0", "0.5", "0.9")]
    rows = [rf"$\eta = {value}$" for value in ("0.001", "0.01")]
    assert [t for t in heads if t.startswith((r"$\mu", r"$\eta"))] == [*columns, *rows]
    boxes = [axes.bbox for axes in made.axes]
    for i, text in enumerate(columns):
        box = heads[text].get_window_extent(made._renderer)
        assert box.x0 + box.width / 2 == pytest.approx(boxes[i].x0 + boxes[i].width / 2, abs=1)
        assert box.y0 > boxes[0].y1
    for i, text in enumerate(rows):
        box = heads[text].get_window_extent(made._renderer)
        row = boxes[3 * i]
        assert box.y0 + box.height / 2 == pytest.approx(row.y0 + row.height / 2, abs=1)
        assert box.x0 > boxes[-1].x1
    for i, (lr, momentum) in enumerate(product([1e-3, 1e-2], [0, 0.5, 0.9])):
        run = optanim.loads(ADAM, set=[f"optimizer.lr={lr}", f"optimizer.momentum={momentum}"])
        (trail,) = trails(made, i)
        ends = made.axes[i].transData.transform(trajectories_of(run)[0].points.T)
        assert np.allclose(trail.points, ends)


def test_cells_are_compared_on_the_same_axes() -> None:
    for name in ("grid", "grid of one key", "grid of surfaces"):
        made = painted(name)
        assert len({(a.get_xlim(), a.get_ylim()) for a in made.axes}) == 1
        assert sum(bool(a.yaxis.get_tick_params()["labelleft"]) for a in made.axes) < len(made.axes)
    made = painted("grid of surfaces")
    assert [p.surface.gradient(np.ones(2))[1] for p in made.scene.traces] == [2, 10, 40]
    assert not any("f(x" in text for text in said(made))
    made = painted("grid of unlike surfaces")
    assert len({a.get_xlim() for a in made.axes}) == 2
    assert all(a.yaxis.get_tick_params()["labelleft"] for a in made.axes)
    assert all(a.xaxis.get_tick_params()["labelbottom"] for a in made.axes)


@given(st.integers(1, 36), st.integers(1, 6), st.booleans())
def test_cells_fill_their_room_and_do_not_touch(count: int, across: int, alike: bool) -> None:
    places = place_panels(count, (1000, 800), Margins(40, 30, 10, 20), across, alike=alike)
    assert len({round(p.left, 6) for p in places}) == min(count, across)
    for a, b in pairwise(places):
        assert a.left + a.width < b.left or b.bottom + b.height < a.bottom
    assert max(p.left + p.width for p in places[:across]) <= 1000
    assert min(p.bottom for p in places) == pytest.approx(30)
    assert max(p.bottom + p.height for p in places) <= 800


@given(st.lists(st.floats(1e-12, 1e12), min_size=1, max_size=12, unique=True))
def test_scales_rise_from_0_to_1(numbers: list[float]) -> None:
    scale = scale_of(numbers)
    places = [scale.at(number) for number in sorted(numbers)]
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    assert all(a <= b for a, b in pairwise(places))


@pytest.mark.parametrize(
    ("numbers", "logarithmic"),
    [
        ([1e-3, 1e-2, 1e-1], True),
        ([1e-3, 1e-1], True),
        ([0.001, 0.003, 0.01, 0.03], True),
        (list(range(1, 41)), False),
        ([0, 0.01, 0.1], False),
        ([-1, 1, 100], False),
        ([0.1, 0.2, 0.9], False),
    ],
)
def test_powers_are_spread_by_their_logarithms(numbers: list[float], logarithmic: bool) -> None:
    assert scale_of(numbers).log == logarithmic


BARS = [logs(3), logs(40), [0.1, 0.11, 5.0], [1e-9, 1e9], [2.0, 3.0], [-1e5, 0.0, 1e-5, 3e5],
        [0.99, 0.991, 0.992], list(map(float, range(100)))]  # fmt: skip


@pytest.mark.parametrize("numbers", BARS, ids=str)
@pytest.mark.parametrize("lines", [4.0, 10.0, 24.0])
def test_the_numbers_of_a_bar_never_touch(numbers: list[float], lines: float) -> None:
    key = SweptKey("lr", "lr", "x", tuple(numbers), tuple(map(value_label, numbers)))
    scale = scale_of(numbers)
    shown = sorted(bar_ticks(key, scale, lines))
    assert len(shown) >= 1 and all(-1e-9 <= at <= 1 + 1e-9 for at, _ in shown)
    assert all((b - a) * lines >= 0.79 for (a, _), (b, _) in pairwise(shown))
    for at, label in shown:
        plain = label.strip("$").removeprefix(r"\mathrm{").replace("−", "-")
        mantissa, times, power = plain.rpartition(r"\times ")
        value = float(plain) if "^" not in plain else float(mantissa or 1) * 10 ** float(
            power.partition("{")[2].rstrip("}")
        )  # fmt: skip
        assert scale.at(value) == pytest.approx(at, abs=1e-4) and bool(times) == bool(mantissa)


@themes
def test_a_ramp_is_told_apart_from_what_lies_under_it_and_its_lightness_never_turns(
    theme: object,
) -> None:
    ramp = ramp_colors(theme.ramp)
    assert len(set(ramp)) == SHADE_COUNT and ramp[0] == theme.ramp[0] and ramp[-1] == theme.ramp[-1]
    lightness = seen(rgb(ramp))[..., 0]
    steps = np.diff(lightness, axis=1)
    # To every kind of color vision, and in every step but the rounding of colors.
    assert (steps > -0.2).all() or (steps < 0.2).all()
    assert (abs(lightness[:, -1] - lightness[:, 0]) > 30).all()
    assert apart(ramp, bands(theme)) >= 20
    assert apart(ramp, [theme.contour]) >= 13
    assert apart(ramp, [theme.halo, theme.background]) >= 25
    # Seven values are seven colors.
    assert min(apart([a], [b]) for a, b in pairwise(ramp[:: (SHADE_COUNT - 1) // 6])) >= 4


def test_colors_of_names_and_of_more_names_than_there_are() -> None:
    theme = THEMES["light"]
    few = SweptKey("a", "a", "a", ("x", "y"), ("x", "y"))
    assert value_colors(few, theme.ramp, theme.paths) == tuple(theme.paths[:2])
    names = tuple("abcdefghij")
    many = value_colors(SweptKey("a", "a", "a", names, names), theme.ramp, theme.paths)
    assert len(set(many)) == 10 and set(many) <= set(ramp_colors(theme.ramp))
    assert len(theme.paths) == len(MARKERS)


def test_alt_texts_name_the_optimizer_once() -> None:
    run = optanim.loads(CONFIGS["three"])
    told = {name: alt_text(run, trajectories_of(run), name) for name in catalogue("languages")}
    assert told["en"].startswith("Momentum on x² + 5y² from (−4, 3): η = 0.1 ")
    assert told["en"].count("omentum") == 1 and "η = 0.001" in told["en"]
    assert told["ko"].count("모멘텀") == 1 and "η = 0.001" in told["ko"]
    run = optanim.loads(CONFIGS["forty"])
    assert all(
        len(alt_text(run, trajectories_of(run), name)) <= 250 for name in catalogue("languages")
    )
    run = optanim.loads(CONFIGS["names"])
    assert "Gradient descent with η" in alt_text(run, trajectories_of(run)).replace("g", "G", 1)


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "race.yaml").write_text(ADAM + "figure: {size: [160, 120]}\n")
    flags = ("-x", "optimizer.lr=1e-3,1e-2", "-x", "optimizer.momentum=0,0.9")
    done = optanim_("sweep", "race.yaml", *flags, "--frame", "last", "-q", cwd=tmp_path)
    wanted = [f"output/race-lr{lr}-momentum{m}.png" for lr in (0.001, 0.01) for m in ("0", "0.9")]
    assert done.stdout.decode().split() == wanted
    assert all((tmp_path / file).is_file() for file in wanted)
    done = optanim_("sweep", "race.yaml", *flags, "--layout", "overlay", "--frame", "last",
                   "-s", "steps=9", "-o", "one.png", "--json", cwd=tmp_path)  # fmt: skip
    (facts,) = json.loads(done.stdout)
    assert facts["paths"] == ["one.png"] and [o["steps"] for o in facts["optimizers"]] == [9] * 4
    done = optanim_("sweep", "race.yaml", cwd=tmp_path)
    assert done.returncode == 2 and b"there is nothing to sweep" in done.stderr
    done = optanim_("sweep", "race.yaml", *flags, "-o", "-", cwd=tmp_path)
    assert done.returncode == 2 and b"standard output takes only one figure" in done.stderr
    (tmp_path / "grid.yaml").write_text(CONFIGS["grid"])
    done = optanim_("check", ".", cwd=tmp_path)
    assert b"2 configs checked" in done.stderr


def test_a_sweep_is_a_film_like_any_other(tmp_path: Path) -> None:
    settings = ["steps=4", "animation.steps_per_second=10"]
    made = render(optanim.loads(CONFIGS["three"], set=settings), output=tmp_path / "a.gif")
    assert made.frames == 9 and len(made.results) == 3


def test_rates_that_are_found_for_each_walk_are_not_told_as_one() -> None:
    text = ADAM + "layout: overlay\nmatrix: {optimizer.momentum: [0, 0.9]}\n"
    run, walks = simulate_run(optanim.loads(text, set=["optimizer.lr=auto", "tuning.low=1e-2"]))
    rates = {trial.chosen.options["lr"] for trial in run.trials}
    caption = "".join(compose_scene(run, walks).caption)
    assert len(rates) == 2 and "lowest loss" in caption and r"$\eta =" not in caption
