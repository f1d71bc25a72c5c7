"""Watching: a config is rendered anew when it is saved, or a file that it reads."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from optanim.config.loader import load
from optanim.config.run import Run
from optanim.drawing.isolation import undisturbed
from optanim.errors import ClaimError, ConfigError, Problem
from optanim.pipeline.batch import clashes, configs_in, same, unwritten
from optanim.pipeline.file_changes import LONGEST, QUIET, Stamp, nearest, saved_at, settle, stamp
from optanim.pipeline.jobs import let_go
from optanim.pipeline.render import Rendered, render
from optanim.schema.animation import frames

LOOK = 1.0
"""Seconds between looks at the files, whatever the system tells of them."""

PATIENCE, DRAFT, DRAFT_FRAMES = 1.0, 0.5, 60
"""What takes longer gets a draft first, of so many seconds, and of so many frames at most."""


@dataclass(frozen=True)
class Made:
    """A figure was rendered.

    Attributes:
        config: its name.
        run: what was rendered.
        rendered: what came of it.
        draft: a film of fewer frames in its first file; the whole one follows.
        again: it was wrong before.
    """

    config: str
    run: Run
    rendered: Rendered
    draft: bool
    again: bool


@dataclass(frozen=True)
class Wrong:
    """A config cannot be rendered; its files stay as they were."""

    config: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Gone:
    """A config is no longer there; its files stay."""

    config: str


News = Made | Wrong | Gone


def news(
    names: Sequence[str], *, set: Sequence[str] = (), output: str | None = None
) -> Iterator[News | None]:
    """What becomes of configs, from now on and without end; None each time that all is done.

    What was saved last is rendered first, and a save while something is rendered stops that.

    Args:
        names: files and folders, as for `optanim.pipeline.batch.configs_in`.
        set: values put into each.
        output: in place of their own.

    Raises:
        ConfigError: a folder has no config, or watchfiles is not installed.
    """
    try:
        from watchfiles import watch
    except ImportError:
        help = "pip install 'optanim[watch]'"
        raise ConfigError([Problem("watching needs watchfiles", "", help)]) from None
    configs_in(names)
    # What it takes to load libraries says nothing of a figure's pace.
    with undisturbed():
        importlib.import_module("optanim.drawing.painter")
    desk = _Desk(names, set, output)
    while True:
        yield from desk.look()
        folders = desk.folders()
        # It says when to look. What has changed, a look at the files says: between two of these
        # watches nothing is missed for longer than until the next look.
        for _ in watch(
            *folders, watch_filter=None, recursive=False, step=round(1000 * QUIET),
            debounce=round(1000 * LONGEST), rust_timeout=round(1000 * LOOK), yield_on_timeout=True,
        ):  # fmt: skip
            yield from desk.look()
            if desk.folders() != folders:
                break


class _SupersededError(Exception):
    """Something was saved while a figure was rendered."""


class _Desk:
    """What is known of each config.

    Attributes:
        stamps: its files, as they were when it was read.
        runs: the last that could be rendered.
        wrong: what is wrong with it.
        unread: those that could not be read. What they miss may be anywhere: they are tried again.
        pace: seconds that a pixel of a frame takes.
    """

    def __init__(self, names: Sequence[str], set: Sequence[str], output: str | None) -> None:
        self.names, self.set, self.output = names, set, output
        self.stamps: dict[str, dict[Path, Stamp]] = {}
        self.runs: dict[str, Run] = {}
        self.wrong: dict[str, tuple[Problem, ...]] = {}
        self.unread: dict[str, None] = {}
        self.pace: dict[str, float] = {}
        self._looked = 0.0

    def folders(self) -> list[Path]:
        """Where something may be saved that concerns us; editors replace files, so no file."""
        found = {Path(name) for name in self.names if Path(name).is_dir()}
        for file in (file for stamps in self.stamps.values() for file in stamps):
            found |= {file.parent, Path(os.path.realpath(file)).parent}
        return sorted({nearest(folder) for folder in found})

    def look(self) -> Iterator[News | None]:
        """Render what was saved since the last look."""
        busy = False
        again = list(self.unread)
        while True:
            configs = self.configs()
            for name in [name for name in self.stamps if name not in configs]:
                for held in (self.stamps, self.runs, self.wrong, self.unread):
                    held.pop(name, None)
                yield Gone(name)
            saved = [name for name in configs if self.changed(name)]
            if not saved and again and again[0] in configs:
                saved = again[:1]
            again = [name for name in again if name not in saved]
            if not saved:
                break
            for happened in self.renew(max(saved, key=saved_at), configs):
                busy = True
                yield happened
        if busy:
            yield None

    def configs(self) -> list[str]:
        """The configs that there are, and those that were named and are not there."""
        there = []
        for name in self.names:
            try:
                there += configs_in([name])
            except ConfigError:
                continue  # a folder without any, for now
        return list(dict.fromkeys(there))

    def changed(self, name: str) -> bool:
        known = self.stamps.get(name)
        return known is None or any(stamp(file) != then for file, then in known.items())

    def renew(self, name: str, configs: Sequence[str]) -> Iterator[News]:
        """Read a config and render it."""
        if name in self.stamps:
            settle([file for file in self.stamps[name] if self.changed(name)])
        known = [Path(name), *self.stamps.get(name, {})]
        before = {file: stamp(file) for file in known}
        try:
            run = load(name, set=self.set, output=self.output)
            taken: dict[Path, str | None] = {same(config): None for config in configs}
            others = [other for other in self.runs if other != name]
            taken |= {same(path): other for other in others for path in self.runs[other].outputs}
            if problems := clashes(run, taken):
                raise ConfigError(problems)
        except ConfigError as error:
            self.stamps[name] = before
            self.unread[name] = None
            yield from self.failed(name, error.problems)
            return
        self.unread.pop(name, None)
        self.stamps[name] = {file: before.get(file, stamp(file)) for file in run.inputs}
        self.runs[name] = run
        let_go()
        try:
            if draft := self.draft(name, run):
                rendered = render(draft, output=run.outputs[0], progress=self.interrupted)
                # It is older than what it is made from: make would render it anew.
                old = min((then[0] for then in self.stamps[name].values() if then), default=1)
                os.utime(run.outputs[0], ns=(old - 10**9, old - 10**9))
                yield Made(name, run, rendered, True, bool(self.wrong.pop(name, ())))
            rendered = render(run, progress=self.interrupted)
        except _SupersededError:
            self.stamps[name] |= {Path(name): (-1, -1, -1)}
        except (ConfigError, ClaimError) as error:
            yield from self.failed(name, error.problems)
        except OSError as error:
            yield from self.failed(name, (unwritten(run, error),))
        else:
            # Of the frames that were to be: a path that diverges has less, and will again.
            count = frames(run.steps, run.animation)
            self.pace[name] = rendered.took / (count * _pixels(run))
            yield Made(name, run, rendered, False, bool(self.wrong.pop(name, ())))

    def failed(self, name: str, problems: tuple[Problem, ...]) -> Iterator[News]:
        if self.wrong.get(name) != problems:
            self.wrong[name] = problems
            yield Wrong(name, problems)

    def draft(self, name: str, run: Run) -> Run | None:
        """The same film in fewer frames, if all of them take too long: it plays as long."""
        count, pace = frames(run.steps, run.animation), self.pace.get(name, 0) * _pixels(run)
        few = max(2, min(DRAFT_FRAMES, int(DRAFT / pace))) if pace else count
        if count * pace < PATIENCE or 4 * few > count:
            return None
        fps = run.animation.fps * few / count
        return replace(run, animation=replace(run.animation, fps=fps))

    def interrupted(self, done: int, of: int) -> None:
        """Stop a rendering, if a config has been saved that was rendered before."""
        now = time.monotonic()
        if now - self._looked > QUIET:
            self._looked = now
            if any(self.changed(name) for name in self.stamps):
                raise _SupersededError


def _pixels(run: Run) -> int:
    assert run.figure.size  # a run has one
    width, height = run.figure.size
    return width * height * run.figure.scale**2
