"""Rules between `tuning.over` and the optimizers of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optanim.config.problems import Report
from optanim.errors import did_you_mean, quoted
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.messages import RULES
from optanim.schema.option import Option, rule_in_words
from optanim.schema.option_grid import derived_values, number_rule
from optanim.schema.rate_grid import MAX_TRIALS, RateGrid
from optanim.schema.types import AUTO


def check_tuned_options(tuning: RateGrid, optimizers: Sequence[Chosen], report: Report) -> None:
    """Report options that cannot be tuned, values that they cannot have, and too many trials.

    An option that only optimizers outside of the run have is left out, as for those that lack it:
    the optimizer may be one value of a matrix.

    Args:
        tuning: the section of the config.
        optimizers: of the run.
        report: called with each problem.
    """
    fitting = True
    for i, (name, values) in enumerate(tuning.named.items()):
        listed = isinstance(tuning.over, list)
        path = ("tuning", "over", i if listed else name)
        own = _options(optimizers, name)
        options = own or _options(map(Chosen, catalogue("optimizers").values()), name)
        numeric = [(owner, option) for owner, option in options if number_rule(option)]
        if not numeric:
            known = {o.name: 0 for c in optimizers for o in c.entry.options.values()
                     if number_rule(o)}  # fmt: skip
            message, help = f"no optimizer has an option {quoted(name)}", ""
            if options:
                owner, option = options[0]
                message = f"{name} of {owner} is no number: {rule_in_words(option.type)}"
                help = f"options with numbers: {', '.join(known)}"
            report(message, path, help or did_you_mean(name, known, "options"), key=not listed)
            fitting = False
        elif values == AUTO:
            if name != "lr" and not any(derived_values(option) for _, option in numeric):
                help = f"state them: over: {{{name}: [1, 2]}}"
                report(f"the values of {name} do not follow from its type", path, help)
                fitting = False
        else:
            fitting &= _values_fit(values, numeric, path, report)
    if fitting:
        _check_count(tuning, optimizers, report)


def _options(optimizers: Iterable[Chosen], name: str) -> list[tuple[str, Option]]:
    """The optimizers that have an option of this name, each with the option."""
    entries = (chosen.entry for chosen in optimizers)
    return [(entry.name, entry.options[name]) for entry in entries if name in entry.options]


def _values_fit(
    values: Iterable[float | str], options: Sequence[tuple[str, Option]],
    path: tuple[str | int, ...], report: Report,
) -> bool:  # fmt: skip
    """Whether options can have the values; the first problem of each value is reported."""
    fit = True
    for i, value in enumerate(values):
        for owner, option in options:
            rule = number_rule(option)
            assert rule and isinstance(value, int | float)  # options of numbers, and numbers
            if error := rule.problem(value):
                text = RULES.get(error["type"], error["msg"]).format(**error.get("ctx", {}))
                report(f"{option.name} of {owner} {text}, got {quoted(value)}", (*path, i))
                fit = False
                break
    return fit


def _check_count(tuning: RateGrid, optimizers: Sequence[Chosen], report: Report) -> None:
    """Report an optimizer with too many trials."""
    for chosen in optimizers:
        if (count := tuning.count(chosen)) > MAX_TRIALS:
            sizes = [f"{len(tuning.rates)} rates"]
            sizes += [f"{len(g.values)} values of {g.name}" for g in tuning.others(chosen)]
            sizes += [f"{tuning.seeds} seeds"] if tuning.seeds else []
            message = f"tuning tries {' × '.join(sizes)} of {chosen.entry.name}, {count:,} in all;"
            help = "fewer options or values in over, a lower per_decade, or fewer seeds"
            report(f"{message} the limit is {MAX_TRIALS:,}", ("tuning",), help)
            return
