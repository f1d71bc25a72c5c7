"""The runs of a config: one, or with a matrix one for each combination, or one of all trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from optanim.config.matrix import Matrix, matrix_of, nodes_in
from optanim.config.outputs import check_sizes
from optanim.config.problems import KeyPath, Say
from optanim.config.resolver import in_order, resolve
from optanim.config.run import Run, Trial
from optanim.config.surface_cache import SurfaceCache
from optanim.config.sweep import Sweep
from optanim.config.sweep_labels import swept
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Place, Problem
from optanim.schema.figure import default_size

TRIES = 20
"""Combinations that may fail for other reasons than one of their values."""
WALKED = 10_000_000
"""Updates of all trials of a picture, which keeps every point."""
CROWD = 16
"""Trials that still have room for what explains each: its arrows, its ribbon."""


def runs_of(
    root: YamlNode, config: str, source: str, folder: Path = Path(),
    bases: tuple[Path, ...] = (), *, one: bool = False,
) -> list[Run]:  # fmt: skip
    """What a config describes.

    Args:
        root: its nodes.
        config: what `{config}` stands for.
        source: its name in messages.
        folder: where the files are that it names.
        bases: the configs that it extends.
        one: several are an error.

    Raises:
        ConfigError: with everything that is wrong, in the order of the file.
    """
    matrix = matrix_of(root)
    if matrix is None:
        return [_alone(root, config, source, folder, bases)]
    files = matrix.layout == "files"
    if one and files and matrix.count > 1:
        message = f"the matrix makes {matrix.count} pictures, and one is asked for"
        help = "'optanim render' and optanim.load_runs make all; layout: overlay or grid is one"
        raise ConfigError([Problem(message, matrix.place, help)])
    runs = _each(matrix, config, source, folder, bases)
    sweep = Sweep(
        matrix.layout,
        tuple(swept(axis, runs) for axis in matrix.axes),
        _template(matrix.root, config) if files else "",
    )
    if files:
        return _apart([replace(run, sweep=sweep) for run in runs], matrix)
    return [_joined(runs, matrix, sweep)]


def _alone(root: YamlNode, config: str, source: str, folder: Path, bases: tuple[Path, ...]) -> Run:
    layout = root.value.get("layout") if isinstance(root.value, dict) else None
    if layout is None or layout.value not in ("files", "overlay"):
        return resolve(root, config, source, folder, bases)
    help = "matrix: {optimizer.lr: [0.01, 0.1]}, for example; or layout: row"
    message = f"layout: {layout.value} shows a matrix, and there is none"
    problems = [Problem(message, layout.place, help)]
    try:
        resolve(root.without("layout"), config, source, folder, bases)
    except ConfigError as error:
        problems += error.problems
    raise ConfigError(sorted(problems, key=in_order))


def _each(
    matrix: Matrix, config: str, source: str, folder: Path, bases: tuple[Path, ...]
) -> list[Run]:
    """A run for each combination; what is wrong with a value is said once.

    Raises:
        ConfigError: with everything that is wrong, in the order of the file.
    """
    runs, made, tries = list[Run](), SurfaceCache(), 0
    problems: dict[Place | str, list[Problem]] = {}
    wrong: set[int] = set()
    for values in matrix.combinations():
        if any(id(value) in wrong for value in values):
            continue
        braces = matrix.braces(values) if matrix.layout == "files" else {}
        name = f"{config}-{braces['values']}" if braces else config
        try:
            runs.append(
                resolve(
                    matrix.config(values), name, source, folder, bases, made=made, braces=braces
                )
            )
        except ConfigError as error:
            places = [problem.place for problem in error.problems]
            faulty = {id(v) for v in values if any(_inside(place, v) for place in places)}
            wrong |= faulty
            tries += not faulty
            # Another combination says it of the same place in other words.
            new = [problem for problem in error.problems if problem.place not in problems]
            for problem in new:
                problems.setdefault(problem.place, []).append(problem)
            if tries == TRIES:
                break
    if problems:
        raise ConfigError(sorted((p for same in problems.values() for p in same), key=in_order))
    return runs


def _inside(place: Place | str, value: YamlNode) -> bool:
    """Whether a place is that of a value, or of something in it."""
    return isinstance(place, Place) and any(
        place.source == node.place.source
        and place.line == node.place.line
        and 0 <= place.column - node.place.column < node.place.length
        for node in nodes_in(value)
    )


def _template(root: YamlNode, config: str) -> str:
    """The output of the files of a matrix, so that it does not matter what the config is called."""
    written = root.value.get("output")
    output = str(written.value) if written else "output/{config}.gif"
    name = config.replace("{", "{{").replace("}", "}}")
    return output.replace("{config}", f"{name}-{{values}}")


def _apart(runs: list[Run], matrix: Matrix) -> list[Run]:
    """The same runs, if no two of them write the same file."""
    written: set[Path] = set()
    for run in runs:
        if written & set(run.outputs):
            output = matrix.root.value.get("output")
            message = f"two combinations of the matrix would write {run.outputs[0]}"
            names = "-".join(f"{axis.name}{{{axis.name}}}" for axis in matrix.axes)
            help = f"put {{values}} into output, or the value of each key: {names}"
            raise ConfigError([Problem(message, output.place if output else matrix.place, help)])
        written |= set(run.outputs)
    return runs


def _joined(runs: Sequence[Run], matrix: Matrix, sweep: Sweep) -> Run:
    """One run with the trials of all.

    Raises:
        ConfigError: they do not fit into one picture.
    """
    first, problems = runs[0], list[Problem]()

    def say(message: str, path: KeyPath, help: str = "", key: bool = False) -> None:
        problems.append(Problem(message, matrix.root.find(path, key=key), help))

    trials = [
        replace(run.trials[0], label=sweep.said(i)) for i, run in enumerate(runs) if run.trials
    ]
    updates = sum(trial.steps for trial in trials)
    if updates > WALKED:
        message = f"the trials of the matrix have {updates:,} steps, up to {WALKED:,} can be"
        problems.append(Problem(message, matrix.place, "fewer combinations, or fewer steps"))
    kind = "an overlay" if sweep.layout == "overlay" else "a grid"
    if max(len(run.trials) for run in runs) > 1:
        help = "matrix: {optimizer: [gd, adam]} sweeps optimizers; layout: files keeps the race"
        say(f"{kind} of a matrix has one optimizer in each combination", ("optimizers",), help)
    if len({run.surface.dimensions for run in runs}) > 1:
        message = "some surfaces of the matrix have one parameter, and some have two"
        problems.append(Problem(message, matrix.place, "layout: files makes a picture of each"))
    if first.claims:
        help = "layout: files judges them for each combination"
        say(f"{kind} of a matrix cannot have claims", ("claims",), help, key=True)
    if sweep.layout == "overlay":
        _crowded(first, trials, sweep.dashed is not None, matrix.root, say)
    figure = first.figure
    if sweep.layout == "grid" and figure.legend == "box":
        say("the cells of a grid have heads in place of a legend", ("figure", "legend"))
    if sweep.layout == "grid" and not _set(matrix.root, ("figure", "size")):
        figure = replace(figure, size=default_size(1, len(trials), across=sweep.across))
    assert figure.size  # a run has one
    steps = max(trial.steps for trial in trials)
    check_sizes(figure.size, figure.scale, steps, first.animation, say)
    if problems:
        raise ConfigError(sorted(problems, key=in_order))
    inputs = dict.fromkeys(file for run in runs for file in run.inputs)
    digests = {name: digest for run in runs for name, digest in run.digests}
    return replace(
        first, trials=tuple(trials), figure=figure, inputs=tuple(inputs),
        digests=tuple(digests.items()), sweep=sweep,
    )  # fmt: skip


def _crowded(run: Run, trials: Sequence[Trial], dashed: bool, root: YamlNode, say: Say) -> None:
    """Refuse what has no place in an overlay, or none beside so many trials."""
    if any(trial.look.color for trial in trials):
        at: KeyPath = ("optimizer",) if _set(root, ("optimizer",)) else ("optimizers", 0)
        say("the colors of an overlay tell the values", (*at, "color"), "leave out 'color'", True)
    for i, panel in enumerate(run.panels):
        if dashed and panel.entry.name in ("rates", "surface3d"):
            message = f"{panel.entry.name} has dashes of its own, those of a second key would mix"
            say(message, ("panels", i), "sweep one key, or layout: grid")
    if len(trials) <= CROWD:
        return
    if run.view.arrows:
        message = f"the arrows of {len(trials)} trials would hide them"
        say(message, ("view", "arrows"), f"up to {CROWD} trials have arrows")
    for i, panel in enumerate(run.panels):
        if panel.entry.name == "surface3d":
            message = f"surface3d would hide {len(trials)} trials behind each other"
            say(message, ("panels", i), f"up to {CROWD}; contour shows all")


def _set(root: YamlNode, path: KeyPath) -> bool:
    """Whether a config has a value at a path."""
    for step in path:
        if not (isinstance(root.value, dict) and step in root.value):
            return False
        root = root.value[str(step)]
    return root.value is not None
