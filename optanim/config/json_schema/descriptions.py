"""Descriptions of keys and entries in the JSON Schema; editors show them as tooltips."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_args

from optanim.config.dump import key_data
from optanim.formulas.plain_text import plain
from optanim.schema.catalogue import Entry
from optanim.schema.choice import Choice
from optanim.schema.option import Option, rule_in_words

Texts = dict[str, str]


def attributes(kind: type) -> Texts:
    """The description of each attribute in the docstring of a dataclass."""
    text = inspect.cleandoc(kind.__doc__ or "")
    section = re.search(r"^Attributes:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    lines = section[1] if section else ""
    items = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", lines, re.MULTILINE)
    return {name: _sentence(" ".join(words.split())) for name, words in items}


def summary(kind: Any) -> str:
    """The first line of a docstring."""
    return inspect.cleandoc(kind.__doc__ or "").partition("\n")[0]


def of_option(option: Option, text: str = "") -> str:
    """The description of an option: a text, its symbol with its rule, and its default."""
    text = text or (summary(option.type) if is_dataclass(option.type) else "")
    symbol, rule_text = plain(f"${option.symbol}$"), _rule(option.type)
    subject = "Value" if symbol.replace(" ", "") == option.name.replace("_", "") else symbol
    lines = [text] if text else []
    lines += [f"{subject}: {rule_text}"] if rule_text else []
    if (default := default_of(option)) is not None:
        lines.append(f"Default: {default if isinstance(default, str) else _json(default)}")
    return "\n\n".join(lines)


@cache
def of_entry(entry: Entry) -> Texts:
    """The description of an entry; in Markdown also its equation and reference."""
    text = f"{entry.title}: {entry.summary}"
    parts = [text, f"```text\n{entry.equation}\n```" if entry.equation else ""]
    parts += [f"Reference: {entry.reference}" if entry.reference else ""]
    return {"description": text, "markdownDescription": "\n\n".join(filter(None, parts))}


def default_of(option: Option) -> Any:
    """The default of an option as a config has it; None if there is none, or it is a section."""
    if option.required or is_dataclass(option.default):
        return None
    return None if option.default is None else _lists(key_data(option.name, option.default))


def _rule(kind: Any) -> str:
    """The rule of a type in words; "" for sections and choices, which have schemas of their own."""
    return "" if is_dataclass(kind) or _has_choice(kind) else rule_in_words(kind)


def _has_choice(kind: Any) -> bool:
    """Whether a type is a choice, or contains one."""
    metadata = getattr(kind, "__metadata__", ())
    parts = [getattr(kind, "__origin__", None) if metadata else None, *get_args(kind)]
    if any(isinstance(item, Choice) for item in metadata):
        return True
    return any(_has_choice(part) for part in parts if part is not None and part is not kind)


def _sentence(words: str) -> str:
    """A docstring's noun phrase as a sentence."""
    words = words.removesuffix(".").removesuffix("; or")
    return f"{words[:1].upper()}{words[1:]}."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lists(value: Any) -> Any:
    """A value with lists in place of tuples, as in JSON."""
    return [*map(_lists, value)] if isinstance(value, list | tuple) else value
