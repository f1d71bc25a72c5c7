"""The parts of the README and of docs/ that follow from code and configs.

`python -m tests.catalogue_tables` writes them: each stands between `<!-- name -->` and
`<!-- /name -->`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from functools import partial
from itertools import compress
from typing import Any

import optanim
from optanim.cli.commands.list import KINDS
from optanim.cli.entries import verification, verification_in_short
from optanim.config.json_schema import schema
from optanim.config.json_schema.descriptions import attributes
from optanim.experiment.trials import trajectories_of
from optanim.experiment.verdicts import verdicts_of
from optanim.formulas.plain_text import plain
from optanim.schema.catalogue import Entry, by_family, catalogue
from optanim.schema.figure import Theme
from optanim.schema.option import Option, rule_in_words
from optanim.schema.validation import options_of
from optanim.schema.warm_up import WarmUp
from tests.pages import PAGES, ROOT

CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))

PAGE_OF = {
    "surfaces": "surfaces",
    "optimizers": "optimizers",
    "schedules": "optimizers",
    "panels": "panels",
    "formats": "posts",
    "themes": "themes",
    "claims": "claims",
    "languages": "config",
}
"""The page of docs/ that describes each kind of entry."""

Schema = dict[str, Any]


def table(*rows: Iterable[str]) -> str:
    """A table of Markdown; the first row is its head. A column without a cell is left out."""
    head, *rest = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    filled = [any(cells) for cells in zip(*rest, strict=True)]
    head, *rest = ([*compress(row, filled)] for row in (head, *rest))
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def names() -> str:
    """The names of all entries, a row for each kind."""
    rows = [
        (f"[{kind}](docs/{PAGE_OF[kind]}.md)", " ".join(f"`{name}`" for name in catalogue(kind)))
        for kind in KINDS
    ]
    return table(("kind", "names"), *rows)


def entries(kind: str) -> str:
    """A section for each entry: what it is, its equation, its options and its source.

    Those of optimizers are in a section for each family, which begins with a table of them.
    """
    parts = []
    for family, group in by_family(catalogue(kind).values()).items():
        if family:
            rows = [_summary(entry) for entry in group]
            head = ("optimizer", "what it is", "verified against, largest difference")
            parts += [f"### {family.capitalize()}", table(head, *rows)]
        parts += [_entry(entry, "####" if family else "###") for entry in group]
    return "\n\n".join(parts)


def _summary(entry: Entry) -> tuple[str, str, str]:
    link = f"[`{entry.name}`](#{entry.name})"
    return link, f"{entry.title}: {entry.summary}", verification_in_short(entry)


def _entry(entry: Entry, marks: str) -> str:
    others = [name for name in entry.names.values() if name != entry.title]
    names = f" ({', '.join(others)})" if others else ""
    parts = [f"{marks} {entry.name}", f"**{entry.title}**{names}: {entry.summary}"]
    if entry.equation:
        parts.append(f"```text\n{entry.equation}\n```")
    if entry.options:
        head = ("option", "value", "default")
        rows = [row for option in entry.options.values() for row in _option(option)]
        parts.append(table(head, *rows))
    if entry.reference:
        words = entry.reference.replace("docs/glossary.md", "the [glossary](glossary.md)")
        words = words.replace("docs/words.md", "[words of a trajectory](words.md)")
        parts.append(f"Reference: {words}")
    if sentences := verification(entry):
        parts.append(f"Verified: {' '.join(sentences)}")
    return "\n\n".join(parts)


def _option(option: Option, section: str = "") -> list[tuple[str, str, str]]:
    """The row of an option, and of a section one for each of its keys."""
    name = f"`{section}{option.name}`"
    sign = plain(f"${option.symbol}$")
    if re.sub(r"[ _]", "", sign) != option.name.replace("_", ""):
        name += f" ({sign})"
    if is_dataclass(option.type):
        inner = options_of(option.type).values()
        rows = [row for one in inner for row in _option(one, f"{section}{option.name}.")]
        return [(name, "section", _default(option)), *rows]
    return [(name, _readable(rule_in_words(option.type)), _default(option))]


def _readable(words: str) -> str:
    return words.replace(">=", "≥").replace("<=", "≤")


def _default(option: Option) -> str:
    if option.required or option.default is None or is_dataclass(option.default):
        return "required" if option.required else ""
    return f"`{_written(option.default)}`"


def _written(value: Any) -> str:
    """A value as a config has it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, float):
        return f"{value:.10g}"
    return value if isinstance(value, str) else json.dumps(value)


def keys() -> str:
    """The keys of a config, a table for each section."""
    top = schema()["definitions"]["config"]
    parts = ["### At the top", _keys(top)]
    for path, section in _sections(top):
        parts += [f"### {path}", section.get("description", ""), _keys(section)]
    return "\n\n".join(filter(None, parts))


def _sections(at: Schema, path: str = "") -> Iterable[tuple[str, Schema]]:
    for name, value in at["properties"].items():
        section = _section(value.get("items", value))
        if "properties" in section:
            yield f"{path}{name}", section
            yield from _sections(section, f"{path}{name}.")


def _section(value: Schema) -> Schema:
    """The section that a value is, if it stands among the definitions; otherwise the value."""
    name = value.get("$ref", "").rpartition("/")[2]
    definition: Schema = schema()["definitions"][name] if name.startswith("section-") else value
    return definition


def _keys(section: Schema, only: Iterable[str] | None = None) -> str:
    """A table of the keys of a section."""
    rows = []
    for name, value in section["properties"].items():
        if only is not None and name not in only:
            continue
        told, words, default = "", "", ""
        for part in value.get("description", "").split("\n\n"):
            if part.startswith("Default: "):
                default = f"`{part.removeprefix('Default: ')}`"
            elif part.startswith(("Value: ", f"{name}: ")):
                words = part.partition(": ")[2]
            else:
                told = part
        kind = _kind(value) if not words or "typing." in words else _readable(words)
        kind += ", see below" if "properties" in _section(value.get("items", {})) else ""
        default = "required" if name in section.get("required", ()) else default
        rows.append((f"`{name}`", told, kind, default))
    return table(("key", "what it is", "value", "default"), *rows)


def _kind(value: Schema, many: bool = False) -> str:
    """What may be written for a key whose type says no rule in words."""
    for part in value.get("anyOf", ()):
        what = part.get("$ref", "").partition("name-of-")[2]
        if what:
            article = "" if many else "an " if what[0] in "aeiou" else "a "
            return f"{article}[{what}]({PAGE_OF[f'{what}s']}.md)"
    if value.get("type") == "array":
        most = value.get("maxItems")
        return f"list of {f'up to {most}: ' if most else ''}{_kind(value['items'], True)}"
    return "section, see below" if "properties" in value else "lists of values by key"


def look() -> str:
    """The keys that may stand beside an optimizer's own."""
    adam = schema()["definitions"]["optimizer-TrialKeys.adam"]
    own = catalogue("optimizers")["adam"].options
    return _keys(adam, [name for name in adam["properties"] if name not in (*own, "name")])


def warm_up() -> str:
    """The keys that may stand beside the options of a schedule."""
    constant = schema()["definitions"]["schedule-WarmUp.constant"]
    return _keys(constant, attributes(WarmUp))


def theme_keys() -> str:
    """The keys of a theme."""
    told = attributes(Theme)
    rows = [
        (f"`{option.name}`", told[option.name], rule_in_words(option.type))
        for option in options_of(Theme).values()
    ]
    return table(("key", "what it is", "value"), *rows)


def corrections() -> str:
    """A row for each claim of the article that does not hold on its own settings."""
    rows = []
    for config in CONFIGS:
        run = optanim.load(config)
        link = f"[{config.stem}](../configs/{config.name})"
        for verdict in verdicts_of(run, trajectories_of(run)):
            if not verdict.holds:
                rows.append((verdict.says, link, verdict.measured))
    return table(("the article says", "in", "measured"), *rows)


TABLES: dict[str, Callable[[], str]] = {
    "names": names,
    "keys": keys,
    "look": look,
    "warm-up": warm_up,
    "theme-keys": theme_keys,
    "corrections": corrections,
    **{kind: partial(entries, kind) for kind in KINDS},
}


def in_pages(name: str) -> str:
    """What stands between the marks of a table, in the one page that has them."""
    (found,) = (text for page in PAGES if _begin(name) in (text := page.read_text("utf-8")))
    return found.split(_begin(name))[1].split(_end(name))[0]


def _begin(name: str) -> str:
    return f"<!-- {name} -->\n"


def _end(name: str) -> str:
    return f"<!-- /{name} -->"


def main() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        for name, made in TABLES.items():
            if _begin(name) in text:
                before, rest = text.split(_begin(name))
                after = rest.split(_end(name))[1]
                text = f"{before}{_begin(name)}\n{made()}\n\n{_end(name)}{after}"
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
