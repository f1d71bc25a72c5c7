"""The benchmark measures what it says, and names what is absent."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

import optanim
from optanim.schema.catalogue import catalogue

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import bench  # noqa: E402
import encoders  # noqa: E402
import scenes  # noqa: E402

from tests.needs import path_with_ffmpeg, uses_ffmpeg, uses_optax, uses_torch  # noqa: E402


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> scenes.Made:
    found: scenes.Made = scenes.momentum(tmp_path_factory.mktemp("scenes"), "both", 10)
    return found


@uses_ffmpeg
def test_fidelity_is_that_of_the_frames(
    made: scenes.Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", path_with_ffmpeg(tmp_path))
    ours = encoders.Result(made.encoded(), made.film)
    assert ours.size == len(ours.data) and 55 < ours.psnr < 99
    # The frames of another film are far from these.
    other = scenes.momentum(made.config.parent, "lines", 10)
    assert encoders.Result(ours.data, other.film).psnr < 35


def test_every_encoding_begins_anew(made: scenes.Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from optanim.encoding import frame_diff

    chosen, choose = [], frame_diff.choose_palette
    monkeypatch.setattr(frame_diff, "choose_palette", lambda *a: chosen.append(a) or choose(*a))
    assert made.encoded() == made.encoded() and len(chosen) == 2


def test_the_other_side_gets_the_same_scene(made: scenes.Made) -> None:
    import numpy as np

    run = optanim.load(made.config)
    with np.load(made.numbers) as scene:
        assert len(scene["steps"]) == len(made.film) == 11
        assert scene["path0"].shape == (2, run.steps + 1) and scene["size"].tolist() == [640, 480]
        assert len(scene["bands"]) == len(scene["edges"]) - 1


def test_what_is_missing_has_its_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    parts = (
        bench.against_encoders, bench.steps_a_second, bench.against_by_hand, bench.against_scan
    )  # fmt: skip
    printed = bench.table([row for part in parts for row in part(tmp_path, 1)])
    assert printed.count("not measured: ffmpeg and gifsicle missing") == 3
    assert "not measured: torch missing" in printed and "jax, or torch missing" in printed
    assert "by hand | not measured: ffmpeg missing" in printed


@uses_ffmpeg
def test_by_hand_the_same_frames_are_drawn(made: scenes.Made, tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "benchmarks" / "by_hand.py", made.numbers, tmp_path / "a.gif"]
    path = path_with_ffmpeg(tmp_path)
    done = subprocess.run(
        command, env={**os.environ, "PATH": path}, check=True, capture_output=True, text=True
    )
    assert float(done.stdout) > 0
    with Image.open(tmp_path / "a.gif") as gif:
        assert gif.size == (640, 480) and gif.n_frames == len(made.film)  # type: ignore[attr-defined]


@uses_torch
@uses_optax
def test_jax_walks_the_same_way() -> None:
    import jax
    import numpy as np
    import scans
    import walks

    for name, rule in scans.RULES.items():
        start = jax.numpy.asarray(walks.START)
        zero = jax.numpy.zeros_like(start)
        times = jax.numpy.arange(1, 201)
        points, losses = jax.lax.scan(rule, (start, zero, zero), times)[1]
        trajectory = optanim.simulate(
            catalogue("surfaces")["quadratic"].function(),
            partial(catalogue("optimizers")[name].function, lr=0.05), walks.START, steps=200,
        )  # fmt: skip
        np.testing.assert_allclose(np.asarray(points).T, trajectory.points[:, 1:], atol=1e-12)
        np.testing.assert_allclose(np.asarray(losses), trajectory.values[1:], atol=1e-12)


def test_a_row_says_by_how_much_it_falls_short() -> None:
    row = bench.compared("a frame", [(0.001, 0.04), (0.001, 0.06), (0.002, 0.1)], "ms", 60)
    assert row.ratio == pytest.approx(50) and row.verdict == "60: 17% short"
    assert (row.ours, row.theirs) == ("1.00 ms", "60.00 ms")
    row.goal = 50
    assert row.verdict == "50: met"
