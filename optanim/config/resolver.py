"""From the nodes of a config to its run, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from optanim.config.claims import Claims
from optanim.config.font_files import font_of
from optanim.config.input_files import InputFiles
from optanim.config.outputs import check_sizes, outputs_of
from optanim.config.panels import default as panels_default
from optanim.config.panels import unfit
from optanim.config.problems import KeyPath, explain, refused
from optanim.config.run import Run, Trial
from optanim.config.start import start_of
from optanim.config.surface_cache import SurfaceCache
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Place, Problem
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.document import Document
from optanim.schema.figure import Look, default_size
from optanim.schema.validation import validate
from optanim.surfaces import Surface


def resolve(
    root: YamlNode, config: str, source: str, folder: Path = Path(),
    bases: tuple[Path, ...] = (), *, made: SurfaceCache | None = None,
    braces: Mapping[str, str] | None = None,
) -> Run:  # fmt: skip
    """The run that the nodes of a config describe.

    Args:
        root: the nodes.
        config: what `{config}` stands for.
        source: the config's name in messages.
        folder: where the files are that it names.
        bases: the configs that it extends.
        made: by runs of the same config before; `braces` are more names for `output`.

    Raises:
        ConfigError: with everything that is wrong, in the order of the file.
    """
    try:
        document = Document(**validate((made := made or SurfaceCache()).plain(root), Document))
    except ValidationError as error:
        problems = explain(error, root)
    else:
        files = InputFiles(root, source, folder, bases)
        resolver = _Resolver(root, config, source, document, files, made, braces or {})
        run = resolver.run()
        problems = resolver.problems
        if not problems and run:
            return run
    raise ConfigError(sorted(problems, key=in_order))


def in_order(problem: Problem) -> tuple[str, int, int]:
    """A key that sorts problems as their places stand in the file."""
    place = problem.place
    if isinstance(place, Place):
        return place.source, place.line, place.column
    return str(place), 0, 0


class _Resolver:
    """Checks what concerns several keys at once, and gathers what is wrong."""

    def __init__(
        self, root: YamlNode, config: str, source: str, document: Document, files: InputFiles,
        made: SurfaceCache, braces: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.theme = document.figure.theme or Chosen(catalogue("themes")["light"])
        document = replace(document, figure=replace(document.figure, theme=self.theme))
        self.root, self.document, self.files = root, document, files
        self.config, self.source, self.made, self.braces = config, source, made, braces
        self.problems: list[Problem] = []
        self.startless = False

    def run(self) -> Run | None:
        document = self.document
        surface = self._made(document.surface, ("surface",))
        optimizers = self._racers()
        trials = [self._runner(c, path, surface) for c, path in optimizers] if surface else []
        asked = Claims(document, optimizers, trials, surface, self.root.find, self.say)
        claims = asked.found()
        hidden = [self._runner(c, path, surface) for c, path in asked.hidden if surface]
        if surface and self.startless:
            help = f"start: [{', '.join('1' for _ in surface.axes)}], one number for each of "
            self.say("'start' is missing", (), help + ", ".join(surface.axes))
        outputs = outputs_of(document, self.config, self.say, self.braces)
        panels = tuple(document.panels or (panels_default(surface) if surface else ()))
        grid = document.layout == "grid"
        if grid and len(panels) > 1:
            help = "keep one of panels, or layout: row"
            self.say("a grid has one panel, once for each optimizer", ("layout",), help)
        size = document.figure.size or default_size(len(panels), len(trials) if grid else 0)
        check_sizes(size, document.figure.scale, document.steps, document.animation, self.say)
        figure, font = font_of(replace(document.figure, size=size), self.files, self.say)
        if surface:
            theirs = [trial.surface if trial else surface for trial in trials]
            for problem in unfit(panels, surface, theirs):
                self.say(*problem)
        if surface is None or self.problems:
            return None
        return Run(
            config=self.config,
            source=self.source,
            chosen=self.files.kept(document.surface, ("surface",)),
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
            inputs=self.files.found,
            digests=tuple(self.files.digests.items()),
            claims=claims,
            hidden=tuple(trial for trial in hidden if trial),
        )

    def say(self, message: str, path: KeyPath, help: str = "", key: bool = False) -> None:
        self.problems.append(Problem(message, self.root.find(path, key=key), help))

    def _made(self, chosen: Chosen, path: KeyPath) -> Surface | None:
        try:
            return self.made.surface(self.root, path, chosen, self.files)
        except ConfigError as error:
            # A file that an option names is wrong, and has places of its own.
            self.problems += error.problems
            return None
        except ValueError as error:
            self.problems.append(refused(error, path, self.root))
            return None

    def _racers(self) -> list[tuple[Chosen, KeyPath]]:
        one, many = self.document.optimizer, self.document.optimizers
        if one and many:
            self.say("'optimizer' and 'optimizers' stand side by side", ("optimizers",),
                     "keep one of them", key=True)  # fmt: skip
        if not one and not many:
            help = f"optimizer: adam, for example; there are {', '.join(catalogue('optimizers'))}"
            self.say("'optimizer' is missing", (), help)
        if one:
            return [(one, ("optimizer",))]
        return [(chosen, ("optimizers", i)) for i, chosen in enumerate(many or [])]

    def _runner(self, chosen: Chosen, path: KeyPath, surface: Surface) -> Trial | None:
        look: Look = chosen.beside
        if look.surface:
            own_surface = self._made(look.surface, (*path, "surface"))
            if own_surface is None:
                return None
            if (count := own_surface.dimensions) != surface.dimensions:
                message = f"its surface has {count} axes, the run's has {surface.dimensions}"
                self.say(message, (*path, "surface"))
                return None
            look = replace(look, surface=self.files.kept(look.surface, (*path, "surface")))
            surface = own_surface
        own = look.start is not None
        wanted, at = (look.start, (*path, "start")) if own else (self.document.start, ("start",))
        if wanted is None:
            self.startless = True
            return None
        start = start_of(wanted, at, surface, self.say)
        if start is None:
            return None
        options = {name: self._bound(value) for name, value in chosen.options.items()}
        optimizer: Callable[..., Any] = partial(chosen.entry.function, **options)
        label = look.label or chosen.entry.title
        place, document = self.root.find((*path, "lr")), self.document
        engine = document.steps, document.seed, document.noise, place
        return Trial(chosen.entry.name, optimizer, label, chosen, look, surface, start, *engine)

    def _bound(self, value: Any) -> Any:
        """An option's value; a schedule is told the number of steps."""
        if isinstance(value, Chosen):
            return partial(value.entry.function, steps=self.document.steps, **value.options)
        return value
