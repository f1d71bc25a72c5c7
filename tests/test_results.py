"""The result table: its numbers from what `optanim trace` prints, and its forms read back."""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.cli.commands import render as render_
from optanim.cli.tables import (
    ROW_WRITERS,
    results_as_json,
    rows_as_csv,
    rows_as_markdown,
    table_printer,
)
from optanim.errors import ConfigError
from optanim.experiment.results import Result, results_of
from optanim.experiment.trials import simulate_run
from optanim.printable import one_line
from tests.command import optanim_

RACE = (
    "surface: {name: quadratic, center: [3, 2]}\nstart: [-4, 3]\nsteps: 80\n"
    "figure: {size: [400, 300]}\n"
    "optimizers:\n  - {name: gd, lr: 0.2}\n  - {name: momentum, lr: 0.1, label: 'Heavy | ball'}\n"
    "  - {name: adam, lr: {name: cosine, start: 0.5}}\n  - {name: gd, lr: 1.5, label: Wild}\n"
    "  - {name: gd, lr: auto, label: Tuned}\n"
)
MINIMUM = np.array([3.0, 2.0])


def results(text: str, *more: str) -> tuple[Result, ...]:
    return results_of(*simulate_run(optanim.loads(text, set=more)))


def test_the_table_agrees_with_the_trace(tmp_path: Path) -> None:
    (tmp_path / "race.yaml").write_text(RACE)
    made = optanim_("render", "race.yaml", "--frame", "last", "--table", "csv", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    rows = list(csv.DictReader(io.StringIO(made.stdout.decode())))
    traced = optanim_("trace", "race.yaml", cwd=tmp_path).stdout.decode()
    steps = list(csv.DictReader(io.StringIO(traced)))
    assert [row["label"] for row in rows] == list(dict.fromkeys(s["label"] for s in steps))
    assert {row["status"] for row in rows} >= {"arrived", "diverged from step 1 on"}
    for row in rows:
        walk = [step for step in steps if step["label"] == row["label"]]
        points = np.array([[float(step["x"]), float(step["y"])] for step in walk])
        away = np.hypot(*(points - MINIMUM).T)
        assert (row["config"], row["surface"]) == ("race", "quadratic")
        assert int(row["steps"]) == len(walk) - 1 and float(row["loss"]) == float(walk[-1]["loss"])
        jumps = np.hypot(*np.diff(points, axis=0).T)
        assert float(row["length"]) == pytest.approx(jumps.sum(), rel=1e-12)
        outside = np.flatnonzero(away > 0.01 * away[0])
        arrives = outside[-1] + 1 if outside[-1] + 6 <= len(walk) else None
        assert row["within"] == ("" if arrives is None else str(arrives))
        assert (row["status"] == "arrived") == (arrives is not None)
        if row["status"] == "arrived":
            along = (points - MINIMUM) @ (points[0] - MINIMUM) / away[0] ** 2
            sides = np.sign(along[np.abs(along) >= 0.1])
            assert int(row["overshoots"]) == np.count_nonzero(np.diff(sides))
    assert rows[2]["rate"] == "cosine(start=0.5, end=0.0)" and float(rows[0]["rate"]) == 0.2
    assert float(rows[4]["rate"]) not in (0.1, 0.2) and rows[1]["overshoots"] != "0"


def test_the_race_of_the_page_is_true() -> None:
    page = Path(__file__).parents[1] / "docs" / "tuning.md"
    part = page.read_text("utf-8").split("## A fair race")[1]
    rows = results(part.split("```yaml\n")[1].split("```")[0])
    table = [line for line in part.split("\n## ")[0].splitlines() if line.startswith("| race")]
    for row, line in zip(rows, table, strict=True):
        _, _, name, label, rate, steps, evaluations, loss, within, overshoots, length, status = (
            cell.strip() for cell in line.strip("|").split("|")
        )
        assert (row.optimizer, row.label, row.rate) == (name, label, float(rate))
        # The last digits are those of a machine: 1e-10 is what is left of a loss of 66.
        assert row.loss == pytest.approx(float(loss), rel=0.01)
        assert row.length == pytest.approx(float(length), rel=0.001)
        assert within == ("–" if row.within is None else str(row.within))
        assert (str(row.steps), str(row.overshoots), row.status) == (steps, overshoots, status)
        assert str(row.evaluations) == evaluations


@pytest.mark.parametrize(
    ("optimizer", "more", "status"),
    [
        ("{name: gd, lr: 0.1}", (), "arrived"),
        ("{name: gd, lr: 1e-3}", (), "still moving"),
        ("{name: rmsprop, lr: 1}", (), "cycling"),
        ("{name: gd, lr: 1e-3}", ("view.x=[-5, -3.98]",), "left the frame at step 3"),
        ("{name: gd, lr: 1.5}", ("steps=2000",), r"diverged at step \d+"),
        ("{name: gd, lr: {name: exponential, gamma: 0.5, start: 0.1}}", (), "at rest"),
    ],
)
def test_what_became_of_a_walk_is_said_in_words(
    optimizer: str, more: tuple[str, ...], status: str
) -> None:
    text = f"surface: quadratic\nstart: [-4, 3]\noptimizer: {optimizer}\nsteps: 100\n"
    (one,) = results(text, *more)
    assert re.fullmatch(status, one.status)
    assert (one.within is None) == (status != "arrived")
    if "diverged" in status:
        assert one.status == f"diverged at step {one.steps + 1}" and np.isfinite(one.loss)


def test_a_surface_of_its_own_is_named_and_one_without_a_minimum_has_no_overshoots() -> None:
    text = RACE.replace("lr: 0.2}", "lr: 0.01, surface: saddle}")
    one, other, *_ = results(text)
    assert (one.surface, one.overshoots, one.within) == ("saddle", None, None)
    assert other.surface == "quadratic" and other.overshoots


def test_a_result_is_a_plain_value() -> None:
    rows = results(RACE)
    assert pickle.loads(pickle.dumps(rows)) == rows
    for row in rows:
        held = [getattr(row, field.name) for field in fields(row)]
        assert {type(value) for value in held} <= {int, float, str, type(None)}
        json.dumps(held, allow_nan=False)


def test_a_render_has_the_same_rows_and_json_tells_them(tmp_path: Path) -> None:
    run = optanim.loads(RACE, output=str(tmp_path / "a.png"))
    made = optanim.render(run, frame=-1)
    assert made.results == results(RACE)
    (told,) = json.loads(results_as_json([made]))
    for row, one in zip(told["optimizers"], made.results, strict=True):
        assert row["outcome"] == one.status and row["rate"] == one.rate
        assert (row["loss"], row["within"], row["length"]) == (one.loss, one.within, one.length)


@dataclass(frozen=True)
class Row:
    """A row with a column of each kind."""

    name: str
    number: float
    count: int | None


# Labels have no control characters: `optanim.schema.types.Text`.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
ROWS = st.lists(st.builds(Row, WORDS, st.floats(), st.none() | st.integers()), min_size=1)


@given(ROWS)
def test_csv_reads_back_the_same(rows: list[Row]) -> None:
    head, *body = csv.reader(io.StringIO(rows_as_csv(rows), newline=""))
    assert head == ["name", "number", "count"]
    for row, (name, number, count) in zip(rows, body, strict=True):
        # An apostrophe keeps a spreadsheet from taking the text for a formula.
        mark = "'" if row.name.startswith(("=", "+", "-", "@")) else ""
        assert name == mark + one_line(row.name) and repr(float(number)) == repr(row.number)
        assert (int(count) if count else None) == row.count


@given(ROWS)
def test_markdown_keeps_its_rows_and_columns(rows: list[Row]) -> None:
    import markdown_it

    tokens = markdown_it.MarkdownIt().enable("table").parse(rows_as_markdown(rows))
    opened = [token.type for token in tokens if token.type in ("table_open", "tr_open", "td_open")]
    assert opened.count("table_open") == 1 and opened.count("tr_open") == 1 + len(rows)
    assert opened.count("td_open") == 3 * len(rows) and tokens[-1].type == "table_close"


def test_markdown_has_four_digits_and_dashes() -> None:
    rows = [Row("a|b", 1 / 3, None), Row(r"c\|d", 1234567.0, 1234567)]
    assert rows_as_markdown(rows) == (
        "| name | number | count |\n| --- | ---: | ---: |\n"
        "| a\\|b | 0.3333 | – |\n| c\\\\\\|d | 1.235e+06 | 1234567 |\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"table": "cvs"}, "--table: error: no table format is called 'cvs'"),
        ({"table": "csv", "json": True}, "--table: error: cannot be combined with --json"),
        ({"table": "csv", "quiet": True}, "--table: error: cannot be combined with -q"),
        ({"table": "markdown", "output": "-"}, "--table: error: cannot be combined with -o -"),
    ],
)
def test_a_table_has_standard_output_for_itself(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        render_.render(["nothing.yaml"], **options)  # type: ignore[arg-type]


def test_rows_of_all_configs_are_one_table(tmp_path: Path) -> None:
    small = "start: [1, 1]\noptimizer: gd\nsteps: 3\nfigure: {size: [200, 150]}\n"
    for name in ("booth", "beale"):
        (tmp_path / f"{name}.yaml").write_text(f"surface: {name}\n{small}")
    (tmp_path / "wrong.yaml").write_text("surface: bool\n")
    done = optanim_("render", ".", "--frame", "last", "--table", "markdown", cwd=tmp_path)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 1 and len(lines) == 4
    assert lines[2].startswith("| beale | beale | gd |") and lines[3].startswith("| booth |")
    assert b"output/beale.png" in done.stderr and b"wrong.yaml:1:10" in done.stderr


def test_no_rows_print_nothing(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for form in (None, *ROW_WRITERS):
        table_printer(form, {})([])
    assert capsysbinary.readouterr().out == b""
