"""The claims of a config: the trials that they name are found, and those that are not drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from optanim.config.problems import KeyPath, Say
from optanim.config.run import Claim, NamedTrial
from optanim.errors import Place, did_you_mean, quoted
from optanim.formulas.plain_text import plain, unlisted
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.claim import ClaimBound, StepOfRun, TrialReference
from optanim.schema.document import Document
from optanim.schema.figure import Look
from optanim.schema.notation import equation
from optanim.schema.types import AUTO
from optanim.surfaces import Surface

if TYPE_CHECKING:
    from optanim.config.run import Trial


@dataclass
class Claims:
    """Finds the trials that the claims of a config name.

    Args:
        document: the config.
        optimizers: its optimizers, with their paths.
        trials: what became of each; none without the surface.
        surface: the run's; None where it could not be made.
        find: the place of a path in the config.
        say: told what is wrong.

    After `found()`, `hidden` has the optimizers that only claims are about, with their paths.
    """

    document: Document
    optimizers: Sequence[tuple[Chosen, KeyPath]]
    trials: Sequence[Trial | None]
    surface: Surface | None
    find: Callable[[KeyPath], Place]
    say: Say

    def __post_init__(self) -> None:
        self.hidden: list[tuple[Chosen, KeyPath]] = []
        self.labels = [c.beside.label or c.entry.title for c, _ in self.optimizers]

    def found(self) -> tuple[Claim, ...]:
        """The claims; what is wrong with them has been said."""
        claims = []
        for i, chosen in enumerate(self.document.claims or []):
            self._check(chosen, ("claims", i))
            options = {
                name: self._bound(value, ("claims", i, name))
                for name, value in chosen.options.items()
            }
            claims.append(Claim(replace(chosen, options=options), self.find(("claims", i))))
        return tuple(claims)

    def _check(self, chosen: Chosen, at: KeyPath) -> None:
        """What concerns several keys, or the run."""
        options = chosen.entry.options
        bounds = [name for name, option in options.items() if option.type == ClaimBound]
        if bounds and all(chosen.options.get(name) is None for name in bounds):
            self.say(f"{chosen.entry.name} lacks {' or '.join(bounds)}", at)
        for name, value in chosen.options.items():
            kind, last = options[name].type, self.document.steps
            if StepOfRun in (kind, *get_args(kind)) and value is not None and value > last:
                self.say(f"{name}: there is no step {value}, the last is {last}", (*at, name))

    def _bound(self, value: Any, at: KeyPath) -> Any:
        if isinstance(value, TrialReference):
            return self._party(value, at)
        if not isinstance(value, tuple):
            return value
        named = [self._bound(part, (*at, i)) for i, part in enumerate(value)]
        indices = [party.index for party in named if party]
        if len(indices) > 1 and len({*indices}) == 1:
            self.say(f"{named[0].name} is compared with itself", at)
        return tuple(named)

    def _party(self, reference: TrialReference, at: KeyPath) -> NamedTrial | None:
        to = reference.to
        if isinstance(to, Chosen):
            name = unlisted(plain(to.beside.label or "")) or _called(to)
            index, surface = len(self.optimizers) + len(self.hidden), self.surface
            look = Look(label=to.beside.label, start=to.beside.start)
            self.hidden.append((replace(to, beside=look), at))
        else:
            found = self._numbered(to, at) if isinstance(to, int) else self._named(to, at)
            if found is None:
                return None
            index, trial = found, self.trials[found] if self.trials else None
            surface = trial.surface if trial else None
            alike = self.labels.count(self.labels[index]) > 1
            label = f"optimizer {to}" if alike else self.labels[index]
            name = unlisted(plain(to if isinstance(to, str) else label))
        if reference.minimum and surface and not surface.minima:
            message = f"{at[2]} is about a minimum, and the surface has none that is known"
            help = "'minima' of the surface states one" if "minima" in self._stated(index) else ""
            self.say(message, at, help)
        return NamedTrial(name, index, to)

    def _numbered(self, number: int, at: KeyPath) -> int | None:
        if 1 <= number <= len(self.optimizers):
            return number - 1
        message = f"there is no optimizer {number}, the run has {len(self.optimizers)}"
        self.say(message, at, "they are counted from 1")
        return None

    def _named(self, name: str, at: KeyPath) -> int | None:
        names = [chosen.entry.name for chosen, _ in self.optimizers]
        known = list(zip(names, self.labels, strict=True))
        found = [i for i, names in enumerate(known) if name in names]
        if len(found) == 1:
            return found[0]
        if found:
            choices = ", ".join(f"{i + 1} ({known[i][1]})" for i in found)
            message = f"{quoted(name)} may be several optimizers of the run"
            self.say(message, at, f"name it by label or number: {choices}")
            return None
        help = did_you_mean(name, dict.fromkeys([*names, *self.labels]), "there are")
        hidden = name if name in catalogue("optimizers") else "gd"
        help += f"; {{name: {hidden}}} adds one that is not drawn"
        self.say(f"no optimizer of the run is called {quoted(name)}", at, help)
        return None

    def _stated(self, index: int) -> Mapping[str, Any]:
        """The options of the surface that a trial is on."""
        own = self.optimizers[index][0].beside.surface if index < len(self.optimizers) else None
        return (own or self.document.surface).entry.options


def _called(chosen: Chosen) -> str:
    """`gd (η = 0.1)`: an optimizer that has no label, with the options that were set.

    A rate that is found by trying has no number yet.
    """
    options = [
        plain(equation(chosen, option))
        for name, option in chosen.entry.options.items()
        if chosen.options.get(name, AUTO) != AUTO
    ]
    return f"{chosen.entry.name} ({', '.join(options)})" if options else chosen.entry.name
