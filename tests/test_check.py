"""`optanim check` finds what `optanim render` would refuse, at the same places."""

from __future__ import annotations

from pathlib import Path

import pytest

import optanim
from optanim.errors import ConfigError
from tests.mistakes import Mistake, outcome

BASE = "surface: quadratic\nstart: [-4, 3]\noptimizers: [{name: adam, label: A}, gd]\nsteps: 3\n"

REFUSED: dict[str, tuple[str, list[str]]] = {
    "a symbol": (
        BASE + "title: 'Rate $\\alhpa$'\n",
        ["c.yaml:5:15: error: TeX has no symbol \\alhpa", "did you mean \\alpha?"],
    ),
    "a symbol in double quotes": (
        BASE + 'title: "Rate $\\\\lamda$"\n',
        ["c.yaml:5:8: error: TeX has no symbol \\lamda", "did you mean \\lambda?"],
    ),
    "a brace": (
        BASE + "title: 'half $\\frac{1}{2$'\n",
        ["c.yaml:5:14: error: this is no TeX", "each '{' needs its '}'"],
    ),
    "a label": (
        BASE.replace("label: A", "label: '$\\bta_1$'"),
        ["c.yaml:3:36: error: TeX has no symbol \\bta", "did you mean \\beta?"],
    ),
    "two texts": (
        BASE.replace("label: A", "label: '$\\bta$'") + "title: '$\\thta$'\n",
        ["c.yaml:3:36: error: TeX has no symbol \\bta", "c.yaml:5:10: error: TeX has no symbol"],
    ),
    "the name of a column": (
        "surface: {regression: {data: a.csv, model: a*x + b}}\nstart: [0, 0]\noptimizer: gd\n",
        ["c.yaml:1:10: error: cost $\\frac$: this is no TeX: Expected \\frac{num}{den}"],
    ),
    "a letter of no font": (
        BASE + "title: 'a \U00012000 b'\n",
        ["c.yaml:5:11: error: no font here has \U00012000 (U+12000)", "set figure.font"],
    ),
    "a font": (
        BASE + "figure: {font: No Such Font}\n",
        ["c.yaml:5:16: error: no font here is called 'No Such Font'"],
    ),
    "a file elsewhere": (
        BASE + "output: ../a.gif\n",
        ["c.yaml:5:9: error: ../a.gif is outside the working folder"],
    ),
    "negative losses": (
        "surface: {expr: x**2 + y**2 - 4}\nstart: [1, 1]\noptimizer: gd\nsteps: 9\n"
        "panels: [contour, {name: loss, scale: log}]\n",
        ["c.yaml:5:39: error: panels[1].scale: a logarithmic axis has no place for negative"],
    ),
    "no room": (
        BASE + "figure: {size: [40, 40]}\npanels: [contour, loss]\n",
        ["c.yaml: error: figure.size leaves no room for a panel"],
    ),
    "no rate": (
        "surface: {regression: {points: [[1e3, 2e5], [2e3, 25e4], [4e3, 3e5]], model: m*x + b}}\n"
        "start: {m: 0, b: 0}\noptimizer: {name: gd, lr: auto}\n",
        ["c.yaml:3:27: error: Gradient descent diverges at each", "scale the data"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_check_says_what_render_says(name: str, tmp_path: Path) -> None:
    config, says = REFUSED[name]
    files = {"a.csv": "cost $\\frac$,y\n1,2\n2,3\n3,4.5\n"}
    printed = []
    for command in ("check", "render"):
        mistake = Mistake(name, config, (), files=files, command=(command, "c.yaml"))
        code, text = outcome(mistake, tmp_path)
        assert code == 2, text
        printed.append(text.strip())
    assert printed[0] == printed[1]
    for text in says:
        assert text in printed[0]
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "c.yaml"}


def places_of(text: str) -> list[str]:
    """The line and column of each problem of a config."""
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text, source="c")
    return [f"{p.place.line}:{p.place.column}" for p in caught.value.problems]


def test_both_columns_are_told_at_once(tmp_path: Path) -> None:
    config = (
        "surface: {regression: {data: a.csv, model: w*x + b, x: hour, y: makr}}\n"
        "start: [0, 0]\noptimizer: gd\n"
    )
    mistake = Mistake("", config, (), files={"a.csv": "hours,mark,name\n1,2,a\n2,3,b\n"})
    code, printed = outcome(mistake, tmp_path)
    assert code == 2
    assert "c.yaml:1:56: error: a.csv has no column 'hour'" in printed
    assert "c.yaml:1:65: error: a.csv has no column 'makr'" in printed
    assert "did you mean 'hours'?" in printed and "did you mean 'mark'?" in printed


def test_all_mistakes_are_told_in_one_round(tmp_path: Path) -> None:
    config = (
        "surface: {regression: {data: a.csv, model: w*x + b, x: hour, y: makr}}\n"
        "start: [0, 0, 0]\n"
        "optimizer: {name: gd, lrr: 0.1}\n"
        "stesp: 5\n"
        "view: {levels: many}\n"
        "output: a.gfi\n"
        "claims: [{faster: gd}]\n"
    )
    mistake = Mistake("", config, (), files={"a.csv": "hours,mark\n1,2\n2,3\n"})
    code, printed = outcome(mistake, tmp_path)
    places = [line.split(": error: ")[0] for line in printed.splitlines() if ": error: " in line]
    wanted = ["1:56", "1:65", "2:8", "3:23", "4:1", "5:16", "6:9", "7:"]
    assert code == 2 and len(places) >= len(wanted), printed
    for place in wanted:
        assert any(found.startswith(f"c.yaml:{place}") for found in places), printed


def test_no_mistake_is_told_that_follows_from_another(tmp_path: Path) -> None:
    for config in (
        "surface: beal\nstart: [1, 1]\noptimizer: gd\noutput: a.gif\n",
        "surface: beale\nstart: [1, one]\noptimizer: gd\n",
        "surface: beale\nstart: [1, 1]\noptimizers: [gd, adma]\npanels: [{name: loss, of: 2}]\n"
        "claims: [{faster: [gd, adma]}]\n",
        "surface: {expr: x^2 + y^2}\nstart: [1, 1]\noptimizer: gd\n",
        "surface: beale\nstart: [1, 1]\noptimizer: gd\nview: {levels: many}\n",
    ):
        code, printed = outcome(Mistake("", config, ()), tmp_path)
        assert code == 2 and printed.count(": error: ") == 1, printed


REST = """
start: [1, 1, 1]
optimizer: gd
output: a.jpg
panels: [curve]
claims: [{faster: [gd, adam]}]
"""
"""What is wrong beside a surface: start, output, a panel of one parameter, and a claim."""

SURFACES: dict[str, tuple[str, list[str], bool]] = {
    "a name": ("rosenbrok", ["1:10"], False),
    "no surface": ("", ["1:9"], False),
    "a formula": ("{expr: 'sin('}", ["1:21"], False),
    "a formula with its correction": ("{expr: '2x**2 + y**2'}", ["1:18"], True),
    "a function of others": ("{expr: 'log2(x) + y'}", ["1:18"], True),
    "a question": ("{expr: '3xy + y'}", ["1:18"], False),
    "a formula and its axes": ("{expr: 'sin(', axes: [u, v]}", ["1:21"], True),
    "a minimum": ("{expr: x**2 + y**2, minima: [[1, 0]]}", ["1:39"], True),
    "minima in the wrong form": ("{expr: x**2 + y**2, minima: [1, 0]}", ["1:38"], True),
    "all of its options": (
        "{expr: x**2 + y**2, minima: [[0]], domain: [[1, 2]], axes: [x, z], params: {k: 1}}",
        ["1:39", "1:53", "1:73", "1:86"], True,
    ),
    "an option": ("{name: quadratic, a: big}", ["1:31"], True),
    "an unknown option": ("{name: quadratic, k: 1}", ["1:28"], True),
    "a file": ("{regression: {model: w*x + b, data: no.csv}}", ["1:46"], False),
    "a loss": ("{regression: {model: w*x + b, points: [[1, 2], [3, 4]], loss: l7}}", ["1:72"],
               False),
    "a batch and a minimum": (
        "{regression: {model: w*x + b, points: [[1, 2], [2, 3]]}, batch_size: 5, minima: [[9, 9]]}",
        ["1:79", "1:91"], True,
    ),
}  # fmt: skip
"""A wrong surface, the places of its mistakes, and whether its axes are known."""


@pytest.mark.parametrize("name", SURFACES)
def test_a_wrong_surface_hides_no_other_mistake(name: str) -> None:
    surface, own, known = SURFACES[name]
    with pytest.raises(ConfigError) as caught:
        optanim.loads(f"surface: {surface}{REST}", source="c")
    places = [f"{p.place.line}:{p.place.column}" for p in caught.value.problems]
    assert places == [*own, "2:8", "4:9", *["5:10"] * known, "6:24"]
    start = next(p for p in caught.value.problems if p.message.startswith("start has 3 numbers"))
    assert ("a surface has one or two axes" in start.message) is not known


@pytest.mark.parametrize("name", [name for name, (_, _, known) in SURFACES.items() if known])
def test_nothing_is_told_that_follows_from_a_wrong_surface(name: str) -> None:
    surface, own, _ = SURFACES[name]
    axes = "[1, 1]"
    text = f"surface: {surface}\nstart: {axes}\noptimizer: gd\nclaims: [{{arrives: gd}}]\n"
    assert places_of(text) == own


def test_a_wrong_surface_of_an_optimizer_hides_no_other_mistake() -> None:
    text = (
        "surface: beale\nstart: [1, 1]\noutput: a.jpg\n"
        "optimizers: [{name: gd, surface: rosenbrok}, {name: gd, start: [1, 2, 3]}]\n"
    )
    assert places_of(text) == ["3:9", "4:34", "4:64"]


def test_starts_and_panels_are_judged_without_a_surface() -> None:
    text = (
        "surface: rosenbrok\noptimizers: [{name: gd, start: [1]}, {name: gd, start: [1, 2, 3]}]\n"
        "panels: [{name: contour, of: 3}]\n"
    )
    assert places_of(text) == ["1:10", "2:56", "3:30"]


def test_what_is_missing_is_told_beside_a_wrong_surface() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads("surface: rosenbrok\nstart: [1, 1]\n", source="c")
    assert [p.message for p in caught.value.problems] == [
        "'optimizer' is missing", "no surface is called 'rosenbrok'"
    ]  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        optanim.loads("surfac: beale\nstart: [1, 1]\noptimiser: gd\n", source="c")
    assert [p.message for p in caught.value.problems] == [
        "unknown key 'surfac'", "unknown key 'optimiser'"
    ]  # fmt: skip
