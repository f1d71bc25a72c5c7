"""The README's tables that follow from code and configs.

`python -m tests.catalogue_tables` writes them.
"""

from pathlib import Path

import optanim
from optanim.cli.commands.list import KINDS
from optanim.experiment.trials import trajectories_of
from optanim.experiment.verdicts import verdicts_of
from optanim.schema.catalogue import catalogue
from optanim.schema.option import Option

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))


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


def corrections() -> str:
    """A row for each claim of the article that does not hold on its own settings."""
    rows = ["| the article says | in | measured |", "|---|---|---|"]
    for config in CONFIGS:
        run = optanim.load(config)
        link = f"[{config.stem}](configs/{config.name})"
        for verdict in verdicts_of(run, trajectories_of(run)):
            if not verdict.holds:
                rows.append(f"| {verdict.says} | {link} | {verdict.measured} |")
    return "\n".join(rows)


TABLES = {"catalogue": tables, "corrections": corrections}


def in_readme(name: str) -> str:
    """What stands between the marks of a table."""
    return README.read_text("utf-8").split(f"<!-- {name} -->\n")[1].split(f"<!-- /{name} -->")[0]


if __name__ == "__main__":
    for name, table in TABLES.items():
        text, begin = README.read_text("utf-8"), f"<!-- {name} -->\n"
        README.write_text(text.replace(begin + in_readme(name), f"{begin}{table()}\n"), "utf-8")
