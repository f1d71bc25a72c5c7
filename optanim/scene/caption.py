"""Captions: the surface and the options of an optimizer as mathematics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from optanim.config.run import Trial
from optanim.formulas.expression import name_in_tex
from optanim.schema.choice import Chosen
from optanim.schema.notation import inner_optimizer, option_in_tex, option_value, value_in_tex
from optanim.schema.rate_grid import Search
from optanim.schema.view import View
from optanim.schema.words import Words
from optanim.surfaces import DataNote, Surface


def surface_equation(surface: Surface) -> str:
    """The equation of a surface in TeX; only its left-hand side if the surface has no formula."""
    equals = f" = {surface.formula}" if surface.formula else ""
    return f"$f({', '.join(map(name_in_tex, surface.axes))}){equals}$"


def axis_names(view: View, surface: Surface) -> tuple[str, str]:
    """The names of the axes of a panel that shows a surface; maths between dollar signs.

    They are those of `view`, or the parameters; the second axis of a curve is its value.
    """
    names = [name_in_tex(name) for name in surface.axes]
    x, y = names if len(names) == 2 else (names[0], f"f({names[0]})")
    own = view.xlabel, view.ylabel
    return (
        f"${x}$" if own[0] is None else own[0],
        f"${y}$" if own[1] is None else own[1],
    )


def hyperparameters(chosen: Chosen, omit: Collection[str] = (), keep: Collection[str] = ()) -> str:
    """The options of an optimizer as equations in TeX, except those in `omit`.

    A minor option that has its default value is left out, too, if it is not in `keep`. Those of an
    inner optimizer are among them.
    """
    equations = []
    for option in chosen.entry.options.values():
        if option.name in omit or not option.captioned:
            continue
        if option.name == "inner" and (inner := inner_optimizer(chosen)):
            equations.append(hyperparameters(inner))  # the title names it
            continue
        value = option_value(chosen, option)
        told = option.name in keep or not (option.minor and value == option.default)
        if value is not None and told:
            equations.append(option_in_tex(chosen, option))
    return "   ".join(equations)


def rate_equation(chosen: Chosen) -> str:
    """The learning rate of an optimizer as an equation in TeX; "" if it has none."""
    lr = chosen.entry.options.get("lr")
    return option_in_tex(chosen, lr) if lr else ""


def starts_note(trials: Sequence[Trial], words: Words, cells: int = 1) -> str:
    """The number of starts of swarms; "" without swarms, or if their numbers differ.

    Args:
        trials: of the figure.
        words: of the figure.
        cells: the number of cells that a legend counts together.
    """
    numbers = {len(trial.starts) for trial in trials if trial.starts}
    if len(numbers) != 1:
        return ""
    template = words.starts if cells == 1 else words.starts_of_each
    return template.format(count=f"{numbers.pop():,}", cells=cells)


def tuning_note(searches: Sequence[Search], trials: int, words: Words) -> str:
    """How the learning rates of a figure were found; "" if all are given in the config.

    Args:
        searches: of the optimizers that were tuned.
        trials: the number of trials in the figure.
        words: of the figure.
    """
    if not searches:
        return ""
    first, each = searches[0], len(searches) == trials > 1
    if not any(search.others for search in searches):
        # The numbers in maths are upright, as those in the words around them.
        low, high = (rf"$\mathrm{{{value_in_tex(first.rates[i])}}}$" for i in (0, -1))
        template = words.each_best_rate if each else words.best_rate
        note = template.format(steps=first.steps, count=len(first.rates), low=low, high=high)
    else:
        symbols = dict.fromkeys(other.symbol for search in searches for other in search.others)
        counts = sorted({len(search.losses) for search in searches})
        template = words.each_best_values if each else words.best_values
        note = template.format(
            symbols=", ".join(f"${symbol}$" for symbol in (r"\eta", *symbols)),
            steps=first.steps,
            count="–".join(map(str, (counts[0], counts[-1]) if len(counts) > 1 else counts)),
        )
    if first.seeds > 1:
        note = words.median_of_seeds.format(note=note, count=first.seeds)
    return note if len(searches) == trials else f"{note}: {', '.join(s.label for s in searches)}"


def data_notes(surfaces: Iterable[Surface], words: Words) -> list[str]:
    """What is said of the data of some surfaces, in one line, each note once."""
    notes = dict.fromkeys(
        note.in_words(words) if isinstance(note, DataNote) else note
        for surface in surfaces
        if surface.data
        for note in surface.data.notes
    )
    # Names of columns are no TeX. A minus is: fonts of other scripts lack the sign.
    return ["; ".join(notes).replace("$", r"\$").replace("−", "${-}$")] if notes else []
