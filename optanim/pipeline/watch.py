"""Watching: a config is rendered again when it, or a file that it reads, is saved."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from optanim.config.loader import load
from optanim.config.run import Run
from optanim.drawing.isolation import isolated_import
from optanim.errors import ClaimError, ConfigError, Problem
from optanim.extras import install_extras
from optanim.files import real_path
from optanim.optimizers import reload_plugins
from optanim.pipeline.batch import write_problem
from optanim.pipeline.estimate import map_seconds
from optanim.pipeline.file_changes import (
    MAX_SAVE_TIME,
    QUIET_TIME,
    FileState,
    existing_folder,
    file_state,
    save_time,
    wait_for_save,
)
from optanim.pipeline.jobs import free_previous_figure
from optanim.pipeline.loading import configs_in, output_conflicts
from optanim.pipeline.render import RenderResult, render
from optanim.scene.map_cells import with_larger_cells
from optanim.schema.animation import count_frames

CHECK_INTERVAL = 1.0
"""Longest time between two checks of the files, in seconds. The system can miss a change."""

MIN_DRAFT_GAIN = 4
"""The least number of frames of the animation for each frame of its draft."""

DRAFT_THRESHOLD = 1.0
"""A draft is rendered first if the animation takes longer, in seconds."""

DRAFT_TIME = 0.5
"""The time for a draft, in seconds."""

MAX_DRAFT_FRAMES = 60


@dataclass(frozen=True)
class FigureRendered:
    """A figure was rendered.

    Attributes:
        config: the name of the config.
        run: the run.
        rendered: the result.
        draft: whether this is a draft in the first output; the whole animation follows.
        again: whether the config had problems before.
    """

    config: str
    run: Run
    rendered: RenderResult
    draft: bool
    again: bool


@dataclass(frozen=True)
class ConfigFailed:
    """A config could not be rendered. Its files stay as they were.

    Attributes:
        config: the name of the config.
        problems: its problems.
    """

    config: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ConfigRemoved:
    """A config was removed. Its files stay.

    Attributes:
        config: the name of the config.
    """

    config: str


WatchEvent = FigureRendered | ConfigFailed | ConfigRemoved


def watch_configs(
    names: Sequence[str], *, set: Sequence[str] = (), output: str | None = None
) -> Iterator[WatchEvent | None]:
    """Render configs now and after each save; yield the events, and None when all is up to date.

    The iterator has no end. The config that was saved last is rendered first. A save during a
    rendering stops the rendering.

    Args:
        names: configs and folders, as for `configs_in`.
        set: values that replace values of the configs, as `KEY=VALUE`.
        output: replaces the output of the configs.

    Raises:
        ConfigError: a folder has no config, or watchfiles is not installed.
    """
    try:
        from watchfiles import watch
    except ImportError:
        help = install_extras("watch")
        raise ConfigError([Problem("watching needs watchfiles", "", help)]) from None
    configs_in(names)
    # Imported now, so that the time of the import does not count as time of the first figure.
    with isolated_import():
        importlib.import_module("optanim.drawing.painter")
    watcher = _Watcher(names, set, output)
    while True:
        yield from watcher.render_saved()
        folders = watcher.folders()
        # This loop only says when to check. The states of the files say which have changed, so a
        # change that comes while no watch is active is found at the next check.
        for _ in watch(
            *folders, watch_filter=None, recursive=False, step=round(1000 * QUIET_TIME),
            debounce=round(1000 * MAX_SAVE_TIME), rust_timeout=round(1000 * CHECK_INTERVAL),
            yield_on_timeout=True,
        ):  # fmt: skip
            yield from watcher.render_saved()
            if watcher.folders() != folders:
                break


class _SupersededError(Exception):
    """A file was saved during a rendering."""


class _Watcher:
    """The state of all watched configs.

    Attributes:
        states: for each config the states of its files when they were read.
        runs: for each config the last run that could be loaded.
        problems: for each config its problems, if it has any.
        unread: the configs that could not be loaded, in order. They are tried again at each check,
            because a missing file may appear in any folder.
        pace: for each config the time that a pixel of a frame takes, in seconds.
    """

    def __init__(self, names: Sequence[str], set: Sequence[str], output: str | None) -> None:
        self.names, self.set, self.output = names, set, output
        self.states: dict[str, dict[Path, FileState]] = {}
        self.runs: dict[str, Run] = {}
        self.problems: dict[str, tuple[Problem, ...]] = {}
        self.unread: dict[str, None] = {}
        self.pace: dict[str, float] = {}
        self._last_check = 0.0

    def folders(self) -> list[Path]:
        """The folders to watch. Files are not watched, because editors replace them."""
        folders = {Path(name) for name in self.names if Path(name).is_dir()}
        for file in (file for states in self.states.values() for file in states):
            folders |= {file.parent, real_path(file).parent}
        return sorted({existing_folder(folder) for folder in folders})

    def render_saved(self) -> Iterator[WatchEvent | None]:
        """Render the configs that were saved since the last check, and yield the events.

        If there was any, None follows them.
        """
        active = False
        retries = list(self.unread)
        while True:
            configs = self.configs()
            for name in [name for name in self.states if name not in configs]:
                for table in (self.states, self.runs, self.problems, self.unread):
                    table.pop(name, None)
                yield ConfigRemoved(name)
            saved = [name for name in configs if self.changed(name)]
            if not saved and retries and retries[0] in configs:
                saved = retries[:1]
            retries = [name for name in retries if name not in saved]
            if not saved:
                break
            for event in self.render_config(max(saved, key=save_time), configs):
                active = True
                yield event
        if active:
            yield None

    def configs(self) -> list[str]:
        """The configs in the folders, and those that were named, even if they do not exist."""
        configs = []
        for name in self.names:
            try:
                configs += configs_in([name])
            except ConfigError:
                continue  # the folder has no config at the moment
        return list(dict.fromkeys(configs))

    def changed(self, name: str) -> bool:
        """Whether a file of a config has changed since it was read, or was never read."""
        states = self.states.get(name)
        return states is None or any(file_state(file) != state for file, state in states.items())

    def load_config(self, name: str, configs: Sequence[str]) -> Run:
        """The run of a config.

        Raises:
            ConfigError: the config has problems, or would overwrite another file.
        """
        reload_plugins()
        run = load(name, set=self.set, output=self.output)
        owners: dict[Path, str | None] = {real_path(config): None for config in configs}
        others = [other for other in self.runs if other != name]
        owners |= {real_path(p): other for other in others for p in self.runs[other].outputs}
        if problems := output_conflicts(run, owners):
            raise ConfigError(problems)
        return run

    def render_config(self, name: str, configs: Sequence[str]) -> Iterator[WatchEvent]:
        """Load and render a config, and yield the events."""
        if name in self.states:
            wait_for_save([file for file in self.states[name] if self.changed(name)])
        # Before the files are read: a later save then changes a state.
        before = {file: file_state(file) for file in [Path(name), *self.states.get(name, {})]}
        try:
            run = self.load_config(name, configs)
        except ConfigError as error:
            self.states[name] = before
            self.unread[name] = None
            yield from self.failed(name, error.problems)
            return
        self.unread.pop(name, None)
        self.states[name] = {file: before.get(file, file_state(file)) for file in run.inputs}
        self.runs[name] = run
        free_previous_figure()
        try:
            if draft := self.draft(name, run):
                rendered = render(draft, progress=self.stop_if_saved)
                # Older than the inputs, so that make would render it again.
                states = self.states[name].values()
                oldest = min((state[0] for state in states if state), default=1)
                os.utime(run.outputs[0], ns=(oldest - 10**9, oldest - 10**9))
                yield FigureRendered(name, run, rendered, True, bool(self.problems.pop(name, ())))
            rendered = render(run, progress=self.stop_if_saved)
        except _SupersededError:
            self.states[name] |= {Path(name): (-1, -1, -1)}  # no state of a file: it has changed
        except (ConfigError, ClaimError) as error:
            yield from self.failed(name, error.problems)
        except OSError as error:
            yield from self.failed(name, (write_problem(run, error),))
        else:
            # The planned frames: a run that diverges has fewer, and may not diverge next time.
            count = count_frames(run.steps, run.animation)
            self.pace[name] = rendered.took / (count * _pixels(run))
            yield FigureRendered(name, run, rendered, False, bool(self.problems.pop(name, ())))

    def failed(self, name: str, problems: tuple[Problem, ...]) -> Iterator[WatchEvent]:
        """Yield an event if the problems of a config are not the same as before."""
        if self.problems.get(name) != problems:
            self.problems[name] = problems
            yield ConfigFailed(name, problems)

    def draft(self, name: str, run: Run) -> Run | None:
        """The run with fewer frames in the same time; None if all frames are fast enough.

        A run whose maps take long has a quarter of their cells.
        """
        if map_seconds(run) > DRAFT_THRESHOLD:
            return replace(with_larger_cells(run), themes=(), outputs=run.outputs[:1])
        count, pace = count_frames(run.steps, run.animation), self.pace.get(name, 0) * _pixels(run)
        affordable = int(DRAFT_TIME / pace) if pace else count
        draft_count = max(2, min(MAX_DRAFT_FRAMES, affordable)) if pace else count
        if count * pace < DRAFT_THRESHOLD or MIN_DRAFT_GAIN * draft_count > count:
            return None
        fps = run.animation.fps * draft_count / count
        animation = replace(run.animation, fps=fps)
        return replace(run, animation=animation, themes=(), outputs=run.outputs[:1])

    def stop_if_saved(self, done: int, total: int) -> None:
        """Stop a rendering if a config that was rendered before was saved.

        Raises:
            _SupersededError: such a config was saved.
        """
        now = time.monotonic()
        if now - self._last_check > QUIET_TIME:
            self._last_check = now
            if any(self.changed(name) for name in self.states):
                raise _SupersededError


def _pixels(run: Run) -> int:
    """The number of pixels of a frame."""
    assert run.figure.size  # a run always has a size
    width, height = run.figure.size
    return width * height * run.figure.scale**2
