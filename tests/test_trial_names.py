"""Names of trials in a figure: each says what differs, and the caption what does not."""

from __future__ import annotations

import pytest

import optanim
from optanim.experiment.trials import simulate_run
from optanim.formulas.plain_text import plain
from optanim.scene.alt_text import alt_text
from optanim.scene.compose import compose_scene

HEAD = "surface: himmelblau\nsteps: 5\nstart: [0, 0]\n"
TWO_STARTS = "[{name: adam, start: [-4, 4]}, {name: adam, start: [4, 4]}]"


def shown(text: str) -> tuple[list[str], list[str]]:
    """The names of the traces, and the lines of the caption below the equation."""
    scene = compose_scene(*simulate_run(optanim.loads(HEAD + text)))
    return [plain(trace.label) for trace in scene.traces], [
        *map(plain, filter(None, scene.caption[1:]))
    ]


@pytest.mark.parametrize(
    ("optimizers", "names", "caption"),
    [
        ("[gd, {name: adam, lr: 0.2}]", ["Gradient descent, η = 0.1", "Adam, η = 0.2"], []),
        ("[{name: gd, lr: 0.1}, {name: gd, lr: 0.2}]",
         ["Gradient descent, η = 0.1", "Gradient descent, η = 0.2"], []),
        ("[gd, gd]", ["Gradient descent, η = 0.1"] * 2, []),
        ("[adam, {name: adam, beta1: 0.5}]", ["Adam, β₁ = 0.9", "Adam, β₁ = 0.5"], ["η = 0.1"]),
        (TWO_STARTS, ["Adam from (−4, 4)", "Adam from (4, 4)"], ["η = 0.1"]),
        ("[{name: adam, start: [-4, 4]}, {name: adam, start: [4, 4]}, {name: gd, lr: 0.01}]",
         ["Adam from (−4, 4)", "Adam from (4, 4)", "Gradient descent, η = 0.01"],
         ["Adam: η = 0.1"]),
        ("[{name: adam, start: [1, 2]}, {name: adam, start: [2, 1], lr: 0.3}]",
         ["Adam, η = 0.1", "Adam, η = 0.3"], []),
        ("[{name: adam, start: [[1, 2], {y: 1, x: 2}]}]",
         ["Adam from (1, 2)", "Adam from y = 1, x = 2"], ["η = 0.1"]),
        ("[{name: adam, start: [[1, 2], [2, 1]]}, {name: adam, lr: 0.3, start: [[1, 2], [2, 1]]}]",
         ["Adam from (1, 2), η = 0.1", "Adam from (2, 1), η = 0.1",
          "Adam from (1, 2), η = 0.3", "Adam from (2, 1), η = 0.3"], []),
        ("[{name: adam, label: mine}, {name: adam, beta1: 0.5}]", ["mine", "Adam, η = 0.1"], []),
        ("[adam]", [""], ["η = 0.1   β₁ = 0.9   β₂ = 0.999"]),
    ],
)  # fmt: skip
def test_names_say_what_differs(optimizers: str, names: list[str], caption: list[str]) -> None:
    assert shown(f"optimizers: {optimizers}\n") == (names, caption)


def test_names_in_korean() -> None:
    names, _ = shown(
        "lang: ko\noptimizers: [{name: adam, start: [-4, 4]}, {name: adam, start: [4, 4]}]\n"
    )
    assert len(set(names)) == 2 and all("(" in name and "from" not in name for name in names)


def test_alt_texts_have_the_same_names() -> None:
    told = alt_text(*simulate_run(optanim.loads(f"{HEAD}optimizers: {TWO_STARTS}\n")))
    assert "Adam from (−4, 4)" in told and "Adam from (4, 4)" in told
    told = alt_text(
        *simulate_run(optanim.loads(HEAD + "optimizers: [adam, {name: adam, beta1: 0.5}]\n"))
    )
    assert "β₁ = 0.9" in told and "β₁ = 0.5" in told and "η" not in told


def test_a_typed_formula_is_its_own_title() -> None:
    text = "surface: {expr: x**2 + 2*y**2}\nstart: [1, 1]\nsteps: 5\noptimizers: [gd, adam]\n"
    scene = compose_scene(*simulate_run(optanim.loads(text)))
    assert scene.title == "$f(x, y) = x^2 + 2 y^2$" and not any(scene.caption)
    own = compose_scene(*simulate_run(optanim.loads(text + "title: Mine\n")))
    assert own.title == "Mine" and own.caption[0] == "$f(x, y) = x^2 + 2 y^2$"
    single = compose_scene(*simulate_run(optanim.loads(text.replace("s: [gd, adam]", ": gd"))))
    assert single.title == "Gradient descent" and "f(x, y)" in single.caption[0]
    long = text.replace("x**2", " + ".join(["x**2*y"] * 30))
    told = alt_text(*simulate_run(optanim.loads(long)))
    assert "f(x, y)" in told and "Loss" not in told


@pytest.mark.parametrize(
    ("others", "equations"), [([], 1), (["booth"], 1), (["beale"], 2), (["beale", "matyas"], 1)]
)
def test_the_caption_has_the_equations_of_two_surfaces(others: list[str], equations: int) -> None:
    own = "".join(f"  - {{name: gd, surface: {surface}}}\n" for surface in others)
    text = f"surface: booth\nstart: [1, 1]\nsteps: 2\noptimizers:\n  - gd\n{own}"
    scene = compose_scene(*simulate_run(optanim.loads(text)))
    assert sum("f(" in line for line in scene.caption) == equations
