"""Captions: a surface and the options of an optimizer as maths."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from optanim.formulas.expression import name_in_tex
from optanim.schema.choice import Chosen
from optanim.schema.notation import equation, value_in_tex, value_of
from optanim.schema.rate_grid import Search
from optanim.surfaces import Surface


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
        if not (option.minor and value_of(chosen, option) == option.default):
            shown.append(equation(chosen, option))
    return "   ".join(shown)


def rate(chosen: Chosen) -> str:
    """The learning rate of an optimizer in maths; "" for one that has none."""
    lr = chosen.entry.options.get("lr")
    return equation(chosen, lr) if lr else ""


def searched(searches: Sequence[Search], trials: int) -> str:
    """How the rates of a figure were found that has so many trials; "" where none was."""
    if not searches:
        return ""
    rates, steps = searches[0].rates, searches[0].steps
    said = rf"$\eta$ of lowest loss after {steps} steps, of {len(rates)} from "
    # Upright, as the numbers of the words around them are.
    said += rf"$\mathrm{{{value_in_tex(rates[0])}}}$ to $\mathrm{{{value_in_tex(rates[-1])}}}$"
    if len(searches) < trials:
        return f"{said}: {', '.join(search.label for search in searches)}"
    return f"each {said}" if trials > 1 else said
