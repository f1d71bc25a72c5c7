"""A config that a page explores: each version of it becomes a figure, a saved config, or a GIF.

A version comes from the page as plain values. It reads no other files than the config that was
opened, and what would take too long is refused. Not for several threads at once: matplotlib is not.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optanim.config.controls import (
    optimizer_entries,
    panel_entries,
    schedule_entries,
    surface_entries,
)
from optanim.config.dump import as_data
from optanim.config.key_places import key_of
from optanim.config.mapping import mapping_as_text
from optanim.config.minimal import minimal_yaml
from optanim.config.panels import MAP_PANELS
from optanim.config.run import Run
from optanim.config.yaml_nodes import parse_yaml
from optanim.errors import ClaimError, ConfigError, Problem, first_problems
from optanim.experiment.remarks import remarks_of
from optanim.experiment.simulate import Trajectory
from optanim.experiment.trials import simulate_run
from optanim.experiment.verdicts import measured_verdicts
from optanim.pipeline.edited_config import SOURCE, EditedConfig
from optanim.pipeline.estimate import duration, estimate_simulation
from optanim.pipeline.film_size import film_problems
from optanim.pipeline.painting import painter_of
from optanim.pipeline.refusals import unshown_texts
from optanim.pipeline.render import render
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.explorer_words import explorer_words_of
from optanim.schema.types import AUTO

if TYPE_CHECKING:
    from optanim.drawing.painter import Painter

FEW_UPDATES, FEW_ROWS = 20_000, 1000
"""A run of so many updates, on so many rows of data, is simulated without an estimate of its time.
"""

MAX_SECONDS = 20.0
"""A run whose simulation takes longer is not explored: the page would not answer."""

MAX_TRIALS, MAX_POINTS, MAX_PIXELS = 256, 16 * 20_000, 2_000_000
"""The largest numbers of trials of a matrix, of points of all trials, and of pixels of a figure."""

Answer = dict[str, Any]
"""What the page gets, as JSON has it."""


@dataclass(frozen=True)
class _Version:
    """A version of the config, simulated.

    Attributes:
        text: all of it, as YAML.
        run: with its rates tuned.
        trajectories: of its optimizers.
        yaml: the shortest config of the same run.
    """

    text: str
    run: Run
    trajectories: Sequence[Trajectory]
    yaml: str


@dataclass(frozen=True)
class _Ground:
    """A figure that the page has, on which drafts are drawn.

    Attributes:
        number: the number of its request.
        painter: of the figure.
        look: what a version must share with it.
    """

    number: int
    painter: Painter
    look: Answer


class Exploration:
    """A session of `optanim explore`.

    Args:
        config: what is explored.
    """

    def __init__(self, config: EditedConfig) -> None:
        self.config = config
        self._outputs: list[Path] = []
        self._version: _Version | None = None
        self._ground: _Ground | None = None

    def catalogue(self) -> Answer:
        """All that the page offers, and the config that it begins with."""
        language = self.config.language
        return {
            "surfaces": surface_entries(),
            "optimizers": optimizer_entries(),
            "schedules": schedule_entries(),
            "panels": panel_entries(),
            "themes": list(catalogue("themes")),
            "words": asdict(explorer_words_of(language)),
            "language": language,
            "config": self.config.values,
            "file": self.config.file.name if self.config.file else None,
        }

    def figure(self, values: Any, number: int, ground: int | None) -> Answer:
        """The figure of a version, or a draft of it.

        Args:
            values: the version.
            number: of the request.
            ground: the number of the request whose figure a draft is drawn on; None for a figure.
        """
        start = time.perf_counter()
        try:
            version = self._simulated(values)
            figure = self._figure(version, number, ground)
        except ConfigError as error:
            return {"number": number, "problems": _problems(error.problems, values)}
        return {
            "number": number,
            "figure": figure,
            "yaml": version.yaml,
            "claims": _claims(version),
            "remarks": list(remarks_of(version.run, version.trajectories)),
            "seconds": round(time.perf_counter() - start, 4),
        }

    def save(self, values: Any, file: str | None, *, overwrite: bool) -> Answer:
        """Write a version to a file in the folder of the config.

        Args:
            values: the version.
            file: the name of the file; None is the config that was opened.
            overwrite: whether a file may be replaced.
        """
        try:
            text = minimal_yaml(values, self._checked(values, mapping_as_text(values)))
            return {**self.config.save(text, file, overwrite=overwrite)}
        except ConfigError as error:
            return {"problems": _problems(error.problems, values)}
        except OSError as error:
            return {"problems": _problems([_problem_of(error)], values)}

    def render(self, values: Any) -> Answer:
        """Render a version to its files; `output` has the first of them by its number."""
        try:
            result = render(self._checked(values, mapping_as_text(values)))
        except (ConfigError, ClaimError) as error:
            return {"problems": _problems(error.problems, values)}
        except OSError as error:
            return {"problems": _problems([_problem_of(error)], values)}
        self._outputs.append(result.paths[0])
        return {"file": str(result.paths[0]), "number": len(self._outputs)}

    def output(self, number: str) -> Path | None:
        """A file that was rendered here; None if there was no such one."""
        return {str(i): path for i, path in enumerate(self._outputs, 1)}.get(number)

    def _simulated(self, values: Any) -> _Version:
        """A version, simulated; the last one is kept.

        Raises:
            ConfigError: it has problems.
        """
        text = mapping_as_text(values)
        if self._version is None or self._version.text != text:
            run = self._checked(values, text)
            yaml = minimal_yaml(values, run)
            run, trajectories = simulate_run(run)
            self._version = _Version(text, run, trajectories, yaml)
        return self._version

    def _checked(self, values: Any, text: str) -> Run:
        """The run of a version.

        Raises:
            ConfigError: it has problems, or cannot be explored.
        """
        if (count := _combinations(values)) > MAX_TRIALS:
            message = f"the matrix has {count} combinations, {MAX_TRIALS} are explored at most"
            raise ConfigError([Problem(message, "matrix", "choose fewer values")])
        run = self.config.run(text)
        if problems := _unexplored(run):
            raise ConfigError(problems)
        return run

    def _figure(self, version: _Version, number: int, ground: int | None) -> Answer:
        """The data of a figure for the player; of a draft, what differs from those of its ground.

        Raises:
            ConfigError: it cannot be drawn.
        """
        from optanim.player.figure_data import draft_data, figure_data

        run, look = version.run.in_themes()[0], _look(version.run)
        run = replace(run, figure=replace(run.figure, scale=1))  # vectors have no pixels
        known = self._ground
        if known and ground == known.number and look == known.look and not run.sweep:
            return draft_data(known.painter, run, version.trajectories)
        if problems := unshown_texts(run):
            raise ConfigError(problems)
        painter = painter_of(compose_scene(run, version.trajectories, maps={}))
        figure = figure_data(painter, run, version.trajectories)
        self._ground = _Ground(number, painter, look)
        return figure


def _problem_of(error: OSError) -> Problem:
    name = f"{error.filename}: " if error.filename else ""
    return Problem(f"{name}{error.strerror or error}")


def _problems(problems: Sequence[Problem], values: Any) -> list[Answer]:
    """Problems of a version as JSON, each with the key that it is about."""
    try:
        root = parse_yaml(mapping_as_text(values), SOURCE)
    except ConfigError:
        root = None
    return [
        {"message": problem.message, "place": key_of(problem, root), "help": problem.help}
        for problem in first_problems(problems)
    ]


def _claims(version: _Version) -> list[Answer]:
    """The claims of a version, each with its verdict. One with `holds: false` must be false."""
    run = version.run
    verdicts = measured_verdicts(run, version.trajectories) if run.claims else ()
    return [
        {
            "text": v.says if claim.holds else f"{v.says}: false",
            "holds": v.holds == claim.holds,
            "reason": v.measured,
        }
        for claim, v in zip(run.claims, verdicts, strict=True)
    ]


def _look(run: Run) -> Answer:
    """The config of a run without what may change from draft to draft on one ground."""
    data = as_data(replace(run, claims=(), hidden=()))
    for key in ("start", "seed", "noise", "tuning", "output", "matrix"):
        data.pop(key, None)
    trials = [
        [trial.name, trial.look.label, trial.look.color, trial.look.marker, str(trial.look.surface)]
        for trial in run.trials
    ]
    return {**data, "optimizers": trials, "optimizer": None}


def _combinations(values: Any) -> int:
    """The number of combinations of a matrix: each is loaded, so it is counted before."""
    matrix = values.get("matrix") if isinstance(values, Mapping) else None
    lists = matrix.values() if isinstance(matrix, Mapping) else ()
    return prod(len(choices) for choices in lists if isinstance(choices, list))


def _unexplored(run: Run) -> list[Problem]:
    """Why a run is not explored; nothing if it is."""
    if run.map or any(panel.entry.name in MAP_PANELS for panel in run.panels):
        message = "a map takes too long to follow a pointer"
        return [Problem(message, "panels", "'optanim render' shows it; choose other panels here")]
    if run.is_swarm:
        message = "a swarm of starts is not explored"
        return [Problem(message, "start", "'optanim render' shows it; choose one start here")]
    # The page has all steps, whatever the files of the config have.
    if problems := film_problems(replace(run, outputs=(Path("figure.html"),))):
        return problems
    width, height = run.figure.size or (0, 0)
    if width * height > MAX_PIXELS:
        message = f"a figure of more than {MAX_PIXELS // 10**6} million pixels is not explored"
        return [Problem(message, "figure.size", "make it smaller; figure.scale has no effect here")]
    if (points := run.steps * len(run.trials)) > MAX_POINTS:
        message = f"{points:,} points are too many for the page, {MAX_POINTS:,} are explored"
        return [Problem(message, "steps", "choose fewer steps, or fewer optimizers")]
    rows = len(run.surface.data.x) if run.surface.data else 1
    updates = run.steps * len((*run.trials, *run.hidden)) * max(1, rows // FEW_ROWS)
    tuned = any(trial.chosen.options.get("lr") == AUTO for trial in run.trials)
    if updates <= FEW_UPDATES and not tuned:
        return []
    seconds = estimate_simulation(run).seconds
    if seconds <= MAX_SECONDS:
        return []
    message = f"would take about {duration(seconds)}, the limit here is {duration(MAX_SECONDS)}"
    return [Problem(message, "steps", "choose fewer steps, or fewer optimizers")]
