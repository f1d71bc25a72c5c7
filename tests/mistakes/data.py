"""Mistakes in the file of data, and in what a config says of it."""

from tests.mistakes import Mistake

CSV = "hours,mark\n1,52\n2,61\n3,70\n"


def _data(name: str, keys: str, *says: str, at: str = "", content: str | bytes = CSV) -> Mistake:
    config = f"surface: {{regression: {{{keys}, model: w*x + b}}}}\nstart: [0, 0]\noptimizer: gd\n"
    return Mistake(name, config, says, at or "c.yaml:1:", files={"a.csv": content})


def _surface(name: str, keys: str, *says: str) -> Mistake:
    config = f"surface: {{{keys}}}\nstart: [0, 0]\noptimizer: gd\n"
    return Mistake(
        name, config, says, "c.yaml:1:", files={"a.csv": CSV, "e.csv": CSV.replace("hours", "e")}
    )


DATA = [
    _data("a file that is not there", "data: b.csv", "there is no file b.csv", "did you mean"),
    _data("an address as data", "data: https://example.com/a.csv", "addresses are not fetched"),
    _data("a column that is not there", "data: a.csv, x: hour", "no column 'hour'",
          "did you mean 'hours'?"),
    _data("two columns that are not there", "data: a.csv, x: hour, y: marks", "no column 'hour'",
          "no column 'marks'"),
    _data("a word in place of a number", "data: a.csv", "must be a number, got 'many'",
          at="a.csv:3:3", content="hours,mark\n1,52\n2,many\n3,70\n"),
    _data("units below the names", "data: a.csv", "has words, such as units, and no numbers: h, %",
          "remove the line; or skip: 1 takes its words for the names", at="a.csv:2:1",
          content="hours,mark\nh,%\n1,52\n3,70\n"),
    _data("a word for a missing value", "data: a.csv, missing: skip",
          "must be error, drop, or a number that stands for no value, got 'skip'",
          "for example missing: drop, or missing: -99.99"),
    _surface("a constant as a column", "regression: {data: e.csv, model: w*e + b}",
             "'e' is a constant in a formula, and a column of the file",
             "write c for the column, and columns: {c: e} beside model; the constant is exp(1)"),
    _data("a workbook", "data: a.csv", "is a workbook, not a CSV file", "Save As > CSV UTF-8",
          content=b"PK\x03\x04[Content_Types].xml"),
    _data("an old workbook", "data: a.csv", "is a workbook", "Save As > CSV UTF-8",
          content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    _data("an empty file", "data: a.csv", "empty", at="a.csv", content=""),
    _data("points without brackets", "points: [1, 2, 3, 4]", "points must be a list of [x, y]",
          "write points: [[1, 2], [3, 4]]", at="c.yaml:1:32"),
    _data("a loss of another program", "data: a.csv, loss: mean_squared_error", "write loss: mse"),
    _data("csv in place of data", "csv: a.csv", "unknown key 'csv'", "write data: a.csv",
          at="c.yaml:1:24"),
    _surface("no model", "regression: {data: a.csv}", "surface.regression.model is missing",
             "for example model: w*x + b"),
    _surface("the keys of a fit beside its name", "name: regression, data: a.csv, model: w*x + b",
             "surface: {regression: {data: a.csv, model: w*x + b}}"),
    _surface("csv beside the name of a fit", "name: regression, csv: a.csv",
             "it is called 'data' here", "surface: {regression: {model: w*x + b, data: a.csv}}"),
    _surface("a file as a fit", "regression: a.csv",
             "write regression: {model: w*x + b, data: a.csv}"),
    _surface("a fit without keys", "name: regression", "surface.regression is missing",
             "for example regression: {model: w*x + b, data: data.csv}"),
    _surface("a formula in place of a model", "regression: {data: a.csv, formula: w*x + b}",
             "it is called 'model' here: write model: w*x + b"),
]  # fmt: skip
