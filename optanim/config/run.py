"""The run that a config describes: a value that everything follows from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from optanim.config.sweep import Sweep
from optanim.errors import Place
from optanim.optimizers import Optimizer
from optanim.schema.animation import Animation
from optanim.schema.choice import Chosen
from optanim.schema.figure import Figure, Look, Theme
from optanim.schema.rate_grid import RateGrid, Search
from optanim.schema.view import View
from optanim.surfaces import Surface


@dataclass(frozen=True)
class NamedTrial:
    """A trial that a claim is about.

    Attributes:
        name: in a sentence.
        index: among the trials of a run and, after those, its hidden ones.
        to: how the config names it.
    """

    name: str
    index: int
    to: str | int | Chosen


@dataclass(frozen=True)
class Claim:
    """A claim of a run.

    Attributes:
        chosen: its entry, and the options that were set, with named in place of references.
        place: where it stands.
    """

    chosen: Chosen
    place: Place

    @property
    def holds(self) -> bool:
        """Whether it should: false where the config says that the prose is wrong."""
        return bool(self.chosen.beside.holds)


@dataclass(frozen=True)
class Trial:
    """One optimizer of a run, ready to be simulated.

    Attributes:
        name: of its catalogue entry.
        optimizer: with its options, called with a surface and a start.
        label: as the figure names it.
        chosen: the entry and the options that were set.
        look: how its path looks.
        surface: that it minimizes: the run's, or its own.
        start: its first point, (d,).
        steps: how many updates it makes; `seed` and `noise` are its gradients'.
        place: where its rate stands in the config, or it does.
        search: how its rate was found; None where the config has one.
    """

    name: str
    optimizer: Optimizer
    label: str
    chosen: Chosen
    look: Look
    surface: Surface
    start: tuple[float, ...]
    steps: int
    seed: int
    noise: float
    place: Place | str = ""
    search: Search | None = None


@dataclass(frozen=True)
class Run:
    """A config, checked and resolved: everything that a figure follows from.

    Attributes:
        config: the name of the config, without folder and suffix.
        source: its name in messages.
        chosen: the surface's entry and the options that were set.
        font: a family or the file of a font, as it can be opened.
        outputs: the files to write, the first from `output`, the others from `formats`.
        inputs: the files that were read: the config, its bases, then data and fonts.
        digests: the names of the data and fonts among them, each with a hash of what it holds.
        claims: what the prose says; `hidden` are optimizers that only that is about, not drawn.
        sweep: of which it is a part, or whose trials it has.
        The other attributes are those of `Document`, with names made into what they name.
    """

    config: str
    source: str
    chosen: Chosen
    surface: Surface
    trials: tuple[Trial, ...]
    steps: int
    seed: int
    noise: float
    tuning: RateGrid
    title: str | None
    panels: tuple[Chosen, ...]
    layout: str
    view: View
    animation: Animation
    figure: Figure
    theme: Theme
    font: str | None
    outputs: tuple[Path, ...]
    inputs: tuple[Path, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    hidden: tuple[Trial, ...] = ()
    sweep: Sweep | None = None
