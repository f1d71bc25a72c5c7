"""The targets: each reads bytes, and may refuse them in one way only.

A target returns, or raises a `ConfigError` or `OptionError` of bounded length. Any other exception
is a finding, as is an input that takes longer than `SECONDS_PER_INPUT`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from optanim.config.loader import load_runs, loads
from optanim.drawing.painter import Painter
from optanim.encoding.film import Film
from optanim.encoding.write import check_format, takes_frames, write
from optanim.errors import PROBLEM_FORMATS, ConfigError, OptionError
from optanim.experiment.trials import simulate_run
from optanim.formulas.expression import parse
from optanim.pipeline.provenance import config_of, stamp
from optanim.pipeline.refusals import unshown_texts
from optanim.pipeline.render import render
from optanim.scene.compose import compose_scene
from optanim.scene.timeline import Moment
from optanim.schema.catalogue import catalogue
from optanim.surfaces._regression.csv_table import CsvTable

SECONDS_PER_INPUT = 10
"""The longest time that one input may take."""

MAX_MESSAGE = 100_000
"""The largest number of characters of all messages about one input, in each format."""

ROOT = Path(__file__).parents[2]
"""The folder of the project."""


def loader(data: bytes) -> None:
    """A config as text."""
    loads(data.decode("utf-8", "replace"), folder=_folder())


def formulas(data: bytes) -> None:
    """A formula: parsed, differentiated and evaluated."""
    expression = parse(data.decode("utf-8", "replace"))
    text = json.dumps(expression.text)
    loads(f"surface: {{expr: {text}}}\nstart: [0.5, 0.25]\noptimizer: gd\nsteps: 2\n")


def csv(data: bytes) -> None:
    """A file of `data` of a regression."""
    file = _folder() / "fuzz.csv"
    file.write_bytes(data)
    table = CsvTable(file)
    table.read(table.x_and_y())


def stamps(data: bytes) -> None:
    """A picture, and a GIF with the data as its comment."""
    blocks = [data[i : i + 255] for i in range(0, len(data), 255)]
    comment = b"".join(bytes([len(block)]) + block for block in blocks)
    file = _folder() / "fuzz.gif"
    for content in (data, b"GIF89a" + bytes(7) + b"\x21\xfe" + comment + b"\0;"):
        file.write_bytes(content)
        config_of(file)


def tex(data: bytes) -> None:
    """The title of a figure."""
    text = data.decode("utf-8", "replace")
    title = yaml.safe_dump(text, allow_unicode=True, width=10**9)
    config = f"surface: quadratic\nstart: [3, 1]\noptimizer: gd\nsteps: 1\ntitle: {title}"
    run = loads(config)
    if problems := unshown_texts(run):
        raise ConfigError(problems)
    Painter(compose_scene(*simulate_run(run)))


def overrides(data: bytes) -> None:
    """A value of `--set`."""
    file = _folder() / "fuzz.yaml"
    if not file.exists():
        file.write_text("surface: quadratic\nstart: [3, 1]\noptimizers: [gd, adam]\n")
    load_runs(file, set=[data.decode("utf-8", "replace")])


def check(target: Callable[[bytes], None], data: bytes) -> None:
    """Give data to a target, and check its answer.

    Raises:
        AssertionError: a message is empty or too long.
    """
    try:
        target(data)
    except ConfigError as error:
        for form in PROBLEM_FORMATS.values():
            assert 0 < len(form(error.problems)) <= MAX_MESSAGE
    except OptionError as error:
        assert 0 < len(str(error)) <= MAX_MESSAGE


@cache
def seeds(target: str) -> tuple[tuple[str, bytes], ...]:
    """The names and contents of inputs to begin with."""
    configs = sorted(ROOT.glob("configs/**/*.yaml"))
    texts = [file.read_text("utf-8") for file in configs]
    made: Iterable[tuple[str, str | bytes]]
    match target:
        case "loader":
            made = zip(map(str, configs), texts, strict=True)
        case "formulas":
            made = _numbered(_FORMULAS)
        case "csv":
            made = _numbered([*_CSV, *(f.read_text() for f in ROOT.glob("configs/**/*.csv"))])
        case "stamps":
            made = _pictures(texts)
        case "tex":
            made = _numbered([*(t for t in _values(texts, "title") if "$" in t), *_TEX])
        case _:
            made = _numbered(_ASSIGNMENTS)
    return tuple((n, text.encode() if isinstance(text, str) else text) for n, text in made)


def _numbered(texts: Iterable[str]) -> list[tuple[str, str | bytes]]:
    """Texts with their numbers as names."""
    return [(str(number), text) for number, text in enumerate(texts)]


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (loader, formulas, csv, stamps, tex, overrides)
}
"""The targets by their names."""

_CSV = (
    "x,y\n1,2\n3,4\n",
    '﻿"a b";c\r\n"1,5";2\r\n',
    "hours\tscore\n1\t2\n",
    "1 2\n3 4\n",
    'x,y\n"1\n",2\n"3""",4\n',
)
_FORMULAS = (
    "x**2 + 2*y**2",
    "(1 - x)**2 + 100*(y - x**2)**2",
    "sin(3*x)*exp(-y**2/2) + abs(x) + min(x, y, 1) - max(x**2, y)",
    "sqrt(x**2 + y**2)/(1 + tanh(x*y)) + log(2 + cos(pi*x)) + 1e-3*x^4",
    "2x + |y|",
)
_TEX = (
    r"$\frac{\partial L}{\partial w_1} = \sqrt[3]{x^{2}} \leq \hat{y}$",
    r"$\left( \genfrac{(}{)}{0.5}{0}{a}{b} \right)\,\mathrm{gd}$ 경사 하강법",
    r"\$5 $\overline{x} \underset{w}{\min} \hspace{2}$",
)
_ASSIGNMENTS = (
    "optimizers[0].lr=0.3",
    "optimizers=[gd, {name: adam, lr: 1e-3}]",
    "figure={size: [640, 480], title: '$x^2$'}",
    "surface={expr: 'x**2 + a*y**2', params: {a: 2}}",
    "steps=40",
    "output=output/{config}.gif",
    "optimizers=[" + "gd, {name: adam, optimizers=[" * 4000,
)


def _values(texts: Iterable[str], key: str) -> list[str]:
    """The values of a key, where they are in its line."""
    lines = [line.strip() for text in texts for line in text.splitlines()]
    found = [line.partition(f"{key}:")[2].strip(" '\"}") for line in lines if f"{key}:" in line]
    return sorted({value for value in found if value})


def _pictures(configs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """A picture of each format that can be written here, and the stamps of configs."""
    runs = [loads(text) for text in configs if "data:" not in text and "extends:" not in text]
    stamp_texts = [stamp(run) for run in runs]
    white = np.full((4, 4, 4), 255, np.uint8)
    for name, entry in catalogue("formats").items():
        file = (_folder() / f"seed.{name}").open("w+b")  # ffmpeg needs a name
        try:
            check_format(entry.function)
        except ConfigError:  # it needs a program that is not here
            continue
        with file:
            if takes_frames(entry.function):
                film = Film(lambda step: white, [Moment(0, 1.0)], comment=stamp_texts[0])
                write(film, [(entry.function, file)])
            else:
                render(runs[0], output=file.name)
        yield name, Path(file.name).read_bytes()
    yield from _numbered(stamp_texts)


@cache
def _folder() -> Path:
    """A folder for the files of this process."""
    return Path(tempfile.mkdtemp(prefix="optanim-fuzz-"))
