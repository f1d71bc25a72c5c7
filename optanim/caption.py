"""Captions: a surface and the options of an optimizer as maths."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from optanim.catalogue import Chosen
from optanim.expression import name_in_tex
from optanim.option import Option
from optanim.surface import Surface


def formula(surface: Surface) -> str:
    """The surface's equation, between dollar signs; its left-hand side if there is no other."""
    equals = f" = {surface.formula}" if surface.formula else ""
    return f"$f({', '.join(map(name_in_tex, surface.axes))}){equals}$"


def hyperparameters(chosen: Chosen, but: Collection[str] = ()) -> str:
    """The options of an optimizer in maths; one that says nothing new is left out, as are some."""
    shown = []
    for option in chosen.entry.options.values():
        if option.name in but:
            continue
        value = chosen.options.get(option.name, option.default)
        if not (option.minor and value == option.default):
            shown.append(_equation(chosen, option))
    return "   ".join(shown)


def rate(chosen: Chosen) -> str:
    """The learning rate of an optimizer in maths; "" for one that has none."""
    lr = chosen.entry.options.get("lr")
    return _equation(chosen, lr) if lr else ""


def _equation(chosen: Chosen, option: Option) -> str:
    return rf"${option.symbol} = {value_in_tex(chosen.options.get(option.name, option.default))}$"


def value_in_tex(value: Any) -> str:
    """A number, a word, or an entry with its options, as maths without its dollar signs."""
    if isinstance(value, Chosen):
        options = value.entry.options.values()
        inner = ", ".join(value_in_tex(value.options.get(o.name, o.default)) for o in options)
        return rf"\mathrm{{{value.entry.name}}}({inner})"
    if isinstance(value, float | int) and not isinstance(value, bool):
        digits = f"{value:g}"
        mantissa, _, exponent = digits.partition("e")
        if not exponent:
            return digits
        power = rf"10^{{{int(exponent)}}}"
        return power if mantissa == "1" else rf"{mantissa}\times {power}"
    return rf"\mathrm{{{value}}}"
