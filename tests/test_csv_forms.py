"""CSV files in the forms that people have: the separator, the names and the numbers are found.

The rows are our own; their form is that of well-known files.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optanim
from optanim.config.dump import as_yaml
from optanim.errors import ConfigError, OptionError
from optanim.experiment.remarks import remarks_of
from optanim.experiment.trials import simulate_run
from optanim.scene.compose import compose_scene
from optanim.surfaces import Surface, sentinel_in
from optanim.surfaces._regression.csv_dialect import Reading
from optanim.surfaces._regression.csv_numbers import NumberFormat, find_format
from optanim.surfaces._regression.csv_table import CsvTable
from optanim.surfaces._regression.plain_numbers import plain_numbers

X, Y = [1.5, 2.0, 3.25], [62.0, 65.5, -71.0]

SAME: dict[str, str] = {
    "Excel's hint": "sep=;\nh;m\n1.5;62\n2;65.5\n3.25;-71\n",
    "Excel's hint in quotes": '"sep=|"\r\nh|m\r\n1.5|62\r\n2|65.5\r\n3.25|-71\r\n',
    "Excel's hint and a byte order mark": "\ufeffSEP=\t\nh\tm\n1.5\t62\n2\t65.5\n3.25\t-71\n",
    "decimal commas": "h;m\n1,5;62,0\n2,0;65,5\n3,25;-71,0\n",
    "decimal commas in one column": "h;m;k\n1,5;62;a\n2;65,5;b\n3,25;-71;c\n",
    "decimal commas between tabs": "h\tm\n1,5\t62\n2\t65,5\n3,25\t-71\n",
    "decimal commas between blanks": "h m\n1,5 62\n2 65,5\n3,25 -71\n",
    "decimal commas in quotes": 'h,m\n"1,5",62\n2,"65,5"\n"3,25",-71\n',
    "commas in the names of a semicolon file": "h;m;a, b, c\n1.5;62;1\n2;65.5;2\n3.25;-71;3\n",
    "commas in names and numbers": "word, long;h;m\na;1,5;62\nb;2;65,5\nc;3,25;-71\n",
    "semicolons in the names of a comma file": "h,m,a; b\n1.5,62,1\n2,65.5,2\n3.25,-71,3\n",
    "pipes": "h|m\n1.5|62\n2|65.5\n3.25|-71\n",
    "blanks": "  h      m\n  1.5   62\n  2     65.5\n  3.25 -71  \n",
    "blanks and tabs": "h \t m\n1.5 \t 62\n2\t\t65.5\n3.25 -71\n",
    "blanks around commas": "h , m\n1.5 , 62\n2 , 65.5\n3.25 , -71\n",
    "comments above the names": "# 2024-05-01\n# units: h, points\nh,m\n1.5,62\n2,65.5\n3.25,-71\n",
    "a comment with a quote": "# it's 5\" long, isn't it\nh,m\n1.5,62\n2,65.5\n3.25,-71\n",
    "comments above the numbers": "h,m\n# hours, points\n1.5,62\n2,65.5\n3.25,-71\n",
    "names in a comment, as NumPy writes": "# h m\n1.5 62\n2 65.5\n3.25 -71\n",
    "names in the last comment": "# a run of today\n# h,m\n1.5,62\n2,65.5\n3.25,-71\n",
    "a title": "Marks of a class\nh,m\n1.5,62\n2,65.5\n3.25,-71\n",
    "a title with a comma": "Marks, of a class\nk,h,m\na,1.5,62\nb,2,65.5\nc,3.25,-71\n",
    "a title in a cell": "Marks of a class,,\nk,h,m\na,1.5,62\nb,2,65.5\nc,3.25,-71\n",
    "titles and a blank line": "Marks\nof a class, 2024\n\nk;h;m\na;1.5;62\nb;2;65.5\nc;3.25;-71\n",
    "many lines of prose": "".join(f"Line {i} of a text, which says much.\n" for i in range(30))
    + "h m k\n1.5 62 1\n2 65.5 2\n3.25 -71 3\n",
    "empty rows at the end": "h,m\n1.5,62\n2,65.5\n3.25,-71\n,\n,\n,,\n",
    "empty rows within": "h;m\n;\n1.5;62\n\n2;65.5\n ; \n3.25;-71\n",
    "a separator at the end of rows": "h,m\n1.5,62,\n2,65.5,\n3.25,-71,\n",
    "separators at the end of all": "h;m;;\n1.5;62;;\n2;65.5;;\n3.25;-71;;\n",
    "row names as R writes": '"h" "m"\n"1" 1.5 62\n"2" 2 65.5\n"3" 3.25 -71\n',
    "row names between tabs": "h\tm\n1\t1.5\t62\n2\t2\t65.5\n3\t3.25\t-71\n",
    "row names of words": '"h","m"\n"Kim, A.",1.5,62\n"Lee",2,65.5\n"Park",3.25,-71\n',
    "an empty name": '"","h","m"\n"1",1.5,62\n"2",2,65.5\n"3",3.25,-71\n',
    "the row names of a collection": "rownames,h,m\n1,1.5,62\n2,2,65.5\n3,3.25,-71\n",
    "an index of pandas": "Unnamed: 0,h,m\n0,1.5,62\n1,2,65.5\n2,3.25,-71\n",
    "digits of full width": "h,m\n１．５,６２\n２,65.5\n3.25,－７１\n",
    "the minus of Unicode": "h,m\n1.5,62\n2,65.5\n3.25,\u221271\n",
    "other digits": "h,m\n1.5,٦٢\n2,65.5\n3.25,-71\n",
    "Korean names": "시간,점수\n1.5,62\n2,65.5\n3.25,-71\n",
    "units in the names": "h (hours, all),m [%]\n1.5,62\n2,65.5\n3.25,-71\n"
    .replace("h (hours, all)", '"h (hours, all)"'),
    "old line ends": "h;m\r1,5;62\r2;65,5\r3,25;-71\r",
    "a word beside": "k,h,m\nx y,1.5,62\nz,2,65.5\nz,3.25,-71\n",
}  # fmt: skip


def table_of(text: str, tmp: Path, x: str | None, y: str | None, **reading: Any) -> Any:
    file = tmp / "d.csv"
    file.write_text(text, "utf-8", newline="")
    asked = [name for name in (x, y) if name is not None]
    table = CsvTable(file, asked, Reading(**reading))
    return table.x_and_y(x, y), table


@pytest.mark.parametrize("name", SAME)
def test_one_table_in_the_forms_that_people_have(name: str, tmp_path: Path) -> None:
    text = SAME[name]
    several = any(word in text for word in ("k", "a, b", "a; b", "long"))
    names = ("h", "m") if several else (None, None)
    chosen, table = table_of(text, tmp_path, *names)
    first = {"Korean names": "시간", "units in the names": "h (hours, all)"}.get(name, "h")
    assert chosen[0] == first
    assert table.read(chosen).values.tolist() == [X, Y]


ASKED: dict[str, tuple[str, dict[str, Any], list[float]]] = {
    "names in the second of two rows": ("hours,mark\nh,m\n1,2\n3,4\n", {}, [1, 3]),
    "a year is a name": ("land,h,m\nA,1,2\nB,3,4\n", {}, [1, 3]),
    "cells that begin as comments do": ("word,h,m\n#,1,2\n#a,3,4\n", {}, [1, 3]),
    "lines to skip": ("a,b\n1,2\nh,m\n1,2\n3,4\n", {"skip": 2}, [1, 3]),
    "another comment": ("% a text, with a comma\nh,m\n1,2\n% gap\n3,4\n", {"comment": "%"}, [1, 3]),
    "comments among the rows": ("h,m\n1,2\n#3,3\n3,4\n", {"comment": "#"}, [1, 3]),
    "thousands": ("h;m\n1,200;1\n2,400;2\n", {"thousands": ","}, [1200, 2400]),
    "no thousands": ("h;m\n1,200;1\n2,400;2\n", {"decimal": ","}, [1.2, 2.4]),
    "points of thousands": ("h;m\n1.200;1\n2.400;2\n", {"thousands": "."}, [1200, 2400]),
    "a separator": ("h;m;h,m\n1;2;1,1\n3;4;3,1\n", {"delimiter": ";"}, [1, 3]),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_the_config_says_is_used(name: str, tmp_path: Path) -> None:
    text, keys, x = ASKED[name]
    names, table = table_of(text, tmp_path, "h", "m", **keys)
    assert table.read(names).values[0].tolist() == x


NUMBERS: dict[str, tuple[str, list[float]]] = {
    "thousands in quotes": ('h,m\n"1,200","250,000"\n"1,850","310,500"\n', [1200, 1850]),
    "thousands and a fraction": ('h,m\n"1,200.5",1\n"1,234,850.25",2\n', [1200.5, 1234850.25]),
    "thousands and small numbers": ('h,m\n"1,200",1\n850,2\n12.5,3\n', [1200, 850, 12.5]),
    "points of thousands": ("h;m\n1.200,5;1\n1.850;2\n", [1200.5, 1850]),
    "the other column has the comma": ("h;m\n1.200;1,5\n1.850;2,25\n", [1200, 1850]),
    "blanks of thousands": (
        "h;m\n1 200;1\n1\u00a0850,5;2\n12 345 678;3\n",
        [1200, 1850.5, 12345678],
    ),
    "apostrophes of thousands": ("h;m\n1'200;1\n1’850.5;2\n", [1200, 1850.5]),
    "groups of India": ('h,m\n"12,34,567",1\n"1,00,000",2\n', [1234567, 100000]),
    "three digits after the point": ("h,m\n1.250,1\n2.125,2\n", [1.25, 2.125]),
    "three digits after a comma": ("h;m\n0,250;1\n2,125;2\n", [0.25, 2.125]),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_the_format_of_numbers_is_found(name: str, tmp_path: Path) -> None:
    text, x = NUMBERS[name]
    names, table = table_of(text, tmp_path, None, None)
    assert table.read(names).values[0].tolist() == x


@pytest.mark.parametrize("text", ["h;m\n1,200;1\n2,400;2\n", "h\tm\n1,200\t3.400\n1,300\t2.000\n"])
def test_numbers_of_two_meanings_are_asked_about(text: str, tmp_path: Path) -> None:
    names, table = table_of(text, tmp_path, None, None)
    with pytest.raises(OptionError, match=r"is 1200 or 1\.2|is 1\.2 or 1200") as caught:
        table.read(names)
    assert "decimal: ','" in caught.value.help and "thousands: " in caught.value.help


WORDS = ("m must be a number", "read with separator ','", "line 1: h | m", "first row: 1 | 2",
         "keys to set: separator, skip")  # fmt: skip
FAILS: dict[str, tuple[str, tuple[str, ...]]] = {
    "commas without quotes": ("h,m\n1,5,62\n2,0,65\n", ("3 cells, the first", "needs quotes")),
    "both commas": ("h,m\n1,5,62,0\n2,0,65,5\n", ("4 cells, the first line has 2", "needs quotes")),
    "a comment among the rows": ("h,m\n1,2\n# gap\n3,4\n", ("1 cell,", "comment: '#'")),
    "a note at the end": ("h,m\n1,2\n3,4\nSource: an office\n", ("1 cell,", "comment: 'S'")),
    "units below the names": ("h,m\nhours,points\n1,2\n3,4\n", ("such as units", "line 1: h | m")),
    "a unit": ("h,m\n1,2 kg\n3,4 kg\n", ("write 2, without 'kg'",)),
    "a currency": ("h,m\n1,$2.5\n3,$4\n", ("write 2.5, without '$'",)),
    "percent": ("h,m\n1,2%\n3,4%\n", ("write 2, without '%'",)),
    "one decimal comma": ("h;m\n1.5;2\n2.5;3\n3,5;4\n1.5;4\n", ("write 3.5;", "decimal: ','")),
    "a lone word": ("h,m\n1,2\n3,many\n", WORDS),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILS)
def test_what_fails_says_what_was_understood(name: str, tmp_path: Path) -> None:
    text, parts = FAILS[name]
    with pytest.raises(ConfigError) as caught:
        names, table = table_of(text, tmp_path, None, None)
        table.read(names)
    assert [part for part in parts if part not in str(caught.value)] == []
    assert all(len(str(problem)) < 700 for problem in caught.value.problems)


def test_superscripts_and_other_signs_are_no_digits(tmp_path: Path) -> None:
    for cell in ("5²", "½", "Ⅳ", "1_000", "0x10", "1e", "--1", "1.2.3", "1,2,3"):
        assert NumberFormat().number(cell) is None
        assert NumberFormat(",", ".").number(cell) is None


@pytest.mark.parametrize(
    "cell", ["12,34", "1,2345", "1,234,56", ",123", "0,123", "1,,234", "12,3456"]
)
def test_groups_have_three_digits(cell: str) -> None:
    assert NumberFormat(".", ",").number(cell) is None


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=8)


@given(
    st.lists(st.tuples(CELLS, st.floats(-1e9, 1e9), st.integers(-99, 99)), min_size=2, max_size=8),
    st.sampled_from([(";", ","), ("\t", ","), ("|", ","), (",", "."), (";", ".")]),
)  # fmt: skip
@settings(max_examples=200)
def test_what_a_spreadsheet_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, float, int]], signs: tuple[str, str],
) -> None:  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=signs[0])
    # Fixed digits: 1,234 would have two meanings, as a group of three digits.
    cells = [(word, f"{x:.4f}".replace(".", signs[1]), n) for word, x, n in rows]
    writer.writerows([("word", "h", "m"), *cells])
    names, table = table_of(text.getvalue(), tmp_path_factory.mktemp("csv"), "h", "m")
    assert table.read(names).values.tolist() == [
        [float(f"{x:.4f}") for _, x, _ in rows], [float(n) for _, _, n in rows],
    ]  # fmt: skip


@given(st.lists(st.tuples(st.floats(), st.floats(-1e99, 1e99)), min_size=2, max_size=6),
       st.sampled_from(["%r", "%.3e", " %g ", "%.17g\t"]), st.sampled_from("\n,;\r"))  # fmt: skip
def test_numpy_reads_what_is_read_row_by_row(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[float, float]], form: str, extra: str,
) -> None:  # fmt: skip
    text = "h,m,k\n" + "".join(f"{form % a},{form % b},z\n" for a, b in rows) + extra
    _, table = table_of(text, tmp_path_factory.mktemp("csv"), "h", "m")
    fast = plain_numbers(table._rows.content, 2, ",", 3, [0, 1])
    if fast is not None:
        assert np.array_equal(
            fast, table._read_rows([0, 1], [NumberFormat().number] * 2, NumberFormat())[0]
        )


def test_plain_rows_are_read_by_numpy(tmp_path: Path) -> None:
    content = b"h;m\r\n1;2\r\n3.5;-4e-3\r\n\r\n"
    fast = plain_numbers(content, 2, ";", 2, [1, 0])
    assert fast is not None and fast.tolist() == [[2, -4e-3], [1, 3.5]]
    for odd in (b"1;2\n3\n", b"1;2\n\n3;4\n", b"1;2;3\n3;4\n", b'1;2\n"3";4\n', b"1;2\n3;nan\n",
                b"1;2\n3;4_0\n", b"1;2\n3;\xd9\xa3\n", b"1;2\n3;1e101\n", b"1;2\n3;\n",
                b"1;2\n3;4\x1c\n"):  # fmt: skip
        assert plain_numbers(odd, 1, ";", 2, [0, 1]) is None


def test_the_format_that_reads_most_is_taken() -> None:
    found = find_format(["1,5", "2,5", "x"], [], commas_separate=False)
    assert found == NumberFormat(",")
    assert find_format(["1", "2"], ["1,5"], commas_separate=False) == NumberFormat()


KEYS = "surface: {regression: {data: d.csv, model: w*x + b, %s}}\nstart: [0, 0]\noptimizer: gd\n"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("separator: '.'", "c.yaml:1:64: error: surface.regression.separator must be"),
        ("decimal: ','", "d.csv:2:1: error: h must be a number, got '1.5'"),
        ("decimal: ;", "c.yaml:1:62: error: surface.regression.decimal must be"),
        ("thousands: x", "c.yaml:1:64: error: surface.regression.thousands must be"),
        ("decimal: '.', thousands: '.'", "c.yaml:1:78: error: decimal and thousands cannot both"),
        ("skip: -1", "surface.regression.skip must be"),
        ("skip: 1.5", "c.yaml:1:59: error: surface.regression.skip must be a whole number"),
        ("skip: 9", "d.csv: error: the file has at most 9 lines"),
        ("comment: ''", "c.yaml:1:62: error: surface.regression.comment must be the beginning"),
        ("x: hour", "names in line 1: h | m"),
        ("x: 2020", "c.yaml:1:56: error: d.csv has no column '2020'"),
        ("x: h, y: [m]", "c.yaml:1:62: error: surface.regression.y must be text"),
    ],
)
def test_a_wrong_key_gets_its_message(
    keys: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text("h,m\n1.5,2\n3.5,4\n")
    with pytest.raises(ConfigError) as caught:
        optanim.loads(KEYS % keys, source="c.yaml")
    assert message in str(caught.value)


def test_a_key_of_files_is_none_of_points() -> None:
    points = KEYS.replace("data: d.csv", "points: [[1, 2], [3, 4]]")
    with pytest.raises(ConfigError, match="'skip' is about a file of data"):
        optanim.loads(points % "skip: 1")


def test_columns_without_names_have_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text('18.0   8   307.  1\t"a car"\n15.0   8   350.  1\t"b car"\n')
    data = optanim.loads(KEYS % "x: 3, y: 1").surface.data
    assert data is not None and data.names == ("3", "1")
    assert data.x.tolist() == [307, 350] and data.y.tolist() == [18, 15]


CARS = (
    "weight,power,name,made\n18,130,a,2020-01-01\n25,,b,2020-01-11\n32,60,c,2020-01-21\n"
    "21,90,d,2020-02-01\n27,?,d,NA\n"
)


def loaded(
    text: str, keys: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str = "w*x + b"
) -> Surface:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text(text, "utf-8")
    return optanim.loads(
        f"surface: {{regression: {{data: d.csv, model: {model}, {keys}}}}}\n"
        "start: [0, 0]\noptimizer: gd\n",
        source="c.yaml",
    ).surface


@pytest.mark.parametrize("word", ["", "NA", "?", "***", "nan", "-", "N/A", " null ", "#N/A", "."])
def test_rows_without_a_value_are_left_out_and_counted(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"h,m\n1,2\n{word},3\n3,4\n5,{word}\n{word},{word}\n"
    data = loaded(text, "missing: drop", tmp_path, monkeypatch).data
    assert data is not None and data.x.tolist() == [1, 3] and data.y.tolist() == [2, 4]
    count = 3 if word.strip() else 2  # an empty row is no row
    assert data.notes == (f"{count} rows are left out: a value is missing",)
    with pytest.raises(ConfigError, match="missing: drop leaves out"):
        loaded(text, "missing: error", tmp_path, monkeypatch)


def test_a_word_is_not_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"d\.csv:3:2: error: m must be a number, got 'many'"):
        loaded("h,m\n1,2\n,many\n3,4\n", "missing: drop", tmp_path, monkeypatch)


LONG = "set;n;ok;x;y\nI;1;TRUE;10;8.04\nII;2;TRUE;8;6.95\nII;2.0;FALSE;13;7.58\nII;3;TRUE;9;8.81\n"


@pytest.mark.parametrize(
    ("where", "x", "notes"),
    [
        ("{set: II}", [8, 13, 9], ("rows with set = II",)),
        ("{n: 2}", [8, 13], ("rows with n = 2",)),
        ("{ok: true}", [10, 8, 9], ("rows with ok = true",)),
        ("{set: II, ok: true}", [8, 9], ("rows with set = II", "rows with ok = true")),
    ],
)
def test_where_keeps_the_rows_with_a_value(
    where: str, x: list[float], notes: tuple[str, ...],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    data = loaded(LONG, f"where: {where}", tmp_path, monkeypatch).data
    assert data is not None and data.x.tolist() == x and data.notes == notes


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("{set: V}", "c.yaml:1:66: error: no row has set = 'V'"),
        ("{set: V}", "its values: I, II"),
        ("{sets: I}", "c.yaml:1:61: error: d.csv has no column 'sets'"),
        ("{sets: I}", "did you mean 'set'?"),
        ("{set: I, n: 2}", "c.yaml:1:60: error: no row of d.csv has all the values of 'where'"),
        ("{set: I}", "error: one row of d.csv has all the values of 'where', a fit needs two"),
        ("I", "c.yaml:1:60: error: surface.regression.where must have a value for each column"),
        ("{set: [I]}", "surface.regression.where must have a value for each column"),
        ("{}", "surface.regression.where must have a value for each column"),
    ],
)
def test_a_where_that_no_row_meets_gets_its_message(
    where: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(LONG, f"where: {where}", tmp_path, monkeypatch)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "numbers", "unit"),
    [
        (("2024-05-01", "2024-05-03", "2024-06-01"), [0, 2, 31], "days since 2024-05-01"),
        (("2024-05-01T06:00", "2024/5/3", "2024-06-01 12:30:00Z"),
         [0.25, 2, 31 + 12.5 / 24], "days since 2024-05-01"),
        (("2019-01-01", "2020-07-02", "2024-12-31"), [2019, 2020.5, 2024 + 365 / 366], "years"),
        (("2024-05", "2024-11", "2025-01"), [2024 + 1 / 3, 2024 + 10 / 12, 2025], "years"),
        (("1880", "1881", "1882"), [1880, 1881, 1882], ""),
    ],
)  # fmt: skip
def test_dates_are_years_or_days(
    cells: tuple[str, ...], numbers: list[float], unit: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    text = "made,m\n" + "".join(f"{cell},{i}\n" for i, cell in enumerate(cells))
    data = loaded(text, "x: made", tmp_path, monkeypatch).data
    assert data is not None and data.x.tolist() == pytest.approx(numbers, abs=1e-9)
    assert data.names == (f"made ({unit})" if unit else "made", "m")


@pytest.mark.parametrize("cell", ["2024-02-30", "01.05.2024", "5/1/2024", "May 2024", "0000-01-01"])
def test_other_dates_hear_how_dates_are_written(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="dates look like 2024-05-01 or 2024-05"):
        loaded(f"made,m\n2024-04-01,1\n{cell},2\n2024-05-01,3\n", "x: made", tmp_path, monkeypatch)


def test_standardized_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.array([[1000.0, 3], [1200, 5], [1500, 4], [2000, 9]])
    text = "h,m\n" + "".join(f"{a},{b}\n" for a, b in rows.tolist())
    surface = loaded(text, "standardize: true", tmp_path, monkeypatch)
    z = (rows[:, 0] - rows[:, 0].mean()) / rows[:, 0].std()
    assert surface.axes == ("b", "w")
    best = np.linalg.lstsq(np.stack([np.ones(4), z], 1), rows[:, 1], rcond=None)[0]
    assert surface.minima[0] == pytest.approx(best)
    p = np.array([0.5, -2.0])
    assert surface.value(p) == pytest.approx(np.mean((rows[:, 1] - p[0] - p[1] * z) ** 2))
    residuals = rows[:, 1] - p[0] - p[1] * z
    assert surface.gradient(p) == pytest.approx(
        [-2 * residuals.mean(), -2 * (residuals * z).mean()]
    )
    data = surface.data
    assert data is not None and data.x.tolist() == rows[:, 0].tolist()  # the data's own units
    assert data.predict(p, rows[:, :1].T) == pytest.approx(p[0] + p[1] * z)
    assert data.notes == ("standardized: x = (h − 1425) / 376.7",)


def test_a_constant_is_not_standardized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="'h' is 7 in all rows") as caught:
        loaded("h,m\n7,2\n7,3\n", "standardize: true", tmp_path, monkeypatch)
    assert "c.yaml:1:66" in str(caught.value)


def test_the_caption_says_what_was_done_with_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = "x: power, y: weight, missing: drop, standardize: true"
    loaded(CARS, keys, tmp_path, monkeypatch)
    run = optanim.loads(KEYS % keys)
    scene = compose_scene(*simulate_run(run))
    assert scene.caption[-1] == (
        "2 rows are left out: a value is missing; standardized: x = (power ${-}$ 93.33) / 28.67"
    )
    assert "missing: drop" in as_yaml(run) and "standardize: true" in as_yaml(run)


UNITS = {
    "units": ("h,m\ncm,kg\n1,2\n2,3\n3,5\n", 1, "cm, kg", 1),
    "units in brackets": ("h;m\n(cm);[kg]\n1,5;2\n2,5;3\n3;5\n", 1, "(cm), [kg]", 1),
    "one of two": ("h,m\ncm,\n1,2\n2,3\n3,5\n", 1, "cm", 1),
    "beside others": ("name,h,m\n,cm,kg\na,1,2\nb,2,3\nc,3,5\n", 2, "cm, kg", 1),
    "below a title": ("Heights of 2020\nh,m\ncm,kg\n1,2\n2,3\n3,5\n", 1, "cm, kg", 2),
    "above a missing value": ("h,m\ncm,kg\n1,NA\n2,3\n3,5\n", 1, "cm, kg", 1),
    "types": ("h\tm\nfloat\tint\n1\t2\n2\t3\n3\t5\n", 1, "float, int", 1),
}
"""A file, the column of its first unit, the units, and the number of lines above them."""


@pytest.mark.parametrize("name", UNITS)
def test_a_row_of_units_is_named_for_what_it_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, column, units, skip = UNITS[name]
    with pytest.raises(ConfigError) as caught:
        loaded(text, "x: h, y: m", tmp_path, monkeypatch)
    problem = caught.value.problems[0]
    assert len(caught.value.problems) == 1 + ("NA" in text)
    assert str(problem.place) == f"d.csv:{skip + 1}:{column}"
    assert problem.message.endswith(f"has words, such as units, and no numbers: {units}")
    assert f"remove the line; or skip: {skip} takes its words for the names" in problem.help
    if name == "units":
        data = loaded(text, f"x: cm, y: kg, skip: {skip}", tmp_path, monkeypatch).data
        assert data and data.y.tolist() == [2, 3, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("h,m\n1,many\n2,3\n3,5\n", "m must be a number, got 'many'"),
        ("h,m\nfew,many\nfew,3\n3,5\n", "h must be a number, got 'few'"),
        ("h,m\n,\nNA,NA\n2,3\n3,5\n", "h must be a number, got 'NA'"),
        ("h,m\n1,2\ncm,kg\n2,3\n3,5\n", "h must be a number, got 'cm'"),
    ],
)
def test_a_row_that_has_no_units(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(text, "x: h, y: m", tmp_path, monkeypatch)
    assert caught.value.problems[0].message == message


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([2, 2.5, -99.99, 3, -99.99], (-99.99, 2, (2, 3))),
        ([2, 2.5, 9999, 3], (9999, 1, (2, 3))),
        ([310, 420, -999, 350], (-999, 1, (310, 420))),
        ([0.1, 0.2, 99, 0.3, 99], (99, 2, (0.1, 0.3))),
        ([9000, 100, 9999, 5000], None),  # 999 from the next, in a range of 8900
        ([2, 3, -9], None),
        ([2, 3, 1000], None),
        ([97, 98, 99], None),
        ([99, 99, 99], None),
    ],
)
def test_numbers_that_stand_for_no_value(values: list[float], found: Any) -> None:
    assert sentinel_in(np.array(values, dtype=float)) == found


@pytest.mark.parametrize("word", ["", "NA"])
def test_a_number_that_stands_for_no_value_is_left_out(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"h,m\n1,2\n2,2.5\n3,-99.99\n4,3\n5,-99.99\n-99.99,4\n6,{word or '3.5'}\n"
    config = (
        "surface: {regression: {data: a.csv, model: w*x + b%s}}\nstart: [0, 0]\nsteps: 1\n"
        "optimizer: {name: gd, lr: 1e-6}\n"
    )
    (tmp_path / "a.csv").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    if not word:
        remarks = remarks_of(*simulate_run(optanim.loads(config % "")))
        assert remarks == (
            "h is -99.99 once, far from the others, 1 to 6;"
            " if it stands for no value: missing: -99.99",
            "m is -99.99 2 times, far from the others, 2 to 4;"
            " if it stands for no value: missing: -99.99",
        )
    run = optanim.loads(config % ", missing: -99.99")
    data = run.surface.data
    assert data is not None and remarks_of(*simulate_run(run)) == ()
    assert data.y.tolist() == [2, 2.5, 3, *[3.5] * (not word)]
    count = 4 if word else 3
    assert data.notes == (f"{count} rows are left out: a value is missing",)
    assert "missing: -99.99" in as_yaml(run)
    assert as_yaml(optanim.loads(as_yaml(run))) == as_yaml(run)
    with pytest.raises(ConfigError, match=r"missing must be error, drop, or a number"):
        optanim.loads(config % ", missing: often")
    with pytest.raises(ConfigError, match="one row of numbers beside 2 without a value"):
        (tmp_path / "a.csv").write_text("h,m\n1,9\n2,9\n3,4\n", "utf-8")
        optanim.loads(config % ", missing: 9")


@pytest.mark.parametrize(
    ("model", "names", "column"),
    [("w*e + b", "e,y", 3), ("w*pi + b", "pi,y", 3), ("b + 2*w/e", "e,y", 9),
     ("w*x**e + b", "x,e,y", 6), ("1.e-3*w*x + e", "x,e,y", 13)],
)  # fmt: skip
def test_a_constant_that_is_a_column_is_asked_about(
    model: str, names: str, column: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{','.join(str(n + k * k) for k in range(names.count(',') + 1))}\n"
                   for n in (1, 2, 4))  # fmt: skip
    (tmp_path / "a.csv").write_text(f"{names}\n{rows}", "utf-8")
    monkeypatch.chdir(tmp_path)
    config = "surface: {regression: {data: a.csv, model: %s, y: y%s}}\nstart: %s\noptimizer: gd\n"
    start = "[0, 0]" if "b" in model else "[0]"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(config % (model, "", start), source="c")
    name = "pi" if "pi" in model else "e"
    problem = caught.value.problems[0]
    assert problem.message == f"'{name}' is a constant in a formula, and a column of the file"
    assert str(problem.place) == f"c:1:{43 + column}"
    assert f"for the column, and columns: {{c: {name}}} beside model" in problem.help
    # Both ways out are right.
    for other in (model.replace(name, "c") + f", columns: {{c: {name}}}",
                  model.replace(name, problem.help.rpartition(" ")[2])):  # fmt: skip
        if "1.c-3" not in other and "1.exp" not in other:
            optanim.loads(config % (other, "", start))
    # A column that the model does not use is none.
    if names == "x,e,y":
        optanim.loads(config % ("w*x + b + 1e-3", "", "[0, 0]"))
