"""From the nodes of a config to its run, or to all of its problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from optanim.config.claims import ClaimResolver, ascent_problems
from optanim.config.drawn_texts import drawn_texts
from optanim.config.font_files import font_of
from optanim.config.input_files import InputFiles
from optanim.config.map_keys import key_map
from optanim.config.notes import notes_of
from optanim.config.outputs import check_sizes, outputs_of
from optanim.config.panels import default_panels, panel_problems, rate_problems
from optanim.config.preparation import own_start, prepared, with_label
from optanim.config.problems import independent, option_problem, validation_problems
from optanim.config.pruning import (
    Rest,
    refused_options,
    surface_of_trials,
    with_a_minimum,
    without_errors,
)  # fmt: skip
from optanim.config.run import Run, Trial
from optanim.config.schedules import options_of_trial
from optanim.config.start import split_starts, start_of, too_long
from optanim.config.surface_cache import SurfaceCache
from optanim.config.swarm import Points, swarm_problems, swarm_starts
from optanim.config.tuned_options import check_tuned_options
from optanim.config.varied_key import KeyMap
from optanim.config.view import view_problems
from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import ConfigError, OptionError, Place, Problem, quoted
from optanim.optimizers import begin
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.document import Document, language_of
from optanim.schema.figure import TrialKeys, default_size
from optanim.schema.notation import optimizer_title
from optanim.schema.start import Swarm
from optanim.schema.types import AUTO
from optanim.schema.validation import validate
from optanim.schema.view import View
from optanim.surfaces import Surface

MIN_HIDDEN = 4
"""Shorter texts of a base whose text is not quoted are words such as `gd`."""


def resolve(
    root: YamlNode, config: str, source: str, folder: Path = Path(),
    bases: tuple[Path, ...] = (), *, cache: SurfaceCache | None = None,
    placeholders: Mapping[str, str] | None = None, swept: Mapping[str, Any] | None = None,
) -> Run:  # fmt: skip
    """The run that the nodes of a config describe.

    Args:
        root: nodes of the config.
        config: value of `{config}`.
        source: name of the config in messages.
        folder: folder of the config, which its input files are relative to.
        bases: configs that it extends.
        cache: surfaces of earlier runs of the same config.
        placeholders: values of other names in the braces of `output`.
        swept: the values of each key of the matrix that the config is a combination of.

    Raises:
        ConfigError: all problems, in the order of the file.
    """
    cache = cache or SurfaceCache()
    own_surface = surface_of_trials(root)
    if own_surface is not None:
        root = root.with_value(("surface",), own_surface, own_surface.place)
    try:
        document = Document(**validate(cache.plain(root), Document))
    except ValidationError as error:
        problems = validation_problems(error, root, swept)
        if rest := without_errors(root, error):
            document = Document(**validate(rest.root.plain(), Document))
            files = InputFiles(rest.root, source, folder, bases)
            further = _Resolver(
                rest.root, config, source, document, files, SurfaceCache(), placeholders or {}, rest
            )
            further.run()
            problems += independent(further.problems, problems, error, root)
    else:
        files = InputFiles(root, source, folder, bases)
        resolver = _Resolver(root, config, source, document, files, cache, placeholders or {})
        run = resolver.run()
        if not resolver.problems and run:
            return run
        problems = resolver.problems
    # A message about a key of this config may list names of a base.
    hidden = {text for text in root.foreign_texts() if len(text) >= MIN_HIDDEN}
    problems = [
        problem.without_text()
        if any(text in problem.message or text in problem.help for text in hidden)
        else problem
        for problem in problems
    ]
    if own_surface is not None:  # its problems are found at two paths
        problems = list({str(problem.place): problem for problem in problems}.values())
    raise ConfigError(sorted(problems, key=in_order))


def in_order(problem: Problem) -> tuple[str, int, int]:
    """A key that sorts problems by their places in the file."""
    place = problem.place
    if isinstance(place, Place):
        return place.source, place.line, place.column
    return str(place), 0, 0


class _Resolver:
    """Checks rules between several keys, and collects problems."""

    def __init__(
        self, root: YamlNode, config: str, source: str, document: Document, files: InputFiles,
        cache: SurfaceCache, placeholders: Mapping[str, str], rest: Rest | None = None,
    ) -> None:  # fmt: skip
        self.rest = rest or Rest(root)
        first = document.themes[0] if document.themes else None
        self.theme = first or document.figure.theme or Chosen(catalogue("themes")["light"])
        self._own_theme = document.figure.theme
        document = replace(document, figure=replace(document.figure, theme=self.theme))
        self.root, self.document, self.files = root, document, files
        self.config, self.source = config, source
        self.cache, self.placeholders = cache, {"folder": files.folder.as_posix(), **placeholders}
        self.language = language_of(document)
        self.problems: list[Problem] = []
        self._start_is_missing = False
        self._map: KeyMap | None = None

    def run(self) -> Run | None:
        """The run; None if there are problems."""
        document = self.document
        surface = self._surface(document.surface, ("surface",))
        optimizers = self._optimizers()
        trials = [self._trial(c, path, surface) for c, path in optimizers] if surface else []
        resolver = ClaimResolver(document, optimizers, trials, surface, self.root.find, self.report)
        claims = resolver.claims()
        hidden = [self._trial(c, path, surface) for c, path in resolver.hidden if surface]
        self._check_start(surface, optimizers)
        listed = [chosen for chosen, _ in (*optimizers, *resolver.hidden)]
        check_tuned_options(document.tuning, listed, self.report)
        outputs, template = self._outputs()
        panels = self._panels(surface)
        grid = document.layout == "grid"
        view, note_places = self._view(panels, surface, len(optimizers))
        size = document.figure.size or default_size(len(panels), len(trials) if grid else 0)
        check_sizes(size, document.figure.scale, document.animation, self.report)
        figure, font = font_of(replace(document.figure, size=size), self.files, self.report)
        self._check_panels(panels, surface, trials, [chosen for chosen, _ in optimizers])
        if surface is None or self.problems:
            return None
        return Run(
            config=self.config,
            source=self.source,
            chosen=self.files.relative_options(document.surface, ("surface",)),
            surface=surface,
            trials=tuple(trial for trial in trials if trial),
            steps=document.steps,
            stop=document.stop,
            seed=document.seed,
            noise=document.noise,
            tuning=document.tuning,
            title=document.title,
            panels=panels[: 1 if grid else None],
            layout=document.layout,
            view=view,
            animation=document.animation,
            figure=figure,
            theme=self.theme.entry.function(**self.theme.options),
            font=font,
            themes=tuple(document.themes or ()),
            formats=tuple(document.formats or ()),
            outputs=outputs,
            output_template=template,
            output_place=self.root.find(("output",)),
            texts=tuple(drawn_texts(document, optimizers, surface, self.root)),
            font_place=self.root.find(("figure", "font")),
            steps_place=self.root.find(("steps",)),
            panel_places=self._panel_places(panels),
            note_places=note_places,
            foreign=bool(self.root.foreign_texts()),
            inputs=self.files.paths,
            digests=tuple(self.files.digests.items()),
            claims=claims,
            hidden=tuple(trial for trial in hidden if trial),
            lang=self.language,
            map=self._map,
        )

    def _check_panels(
        self, panels: Sequence[Chosen], surface: Surface | None, trials: Sequence[Trial | None],
        optimizers: Sequence[Chosen],
    ) -> None:  # fmt: skip
        """Report what cannot be shown or climbed, and settings that no swarm has."""
        own = [trial.surface if trial else surface for trial in trials] or [None] * len(optimizers)
        grid, mapped = self.document.layout == "grid", self.document.map.is_set
        for problem in (
            *panel_problems(panels, surface, own, grid=grid, map=mapped),
            *rate_problems(panels, optimizers),
            *ascent_problems(self.document),
            *swarm_problems(self.document, trials, panels),
        ):
            self.report(*problem)
        if surface:
            self._map = key_map(self.document, surface, optimizers, panels, self.report)

    def _panel_places(self, panels: Sequence[Chosen]) -> tuple[dict[str, Place], ...]:
        """For each panel, the place of each option that is set."""
        return tuple(
            {name: self.root.find(("panels", i, name)) for name in panel.options}
            for i, panel in enumerate(panels)
        )

    def report(self, message: str, path: KeyPath, help: str = "", key: bool = False) -> None:
        self.problems.append(Problem(message, self.root.find(path, key=key), help))

    def _surface(self, chosen: Chosen, path: KeyPath) -> Surface | None:
        """The surface at a path, without the options that it refuses; None if it is unknown."""
        if path in self.rest.unknown:
            return None
        self.files.add_plugin(chosen)
        try:
            surface = self.cache.surface(
                self.root, path, chosen, self.files, ascend=self.document.ascend
            )
            if surface.ascends and surface.data:
                message = "ascend climbs, but the loss of a fit is to be minimized"
                self.report(message, ("ascend",), "leave out 'ascend', or write a formula: expr")
            return with_a_minimum(surface) if path in self.rest.partial else surface
        except ConfigError as error:
            # These problems are in a file that an option names, and have places there.
            self.problems += map(self.files.problem, error.problems)
            return None
        except ValueError as error:
            options = self.files.resolved_options(chosen, path)
            errors, rest = refused_options(error, chosen.entry.function, options)
            for one in errors:
                self.problems.append(self.files.problem(option_problem(one, path, self.root)))
            return rest

    def _panels(self, surface: Surface | None) -> tuple[Chosen, ...]:
        """The panels of the config, or the default ones."""
        mapped = self.document.map.is_set
        panels = tuple(self.document.panels or default_panels(surface, map=mapped))
        if self.document.layout == "grid" and len(panels) > 1:
            help = "keep one of panels, or layout: row"
            self.report("a grid has one panel, once for each optimizer", ("layout",), help)
        return panels

    def _view(
        self, panels: tuple[Chosen, ...], surface: Surface | None, trials: int
    ) -> tuple[View, tuple[Place, ...]]:
        """The view with the points of its notes as numbers, and the place of the step of each."""
        view, steps = self.document.view, self.document.steps
        for problem in view_problems(view):
            self.report(*problem)
        if view.notes and surface:
            notes = notes_of(view.notes, panels, surface, trials, steps, self.report)
            view = replace(view, notes=notes)
        count = len(view.notes or ())
        return view, tuple(self.root.find(("view", "notes", i, "step")) for i in range(count))

    def _outputs(self) -> tuple[tuple[Path, ...], str]:
        """The files of all themes, as `outputs_of` says.

        `themes` beside `figure.theme` is reported, and a theme that is named twice.
        """
        themes = [chosen.entry.name for chosen in self.document.themes or []]
        if themes and self._own_theme:
            message = "'themes' and 'figure.theme' cannot both be set"
            self.report(message, ("themes",), "keep one of them", key=True)
        for i, name in enumerate(themes):
            if name in themes[:i]:
                message = f"themes has {quoted(name)} twice"
                self.report(message, ("themes", i), "each theme has files of its own")
        return outputs_of(self.document, self.config, self.report, self.placeholders)

    def _optimizers(self) -> list[tuple[Chosen, KeyPath]]:
        """The optimizers of the config, once for each of their starts, with their key paths."""
        one, many = self.document.optimizer, self.document.optimizers
        if one and many:
            message = "'optimizer' and 'optimizers' cannot both be set"
            self.report(message, ("optimizers",), "keep one of them", key=True)
        if not one and not many:
            help = f"optimizer: adam, for example; known: {', '.join(catalogue('optimizers'))}"
            self.report("'optimizer' is missing", (), help)
        listed: list[tuple[Chosen, KeyPath]] = [
            (chosen, ("optimizers", i)) for i, chosen in enumerate(many or [])
        ]
        optimizers, start_paths = split_starts(
            [(with_label(c), at) for c, at in ([(one, ("optimizer",))] if one else listed)],
            self.document.start, self.report, self.language, ascend=self.document.ascend,
        )  # fmt: skip
        self._start_paths = dict(zip((id(c) for c, _ in optimizers), start_paths, strict=True))
        return optimizers

    def _check_start(
        self, surface: Surface | None, optimizers: list[tuple[Chosen, KeyPath]]
    ) -> None:
        starts: dict[KeyPath, Any] = {("start",): self.document.start}
        own = [chosen for chosen, _ in optimizers if chosen.beside.start is not None]
        starts |= {self._start_paths[id(chosen)]: chosen.beside.start for chosen in own}
        for at, start in starts.items() if not surface else ():
            if isinstance(start, list) and too_long(start):
                message = f"start has {len(start)} numbers, a surface has one or two axes"
                example = "start: [1, 1]" if at[-1] == "start" else "[1, 1]"
                self.report(message, at, f"one number for each axis: {example}")
        if surface and self._start_is_missing:
            help = f"start: [{', '.join('1' for _ in surface.axes)}], one number for each of "
            self.report("'start' is missing", (), help + ", ".join(surface.axes))

    def _start(
        self, chosen: Chosen, path: KeyPath, surface: Surface, optimizer: Any
    ) -> tuple[Swarm | None, Points] | None:
        """The start of a trial whose optimizer `prepared` returned; None if it has problems.

        It is one point, or the many points of a swarm.
        """
        start: Any = chosen.beside.start
        at = self._start_paths.get(id(chosen), (*path, "start"))
        if hasattr(optimizer, "start"):
            start, at = own_start(optimizer, start, path, surface, self.report), path
        elif start is None:
            start, at = self.document.start, ("start",)
            self._start_is_missing |= start is None
        if isinstance(start, Swarm):
            view, seed = self.document.view, self.document.seed
            starts = swarm_starts(start, at, surface, view, seed, self.report)
            return None if starts is None else (start, starts)
        point = None if start is None else start_of(start, at, surface, self.report)
        return None if point is None else (None, (point,))

    def _trial(self, chosen: Chosen, path: KeyPath, surface: Surface) -> Trial | None:
        """The trial of the optimizer at a path; None if it has problems.

        Args:
            chosen: the optimizer.
            path: its key path.
            surface: surface of the run, for an optimizer without its own.
        """
        look: TrialKeys = chosen.beside
        if look.surface:
            own_surface = self._surface(look.surface, (*path, "surface"))
            if own_surface is None:
                return None
            if own_surface.dimensions != surface.dimensions:
                counts = {1: "one parameter", 2: "two parameters"}
                message = (
                    f"its surface has {counts[own_surface.dimensions]},"
                    f" that of the run has {counts[surface.dimensions]}"
                )
                self.report(message, (*path, "surface"))
                return None
            kept = self.files.relative_options(look.surface, (*path, "surface"))
            look, surface = replace(look, surface=kept), own_surface
        known = len(self.problems)
        optimizer = prepared(chosen, path, surface, self.files, self.problems)
        if len(self.problems) > known:
            return None
        start = self._start(chosen, path, surface, optimizer)
        if start is None:
            return None
        swarm, starts = start
        if surface.ascends and AUTO in (chosen.options.get("lr"),):
            message = "lr: auto looks for the lowest loss, but 'ascend' climbs"
            self.report(message, (*path, "lr"), "set a number")
        options = options_of_trial(chosen, self.document.steps, path, self.report)
        if optimizer is None:
            optimizer = partial(chosen.entry.function, **options)
        try:
            begin(optimizer, surface, np.array(starts[0], dtype=np.float64), self.document.seed)
        except OptionError as error:
            self.report(str(error), (*path, *error.path), error.help)
        return Trial(
            name=chosen.entry.name,
            optimizer=optimizer,
            label=look.label or optimizer_title(chosen, self.language, ascends=surface.ascends),
            chosen=self.files.relative_options(chosen, path),
            look=look,
            surface=surface,
            start=starts[0],
            steps=self.document.steps,
            seed=self.document.seed,
            noise=self.document.noise,
            stop=self.document.stop,
            place=self.root.find((*path, "lr")),
            swarm=swarm,
            starts=starts if swarm else None,
        )
