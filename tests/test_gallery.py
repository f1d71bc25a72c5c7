"""The gallery: each config ends on the numbers that its source prints."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.experiment.trials import trajectories_of
from optanim.experiment.verdicts import verdicts_of

GALLERY = sorted(Path(__file__).parents[1].joinpath("configs", "gallery").glob("*.yaml"))
END = re.compile(r"^# end (\d+): \((.*)\)$", re.MULTILINE)


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_it_ends_where_its_source_says(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("# "), "a config of the gallery begins with its source"
    paths = trajectories_of(optanim.load(file))
    for number, printed in END.findall(text):
        reached = paths[int(number) - 1].points[:, -1]
        for value, digits in zip(reached, printed.split(", "), strict=True):
            decimals = len(digits.partition(".")[2])
            # Of sixteen digits the last ones are another machine's.
            tolerance = 0.5001 * 10.0**-decimals if decimals < 12 else 1e-12
            assert value == pytest.approx(float(digits), abs=tolerance)


def test_the_wells_of_dupont() -> None:
    """The shares of starts in the deeper well, by the lines of his page written once more.

    His gradients are forward differences, and his Adam has no bias correction: it is the best, as
    the page says, and gradient descent the worst.
    """
    run = optanim.load(GALLERY[0].with_name("two_wells_shares.yaml"))
    starts = np.array(run.trials[0].starts).T

    def f(x, y):  # type: ignore[no-untyped-def]
        right, left = np.exp(-((x - 1) ** 2 + y * y) / 0.2), np.exp(-((x + 1) ** 2 + y * y) / 0.2)
        return x * x + y * y - 2 * right - 3 * left

    def walked(update, steps):  # type: ignore[no-untyped-def]
        w, state, h = starts.copy(), [np.zeros_like(starts), np.zeros_like(starts)], 1e-7
        for _ in range(steps):
            g = np.array([f(w[0] + h, w[1]) - f(*w), f(w[0], w[1] + h) - f(*w)]) / h
            w = w + update(g, state)
        return float((np.hypot(w[0] + 0.936, w[1]) < 0.1).mean())

    def momentum(g, state):  # type: ignore[no-untyped-def]
        state[0] = 0.8 * state[0] - 1e-2 * g
        return state[0]

    def rmsprop(g, state):  # type: ignore[no-untyped-def]
        state[0] = 0.99 * state[0] + 0.01 * g * g
        return -1e-2 * g / (np.sqrt(state[0]) + 1e-6)

    def adam(g, state):  # type: ignore[no-untyped-def]
        state[0] = 0.7 * state[0] + 0.3 * g
        state[1] = 0.999 * state[1] + 0.001 * g * g
        return -1e-2 * state[0] / (np.sqrt(state[1]) + 1e-6)

    his = {"gd": walked(lambda g, _: -2e-2 * g, 500), "momentum": walked(momentum, 200),
           "rmsprop": walked(rmsprop, 300), "adam": walked(adam, 100)}  # fmt: skip
    assert list(his) == sorted(his, key=his.__getitem__)
    ours = {trial.name: verdict.numbers[0] for trial, verdict in
            zip(run.trials, verdicts_of(run, trajectories_of(run)), strict=True)}  # fmt: skip
    for name in ("gd", "momentum", "rmsprop"):
        assert ours[name] == pytest.approx(his[name], abs=0.005)


def test_most_of_them_have_such_a_number() -> None:
    assert len(GALLERY) >= 10
    assert sum(bool(END.search(file.read_text("utf-8"))) for file in GALLERY) >= 10
