"""The README's tables of the catalogues; `python -m tests.catalogue_tables` writes them."""

from pathlib import Path

from optanim.catalogue import catalogue
from optanim.commands.list import KINDS
from optanim.option import Option

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- catalogue -->", "<!-- /catalogue -->"


def tables() -> str:
    """A row for each entry: name, what it is, the options with their defaults."""
    rows = ["", "| | name | what it is | options |", "|---|---|---|---|"]
    for kind in KINDS:
        for i, entry in enumerate(catalogue(kind).values()):
            # The colors of a theme are no news in a table; every theme has the same keys.
            shown = [] if kind == "themes" else entry.options.values()
            options = ", ".join(f"`{o.name}` {_default(o)}".strip() for o in shown)
            what = f"{entry.title}: {entry.summary}"
            rows.append(f"| {'' if i else kind} | `{entry.name}` | {what} | {options} |")
    return "\n".join([*rows, ""])


def _default(option: Option) -> str:
    value = option.default
    if option.required or value is None:
        return "required" if option.required else ""
    return str(list(value)) if isinstance(value, tuple) else f"{value}"


def in_readme() -> str:
    """What stands between the marks."""
    return README.read_text("utf-8").split(BEGIN + "\n")[1].split(END)[0]


if __name__ == "__main__":
    text = README.read_text("utf-8")
    README.write_text(text.replace(BEGIN + "\n" + in_readme(), f"{BEGIN}\n{tables()}\n"), "utf-8")
