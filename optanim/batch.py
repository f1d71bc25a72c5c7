"""Many runs: which configs are meant, that no two write the same file, and one after the other."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from optanim.config import Run, load
from optanim.errors import ConfigError, Problem
from optanim.rendering import Rendered, render

SUFFIXES = (".yaml", ".yml")


@dataclass
class Outcome:
    """What became of a batch.

    Attributes:
        made: a result for each run that was rendered.
        problems: what is wrong with configs.
        failures: what could not be written.
    """

    made: list[Rendered] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[Problem] = field(default_factory=list)

    @property
    def code(self) -> int:
        """The exit code: 0 all well, 1 something failed, 2 nothing could start."""
        if self.problems and not self.made and not self.failures:
            return 2
        return 1 if self.problems or self.failures else 0


def configs_in(names: Iterable[str]) -> list[str]:
    """The config files that are named, a folder standing for those in it, each once.

    Raises:
        ConfigError: a folder has none.
    """
    found: list[str] = []
    for name in names:
        path = Path(name)
        if name == "-" or not path.is_dir():
            found.append(name)
            continue
        inside = sorted(str(p) for p in path.iterdir() if p.suffix in SUFFIXES and p.is_file())
        if not inside:
            raise ConfigError([Problem("there is no .yaml file in this folder", str(path))])
        found += inside
    return list(dict.fromkeys(found))


def load_all(
    names: Sequence[str], *, set: Sequence[str] = (), output: str | None = None
) -> tuple[list[Run], list[Problem]]:
    """The runs of all the configs that are right, and everything that is wrong with the others."""
    runs, problems = list[Run](), list[Problem]()
    taken: dict[Path, str | None] = {same(name): None for name in names}
    for name in names:
        try:
            run = load(name, set=set, output=output)
        except ConfigError as error:
            problems += error.problems
            continue
        wrong = clashes(run, name, taken)
        for path in run.outputs:
            taken.setdefault(same(path), name)
        problems += wrong
        if not wrong:
            runs.append(run)
    return runs, problems


def clashes(run: Run, name: str, taken: Mapping[Path, str | None]) -> list[Problem]:
    """What files of a run would be written over.

    Args:
        run: of the config of this name.
        name: of the config.
        taken: by `same`, the files that others write, each with the config's name; and those that
            are configs, with None.
    """
    found = []
    for path in run.outputs:
        owner = taken.get(same(path), name)
        if owner is None:
            found.append(f"would write over {path}, a config")
        elif owner != name:
            found.append(f"would write {path}, as {owner} does")
    help = "give each an output of its own, e.g. 'output/{config}.gif'"
    return [Problem(clash, name, help) for clash in found]


def render_all(
    runs: Sequence[Run],
    outcome: Outcome,
    *,
    frame: int | None = None,
    progress: Callable[[Run, int, int], None] = lambda run, done, of: None,
    told: Callable[[Run, Rendered], None] = lambda run, made: None,
) -> Outcome:
    """Render runs one after the other; one that fails costs no other.

    Args:
        runs: what to render.
        outcome: where to put what became of them.
        frame: as for `optanim.render`.
        progress: called with a run, its frames painted so far, and how many there are.
        told: called after each run that was made.
    """
    for run in runs:
        try:
            made = render(run, frame=frame, progress=lambda d, of, run=run: progress(run, d, of))  # type: ignore[misc]
        except ConfigError as error:
            outcome.problems += error.problems
        except OSError as error:
            target = error.filename or run.outputs[0]
            message = f"cannot write {target}: {error.strerror or error}"
            outcome.failures.append(Problem(message, run.source))
        else:
            outcome.made.append(made)
            told(run, made)
        # A figure is a ring of references, young yet: its memory is the next one's.
        gc.collect(1)
    return outcome


def same(path: str | Path) -> Path:
    """One name for a file, however it is written."""
    return Path(path).resolve()
