"""The language of a config: the words in the picture, the names of entries, the alt text."""

from __future__ import annotations

import pickle
import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest
from matplotlib.text import Text

import optanim
from optanim.config.dump import as_data
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.painter import Painter
from optanim.errors import Place
from optanim.experiment.trials import simulate_run, trajectories_of
from optanim.pipeline.refusals import unshown_texts
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.notation import optimizer_title, surface_title
from optanim.schema.words import ENGLISH, Words, title_in, words, words_of
from optanim.surfaces import DataNote
from tests.command import optanim_

RACE = "surface: quadratic\nstart: [-4, 3]\noptimizers: [{name: gd, lr: 0.6}, momentum, adam]\n"
OTHERS = [name for name in catalogue("languages") if name != ENGLISH]
KEYS = [field.name for field in fields(Words)]
OWN = ("surfaces", "optimizers")
"""The kinds whose titles a figure shows."""


def braces(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("key", KEYS)
def test_every_language_has_every_word(language: str, key: str) -> None:
    own, english = getattr(words_of(language), key), getattr(Words(), key)
    assert own != english and braces(own) == braces(english)


@pytest.mark.parametrize("kind", OWN)
def test_a_language_that_names_one_entry_names_all(kind: str) -> None:
    named = {entry.name: set(entry.names) for entry in catalogue(kind).values()}
    languages = set.union(*named.values())
    assert languages <= set(OTHERS)
    assert {name: languages - own for name, own in named.items() if languages - own} == {}


@pytest.mark.parametrize("kind", OWN)
def test_titles_in_a_language_are_different(kind: str) -> None:
    for language in OTHERS:
        titles = [title_in(language, entry) for entry in catalogue(kind).values()]
        # Both have one title in English, too.
        assert len(titles) - len(set(titles)) == (kind == "surfaces" and len(titles) > 1)


def test_a_word_that_there_is_not() -> None:
    with pytest.raises(TypeError, match="lose"):
        words(lose="Verlust")


def test_words_that_a_language_lacks_are_english() -> None:
    @words(step="pas")
    def fr() -> None:
        pass

    assert vars(fr)["Words"] == Words(step="pas")


def texts_in(config: str, *set: str) -> list[str]:
    """All texts of a picture: those that stand still, and those that move, at the last step."""
    run = optanim.loads(config, set=set)
    run, trajectories = simulate_run(run)
    scene = compose_scene(run, trajectories)
    painter = Painter(scene)
    figure = painter.axes[0].get_figure(root=True)
    assert figure
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    moving = [mark.text(scene.steps) for mark in painter._marks if isinstance(mark, LiveNumber)]
    return [text for text in [*texts, *moving] if text]


KOREAN = {
    "race": RACE + "panels: [contour, loss]\nview: {arrows: [gradient, step], colorbar: true}\n",
    "one": "surface: rosenbrock\nstart: [-1.2, 1]\noptimizer: {name: nesterov, lr: 1e-4}\n"
    "steps: 9\n"
    "view: {arrows: [lookahead]}\npanels: [surface3d, rates, gradient_norm]\n",
    "diverges": "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 9}\n",
    "leaves": "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: gd, lr: 0.4}\nsteps: 9\n"
    "view: {x: [-5, -3]}\n",
    "undefined": "surface: {expr: sqrt(x) + y**2}\nstart: [1, 1]\noptimizer: gd\n",
    "climbs": "surface: {expr: 3 - x**2}\nascend: true\nstart: [-1]\n"
    "optimizer: {name: gd, lr: 0.1}\n"
    "steps: 9\npanels: [curve, loss]\n",
    "starts": "surface: quadratic\nstart: [[-4, 3], [4, 3]]\noptimizer: gd\nsteps: 5\n",
    "tuned": RACE.replace("0.6", "auto")
    + "steps: 5\ntuning: {low: 0.01, high: 0.1, per_decade: 1}\n",
    "sweep": "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nsteps: 9\nlayout: overlay\n"
    "matrix: {optimizer.lr: [0.1, 9], start: [[1, 1], [2, 2]], seed: [1, 2]}\n",
    "grid": RACE + "layout: grid\n",
    "fit": "surface:\n  regression: {points: [[1, 2], [2, 3], [3, 5]], model: a*x + b, loss: mse,"
    " standardize: true}\nstart: {a: 0, b: 0}\noptimizer: gd\nsteps: 5\npanels: [contour, fit]\n",
}


@pytest.mark.parametrize("config", KOREAN.values(), ids=KOREAN)
def test_a_korean_picture_has_no_english_word(config: str) -> None:
    texts = texts_in(config, "lang=ko")
    shown = " ".join(re.sub(r"\$[^$]*\$", "", text) for text in texts)
    assert re.search("[가-힣]", shown)
    assert set(re.findall("[A-Za-z]{3,}", shown)) <= {"Adam"}


def test_an_english_picture_has_no_korean_word() -> None:
    assert all(text.isascii() or not re.search("[가-힣]", text) for text in texts_in(RACE))


def test_titles_and_labels_of_the_author_stay() -> None:
    run = optanim.loads(RACE + "title: Three ways\nlang: ko\n", set=["optimizers[0].label=Slow"])
    scene = compose_scene(run, trajectories_of(run))
    assert scene.title == "Three ways" and scene.traces[0].label == "Slow"
    assert scene.traces[1].label == r"모멘텀, $\eta = 0.1$"


def test_the_alt_text_is_in_the_language_of_the_config() -> None:
    run = optanim.loads(RACE, set=["lang=ko", "steps=3"])
    paths = trajectories_of(run)
    assert alt_text(run, paths) == alt_text(run, paths, "ko") != alt_text(run, paths, "en")
    assert "모멘텀" in alt_text(run, paths) and "omentum" in alt_text(run, paths, "en")


def test_a_climb_and_a_formula_have_titles_of_their_own() -> None:
    run = optanim.loads(
        "surface: {expr: -x**2}\nascend: true\nstart: [1]\noptimizer: gd\nlang: ko\n"
    )
    assert run.trials[0].label == "경사상승법"
    assert optimizer_title(run.trials[0].chosen, "ko", ascends=False) == "경사하강법"
    assert surface_title(run.chosen, "ko", ascends=True) == "함수"
    assert surface_title(run.chosen, "ko", ascends=False) == "손실 함수"


def test_claims_call_trials_by_any_of_their_names() -> None:
    claims = "claims: [{faster: [모멘텀, gd]}, {faster: [Momentum, Gradient descent]}]\n"
    run = optanim.loads(RACE + claims, set=["lang=ko"])
    assert [[at.index for at in claim.chosen.options["faster"]] for claim in run.claims] == [
        [1, 0],
        [1, 0],
    ]


def test_english_is_not_written_and_korean_is() -> None:
    assert "lang" not in as_data(optanim.loads(RACE)) | as_data(optanim.loads(RACE + "lang: en\n"))
    assert as_data(optanim.loads(RACE + "lang: ko\n"))["lang"] == "ko"


def test_a_base_gives_the_language(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RACE + "lang: ko\n", "utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n", "utf-8")
    (tmp_path / "c.yaml").write_text("extends: a.yaml\nlang: en\n", "utf-8")
    langs = [optanim.load(tmp_path / f"{name}.yaml").lang for name in "abc"]
    assert langs == ["ko", "ko", "en"]


def test_the_option_of_embed_wins(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RACE + "lang: ko\nsteps: 3\n", "utf-8")
    assert "모멘텀" in optanim_("embed", "a.yaml", cwd=tmp_path).stdout.decode()
    assert "omentum" in optanim_("embed", "a.yaml", "--lang", "en", cwd=tmp_path).stdout.decode()


def test_notes_of_the_data_are_in_the_language() -> None:
    note = DataNote("rows_dropped", count=3)
    assert note == "3 rows are left out: a value is missing"
    assert pickle.loads(pickle.dumps(note)).in_words(words_of("ko")) == "값이 없는 행 3개 제외"


def test_a_machine_without_letters_says_so_at_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    import optanim.drawing.fonts as fonts

    monkeypatch.setattr(fonts, "_covering_families", lambda missing: [])
    problems = unshown_texts(optanim.loads(RACE + "lang: ko\n"))
    (problem,) = problems
    assert isinstance(problem.place, Place) and problem.place.line == 4
    assert "no font here has" in problem.message and "pylopdf-fonts-ko" in problem.help
    assert unshown_texts(optanim.loads(RACE)) == []
