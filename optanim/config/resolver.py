"""From the nodes of a config to its run, or to all of its problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from optanim.config.claims import ClaimResolver
from optanim.config.font_files import font_of
from optanim.config.input_files import InputFiles
from optanim.config.outputs import check_sizes, outputs_of
from optanim.config.panels import default_panels, panel_problems
from optanim.config.problems import KeyPath, option_problem, validation_problems
from optanim.config.run import Run, Trial
from optanim.config.start import start_of
from optanim.config.surface_cache import SurfaceCache
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Place, Problem
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.document import Document
from optanim.schema.figure import TrialKeys, default_size
from optanim.schema.validation import validate
from optanim.surfaces import Surface


def resolve(
    root: YamlNode, config: str, source: str, folder: Path = Path(),
    bases: tuple[Path, ...] = (), *, cache: SurfaceCache | None = None,
    placeholders: Mapping[str, str] | None = None,
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

    Raises:
        ConfigError: all problems, in the order of the file.
    """
    cache = cache or SurfaceCache()
    try:
        document = Document(**validate(cache.plain(root), Document))
    except ValidationError as error:
        problems = validation_problems(error, root)
    else:
        files = InputFiles(root, source, folder, bases)
        resolver = _Resolver(root, config, source, document, files, cache, placeholders or {})
        run = resolver.run()
        problems = resolver.problems
        if not problems and run:
            return run
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
        cache: SurfaceCache, placeholders: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.theme = document.figure.theme or Chosen(catalogue("themes")["light"])
        document = replace(document, figure=replace(document.figure, theme=self.theme))
        self.root, self.document, self.files = root, document, files
        self.config, self.source = config, source
        self.cache, self.placeholders = cache, placeholders
        self.problems: list[Problem] = []
        self._start_is_missing = False

    def run(self) -> Run | None:
        """The run; None if there are problems."""
        document = self.document
        surface = self._surface(document.surface, ("surface",))
        optimizers = self._optimizers()
        trials = [self._trial(c, path, surface) for c, path in optimizers] if surface else []
        resolver = ClaimResolver(document, optimizers, trials, surface, self.root.find, self.report)
        claims = resolver.claims()
        hidden = [self._trial(c, path, surface) for c, path in resolver.hidden if surface]
        if surface and self._start_is_missing:
            help = f"start: [{', '.join('1' for _ in surface.axes)}], one number for each of "
            self.report("'start' is missing", (), help + ", ".join(surface.axes))
        outputs = outputs_of(document, self.config, self.report, self.placeholders)
        panels = self._panels(surface)
        grid = document.layout == "grid"
        size = document.figure.size or default_size(len(panels), len(trials) if grid else 0)
        check_sizes(size, document.figure.scale, document.steps, document.animation, self.report)
        figure, font = font_of(replace(document.figure, size=size), self.files, self.report)
        if surface:
            trial_surfaces = [trial.surface if trial else surface for trial in trials]
            for problem in panel_problems(panels, surface, trial_surfaces):
                self.report(*problem)
        if surface is None or self.problems:
            return None
        return Run(
            config=self.config,
            source=self.source,
            chosen=self.files.relative_options(document.surface, ("surface",)),
            surface=surface,
            trials=tuple(trial for trial in trials if trial),
            steps=document.steps,
            seed=document.seed,
            noise=document.noise,
            tuning=document.tuning,
            title=document.title,
            panels=panels[: 1 if grid else None],
            layout=document.layout,
            view=document.view,
            animation=document.animation,
            figure=figure,
            theme=self.theme.entry.function(**self.theme.options),
            font=font,
            outputs=outputs,
            inputs=self.files.paths,
            digests=tuple(self.files.digests.items()),
            claims=claims,
            hidden=tuple(trial for trial in hidden if trial),
        )

    def report(self, message: str, path: KeyPath, help: str = "", key: bool = False) -> None:
        self.problems.append(Problem(message, self.root.find(path, key=key), help))

    def _surface(self, chosen: Chosen, path: KeyPath) -> Surface | None:
        """The surface at a path; None if it has problems."""
        try:
            return self.cache.surface(self.root, path, chosen, self.files)
        except ConfigError as error:
            # These problems are in a file that an option names, and have places there.
            self.problems += error.problems
            return None
        except ValueError as error:
            self.problems.append(option_problem(error, path, self.root))
            return None

    def _panels(self, surface: Surface | None) -> tuple[Chosen, ...]:
        """The panels of the config, or the default ones."""
        panels = tuple(self.document.panels or (default_panels(surface) if surface else ()))
        if self.document.layout == "grid" and len(panels) > 1:
            help = "keep one of panels, or layout: row"
            self.report("a grid has one panel, once for each optimizer", ("layout",), help)
        return panels

    def _optimizers(self) -> list[tuple[Chosen, KeyPath]]:
        """The optimizers of the config, with their key paths."""
        one, many = self.document.optimizer, self.document.optimizers
        if one and many:
            message = "'optimizer' and 'optimizers' cannot both be set"
            self.report(message, ("optimizers",), "keep one of them", key=True)
        if not one and not many:
            help = f"optimizer: adam, for example; known: {', '.join(catalogue('optimizers'))}"
            self.report("'optimizer' is missing", (), help)
        if one:
            return [(one, ("optimizer",))]
        return [(chosen, ("optimizers", i)) for i, chosen in enumerate(many or [])]

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
        start, at = look.start, (*path, "start")
        if start is None:
            start, at = self.document.start, ("start",)
        if start is None:
            self._start_is_missing = True
            return None
        point = start_of(start, at, surface, self.report)
        if point is None:
            return None
        options = {name: self._option_value(value) for name, value in chosen.options.items()}
        optimizer: Callable[..., Any] = partial(chosen.entry.function, **options)
        return Trial(
            name=chosen.entry.name,
            optimizer=optimizer,
            label=look.label or chosen.entry.title,
            chosen=chosen,
            look=look,
            surface=surface,
            start=point,
            steps=self.document.steps,
            seed=self.document.seed,
            noise=self.document.noise,
            place=self.root.find((*path, "lr")),
        )

    def _option_value(self, value: Any) -> Any:
        """The value of an option; a schedule is bound to the number of steps."""
        if isinstance(value, Chosen):
            return partial(value.entry.function, steps=self.document.steps, **value.options)
        return value
