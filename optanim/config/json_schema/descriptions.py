"""What an editor shows of a key when the mouse rests on it."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import is_dataclass
from typing import Any, get_args

from optanim.config.dump import plain_data
from optanim.formulas.plain_text import plain
from optanim.schema.catalogue import Entry
from optanim.schema.choice import Choice
from optanim.schema.option import Option, rule

Words = dict[str, str]


def attributes(kind: type) -> Words:
    """What the docstring of a dataclass says of each attribute."""
    text = inspect.cleandoc(kind.__doc__ or "")
    found = re.search(r"^Attributes:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    told = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", found[1] if found else "", re.MULTILINE)
    return {name: _sentence(" ".join(words.split())) for name, words in told}


def summary(kind: Any) -> str:
    """The first line of a docstring."""
    return inspect.cleandoc(kind.__doc__ or "").partition("\n")[0]


def of_option(option: Option, said: str = "") -> str:
    """What is said of an option, its sign, its rule and its default."""
    told = said or (summary(option.type) if is_dataclass(option.type) else "")
    sign, words = plain(f"${option.symbol}$"), _rule(option.type)
    mean = "Value" if sign.replace(" ", "") == option.name.replace("_", "") else sign
    lines = [told] if told else []
    lines += [f"{mean}: {words}"] if words else []
    if (default := default_of(option)) is not None:
        lines.append(f"Default: {default if isinstance(default, str) else _json(default)}")
    return "\n\n".join(lines)


def of_entry(entry: Entry) -> Words:
    """What an entry is; where an editor reads Markdown, with its equation and source."""
    said = f"{entry.title}: {entry.summary}"
    parts = [said, f"```text\n{entry.equation}\n```" if entry.equation else ""]
    parts += [f"Reference: {entry.reference}" if entry.reference else ""]
    return {"description": said, "markdownDescription": "\n\n".join(filter(None, parts))}


def default_of(option: Option) -> Any:
    """An option's default as a config has it; None if there is none that can be written."""
    if option.required or is_dataclass(option.default):
        return None
    return None if option.default is None else _lists(plain_data(option.name, option.default))


def _rule(kind: Any) -> str:
    """A type's rule in words; "" for names and sections, which speak for themselves."""
    return "" if is_dataclass(kind) or _chooses(kind) else rule(kind)


def _chooses(kind: Any) -> bool:
    marks = getattr(kind, "__metadata__", ())
    parts = [getattr(kind, "__origin__", None) if marks else None, *get_args(kind)]
    if any(isinstance(mark, Choice) for mark in marks):
        return True
    return any(_chooses(part) for part in parts if part is not None and part is not kind)


def _sentence(words: str) -> str:
    words = words.removesuffix(".").removesuffix("; or")
    return f"{words[:1].upper()}{words[1:]}."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lists(value: Any) -> Any:
    return [*map(_lists, value)] if isinstance(value, list | tuple) else value
