"""What optanim prints: no text of others commands a terminal, a log, a table or a page."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image

from optanim.cli.streams import _GuardedStream
from optanim.cli.tables import ROW_WRITERS, trajectories_as_csv, trajectories_as_json
from optanim.config.loader import loads
from optanim.errors import PROBLEM_FORMATS, ConfigError, Place, Problem
from optanim.experiment.results import results_of
from optanim.experiment.trials import simulate_run
from optanim.pipeline.provenance import DRAWING_PACKAGES, config_of
from optanim.printable import as_json, is_printable, one_line, printable
from tests.command import optanim_
from tests.needs import uses_posix

UNSAFE = {
    "escape": "\x1b[2J\x1b]0;title\x07",
    "another color": "\x9b31m",
    "backspace": "ok\b\b",
    "return": "real\rfake",
    "null": "a\0b",
    "delete": "a\x7fb",
    "override": "\u202egnp.exe",
    "isolate": "\u2066a\u2069",
    "mark": "\u200fa\u061c",
    "line separator": "a\u2028b\u2029c",
    "tag": "a\U000e0041",
    "half a character": "a\udc80",
}

LINES = {
    "line end": "a\n::error::forged",
    "return and line end": "a\r\nc.yaml:1:1: error: forged",
    "next line": "a\x85b",
    "form feed": "a\fb\vc",
}

BASE = "surface: quadratic\nstart: [3, 1]\nsteps: 3\n"


@pytest.mark.parametrize("name", UNSAFE)
def test_a_terminal_obeys_nothing(name: str) -> None:
    shown = printable(UNSAFE[name])
    assert is_printable(shown) and shown.startswith(("\\", "ok", "real", "a"))
    assert printable(f"경사\t하강\n{UNSAFE[name]}").startswith("경사\t하강\n")


@given(st.text())
def test_whatever_is_printed_has_no_control_character(text: str) -> None:
    shown = printable(text)
    assert all(char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") for char in shown)
    assert "\n" not in one_line(text)
    assert json.loads(as_json([text.encode("utf-8", "replace").decode()]))


@pytest.mark.parametrize("name", [*UNSAFE, *LINES])
@pytest.mark.parametrize("form", PROBLEM_FORMATS)
def test_one_problem_is_one_message(form: str, name: str) -> None:
    text = {**UNSAFE, **LINES}[name]
    place = Place(f"{text}.yaml", 3, 2, f"  {text}: 1", 3)
    said = PROBLEM_FORMATS[form]([Problem(f"unknown key '{text}'", place, f"or {text}")])
    assert is_printable(said)
    assert not any(line.startswith(("::error::", "c.yaml:1:1")) for line in said.splitlines())
    if form in ("short", "github"):
        assert len(said.splitlines()) == 1
    if form == "json":
        (row,) = json.loads(said)
        assert row["message"] == f"unknown key '{text}'" and row["file"] == f"{text}.yaml"


def test_the_coding_of_github() -> None:
    """https://github.com/actions/toolkit: packages/core/src/command.ts."""
    problem = Problem("50% of a,b:\r\nc", Place("a,b:c%.yaml", 1, 2))
    said = PROBLEM_FORMATS["github"]([problem])
    assert said == "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2::50%25 of a,b:%0D%0Ac"


@pytest.fixture(scope="module")
def many_problems() -> ConfigError:
    text = "".join(f"key{i}: 1\n" for i in range(9_000))
    with pytest.raises(ConfigError) as raised:
        loads(text)
    return raised.value


@pytest.mark.parametrize("form", PROBLEM_FORMATS)
def test_at_most_fifty_problems_then_their_number(form: str, many_problems: ConfigError) -> None:
    said = PROBLEM_FORMATS[form](many_problems.problems)
    assert len(said) < 40_000 and "more problems are not shown" in said
    assert "more problems are not shown" in str(many_problems)


@pytest.mark.parametrize(
    "text",
    [
        "k" * 20_000 + ": 1\n",
        "surface: " + "s" * 20_000,
        f"{BASE}optimizer: [" + "a, " * 9_000 + "]\n",
        f"{BASE}optimizer: gd\noutput: '{{" + "o" * 20_000 + "}.gif'\n",
        f"{BASE}optimizer: gd\nfigure: {{theme: " + "t" * 20_000 + "}\n",
        f"{BASE}optimizer: gd\nextends: " + "e" * 20_000,
        f"{BASE}optimizer: {{name: gd, " + "x" * 20_000 + ": 1}\n",
        f"{BASE}optimizer: gd\nclaims: [{{" + "c" * 20_000 + ": 1}]\n",
        f"{BASE}optimizer: gd\nmatrix: {{" + "m" * 20_000 + ": [1]}\n",
        "surface: {expr: " + "v" * 20_000 + "}\n",
    ],
    ids="key surface list output theme extends option claim matrix formula".split(),
)
def test_a_message_is_not_as_long_as_its_input(text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        loads(text)
    for form in PROBLEM_FORMATS.values():
        assert len(form(raised.value.problems)) < 25_000 if "extends" in text else 3_000


def run_of(label: str) -> object:
    return loads(f"{BASE}optimizer: {{name: gd, label: {json.dumps(label)}}}\n")


@pytest.mark.parametrize("label", ["=1+1", "+a", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula_of_a_spreadsheet(label: str) -> None:
    run, trajectories = simulate_run(run_of(label))  # type: ignore[arg-type]
    table = ROW_WRITERS["csv"](results_of(run, trajectories))
    traced = trajectories_as_csv(run.surface, trajectories).decode()
    for text in (table, traced):
        rows = list(csv.reader(io.StringIO(text)))
        assert any(f"'{label}" in row for row in rows)
        for cell in (cell for row in rows for cell in row):
            try:
                float(cell)
            except ValueError:
                assert not cell.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "label", ["a|b", "<script>alert(1)</script>", "[a](javascript:1)", "`a`", "**a**", "a\\|b"]
)
def test_a_table_in_markdown_shows_what_a_label_says(label: str) -> None:
    run, trajectories = simulate_run(run_of(label))  # type: ignore[arg-type]
    table = ROW_WRITERS["markdown"](results_of(run, trajectories))
    page = MarkdownIt("commonmark").enable("table")
    tokens = [token for token in page.parse(table) if token.type == "inline"]
    texts = ["".join(child.content for child in token.children or []) for token in tokens]
    kinds = {child.type for token in tokens for child in token.children or []}
    assert label in texts and kinds <= {"text", "text_special"}


def test_json_is_utf_8_with_escapes_where_they_are_needed() -> None:
    run, trajectories = simulate_run(run_of("경사 하강"))  # type: ignore[arg-type]
    assert "경사 하강" in trajectories_as_json(run.surface, trajectories).decode()
    text = as_json({"a": "경사 \u202e\x7f\U000e0041"})
    assert "경사" in text and is_printable(text)
    assert json.loads(text) == {"a": "경사 \u202e\x7f\U000e0041"}


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "cp1252", "utf-8"])
def test_a_stream_of_any_encoding_takes_any_text(encoding: str) -> None:
    raw = io.BytesIO()
    stream = _GuardedStream(io.TextIOWrapper(raw, encoding, newline="\n"))
    stream.write("η 경사 −1 \x1b[2J \u202e\n")
    stream.flush()
    assert b"\x1b" not in raw.getvalue() and raw.getvalue().endswith(b"\n")


@uses_posix
@pytest.mark.parametrize("name", ["\x1b[2J.yaml", "a\n::error::b.yaml", "\u202ea.yaml"])
@pytest.mark.parametrize("command", ["check", "show", "deps", "trace"])
def test_the_name_of_a_file_commands_no_terminal(command: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(f"wrong: 1\n{BASE}optimizer: gd\n")
    done = optanim_(command, name, cwd=tmp_path)
    assert done.returncode == 2
    said = (done.stdout + done.stderr).decode()
    assert is_printable(said) and "Traceback" not in said
    assert not any(line.startswith("::error::") for line in said.splitlines())


@pytest.mark.parametrize("name", [*UNSAFE, *LINES])
def test_a_hostile_stamp_is_shown_as_valid_yaml(name: str, tmp_path: Path) -> None:
    text = {**UNSAFE, **LINES}[name].encode("utf-8", "replace").decode().replace("\0", "")
    made = {"inputs": {text: text}, "config": {"title": text}, "optanim": text}
    comment = json.dumps({**dict.fromkeys(DRAWING_PACKAGES, text), **made}, ensure_ascii=False)
    file = tmp_path / "a.gif"
    Image.new("P", (4, 4)).save(file, comment=comment.encode())
    try:
        shown = config_of(file)
    except ConfigError:  # such a stamp is none
        return
    assert is_printable(shown) and yaml.safe_load(shown) == {"title": text}
