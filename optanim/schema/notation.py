"""The value of an option as TeX, as plain text and as a label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optanim.formulas.numbers import number_in_tex, number_label
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.option import Option
from optanim.schema.types import AUTO
from optanim.schema.words import ENGLISH, title_in, words_of

RATES_OF_SCHEDULE = ("start", "peak", "end")
"""Options of schedules that are rates: they need no name where the schedule is written."""


def optimizer_title(chosen: Chosen, language: str = ENGLISH, *, ascends: bool) -> str:
    """The title of an optimizer, with that of its inner one: `Lookahead (Adam)`.

    Gradient descent that climbs is gradient ascent.
    """
    title, words = title_in(language, chosen.entry), words_of(language)
    if inner := inner_optimizer(chosen):
        title = f"{title} ({optimizer_title(inner, language, ascends=ascends)})"
    return title.replace(words.descent, words.ascent) if ascends else title


def inner_optimizer(chosen: Chosen) -> Chosen | None:
    """The optimizer that an optimizer runs; None if it is around no other."""
    options = chosen.entry.options
    if "inner" not in options or chosen.entry.kind != "optimizers":
        return None
    inner = chosen.options.get("inner", options["inner"].default)
    return inner if isinstance(inner, Chosen) else Chosen(catalogue("optimizers")[inner])


def surface_title(chosen: Chosen, language: str = ENGLISH, *, ascends: bool) -> str:
    """The title of a surface; what is climbed is no loss."""
    title, words = title_in(language, chosen.entry), words_of(language)
    return words.function if ascends and title == words.loss_function else title


def option_value(chosen: Chosen, option: Option) -> Any:
    """The value of an option, or its default if it is not set.

    Raises:
        ValueError: it is `auto`, which tuning has not yet replaced by a rate.
    """
    value = chosen.options.get(option.name, option.default)
    if option.name == "lr" and value == AUTO:
        raise ValueError(
            "lr is auto: a figure needs the run that optanim.experiment.tuning.tuned returns"
        )
    return value


def option_in_tex(chosen: Chosen, option: Option) -> str:
    """An option of an optimizer and its value, in TeX between dollar signs: `$\\eta = 0.1$`."""
    return rf"${option.symbol} = {value_in_tex(option_value(chosen, option))}$"


def value_in_tex(value: Any) -> str:
    """A number, a word, a list, or an entry with its options, in TeX without dollar signs."""
    if isinstance(value, Chosen):
        inner = ", ".join([*_options_in_tex(value), *_beside_in_tex(value)])
        return rf"{_word_in_tex(value.entry.name)}({inner})"
    if is_number(value):
        return number_in_tex(value)
    if isinstance(value, list | tuple):
        return rf"({', '.join(map(value_in_tex, value))})"
    return _word_in_tex(short_text(value))


def _options_in_tex(chosen: Chosen) -> Iterator[str]:
    """Yield the rates of a schedule as numbers, and its other options as equations.

    Words, and minor options, are left out at their defaults.
    """
    for option in chosen.entry.options.values():
        value = option_value(chosen, option)
        if value is not None and option.name in RATES_OF_SCHEDULE:
            yield value_in_tex(value)
        elif value != option.default or not (option.minor or isinstance(value, str | None)):
            yield f"{option.symbol} = {value_in_tex(value)}"


def _beside_in_tex(chosen: Chosen) -> Iterator[str]:
    """Yield the keys that are set beside the options of a schedule, as equations."""
    for name, value in vars(chosen.beside).items() if chosen.beside else ():
        if value:
            yield f"{_word_in_tex(name)} = {value_in_tex(value)}"


def _word_in_tex(word: str) -> str:
    # In braces a sign is a letter, without the room of an operator.
    return rf"\mathrm{{{word}}}".replace("_", r"\_").replace("+", "{+}")


def short_text(value: Any) -> str:
    """A value in short plain text: `0.001`, `adam`, `(1, 2)`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace("e+", "e")
    if isinstance(value, list | tuple):
        return f"({', '.join(map(short_text, value))})"
    if isinstance(value, dict):
        inner = ", ".join(f"{k} {short_text(v)}" for k, v in value.items() if k != "name")
        name = short_text(value.get("name", ""))
        return f"{name}({inner})" if name and inner else name or inner
    return "none" if value is None else str(value)


def value_label(value: Any) -> str:
    """A value in a text of a figure: plain text, with powers of ten in TeX."""
    if is_number(value):
        return number_label(value)
    if isinstance(value, list | tuple):
        return f"({', '.join(map(value_label, value))})"
    return short_text(value)


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool)
