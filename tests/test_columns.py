"""CSV files: what is written is read, and what cannot be read is shown where it stands."""

from __future__ import annotations

import csv
import io
import math
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import optanim
from optanim.errors import ConfigError, OptionError
from optanim.files import DATA
from optanim.surfaces._regression.csv_dialect import Reading
from optanim.surfaces._regression.csv_table import CsvTable
from optanim.surfaces._surface import Array


@dataclass(frozen=True)
class Columns:
    x: Array
    y: Array
    names: tuple[str, str]


CONFIG = "surface: {regression: {data: d.csv, model: w*x}}\nstart: [0]\noptimizer: gd\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "c.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(folder: Path, data: str | bytes, x: str | None = None, y: str | None = None) -> Columns:
    file = folder / "d.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return columns_of(file, x, y)


def columns_of(
    file: Path, x: str | None = None, y: str | None = None, **reading: object
) -> Columns:
    asked = [name for name in (x, y) if name is not None]
    table = CsvTable(file, asked, Reading(**reading))  # type: ignore[arg-type]
    names = table.x_and_y(x, y)
    rows = table.read(names)
    return Columns(rows.values[0], rows.values[1], names)


SAME = {
    "plain": "hours,mark\n1,12\n2.5,19\n",
    "byte order mark": "\ufeffhours,mark\n1,12\n2.5,19\n",
    "line ends of Windows": "hours,mark\r\n1,12\r\n2.5,19\r\n",
    "line ends of an old Macintosh": "hours,mark\r1,12\r2.5,19\r",
    "no last line end": "hours,mark\n1,12\n2.5,19",
    "quotes": '"hours","mark"\n"1","12"\n2.5,"19"\n',
    "blanks": " hours , mark\n 1, 12\n2.5 ,\t19 \n",
    "blanks before quotes": 'hours, "mark"\n1, "12"\n2.5,19\n',
    "blank lines": "\n  \nhours,mark\n\n1,12\n\n2.5,19\n\n \n",
    "a name of two lines": 'hours;"who, \n or what";mark\n1;a;12\n2.5;b;19\n',
    "semicolons": "hours;mark\n1;12\n2.5;19\n",
    "tabs": "hours\tmark\n1\t12\n2.5\t19\n",
    "other ways to write numbers": "hours,mark\n1.,+12\n.25e1,1.9E+1\n",
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_table_written_in_many_ways(name: str, folder: Path) -> None:
    table = read(folder, SAME[name], "hours", "mark")
    assert table.names == ("hours", "mark")
    assert table.x.tolist() == [1, 2.5] and table.y.tolist() == [12, 19]


@pytest.mark.parametrize(
    ("header", "x", "y", "names"),
    [
        ("y,x", None, None, ("x", "y")),
        ("id,y,x", None, None, ("x", "y")),
        ("y,mark", None, None, ("mark", "y")),
        ("hours,x", None, None, ("x", "hours")),
        ("hours,mark", "mark", None, ("mark", "hours")),
        ("hours,mark", None, "hours", ("mark", "hours")),
        ("id,hours,mark", "hours", "mark", ("hours", "mark")),
        ("id,시간,점수", "시간", "점수", ("시간", "점수")),
        ("1,mark", None, None, ("1", "mark")),
    ],
)
def test_which_column_is_which(
    header: str, x: str | None, y: str | None, names: tuple[str, str], folder: Path
) -> None:
    table = read(folder, f"{header}\n1,2,3\n4,5,6\n" if header.count(",") > 1 else
                 f"{header}\n1,2\n4,5\n", x, y)  # fmt: skip
    columns = header.split(",")
    assert table.names == names
    assert [table.x[0] - 1, table.y[0] - 1] == [columns.index(name) for name in names]


def test_columns_that_are_not_asked_for_may_hold_anything(folder: Path) -> None:
    table = read(folder, 'who,hours,mark\n"Kim, A.",1,12\n,2,nan\n', "hours", "hours")
    assert table.x.tolist() == [1, 2]


def test_two_columns_of_bare_numbers_are_x_and_y(folder: Path) -> None:
    table = read(folder, "1,12\n2,19\n")
    assert table.names == ("x", "y") and table.x.tolist() == [1, 2]


WRONG: dict[str, tuple[str | bytes, str]] = {
    "a word": (
        "hours,mark\n1,12\n2,many\n",
        "d.csv:3:3: error: mark must be a number, got 'many'\n 3 | 2,many\n   |   ^^^^\n"
        "   = help: numbers look like 12, 0.5 or 1e-3",
    ),
    "Hangul": (
        "시간,점수\n하나,12\n2,열\n",
        "d.csv:2:1: error: 시간 must be a number, got '하나'\n 2 | 하나,12\n   | ^^^^\n",
    ),
    "behind Hangul": ("이름,x,y\n김하나,1,z\n", "d.csv:2:7: error: y must be a number, got 'z'"),
    "a decimal comma": ("h;m\n1;2.5\n1;2,5\n", "d.csv:3:3: error: m must be a number, got '2,5'"),
    "in quotes": ('h,m\n"1","2 h"\n', "d.csv:2:5: error: m must be a number, got '2 h'"),
    "behind blanks": ("h,m\n1,   z\n", "d.csv:2:6: error: m must be a number, got 'z'"),
    "Python's own": ("h,m\n1_000,2\n", "d.csv:2:1: error: h must be a number, got '1_000'"),
    "other digits": ("h,m\n1,²\n", "d.csv:2:3: error: m must be a number, got '²'"),
    "nan": ("h,m\n1,nan\n", "d.csv:2:3: error: m must be a finite number, got 'nan'"),
    "inf": ("h,m\n1,2\n-inf,3\n", "d.csv:3:1: error: h must be a number up to 1e+100, got"),
    "too large": ("h,m\n1,1e101\n", "d.csv:2:3: error: m must be a number up to 1e+100, got"),
    "empty cell": ("h,m\n,3\n", "d.csv:2:1: error: h is empty"),
    "short row": ("h,m\n1,2\n3\n", "d.csv:3:2: error: 1 cell, the first line has 2\n 3 | 3\n"),
    "long row": ("h,m\n1,2,3\n", "d.csv:2:5: error: 3 cells, the first line has 2"),
    "after a cell of two lines": (
        'who,x,y\n"a\nb",1,2\n"c\nd",3,z\n',
        "d.csv:5:6: error: y must be a number, got 'z'\n 5 | d\",3,z\n",
    ),
    "old Macintosh": ("h,m\r1,2\r3,z\r", "d.csv:3:3: error: m must be a number, got 'z'"),
    "one row": ("h,m\n1,2\n", "d.csv:2:1: error: the file has one row of numbers, a fit needs two"),
    "no row": ("h,m\n", "d.csv:1:1: error: the file has a first line and no numbers"),
    "empty file": ("", "d.csv: error: the file is empty"),
    "blank file": ("\ufeff \n\n", "d.csv: error: the file is empty"),
    "no names": ("1,2,3\n4,5,6\n", "c.yaml:1:30: error: d.csv has 3 columns; set which are x"),
    "one column": ("hours\n1\n2\n", "d.csv:1:1: error: the file has one column, a fit needs two"),
    "same names": ("a,b,a\n1,2,3\n", "c.yaml:1:30: error: d.csv has 3 columns; set which are x"),
    "x twice": ("x,y,x\n1,2,3\n", "d.csv:1:5: error: two columns are called 'x'"),
    "open quote": ('h,m\n1,"2\n3,4\n', "d.csv:2:3: error: a quote that is opened here is never"),
    "behind a quote": ('h,m\n"1"x,2\n', "d.csv:2:4: error: only ',' may follow a closing quote"),
    "not UTF-8": ("h,m\n김,1\n".encode("cp949"), "d.csv:2:1: error: not UTF-8: byte 0xb1"),
    "not UTF-8 further on": (b"h,m\n1,2\n3,\xff\n", "d.csv:3:3: error: not UTF-8: byte 0xff"),
    "UTF-16": ("h,m\n1,2\n".encode("utf-16"), "d.csv: error: is UTF-16, not UTF-8\n"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "not UTF-8: byte 0x89"),
    "a binary file": (b"\0\1\2\3", "d.csv: error: is not a text file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_gets_its_message(name: str, folder: Path) -> None:
    data, message = WRONG[name]
    (folder / "d.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(ConfigError) as caught:
        optanim.load("c.yaml")
    assert message in str(caught.value) and len(caught.value.problems) <= 2


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("data: e.csv", "c.yaml:1:30: error: there is no file e.csv\n"),
        ("data: e.csv", "did you mean 'd.csv'? CSV files there: d.csv, longer.csv"),
        ("data: sub", "c.yaml:1:30: error: sub is a folder, not a CSV file"),
        ("data: 3", "c.yaml:1:30: error: surface.regression.data must be the name of a file, got"),
        ("data: ''", "c.yaml:1:30: error: surface.regression.data must be the name of a file, got"),
        (f"data: {'n' * 400}", "cannot be read"),
        ("data: d.csv, x: hour", "c.yaml:1:40: error: d.csv has no column 'hour'\n"),
        ("data: d.csv, x: hour", "did you mean 'hours'? columns: hours, mark"),
        ("data: d.csv, y: 점수", "c.yaml:1:40: error: d.csv has no column '점수'"),
        ("data: longer.csv", "c.yaml:1:30: error: longer.csv has 3 columns; set which are x and y"),
        ("data: big.csv", "c.yaml:1:30: error: big.csv is larger than 100 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_the_config(
    keys: str, message: str, folder: Path
) -> None:
    (folder / "d.csv").write_text("hours,mark\n1,2\n3,4\n")
    (folder / "longer.csv").write_text("a,b,c\n1,2,3\n")
    (folder / "sub").mkdir()
    if "big" in keys:
        with (folder / "big.csv").open("wb") as file:
            file.truncate(DATA + 1)
    (folder / "c.yaml").write_text(CONFIG.replace("data: d.csv", keys))
    with pytest.raises(ConfigError) as caught:
        optanim.load("c.yaml")
    assert message in str(caught.value)


def test_all_wrong_cells_are_told_at_once_beside_what_is_wrong_in_the_config(folder: Path) -> None:
    (folder / "d.csv").write_text("h,m\n1,2\na,b\nc,\n")
    (folder / "c.yaml").write_text(CONFIG + "output: a.gfi\n")
    with pytest.raises(ConfigError) as caught:
        optanim.load("c.yaml")
    assert [str(problem.place) for problem in caught.value.problems] == [
        "c.yaml:4:9", "d.csv:3:1", "d.csv:3:3", "d.csv:4:1", "d.csv:4:3",
    ]  # fmt: skip
    (folder / "d.csv").write_text("h,m\n" + "a,b\n" * 100)
    with pytest.raises(ConfigError, match="10 mistakes; the rest of the file") as caught:
        optanim.load("c.yaml")
    assert len(caught.value.problems) == 12


LONG = ("z" * 100_000, "1" * 100_000 + "x", "1" + " " * 100_000 + "1", "1.1." * 25_000)


@pytest.mark.parametrize("cell", LONG, ids=range(len(LONG)))
def test_a_long_line_is_read_in_linear_time_and_not_printed(folder: Path, cell: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(folder, f"h,m\n1,{cell}\n")
    assert "d.csv:2:3: error:" in str(caught.value) and len(str(caught.value)) < 400


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=8)


@given(
    st.lists(
        st.tuples(CELLS, st.floats(-1e100, 1e100), st.floats(-1e9, 1e9)),
        min_size=2, max_size=8,
    ),
    st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n", "\r"]), CELLS,
)  # fmt: skip
def test_what_the_csv_writer_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, float, float]], sign: str, end: str, name: str,
) -> None:  # fmt: skip
    text = io.StringIO(newline="")
    # The delimiter is found in the first line, where a name may hold others in quotes only.
    writer = csv.writer(text, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([["who" + name, "시간", "mark"], *rows])
    folder = tmp_path_factory.mktemp("csv")
    table = read(folder, text.getvalue(), "시간", "mark")
    assert table.x.tolist() == [row[1] for row in rows]
    assert table.y.tolist() == [row[2] for row in rows]


@given(st.binary(max_size=80) | st.text('h,m12;\n\r"ab \t', max_size=40).map(str.encode))
def test_any_bytes_are_a_table_or_an_error_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "d.csv"
    file.write_bytes(data)
    try:
        table = columns_of(file)
    except OptionError as error:
        assert error.path
    except ConfigError as error:
        assert all(re.match(r".*d\.csv(:\d+:\d+)?: error: ", str(p)) for p in error.problems)
    else:
        assert len(table.x) == len(table.y) >= 2 and np.isfinite([table.x, table.y]).all()


def test_a_quarter_of_a_million_rows_are_read_in_a_second_or_two(folder: Path) -> None:
    rows = np.random.default_rng(1).random((250_000, 2))
    text = "x,y\n" + "".join(f"{a},{b}\n" for a, b in rows.tolist())
    began = time.process_time()
    table = read(folder, text)
    assert time.process_time() - began < 5
    assert np.array_equal(table.x, rows[:, 0]) and math.isfinite(table.y.sum())
