"""The run that a config describes, with its trials and claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from optanim.config.sweep import Sweep
from optanim.config.varied_key import KeyMap
from optanim.errors import Place, quoted
from optanim.optimizers import Optimizer, takes_chance
from optanim.schema.animation import Animation
from optanim.schema.choice import Chosen
from optanim.schema.figure import Figure, Theme, TrialKeys
from optanim.schema.rate_grid import RateGrid, Search
from optanim.schema.start import Swarm
from optanim.schema.stop import Stop
from optanim.schema.view import View
from optanim.schema.words import ENGLISH
from optanim.surfaces import Surface

MAX_SHOWN_TRIALS = 3
"""Number of trials that the `repr` of a run names."""


@dataclass(frozen=True)
class NamedTrial:
    """A trial that a claim is about.

    Attributes:
        name: name in a sentence.
        index: index in the trials of the run followed by its hidden trials.
        reference: the value in the config that names the trial.
    """

    name: str
    index: int
    reference: str | int | Chosen


@dataclass(frozen=True)
class Claim:
    """A claim of a run.

    Attributes:
        chosen: the entry and the options that were set, with a `NamedTrial` for each reference.
        place: the place in the config.
    """

    chosen: Chosen
    place: Place

    @property
    def holds(self) -> bool:
        """The verdict that the config expects: false if the prose is known to be wrong."""
        return bool(self.chosen.beside.holds)


@dataclass(frozen=True)
class Trial:
    """One optimizer of a run, ready to be simulated.

    Attributes:
        name: name of the catalogue entry.
        optimizer: the optimizer with its options, to be called with a surface and a start.
        label: name in the figure.
        chosen: the entry and the options that were set.
        look: label, color, marker, start and surface, as far as they were set.
        surface: the surface that it minimizes: that of the run, or its own.
        start: first point, (d,); that of the first start of a swarm.
        steps: number of updates.
        stop: rules that end it before its last step.
        seed: seed of the noise and of the batches of its gradients, and of its own draws.
        noise: standard deviation of the noise of its gradients.
        place: the place of its rate in the config, or of the optimizer if it has none.
        search: the search that found the rate; None if the config has a rate.
        swarm: the many starts as the config has them; None if there is one start.
        starts: R points (d,), those of `swarm` where the surface has a value; None without one.
    """

    name: str
    optimizer: Optimizer
    label: str
    chosen: Chosen
    look: TrialKeys
    surface: Surface
    start: tuple[float, ...]
    steps: int
    seed: int
    noise: float
    stop: Stop = Stop()
    place: Place | str = ""
    search: Search | None = None
    swarm: Swarm | None = None
    starts: tuple[tuple[float, ...], ...] | None = None

    def __repr__(self) -> str:
        start = f"({', '.join(f'{x:g}' for x in self.start)})"
        start = f"{len(self.starts)} starts" if self.starts else start
        return f"<Trial {quoted(self.label)}: {self.name} from {start}, {self.steps} steps>"


def depends_on_seed(trial: Trial) -> bool:
    """Whether a trial has noise or batches, or an optimizer that draws."""
    has_noise = bool(trial.noise) or trial.surface.batch_size is not None
    return has_noise or takes_chance(trial.optimizer)


@dataclass(frozen=True)
class Run:
    """A config, checked and resolved: all that a figure depends on.

    Attributes:
        config: name of the config, without folder and suffix.
        source: name of the config in messages.
        chosen: the entry of the surface and the options that were set.
        trials: the optimizers that are drawn.
        font: a font family, or the path of a font file.
        themes: the themes of its twins, the first of which is `theme`; empty without `themes`.
        outputs: files to write, the first from `output`, the others from `formats`; all of these
            for each of its themes.
        formats: the entries of `formats`, with the options of each.
        output_template: `output` with `{theme}` for the name of a theme; "" without `themes`.
        output_place: the place of `output` in the config.
        texts: the texts that are drawn, with their places in the config.
        lang: name of the language of the words in the picture.
        font_place: the place of `figure.font` in the config.
        steps_place: the place of `steps` in the config.
        panel_places: for each panel the place in the config of each option that is set.
        note_places: the place in the config of the point of each note of `view`.
        output_named: whether `output` is that of a command line or a call, not that of the config.
        foreign: whether it has values of a file whose text no message may quote.
        inputs: files that were read: the config, its bases, then data and fonts.
        digests: name and hash of each file of data and each font file.
        claims: claims about the trials.
        hidden: optimizers that only claims are about; they are not drawn.
        map: the two keys of the panel `map`; None without.
        sweep: the sweep that this run is a part of, or whose combinations are its trials.

    The other attributes are those of `Document`, with catalogue names resolved.
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
    themes: tuple[Chosen, ...] = ()
    formats: tuple[Chosen, ...] = ()
    output_template: str = ""
    foreign: bool = False
    inputs: tuple[Path, ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    claims: tuple[Claim, ...] = ()
    hidden: tuple[Trial, ...] = ()
    sweep: Sweep | None = None
    output_place: Place | str = ""
    texts: tuple[tuple[str, Place | str], ...] = ()
    font_place: Place | str = ""
    steps_place: Place | str = ""
    panel_places: tuple[Mapping[str, Place], ...] = ()
    note_places: tuple[Place, ...] = ()
    stop: Stop = Stop()
    output_named: bool = False
    lang: str = ENGLISH
    map: KeyMap | None = None

    @property
    def is_swarm(self) -> bool:
        """Whether its trials have many starts each; all or none of them have."""
        return any(trial.starts is not None for trial in self.trials)

    def in_themes(self) -> tuple[Run, ...]:
        """The run in each of its themes, with the files of that theme."""
        if not self.themes:
            return (self,)
        count = len(self.outputs) // len(self.themes)
        return tuple(
            replace(
                self, themes=(), output_template="", theme=theme.entry.function(**theme.options),
                figure=replace(self.figure, theme=theme),
                outputs=self.outputs[i * count : (i + 1) * count],
            )
            for i, theme in enumerate(self.themes)
        )  # fmt: skip

    def format_options(self, suffix: str) -> Mapping[str, object]:
        """The options of the format of a suffix, as far as `formats` sets them."""
        named = (chosen for chosen in self.formats if f".{chosen.entry.name}" == suffix.lower())
        return next((chosen.options for chosen in named), {})

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        """The player of the figure, which a notebook shows by the protocol of IPython."""
        # By name, as entries of the catalogue are: what draws a run is above what describes it.
        notebook = import_module("optanim.pipeline.notebook")
        bundle: tuple[dict[str, str], dict[str, Any]] = notebook.mime_bundle(self, repr(self))
        return bundle

    def __repr__(self) -> str:
        labels = [quoted(trial.label, 20) for trial in self.trials[:MAX_SHOWN_TRIALS]]
        more = len(self.trials) - len(labels)
        names = ", ".join([*labels, *([f"{more} more"] if more else [])])
        return f"<Run {self.config}: {names} on {self.chosen.entry.name}, {self.steps} steps>"
