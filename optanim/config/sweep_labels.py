"""How a figure names the keys of a matrix, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optanim.config.matrix import Axis
from optanim.config.problems import KeyPath, spoken
from optanim.config.run import Run
from optanim.config.sweep import Swept
from optanim.formulas.expression import name_in_tex
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.notation import label_of
from optanim.schema.option import Option

KINDS = {"optimizer": "optimizers", "optimizers": "optimizers", "surface": "surfaces"}


def swept(axis: Axis, runs: Sequence[Run]) -> Swept:
    """A key as a figure names it."""
    values = tuple(node.plain() for node in axis.values)
    return Swept(
        path=spoken(axis.path),
        name=axis.name,
        symbol=_symbol(axis.path, runs),
        values=values,
        labels=tuple(_label(axis.path, value) for value in values),
    )


def _symbol(path: KeyPath, runs: Sequence[Run]) -> str:
    """The TeX of a key: that of the option that it sets, where one of the runs has it."""
    keys = [step for step in path if isinstance(step, str)]
    if keys[0] in ("optimizer", "optimizers", "surface") and keys[1:]:
        for run in runs:
            of = run.chosen if keys[0] == "surface" else run.trials[0].chosen
            if option := of.entry.options.get(keys[1]):
                outer = _letter(option)
                inner = of.options.get(keys[1])
                if not keys[2:] or not isinstance(inner, Chosen):
                    return outer if not keys[2:] else _named(keys[-1])
                last = inner.entry.options.get(keys[2])
                said = _letter(last) if last else _named(keys[2])
                return said if "_" in outer else rf"{outer}_{{{said}}}"
    return _named(keys[0].removesuffix("s") if keys[-1] == "name" else keys[-1])


def _letter(option: Option) -> str:
    """Papers slant a single letter."""
    return name_in_tex(option.name) if len(option.name) == 1 else option.symbol


def _named(key: str) -> str:
    return _letter(Option(key, Any, None))


def _label(path: KeyPath, value: Any) -> str:
    """A value as a figure shows it; an entry by its title."""
    kind = KINDS.get(str(path[0]))
    if kind and [step for step in path[1:] if isinstance(step, str)] in ([], ["name"]):
        name = value.get("name") if isinstance(value, dict) else value
        if isinstance(name, str) and name in catalogue(kind):
            title = catalogue(kind)[name].title
            rest = value if isinstance(value, dict) else {}
            said = [f"{k} {label_of(v)}" for k, v in rest.items() if k != "name"]
            return ", ".join([title, *said])
    return label_of(value)
