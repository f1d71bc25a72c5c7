"""Formulas, texts and stamps of other people end soon, and in one clear error at most."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from typer import BadParameter

from optanim.cli.long_work import seconds_of
from optanim.config.file_names import filled
from optanim.config.loader import load, loads
from optanim.encoding.metadata import comment_in
from optanim.errors import MAX_PROBLEMS, ConfigError, OptionError
from optanim.experiment.trials import simulate_run
from optanim.formulas.expression import compiled, parse
from optanim.formulas.plain_text import plain
from optanim.pipeline.estimate import check_limit, duration, estimate
from optanim.pipeline.provenance import _parsed, config_of
from optanim.pipeline.render import render
from optanim.scene.alt_text import _self_explanatory
from optanim.schema.types import _seconds
from tests.command import optanim_

BASE = "surface: quadratic\nstart: [1, 1]\noptimizer: gd\nsteps: 1\nfigure: {size: [400, 300]}\n"


def _nest(template: str, times: int, text: str = "x") -> str:
    for _ in range(times):
        text = template.replace("@", text)
    return text


REFUSED = (
    _nest("(3*@)**100", 4), _nest("(3/@)**100", 4), _nest("(-3*@)**99", 4),
    _nest("(3*@ + 0)**100", 4), _nest("(@ + @)**11", 3), _nest("sqrt(3*@)**100", 5),
    _nest("(3*2**@)**99*(3*@)**99", 2) + "**2", "10**10**8", "2**-3**9", "9**9**9**9",
)  # fmt: skip

FINISHED = (
    "10**(10**(8 + x - x))", "(x - x + 10)**(10**(8 + x - x))", _nest("(x/x + 9)**(@)", 6, "8"),
    "7**((x/x + 9)**((x/x + 9)**(x/x + 9)))", _nest("(3*@)**(99 + y/y)", 6),
    _nest("exp((99 + y/y)*log(3*@))", 5), _nest("exp(1000000*log(3*@))", 4),
    "999983**(x + " + "999999 + " * 90 + "1)*999983**(-x)", "sin(999999**(x/x + 100)*pi)",
    _nest("max(3*@, 2)**9", 5), _nest("max(@, x*x)", 12), _nest("min(max(@, y), x)", 10),
    _nest("exp(1e300*@)", 10), _nest("sin(@*y + x)", 10), _nest("(@)**x", 10),
    _nest("sigmoid(@)", 20), _nest("tanh(@)", 12), _nest("cosh(@ + y)", 8), _nest("sinh(@)", 9),
    _nest("softplus(@)", 20), "(999999*x)**100*(999983*y)**99",
)  # fmt: skip

FORMULAS = """
import json, sys
from optanim.errors import OptionError
from optanim.formulas.expression import compiled, parse
for text in json.load(sys.stdin):
    formula = parse(text)
    compiled([formula.value, *formula.partials(formula.names)], formula.names).at(
        *[1.3] * len(formula.names))
print("done")
"""


@pytest.mark.parametrize("text", REFUSED)
def test_a_power_of_powers_is_refused_by_its_degree(text: str) -> None:
    with pytest.raises(OptionError, match="the limit is 100") as caught:
        parse(text)
    assert caught.value.span


def test_formulas_whose_names_cancel_out_end_soon() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORMULAS], input=json.dumps(FINISHED), text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == "done\n", done.stderr[-500:]


@pytest.mark.parametrize("text", ["2**x", "(x**2 + y)**2*3", "exp(-x**2)**60", "exp(2*log(x))"])
def test_ordinary_formulas_keep_their_values(text: str) -> None:
    formula = parse(text)
    point = dict.fromkeys(formula.names, 1.3)
    value = compiled([formula.value], formula.names).at(*point.values())[0]
    expected = {"2**x": 2**1.3, "exp(-x**2)**60": 0.0, "exp(2*log(x))": 1.69}
    assert value == pytest.approx(expected.get(text, (1.69 + 1.3) ** 2 * 3), abs=1e-12)


BRACES = (
    "{config:>2000000000}", "{config!r}", "{config.x}", "{config[0]}", "{config:{theme}}", "{",
    "{config", "{}", "{0}", "{config.__class__}", "{config:s}", "{nothing}", "}",
)  # fmt: skip


@pytest.mark.parametrize("braces", BRACES)
def test_braces_hold_known_names_only(tmp_path: Path, braces: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"{BASE}output: '{braces}.gif'\n")
    with pytest.raises(ConfigError, match="output has an unknown name in braces"):
        load(path)


def test_names_in_braces_and_doubled_braces_are_filled() -> None:
    assert filled("{{{config}}}-{theme}.gif", {"config": "{a}", "theme": "x"}) == "{{a}}-x.gif"


DURATIONS = ("1" * 100_000, "." + "1" * 100_000 + "x", "1" * 100_000 + ".", "1" + " " * 100_000)


@pytest.mark.parametrize(
    ("text", "value"), [("2s", 2), (".5 s", 0.5), ("0.25s", 0.25), ("3ms", 0.003)]
)
def test_ordinary_durations_are_read(text: str, value: float) -> None:
    assert _seconds(text) == value


XMP = (
    b"<dc:description>" * 60_000, b"<dc:description><rdf:li " * 40_000,
    b"<dc:description>" + b"<rdf:li>" * 100_000, b"<rdf:li" * 100_000,
    b"<dc:description>" + b">" * 10**6,
)  # fmt: skip


LINEAR = """
import sys
from pathlib import Path
from optanim.encoding.metadata import read_comment
from optanim.scene.alt_text import _self_explanatory
from optanim.schema.types import _seconds
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.suffix == ".webp":
        print(path.name, repr(read_comment(path)), flush=True)
        continue
    try:
        print(path.name, _seconds(path.read_text()))
    except ValueError as error:
        print(path.name, "must be a duration" in str(error), flush=True)
print("letters", _self_explanatory("a" * 5000 + "b", ("a", "aa")))
"""


def test_durations_xmp_and_letters_are_read_in_linear_time(tmp_path: Path) -> None:
    """The last line that was printed is the one before what did not end."""
    for i, text in enumerate(DURATIONS):
        (tmp_path / f"{i}.txt").write_text(text)
    for i, xmp in enumerate(XMP):
        chunk = b"XMP " + len(xmp).to_bytes(4, "little") + xmp
        (tmp_path / f"{i}.webp").write_bytes(b"RIFF\0\0\0\0WEBP" + chunk)
    command = [sys.executable, "-c", LINEAR, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True, text=True)
    said = {f"{i}.txt True" for i in range(len(DURATIONS))} | {"letters False"}
    assert {*done.stdout.splitlines()} == said | {f"{i}.webp ''" for i in range(len(XMP))}
    assert _self_explanatory("2xy + exp(x)", ("x", "y"))


TEX = (
    "$" + _nest("{@}", 40) + "$", "$" + _nest(r"\frac{1}{@}", 13) + "$", "$" + "{" * 490 + "$",
    "$" + _nest(r"\sqrt{@}", 30) + "$", "$" + _nest("x^{@}", 40) + "$",
    "$" + _nest(r"\left(@\right)", 20) + "$", "$" + _nest(r"\hat{@}", 60) + "$",
)  # fmt: skip


@pytest.mark.parametrize("key", ["title: '@'", "optimizer: {name: gd, label: '@'}"])
@pytest.mark.parametrize("text", TEX)
def test_nested_tex_is_refused_where_it_stands(tmp_path: Path, key: str, text: str) -> None:
    path = tmp_path / "a.yaml"
    base = BASE.replace("optimizer: gd\n", "" if "optimizer" in key else "optimizer: gd\n")
    path.write_text(base + key.replace("@", text))
    with pytest.raises(ConfigError, match=r"a\.yaml:\d+:\d+: error: .*TeX nested \d+ deep"):
        load(path)


UNSET = (
    r"$\genfrac{(}{)}{99999999}{0}{a}{b}$", r"$\genfrac{(}{)}{1e300}{0}{a}{b}$",
    r"$\hspace{1e9}x$", "$" + r"\hat" * 100 + " x$", r"$\left(\middle|\right)$",
    "$" + r"\sqrt" * 90 + " x$", r"$\genfrac{(}{)}{9000}{0}{a}{b}$",
)  # fmt: skip


@pytest.mark.parametrize("text", UNSET)
def test_tex_that_matplotlib_cannot_set_is_a_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"{BASE}title: '{text}'\n")
    with pytest.raises(ConfigError, match=r"a\.yaml:6:\d+: error: .*TeX"):
        render(load(path), output=tmp_path / "a.png", frame=0)
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize(
    "text", ["{" * 498, r"\frac" * 300, r"\hat" * 300, r"\sqrt{" * 300, "^{" * 400]
)
def test_nested_tex_has_a_plain_text(text: str) -> None:
    assert isinstance(plain(f"${text}$"), str)


STAMP: dict[str, Any] = {
    "optanim": "0.1", "matplotlib": "3", "numpy": "2", "pillow": "1",
    "inputs": {"a.csv": "12"}, "config": {"steps": 1},
}  # fmt: skip
NONE: Any = None
WRONG: list[Any] = [
    *({**STAMP, key: 1} for key in STAMP), *({**STAMP, key: []} for key in STAMP),
    *({**STAMP, key: NONE} for key in STAMP), *({**STAMP, key: {}} for key in [*STAMP][:4]),
    {**STAMP, "frame": "1"}, {**STAMP, "frame": []}, {**STAMP, "frame": {}},
    {**STAMP, "frame": 1.5}, {**STAMP, "frame": True},
    {**STAMP, "inputs": {"a": None}}, {**STAMP, "inputs": {"a": {}}}, {**STAMP, "inputs": "x"},
    {**STAMP, "config": {"a": "\ud800"}}, {**STAMP, "config": "x"},
    [], None, 1, "x", {},
]  # fmt: skip


def _gif(path: Path, comment: str) -> Path:
    data = comment.encode("utf-8", "surrogatepass")
    blocks = b"".join(
        bytes([len(b)]) + b for b in (data[i : i + 255] for i in range(0, len(data), 255))
    )
    path.write_bytes(b"GIF89a" + bytes(7) + b"\x21\xfe" + blocks + b"\0;")
    return path


@pytest.mark.parametrize("data", WRONG, ids=lambda data: json.dumps(data)[:60])
def test_a_stamp_of_wrong_types_is_no_stamp(tmp_path: Path, data: object) -> None:
    path = _gif(tmp_path / "a.gif", json.dumps(data))
    with pytest.raises(ConfigError, match="does not contain its config"):
        config_of(path)


@pytest.mark.parametrize("depth", [60, 900, 5000, 100_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_a_deep_stamp_is_no_stamp(depth: int, pair: tuple[str, str]) -> None:
    inner = pair[0] * depth + "1" + pair[1] * depth
    comment = json.dumps(STAMP)[:-1] + f', "more": {inner}}}'
    assert _parsed(comment) is None


def test_a_right_stamp_is_read(tmp_path: Path) -> None:
    path = _gif(tmp_path / "a.gif", json.dumps({**STAMP, "frame": -1}))
    assert comment_in(path.read_bytes()) and "steps: 1" in config_of(path)


LONG = {
    "lr: auto": ("tuning.per_decade", "optimizers: [" + ", ".join(["{name: gd, lr: auto}"] * 16)
                 + "]\nsteps: 20000\ntuning: {per_decade: 25, seeds: 60}\n"
                 "animation: {duration: 2}\n"),
    "turns": ("view.camera.turn", "optimizer: gd\nsteps: 9\npanels: [surface3d]\n"
              "figure: {size: [4000, 4000]}\nview: {camera: {turn: 90}}\n"),
    "repeated frames in mp4": ("animation.hold_end", "optimizer: gd\nsteps: 1\noutput: a.mp4\n"
              "animation: {fps: 50, hold_start: 600, hold_end: 600}\n"),
    "writing webp": ("figure.size", "optimizer: gd\nsteps: 400\noutput: a.webp\n"
              "figure: {size: [3000, 1500]}\nanimation: {steps_per_second: 10}\n"),
}  # fmt: skip


@pytest.mark.parametrize("work", LONG)
def test_long_work_is_estimated_with_its_reason_and_key(tmp_path: Path, work: str) -> None:
    key, text = LONG[work]
    path = tmp_path / "a.yaml"
    path.write_text(f"surface: quadratic\nstart: [1, 1]\n{text}")
    run = load(path)
    guess = estimate(run)
    assert guess.seconds > 30 and work in guess.largest.work and key in guess.largest.key
    assert key in check_limit([run], [guess], None)[0]
    with pytest.raises(ConfigError, match=r"would take about .*, the limit is 10 s") as caught:
        check_limit([run], [guess], 10.0)
    assert key in caught.value.problems[0].help


@pytest.mark.parametrize("loss", ["mae", "mse"])
def test_a_regression_of_many_rows_is_estimated_by_its_loss(tmp_path: Path, loss: str) -> None:
    rows = "".join(f"{i / 7},{i % 13}\n" for i in range(20_000))
    (tmp_path / "d.csv").write_text(f"x,y\n{rows}")
    path = tmp_path / "a.yaml"
    path.write_text(
        "surface: {regression: {data: d.csv, model: w*x + b, loss: " + loss + "}}\n"
        "start: [0, 0]\noptimizer: gd\nsteps: 20\n"
    )
    is_slow = "points of the map" in estimate(load(path)).largest.work
    assert is_slow == (loss == "mae")  # the loss of mse is a quadratic, whatever the rows


def test_an_ordinary_figure_is_not_announced(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(BASE)
    run = load(path)
    start = perf_counter()
    guess = estimate(run)
    assert perf_counter() - start < 1
    assert guess.seconds < 10 and check_limit([run], [guess], 20.0) == []


COMMANDS = ("render", "batch", "sweep", "tune", "trace", "check")


@pytest.mark.parametrize("command", COMMANDS)
def test_limit_refuses_before_the_work_begins(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a.yaml"
    text = "surface: quadratic\nstart: [1, 1]\n" + LONG["lr: auto"][1] + "claims: [{arrives: 1}]\n"
    if command in ("batch", "sweep"):
        text = BASE.replace("steps: 1\n", "steps: 20000\nanimation: {duration: 2}\n")
    path.write_text(text)
    more = ["-x", "optimizer.lr=0.1,0.2"] if command == "sweep" else []
    done = optanim_(command, "a.yaml", "--limit", "1s", *more, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b""), done.stderr
    assert b"the limit is 1 s" in done.stderr and b"or raise --limit" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize("limit", ["0s", "60", "x", "-1s", "1h", "nan", ""])
def test_a_wrong_limit_is_refused(limit: str) -> None:
    with pytest.raises(BadParameter) as caught:
        seconds_of(limit)
    assert caught.value.param_hint == "--limit"


@pytest.mark.parametrize(("seconds", "words"), [(45, "45 s"), (700, "12 min"), (9000, "2 h")])
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_search_for_rates_reports_its_progress(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    text = BASE.replace(
        "optimizer: gd", "optimizers: [{name: gd, lr: auto}, adam, {name: adam, lr: auto}]"
    )
    path.write_text(f"{text}tuning: {{low: 1.0e-3, high: 1.0, per_decade: 1}}\n")
    reports = list[tuple[int, int]]()
    simulate_run(load(path), lambda *report: reports.append(report))
    assert reports == [(4, 8), (8, 8)]


@pytest.mark.parametrize("key", ["formats: %s", "view: {arrows: %s}"])
def test_a_list_of_a_thousand_mistakes_is_refused_soon(key: str) -> None:
    items = ", ".join(["x"] * 1_000)
    with pytest.raises(ConfigError) as caught:
        loads(f"surface: quadratic\nstart: [1, 1]\noptimizer: gd\n{key % f'[{items}]'}\n")
    assert str(caught.value).count("error:") <= MAX_PROBLEMS + 1


PAGE = b'<!doctype html><!-- A figure of optanim --><meta name="optanim" content="%s">'
FIGURE = b"<svg><metadata>%s</metadata></svg>"


@pytest.mark.parametrize("file", [PAGE, FIGURE])
def test_a_comment_with_endless_escapes_is_none(file: bytes) -> None:
    """Python refuses to read a number of more than 4,300 digits."""
    for escapes in (b"&#" + b"1" * 5_000 + b";", b"&amp;" * 3_000_000):
        assert comment_in(file % escapes) == ""
    assert comment_in(file % b"a &lt; b &amp;&#99;") == "a < b &c"
