"""Alt texts: what is said of a walk, in every language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.experiment.trials import trajectories_of
from optanim.scene.alt_text import MAX_LENGTH, alt_text
from optanim.scene.languages._korean_particles import with_particle
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Data

CONFIGS = Path(__file__).parents[1] / "configs"
LANGUAGES = list(catalogue("languages"))


def said(text: str, language: str = "en") -> str:
    run = optanim.loads(text)
    return alt_text(run, trajectories_of(run), language)


def one(surface: str, start: str, optimizer: str, steps: int, language: str = "en") -> str:
    lines = (f"surface: {surface}", f"start: {start}", f"optimizer: {optimizer}", f"steps: {steps}")
    return said("\n".join(lines), language)


ARTICLE = {
    "gd": (
        "Gradient descent settles at the minimum of x² + 2y² after 20 steps, from (−4, 3)",
        "경사하강법이 x² + 2y²의 최솟값에 20걸음 만에 자리를 잡는다. 시작점은 (−4, 3).",
    ),
    "momentum": (
        "Momentum overshoots the minimum of x² + 2y² five times and settles after 83 steps,"
        " from (−4, 3)",
        "모멘텀이 x² + 2y²의 최솟값을 다섯 번 지나쳤다가 83걸음 만에 자리를 잡는다."
        " 시작점은 (−4, 3).",
    ),
    "nesterov": (
        "Nesterov overshoots the minimum of x² + 2y² once and settles after 23 steps, from (−4, 3)",
        "네스테로프 모멘텀이 x² + 2y²의 최솟값을 한 번 지나쳤다가 23걸음 만에 자리를 잡는다."
        " 시작점은 (−4, 3).",
    ),
    "adagrad": (
        "AdaGrad settles at the minimum of x² + 2y² after 13 steps, from (−4, 3)",
        "AdaGrad가 x² + 2y²의 최솟값에 13걸음 만에 자리를 잡는다. 시작점은 (−4, 3).",
    ),
    "rmsprop": (
        "RMSProp keeps swinging around the minimum of x² + 2y², from (−4, 3)",
        "RMSProp이 x² + 2y²에서 최솟값 둘레를 계속 맴돈다. 시작점은 (−4, 3).",
    ),
    "adam": (
        "Adam settles at the minimum of x² + 2y² after 94 steps, from (−4, 3)",
        "Adam이 x² + 2y²의 최솟값에 94걸음 만에 자리를 잡는다. 시작점은 (−4, 3).",
    ),
    "adamw": (
        "On (x − 3)² + 2(y − 2)² from (−4, 3): Adam settles after 134 steps; Adam (L₂ with"
        " λ = 0.3) comes to rest away from the minimum; AdamW (λ = 0.3) is still moving after"
        " 200 steps",
        "(x − 3)² + 2(y − 2)²에서 Adam은 134걸음 만에 자리를 잡는다. Adam (L₂ with λ = 0.3)은"
        " 최솟값이 아닌 곳에 멈춘다. AdamW (λ = 0.3)는 200걸음 뒤에도 아직 움직이고 있다."
        " 시작점은 (−4, 3).",
    ),
}


@pytest.mark.parametrize("name", ARTICLE)
def test_the_articles_figures(name: str) -> None:
    run = optanim.load(CONFIGS / f"{name}_optimization.yaml")
    paths = trajectories_of(run)
    assert (alt_text(run, paths), alt_text(run, paths, "ko")) == ARTICLE[name]


@pytest.mark.parametrize(
    ("surface", "start", "optimizer", "steps", "en", "ko"),
    [
        (
            "parabola", "[10]", "{name: gd, lr: 1e9}", 50,
            "Gradient descent diverges at step 17 on x², as it does above a learning rate of 1,"
            " from x = 10",
            "경사하강법이 x²에서 17걸음째에 발산한다. 학습률이 1을 넘으면 발산한다."
            " 시작점은 x = 10.",
        ),
        (
            "parabola", "[10]", "{name: gd, lr: 1.05}", 8,
            "Gradient descent overshoots the minimum of x² six times and leaves the picture at"
            " step 6, from x = 10",
            "경사하강법이 x²의 최솟값을 여섯 번 지나친 뒤 6걸음째에 그림 밖으로 나간다."
            " 시작점은 x = 10.",
        ),
        (
            "parabola", "[10]", "{name: gd, lr: 1.1}", 20,
            "Gradient descent diverges on x² from step 1 on, as it does above a learning rate of 1,"
            " from x = 10",
            "경사하강법이 x²에서 1걸음부터 발산한다. 학습률이 1을 넘으면 발산한다."
            " 시작점은 x = 10.",
        ),
        (
            "{expr: sqrt(x) + y**2}", "[1, 1]", "gd", 40,
            "Gradient descent becomes undefined at step 15, where √x + y² has no value, from"
            " (1, 1)",
            "경사하강법이 √x + y²의 값이 정의되지 않는 곳에 15걸음째에 들어선다. 시작점은 (1, 1).",
        ),
        (
            "saddle", "[1, 0]", "gd", 60,
            "Gradient descent comes to rest at (0, 0) on x² − y², where the loss is"
            " 2.35 × 10⁻¹², from (1, 0)",
            "경사하강법이 x² − y²에서 (0, 0)에 멈춘다. 그곳의 손실은 2.35 × 10⁻¹²,"
            " 시작점은 (1, 0).",
        ),
        (
            "{name: double_well, tilt: 0.2}", "[1.5]", "{name: gd, lr: 0.01}", 200,
            "Gradient descent comes to rest at x = 0.974, away from the minimum of"
            " (x² − 1)² + 0.2x, where the loss is 0.197, from x = 1.5",
            "경사하강법이 (x² − 1)² + 0.2x의 최솟값이 아닌 x = 0.974에 멈춘다."
            " 그곳의 손실은 0.197, 시작점은 x = 1.5.",
        ),
        (
            "rosenbrock", "[-1.2, 1]", "{name: gd, lr: 1e-3}", 100,
            "Gradient descent is still moving after 100 steps on (1 − x)² + 100(y − x²)²,"
            " at (−0.948, 0.907), from (−1.2, 1)",
            "경사하강법이 (1 − x)² + 100(y − x²)²에서 100걸음 뒤에도 아직 움직이고 있다."
            " 마지막 위치는 (−0.948, 0.907), 시작점은 (−1.2, 1).",
        ),
        (
            "quadratic", "[0, 0]", "adam", 10,
            "Adam starts at the minimum of x² + 2y², (0, 0), and stays there",
            "Adam이 x² + 2y²의 최솟값에서 출발해 그대로 머문다. 시작점은 (0, 0).",
        ),
        (
            "himmelblau", "[-3, -3]", "{name: gd, lr: 0.01}", 100,
            "Gradient descent settles at a minimum of (x² + y − 11)² + (x + y² − 7)²,"
            " (−3.78, −3.28), after 5 steps, from (−3, −3)",
            "경사하강법이 (x² + y − 11)² + (x + y² − 7)²의 최솟값 가운데 하나에 5걸음 만에"
            " 자리를 잡는다. 도착점은 (−3.78, −3.28), 시작점은 (−3, −3).",
        ),
        (
            "quadratic", "[-4, 3]", "{name: momentum, momentum: 0.99}", 100,
            "Momentum overshoots the minimum of x² + 2y² 14 times and keeps swinging around it,"
            " from (−4, 3)",
            "모멘텀이 x² + 2y²의 최솟값을 14번 지나쳤고 그 둘레를 계속 맴돈다."
            " 시작점은 (−4, 3).",
        ),
        (
            "wave", "[10]", "{name: gd, lr: 2}", 41,
            "Gradient descent overshoots the minimum of x cos(0.15πx) once and is still moving"
            " after 41 steps, at x = −1.89, from x = 10",
            "경사하강법이 x cos(0.15πx)의 최솟값을 한 번 지나쳤고 41걸음 뒤에도 아직 움직이고"
            " 있다. 마지막 위치는 x = −1.89, 시작점은 x = 10.",
        ),
        (
            "beale", "[3, 4]", "{name: gd, lr: 0.1}", 50,
            "Gradient descent diverges at step 3 on the surface “Beale”, from (3, 4)",
            "경사하강법이 빌 함수에서 3걸음째에 발산한다. 시작점은 (3, 4).",
        ),
    ],
)  # fmt: skip
def test_one_walk(
    surface: str, start: str, optimizer: str, steps: int, en: str, ko: str
) -> None:  # fmt: skip
    assert one(surface, start, optimizer, steps) == en
    assert one(surface, start, optimizer, steps, "ko") == ko


RACE = """
surface: quadratic
start: [-4, 3]
optimizers: [gd, {name: gd, lr: 0.01}, {name: adagrad, lr: 1.5}, rmsprop, {name: momentum, lr: 4}]
steps: 150
"""


def test_a_race_says_who_settles_first_and_who_does_not() -> None:
    assert said(RACE) == (
        "On x² + 2y² from (−4, 3): AdaGrad settles first, after 13 steps, then gradient descent"
        " with η = 0.1 (20); RMSProp keeps swinging around the minimum; gradient descent"
        " with η = 0.01 is still moving after 150 steps; momentum diverges, as it does above"
        " a learning rate of 0.95"
    )
    assert said(RACE, "ko") == (
        "x² + 2y²에서 AdaGrad가 13걸음 만에 가장 먼저 자리를 잡고 η = 0.1인 경사하강법(20)이 뒤를"
        " 잇는다. RMSProp은 최솟값 둘레를 계속 맴돈다. η = 0.01인 경사하강법은 150걸음 뒤에도 아직"
        " 움직이고 있다. 모멘텀은 발산한다. 학습률이 0.95를 넘으면 발산한다. 시작점은 (−4, 3)."
    )


def test_rates_that_diverge_above_different_limits_have_their_own() -> None:
    text = (
        "surface: quadratic\nstart: [-4, 3]\nsteps: 9\n"
        "optimizers: [{name: gd, lr: 0.7}, {name: momentum, lr: 1}, {name: gd, lr: 0.1}]\n"
    )
    assert said(text).endswith(
        "; gradient descent with η = 0.7 (above a learning rate of 0.5) and momentum (above a"
        " learning rate of 0.95) diverge"
    )
    assert ("η = 0.7인 경사하강법(학습률 0.5 초과), 모멘텀(학습률 0.95 초과)은 발산한다") in said(
        text, "ko"
    )
    sweep = (
        "surface: quadratic\nstart: [-4, 3]\nsteps: 9\noptimizer: gd\nlayout: overlay\n"
        "matrix: {optimizer.lr: [0.1, 0.6, 0.7]}\n"
    )
    assert said(sweep).endswith(
        "; η = 0.6 and η = 0.7 diverge, as they do above a learning rate of 0.5"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_large_race_is_still_listened_to(language: str) -> None:
    optimizers = ", ".join(f"{{name: adam, lr: {0.02 * i:.2f}}}" for i in range(1, 17))
    text = f"surface: quadratic\nstart: [-4, 3]\noptimizers: [{optimizers}]\nsteps: 100"
    assert len(said(text, language)) <= MAX_LENGTH


@pytest.mark.parametrize("language", LANGUAGES)
def test_starts_of_their_own_are_not_mixed_up(language: str) -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizers: [gd, {name: adam, start: [1, 1]}]\n"
    assert "3)" not in said(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [e.name for e in catalogue("surfaces").values() if not e.lead])
def test_every_surface_has_its_sentence(name: str, language: str) -> None:
    axes = catalogue("surfaces")[name].function().dimensions
    text = one(name, str([0.7] * axes), "{name: adam, lr: 0.01}", 30, language)
    assert 20 < len(text) <= MAX_LENGTH and text == " ".join(text.split())
    assert not set(text) & set("\\$^_{}") and "None" not in text and "  " not in text
    # Letters that the figure does not explain are no help.
    assert "sw(h" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fit_speaks_of_its_data(language: str) -> None:
    run = optanim.loads("surface: parabola\nstart: [3]\noptimizer: gd\n")
    x = np.array([1.0, 2.0])
    data = Data(x[None], 5 * x, lambda p, x: p * x[0], ("공부 시간", "mark"), lambda p, i: p)
    surface = replace(run.surface, data=data, axes=("W",))
    run = replace(run, trials=tuple(replace(r, surface=surface) for r in run.trials))
    text = alt_text(run, trajectories_of(run), language)
    assert (
        text
        == {
            "en": "Gradient descent settles at the best fit of mark to 공부 시간, W = 0,"
            " after 21 steps, from W = 3",
            "ko": "경사하강법이 공부 시간으로 mark를 가장 잘 맞추는 값에 21걸음 만에 자리를 잡는다."
            " 도착점은 W = 0, 시작점은 W = 3.",
        }[language]
    )


def test_a_view_of_the_authors_is_the_picture() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: gd\nsteps: 3\nview: {x: [-5, -3]}\n"
    assert "leaves the picture at step 2" in said(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_a_file_with_a_sentence(language: str) -> None:
    entry = catalogue("languages")[language]
    assert entry.title and entry.summary and not entry.options


@pytest.mark.parametrize(
    "said",
    "경사하강법이 경사하강법은 모멘텀을 Adam이 AdamW가 AdaGrad는 RMSProp은 Nesterov가 SGD는 NAG를"
    " model이 base이(가) 3을 42가 x²은 W로 10으로 서울로 mark를 μ는 bank(3)는 A(B)가 AMSGrad가"
    " ☃은(는)".split(),
)
def test_particles_follow_the_sound(said: str) -> None:
    pairs = {"이": "이 가 이(가)", "은": "은 는 은(는)", "을": "을 를", "으로": "으로 로"}
    word, particle = next(
        (said.removesuffix(form), particle)
        for particle, forms in pairs.items()
        for form in sorted(forms.split(), key=len, reverse=True)
        if said.endswith(form)
    )
    assert with_particle(word, particle) == said


NOTED = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\n"
NOTES = "view: {notes: [{at: [0, 0], text: '$x^2$ is 0'}, {step: 8, text: turns}]}\n"


def test_notes_are_at_the_end_in_the_language_of_the_text() -> None:
    run = optanim.loads(NOTED + NOTES)
    paths = trajectories_of(run)
    english, korean = alt_text(run, paths), alt_text(run, paths, "ko")
    assert english.endswith("from (−4, 3); notes: “x² is 0”, “turns” at step 8")
    assert korean.endswith("시작점은 (−4, 3). 메모: “x² is 0”, “turns”(8걸음).")


def test_many_notes_are_cut_after_whole_ones() -> None:
    notes = ", ".join(f"{{at: [{i}, 0], text: this is note number {i}}}" for i in range(12))
    run = optanim.loads(f"{NOTED}view: {{notes: [{notes}]}}\n")
    text = alt_text(run, trajectories_of(run))
    assert len(text) <= 250 and text.endswith("“this is note number 3”, …")
