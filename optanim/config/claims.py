"""The claims of a config: each reference to a trial is resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from optanim.config.problems import Report
from optanim.config.run import Claim, NamedTrial, depends_on_seed
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import Place, did_you_mean, quoted
from optanim.formulas.plain_text import plain, unlisted
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.claim import ClaimBound, ShareBound, StepOfRun, TrialReference
from optanim.schema.document import Document, language_of
from optanim.schema.figure import TrialKeys
from optanim.schema.notation import optimizer_title, option_in_tex
from optanim.schema.start import Swarm
from optanim.schema.types import AUTO
from optanim.surfaces import Surface

if TYPE_CHECKING:
    from optanim.config.run import Trial


LOSS_CLAIMS = ("loss", "loss_falls", "lower", "diverges")
"""Claims to which a higher loss is a worse one."""


@dataclass
class ClaimResolver:
    """Finds the trials that the claims of a config name.

    Args:
        document: the config.
        optimizers: the optimizers of the config, with their key paths.
        trials: the trial of each optimizer, None if it has problems; empty without a surface.
        surface: surface of the run; None if it has problems.
        find: returns the place of a key path in the config.
        report: called with each problem.

    Attributes:
        hidden: optimizers that only claims are about, with their key paths; complete after
            `claims()`.
    """

    document: Document
    optimizers: Sequence[tuple[Chosen, KeyPath]]
    trials: Sequence[Trial | None]
    surface: Surface | None
    find: Callable[[KeyPath], Place]
    report: Report

    def __post_init__(self) -> None:
        self.hidden: list[tuple[Chosen, KeyPath]] = []
        self._labels = [
            c.beside.label or optimizer_title(c, ascends=self.document.ascend)
            for c, _ in self.optimizers
        ]

    def claims(self) -> tuple[Claim, ...]:
        """The claims; their problems are reported."""
        claims = []
        for i, chosen in enumerate(self.document.claims or []):
            self._check(chosen, ("claims", i))
            options = {
                name: self._resolve(value, ("claims", i, name))
                for name, value in chosen.options.items()
            }
            self._check_many(chosen, options, ("claims", i))
            claims.append(Claim(replace(chosen, options=options), self.find(("claims", i))))
        return tuple(claims)

    def _check(self, chosen: Chosen, at: KeyPath) -> None:
        """Check that a claim has a bound if it needs one, and that its steps are in the run."""
        options = chosen.entry.options
        bounds = [name for name, o in options.items() if o.type in (ClaimBound, ShareBound)]
        if bounds and all(chosen.options.get(name) is None for name in bounds):
            self.report(f"{chosen.entry.name} lacks {' or '.join(bounds)}", at)
        for name, value in chosen.options.items():
            kind, last = options[name].type, self.document.steps
            if StepOfRun in (kind, *get_args(kind)) and value is not None and value > last:
                self.report(f"{name}: there is no step {value}, the last is {last}", (*at, name))

    def _check_many(self, chosen: Chosen, resolved: Mapping[str, Any], at: KeyPath) -> None:
        """Check that a claim about many starts, or many seeds, is about those.

        Args:
            chosen: the claim.
            resolved: its options, with a `NamedTrial` for each reference.
            at: its path.
        """
        name, seeds = chosen.entry.name, chosen.options.get("seeds")
        for option, value in chosen.options.items():
            named = resolved[option]
            if not (isinstance(value, TrialReference) and value.many) or named is None:
                continue
            of_run = named.index < len(self.optimizers)
            trial = self.trials[named.index] if of_run and self.trials else None
            owner = self.optimizers[named.index][0] if of_run else value.to
            own = owner.beside.start if isinstance(owner, Chosen) else None
            start = self.document.start if own is None else own
            if isinstance(start, Swarm):
                if seeds:
                    message = f"{name} has seeds, and each start of a swarm has its own"
                    self.report(message, (*at, "seeds"), "leave out seeds, or set one start")
            elif not seeds:
                help = "seeds: 100 tries it with 100 seeds; start: {grid: [40, 30]} has many starts"
                self.report(f"{name} is about many starts, and this trial has one", at, help)
            elif trial and not depends_on_seed(trial):
                help = "set noise or batch_size, or take an optimizer that draws"
                self.report("nothing of this trial depends on its seed", (*at, "seeds"), help)

    def _resolve(self, value: Any, at: KeyPath) -> Any:
        """The value of an option with a `NamedTrial` for each reference; None for a wrong one."""
        if isinstance(value, TrialReference):
            return self._named_trial(value, at)
        if not isinstance(value, tuple):
            return value
        values = [self._resolve(item, (*at, i)) for i, item in enumerate(value)]
        indices = [trial.index for trial in values if trial]
        if len(indices) > 1 and len({*indices}) == 1:
            self.report(f"{values[0].name} is compared with itself", at)
        return tuple(values)

    def _named_trial(self, reference: TrialReference, at: KeyPath) -> NamedTrial | None:
        """The trial that a reference names; None if there is no such trial."""
        to, index = reference.to, self._index(reference, at)
        if index is None:
            return None
        if isinstance(to, Chosen):
            surface = self.surface
            name = unlisted(plain(to.beside.label or "")) or _name_of_hidden(to)
            self.hidden.append((replace(to, beside=_look_of_hidden(to)), at))
        else:
            trial = self.trials[index] if self.trials else None
            surface = trial.surface if trial else None
            ambiguous = self._labels.count(self._labels[index]) > 1
            label = f"optimizer {to}" if ambiguous else self._labels[index]
            name = unlisted(plain(to if isinstance(to, str) else label))
        if reference.minimum and surface and not surface.minima:
            message = f"{at[2]} is about a minimum, but the surface has no known minimum"
            has_option = "minima" in self._surface_options(index)
            if surface.ascends:
                message = f"{at[2]} is about a minimum, but 'ascend' climbs"
                has_option = False
            help = "set it with 'minima' of the surface" if has_option else ""
            self.report(message, at, help)
        return NamedTrial(name, index, to)

    def _index(self, reference: TrialReference, at: KeyPath) -> int | None:
        """The index of a trial in the trials of the run followed by its hidden trials."""
        to = reference.to
        if isinstance(to, Chosen):
            return len(self.optimizers) + len(self.hidden)
        return self._index_by_number(to, at) if isinstance(to, int) else self._index_by_name(to, at)

    def _index_by_number(self, number: int, at: KeyPath) -> int | None:
        if 1 <= number <= len(self.optimizers):
            return number - 1
        message = f"there is no optimizer {number}, the run has {len(self.optimizers)}"
        self.report(message, at, "optimizers are counted from 1")
        return None

    def _index_by_name(self, name: str, at: KeyPath) -> int | None:
        names = [chosen.entry.name for chosen, _ in self.optimizers]
        # A label, or the title in the figure; that of English stays a name in every language.
        triples = zip(names, self._labels, self._titles(), strict=True)
        indices = [i for i, triple in enumerate(triples) if name in triple]
        if len(indices) == 1:
            return indices[0]
        if indices:
            choices = ", ".join(f"{i + 1} ({self._labels[i]})" for i in indices)
            message = f"{quoted(name)} may be any of several optimizers of the run"
            self.report(message, at, f"use a label or a number: {choices}")
            return None
        help = did_you_mean(name, dict.fromkeys([*names, *self._labels]), "known")
        hidden = name if name in catalogue("optimizers") else "gd"
        help += f"; {{name: {hidden}}} adds one that is not drawn"
        self.report(f"no optimizer of the run is called {quoted(name)}", at, help)
        return None

    def _titles(self) -> list[str]:
        """The label of each optimizer, or its title in the language of the figure."""
        language, ascends = language_of(self.document), self.document.ascend
        return [
            c.beside.label or optimizer_title(c, language, ascends=ascends)
            for c, _ in self.optimizers
        ]

    def _surface_options(self, index: int) -> Mapping[str, Any]:
        """The options of the surface of the trial with this index."""
        own = self.optimizers[index][0].beside.surface if index < len(self.optimizers) else None
        return (own or self.document.surface).entry.options


def ascent_problems(document: Document) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield what speaks of a lowest loss in a config that climbs: a message, its path, and help."""
    if not document.ascend:
        return
    if document.stop.loss is not None:
        message = "stop.loss ends at a low loss, but 'ascend' climbs"
        yield message, ("stop", "loss"), "use stop.gradient or stop.step"
    for i, claim in enumerate(document.claims or []):
        if claim.entry.name in LOSS_CLAIMS:
            yield f"{claim.entry.name} is about a low loss, but 'ascend' climbs", ("claims", i), ""


def _look_of_hidden(chosen: Chosen) -> TrialKeys:
    return TrialKeys(label=chosen.beside.label, start=chosen.beside.start)


def _name_of_hidden(chosen: Chosen) -> str:
    """The name of an optimizer without a label: `gd (η = 0.1)`, with the options that were set.

    An automatic rate is left out, as it has no number before the search.
    """
    options = [
        plain(option_in_tex(chosen, option))
        for name, option in chosen.entry.options.items()
        if option.captioned and chosen.options.get(name, AUTO) != AUTO
    ]
    return f"{chosen.entry.name} ({', '.join(options)})" if options else chosen.entry.name
