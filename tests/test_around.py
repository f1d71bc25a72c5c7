"""Optimizers around another: what they run, what they hand on, and where their mistakes are."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import optanim
from optanim.errors import ConfigError
from optanim.experiment.simulate import simulate
from optanim.optimizers import State
from optanim.optimizers._around import as_state
from optanim.schema.catalogue import catalogue
from optanim.schema.inner_types import MOVABLE
from optanim.surfaces import Surface

OPTIMIZERS = catalogue("optimizers")
AROUND = [name for name, entry in OPTIMIZERS.items() if entry.family == "around another"]
MOVED = [name for name, entry in OPTIMIZERS.items() if entry.family in MOVABLE]
BOWL: Surface = catalogue("surfaces")["quadratic"].function()


@pytest.mark.parametrize("name", MOVED)
def test_an_optimizer_of_these_families_goes_on_from_where_it_is_put(name: str) -> None:
    """Its next point is nearer to the new place than to the old one; Lookahead relies on it."""
    place = np.array([400.0, 300.0])
    entry, random = OPTIMIZERS[name], np.random.RandomState(0)
    third = (random,) if name in AROUND else ()
    walk = map(as_state, entry.function(BOWL, np.array([-4.0, 3.0]), *third))
    states = [state for state in (next(walk), next(walk)) if not state.initial]
    states[-1].point[:] = place
    after = next(walk).point
    assert np.abs(after - place).max() < 200


@pytest.mark.parametrize("name", AROUND)
def test_it_runs_any_inner_one_also_nested(name: str) -> None:
    for inner in ("{name: momentum, lr: 0.02}", "{name: clip, inner: {name: adamw}}", "sam"):
        run = optanim.loads(
            "surface: quadratic\nstart: [-4, 3]\nsteps: 20\n"
            f"optimizer: {{name: {name}, inner: {inner}}}\n"
        )
        (trial,) = run.trials
        made = simulate(trial.surface, trial.optimizer, trial.start, steps=20)
        assert made.status == "finished" and made.values[-1] < made.values[0]
        assert OPTIMIZERS[name].title in trial.label and "(" in trial.label


def test_the_inner_one_draws_from_the_stream_of_the_outer_one() -> None:
    def drawing(f: Surface, w, chance, *, lr=0.1):  # type: ignore[no-untyped-def]
        for _ in range(5):
            w = w + lr * chance.standard_normal(2)
            yield w

    alone = simulate(BOWL, drawing, [-4, 3], steps=5, seed=3)
    for name in AROUND:
        outer = partial(OPTIMIZERS[name].function, inner=drawing)
        made = simulate(BOWL, outer, [-4, 3], steps=4, seed=3)
        assert np.array_equal(made.points, alone.points[:, :5])


def test_what_an_inner_one_yields_beside_its_point_is_handed_on() -> None:
    def with_crowd(f: Surface, w):  # type: ignore[no-untyped-def]
        for _ in range(3):
            w = w - 0.1 * f.gradient(w)
            yield State(w, crowd=np.zeros((2, 4)))

    for name in AROUND:
        made = simulate(
            BOWL, partial(OPTIMIZERS[name].function, inner=with_crowd), [-4, 3], steps=3
        )
        assert made.crowd is not None and made.crowd.shape[:2] == (2, 4)


def test_the_caption_has_the_options_of_the_inner_one() -> None:
    from optanim.scene.caption import hyperparameters

    run = optanim.loads(
        "surface: quadratic\nstart: [-4, 3]\n"
        "optimizer: {name: lookahead, inner: {name: momentum, lr: 0.03}, k: 7}\n"
    )
    text = hyperparameters(run.trials[0].chosen)
    assert "0.03" in text and r"\mu" in text and "7" in text and "inner" not in text


WRONG = {
    "{name: lookahead, inner: {name: adam, rl: 1}}": "c.yaml:3:50: error: adam has no option 'rl'",
    "{name: lookahead, inner: {name: adam, lr: -1}}": "optimizer.inner.lr must be greater than 0",
    "{name: sam, inner: {name: adam, lr: auto}}": "cannot have lr: auto inside another optimizer",
    "{name: clip, inner: {name: sam, inner: {name: gd, lr: [1]}}}": "inner.inner.lr must be",
    "{name: clip, inner: {name: adam, label: me}}": "adam has no option 'label'",
    "{inner: gd}": "optimizer has no name",
}


@pytest.mark.parametrize("optimizer", WRONG)
def test_a_wrong_option_of_the_inner_one_is_reported_at_its_place(optimizer: str) -> None:
    text = f"surface: quadratic\nstart: [-4, 3]\noptimizer: {optimizer}\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text, source="c.yaml")
    assert WRONG[optimizer] in str(caught.value)
