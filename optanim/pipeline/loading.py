"""The runs of many configs, checked for files that two of them write.

It needs nothing of what draws and writes: `optanim check` begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from optanim.config.extends import figure_configs
from optanim.config.loader import load_runs
from optanim.config.run import Run
from optanim.errors import ConfigError, Problem
from optanim.files import real_path
from optanim.pipeline.atomic_file import CONFIG_SUFFIXES
from optanim.pipeline.targets import target_problems


def configs_in(names: Iterable[str]) -> list[str]:
    """The configs among files and folders, each once. A folder stands for the configs in it,
    without hidden files.

    A config that others extend is left out if it is incomplete by itself.

    Raises:
        ConfigError: a folder has no config.
    """
    configs: list[str] = []
    for name in names:
        path = Path(name)
        if name == "-" or not path.is_dir():
            configs.append(name)
            continue
        inside = sorted(
            str(p)
            for p in path.iterdir()
            if p.suffix in CONFIG_SUFFIXES and not p.name.startswith(".") and p.is_file()
        )
        if not inside:
            raise ConfigError([Problem("there is no .yaml file in this folder", str(path))])
        configs += inside
    return figure_configs(dict.fromkeys(configs))


def load_all(
    names: Sequence[str], *, set: Sequence[str] = (), output: str | None = None,
    matrix: Sequence[str] | None = None, layout: str | None = None, one: bool = False,
) -> tuple[list[Run], list[Problem]]:  # fmt: skip
    """The runs of all configs, and the problems of the configs that failed.

    Args:
        names: the configs.
        set, output, matrix, layout, one: as for `optanim.load_runs`.
    """
    loaded: list[Run | ConfigError] = []
    for name in names:
        try:
            loaded += load_runs(name, set=set, output=output, matrix=matrix, layout=layout, one=one)
        except ConfigError as error:
            loaded.append(error)
    return separate_problems(loaded, names)


def separate_problems(
    loaded: Iterable[Run | ConfigError], configs: Iterable[str]
) -> tuple[list[Run], list[Problem]]:
    """The runs that can be rendered, and the problems of the others.

    If a run would write a file of an earlier run, or a config, no run is left: the whole batch is
    wrong. A run whose targets cannot be written has a problem of its own.

    Args:
        loaded: loaded runs, and a ConfigError for each config that failed.
        configs: files that no run may write.
    """
    runs, problems, conflicts = list[Run](), list[Problem](), list[Problem]()
    owners: dict[Path, str | None] = {real_path(name): None for name in configs}
    for run in loaded:
        if isinstance(run, ConfigError):
            problems += run.problems
            continue
        conflicts += output_conflicts(run, owners)
        for path in run.outputs:
            owners.setdefault(real_path(path), run.source)
        wrong = target_problems(run)
        problems += wrong
        if not wrong:
            runs.append(run)
    return ([], [*problems, *conflicts]) if conflicts else (runs, problems)


def output_conflicts(run: Run, owners: Mapping[Path, str | None]) -> list[Problem]:
    """The problems of outputs of a run that are configs, or outputs of other runs.

    Args:
        run: the run.
        owners: for each resolved path that is taken the config that writes it; None for a config.
    """
    messages = []
    for path in run.outputs:
        if (owner := owners.get(real_path(path))) is not None:
            messages.append(f"would write {path}, as {owner} does")
        elif real_path(path) in owners:
            messages.append(f"would overwrite the config {path}")
    help = "give each config its own output, e.g. 'output/{config}.gif'"
    return [Problem(message, run.source, help) for message in messages]
