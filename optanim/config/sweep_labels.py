"""Labels of the keys of a matrix and of their values, for figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optanim.config.matrix import MatrixKey
from optanim.config.problems import path_text
from optanim.config.run import Run
from optanim.config.sweep import SweptKey
from optanim.config.yaml_nodes import KeyPath
from optanim.formulas.expression import name_in_tex
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.notation import value_label
from optanim.schema.option import Option
from optanim.schema.words import title_in

KINDS = {"optimizer": "optimizers", "optimizers": "optimizers", "surface": "surfaces"}
"""The catalogue of each key of a config that names an entry."""


def swept_key(key: MatrixKey, runs: Sequence[Run]) -> SweptKey:
    """A key of a matrix with its symbol and the labels of its values."""
    values = tuple(node.plain() for node in key.values)
    return SweptKey(
        path=path_text(key.path),
        name=key.name,
        symbol=_symbol(key.path, runs),
        values=values,
        labels=tuple(_label(key.path, value, runs[0].lang) for value in values),
    )


def _symbol(path: KeyPath, runs: Sequence[Run]) -> str:
    """The TeX of a key: the symbol of its option in the first run that has it, or its name."""
    keys = [step for step in path if isinstance(step, str)]
    if keys[0] in ("optimizer", "optimizers", "surface") and keys[1:]:
        for run in runs:
            chosen = run.chosen if keys[0] == "surface" else run.trials[0].chosen
            if option := chosen.entry.options.get(keys[1]):
                symbol = symbol_of_option(option)
                if not keys[2:]:
                    return symbol
                value = chosen.options.get(keys[1])
                if not isinstance(value, Chosen):
                    return _symbol_of_name(keys[-1])
                inner_option = value.entry.options.get(keys[2])
                name = inner_option or Option(keys[2], Any, None)
                inner = symbol_of_option(name)
                return inner if "_" in symbol else rf"{symbol}_{{{inner}}}"
    return _symbol_of_name(keys[0].removesuffix("s") if keys[-1] == "name" else keys[-1])


def symbol_of_option(option: Option) -> str:
    """The TeX of an option; a single letter is in italics, as in papers."""
    return name_in_tex(option.name) if len(option.name) == 1 else option.symbol


def _symbol_of_name(key: str) -> str:
    return symbol_of_option(Option(key, Any, None))


def _label(path: KeyPath, value: Any, language: str) -> str:
    """A value as a figure shows it; an entry is shown by its title."""
    kind = KINDS.get(str(path[0]))
    if kind and [step for step in path[1:] if isinstance(step, str)] in ([], ["name"]):
        name = value.get("name") if isinstance(value, dict) else value
        if isinstance(name, str) and name in catalogue(kind):
            title = title_in(language, catalogue(kind)[name])
            options = value if isinstance(value, dict) else {}
            texts = [f"{k} {value_label(v)}" for k, v in options.items() if k != "name"]
            return ", ".join([title, *texts])
    return value_label(value)
