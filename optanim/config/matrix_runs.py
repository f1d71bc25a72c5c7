"""The runs of a config: one, one for each combination of a matrix, or one with all its trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from optanim.config.file_names import file_name_part, safe_name
from optanim.config.matrix import Matrix, matrix_of, nodes_in
from optanim.config.outputs import check_sizes
from optanim.config.panels import MAP_PANELS
from optanim.config.problems import Report
from optanim.config.resolver import in_order, resolve
from optanim.config.run import Run, Trial
from optanim.config.similar_runs import similar_runs
from optanim.config.surface_cache import SurfaceCache
from optanim.config.sweep import Sweep
from optanim.config.sweep_labels import swept_key
from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import ConfigError, Place, Problem
from optanim.schema.figure import default_size

MAX_FAILURES = 20
"""Maximum number of combinations that fail for other reasons than one of their values."""

MAX_UPDATES = 10_000_000
"""Maximum number of updates of all trials in a picture, which keeps every point in memory."""

MAX_EXPLAINED_TRIALS = 16
"""Maximum number of trials with arrows, or in a landscape."""


def runs_of(
    root: YamlNode, config: str, source: str, folder: Path = Path(),
    bases: tuple[Path, ...] = (), *, one: bool = False,
) -> list[Run]:  # fmt: skip
    """The runs of a config.

    Args:
        root: nodes of the config.
        config: value of `{config}`.
        source: name of the config in messages.
        folder: folder of the config, which its input files are relative to.
        bases: configs that it extends.
        one: whether more than one run is an error.

    Raises:
        ConfigError: all problems, in the order of the file.
    """
    matrix = matrix_of(root)
    if matrix is None:
        return [_single_run(root, config, source, folder, bases)]
    _check_one_key_of_themes(matrix)
    files = matrix.layout == "files"
    if one and files and matrix.count > 1:
        message = f"the matrix makes {matrix.count} pictures, only one is possible here"
        help = "'optanim render' and optanim.load_runs make all; layout: overlay or grid is one"
        raise ConfigError([Problem(message, matrix.place, help)])
    runs = _runs_of_combinations(matrix, config, source, folder, bases)
    sweep = Sweep(
        matrix.layout,
        tuple(swept_key(key, runs) for key in matrix.keys),
        _output_template(matrix, config) if files else "",
    )
    if files:
        _check_outputs_differ(runs, matrix)
        return [replace(run, sweep=sweep) for run in runs]
    return [_merged_run(runs, matrix, sweep)]


def _check_one_key_of_themes(matrix: Matrix) -> None:
    """Check that not both a matrix and `themes` choose the theme.

    Raises:
        ConfigError: they do.
    """
    if not _is_set(matrix.root, ("themes",)):
        return
    for key in matrix.keys:
        if key.path[:2] == ("figure", "theme"):
            message = "'themes' is set, so a matrix cannot have figure.theme"
            raise ConfigError([Problem(message, key.place, "keep one of them")])


def _single_run(
    root: YamlNode, config: str, source: str, folder: Path, bases: tuple[Path, ...]
) -> Run:
    """The run of a config without a matrix."""
    layout = root.value.get("layout") if isinstance(root.value, dict) else None
    if layout is None or layout.value not in ("files", "overlay"):
        return resolve(root, config, source, folder, bases)
    help = "matrix: {optimizer.lr: [0.01, 0.1]}, for example; or layout: row"
    message = f"layout: {layout.value} shows a matrix, but the config has none"
    problems = [Problem(message, layout.place, help)]
    try:
        resolve(root.without("layout"), config, source, folder, bases)
    except ConfigError as error:
        problems += error.problems
    raise ConfigError(sorted(problems, key=in_order))


def _runs_of_combinations(
    matrix: Matrix, config: str, source: str, folder: Path, bases: tuple[Path, ...]
) -> list[Run]:
    """The run of each combination.

    Raises:
        ConfigError: all problems, in the order of the file; those of one place only once.
    """
    runs, cache, failures = list[Run](), SurfaceCache(), 0
    problems: dict[Place | str, list[Problem]] = {}
    wrong: set[int] = set()
    for values in matrix.combinations():
        if any(id(value) in wrong for value in values):
            continue
        files = matrix.layout == "files"
        placeholders = matrix.placeholders(config, values) if files else {}
        name = matrix.name(config, values) if files else config
        try:
            root = matrix.config(values)
            run = resolve(
                root, name, source, folder, bases, cache=cache, placeholders=placeholders,
                swept=matrix.values,
            )  # fmt: skip
        except ConfigError as error:
            places = [problem.place for problem in error.problems]
            faulty = {id(v) for v in values if any(_contains(v, place) for place in places)}
            wrong |= faulty
            failures += not faulty
            # Other combinations report the same mistake, maybe with another message.
            new = [problem for problem in error.problems if problem.place not in problems]
            for problem in new:
                problems.setdefault(problem.place, []).append(problem)
            if failures == MAX_FAILURES:
                break
        else:
            runs.append(run)
            if len(runs) == 1 and not problems and (similar := similar_runs(matrix, run)):
                return similar
    if problems:
        raise ConfigError(sorted((p for same in problems.values() for p in same), key=in_order))
    return runs


def _contains(value: YamlNode, place: Place | str) -> bool:
    """Whether a place is that of a value, or of a node inside it."""
    return isinstance(place, Place) and any(
        place.source == node.place.source
        and place.line == node.place.line
        and 0 <= place.column - node.place.column < node.place.length
        for node in nodes_in(value)
    )


def _output_template(matrix: Matrix, config: str) -> str:
    """The output of a matrix of files, with the name of the config in place of `{config}`."""
    node = matrix.root.value.get("output")
    output = str(node.value) if node else "output/{config}.gif"
    name, rest = config.replace("{", "{{").replace("}", "}}"), matrix.unnamed_keys
    if len(rest) == len(matrix.keys):
        return output.replace("{config}", f"{name}-{{values}}")
    texts = {key.name: safe_name(key.values[0].plain()) for key in rest}
    parts = [file_name_part(key, text).removesuffix(text) for key, text in texts.items()]
    braces = [f"-{part}{{{key}}}" for part, key in zip(parts, texts, strict=True)]
    return output.replace("{config}", name + "".join(braces))


def _check_outputs_differ(runs: Sequence[Run], matrix: Matrix) -> None:
    """Check that no two runs write the same file.

    Raises:
        ConfigError: two do.
    """
    outputs: set[Path] = set()
    for run in runs:
        if outputs & set(run.outputs):
            node = matrix.root.value.get("output")
            message = f"two combinations of the matrix would write {run.outputs[0]}"
            names = "-".join(f"{key.name}{{{key.name}}}" for key in matrix.keys)
            help = f"put {{values}} into output, or the value of each key: {names}"
            raise ConfigError([Problem(message, node.place if node else matrix.place, help)])
        outputs |= set(run.outputs)


def _merged_run(runs: Sequence[Run], matrix: Matrix, sweep: Sweep) -> Run:
    """One run with the trials of all runs.

    Raises:
        ConfigError: the trials do not fit into one picture.
    """
    first, problems = runs[0], list[Problem]()

    def report(message: str, path: KeyPath, help: str = "", key: bool = False) -> None:
        problems.append(Problem(message, matrix.root.find(path, key=key), help))

    trials = [
        replace(run.trials[0], label=sweep.label(i)) for i, run in enumerate(runs) if run.trials
    ]
    updates = sum(trial.steps * len(trial.starts or (1,)) for trial in trials)
    if updates > MAX_UPDATES:
        message = f"a matrix must have at most {MAX_UPDATES:,} steps in all, got {updates:,}"
        problems.append(Problem(message, matrix.place, "use fewer combinations, or fewer steps"))
    kind = "an overlay" if sweep.layout == "overlay" else "a grid"
    if max(len(run.trials) for run in runs) > 1:
        help = "matrix: {optimizer: [gd, adam]} sweeps optimizers; or layout: files"
        report(f"{kind} of a matrix has one optimizer in each combination", ("optimizers",), help)
    if len({run.surface.dimensions for run in runs}) > 1:
        message = "some surfaces of the matrix have one parameter, and some have two"
        problems.append(Problem(message, matrix.place, "layout: files makes a picture of each"))
    if message := _swarm_message(runs, sweep):
        problems.append(Problem(message, matrix.place, "layout: files makes a picture of each"))
    if first.claims:
        help = "layout: files judges them for each combination"
        report(f"{kind} of a matrix cannot have claims", ("claims",), help, key=True)
    for i, note in enumerate(first.view.notes or ()):
        if note.step is not None:
            message = f"{kind} of a matrix has many trials, and a note at a step is of one of them"
            help = "write at: a point of the surface; or layout: files"
            report(message, ("view", "notes", i, "step"), help)
    if sweep.layout == "overlay":
        _check_overlay(first, trials, sweep.dashed is not None, matrix.root, report)
    figure = first.figure
    if sweep.layout == "grid" and figure.legend not in (None, "none"):
        report("the cells of a grid have titles in place of a legend", ("figure", "legend"))
    if sweep.layout == "overlay" and figure.legend in ("end", "row"):
        message = "the traces of an overlay have a scale of their values in place of names"
        report(
            message, ("figure", "legend"), "legend: box draws the scale, legend: none leaves it out"
        )
    if sweep.layout == "grid" and not _is_set(matrix.root, ("figure", "size")):
        figure = replace(figure, size=default_size(1, len(trials), across=sweep.across))
    assert figure.size  # it is set in each run
    check_sizes(figure.size, figure.scale, first.animation, report)
    if problems:
        raise ConfigError(sorted(problems, key=in_order))
    inputs = dict.fromkeys(file for run in runs for file in run.inputs)
    digests = {name: digest for run in runs for name, digest in run.digests}
    return replace(
        first, trials=tuple(trials), figure=figure, inputs=tuple(inputs),
        digests=tuple(digests.items()), sweep=sweep,
    )  # fmt: skip


def _swarm_message(runs: Sequence[Run], sweep: Sweep) -> str:
    """What is wrong with the swarms of a matrix; "" for nothing."""
    swarms = [run.is_swarm for run in runs]
    if any(swarms) and sweep.layout == "overlay":
        return "an overlay of a matrix has one start in each combination, and a swarm has many"
    if any(swarms) and not all(swarms):
        return "either all combinations of a matrix start as swarms, or none"
    return ""


def _check_overlay(
    run: Run, trials: Sequence[Trial], dashed: bool, root: YamlNode, report: Report
) -> None:
    """Report settings that an overlay cannot show, or not with this number of trials.

    Args:
        run: the first run, with the settings of the picture.
        trials: all trials of the overlay.
        dashed: whether dashes show the values of a second key.
        root: the config without the matrix.
        report: called with each problem.
    """
    if any(trial.look.color for trial in trials):
        at: KeyPath = ("optimizer",) if _is_set(root, ("optimizer",)) else ("optimizers", 0)
        message = "the colors of an overlay show the values"
        report(message, (*at, "color"), "leave out 'color'", True)
    for i, panel in enumerate(run.panels):
        if panel.entry.name in MAP_PANELS:
            message = f"{panel.entry.name} shows one trial, an overlay has many"
            report(message, ("panels", i), "layout: grid has a panel for each")
        if dashed and panel.entry.name in ("rates", "surface3d"):
            message = f"{panel.entry.name} has dashes of its own, a second key would use them too"
            report(message, ("panels", i), "sweep one key, or layout: grid")
    if len(trials) <= MAX_EXPLAINED_TRIALS:
        return
    if run.view.arrows:
        message = f"the arrows of {len(trials)} trials would hide them"
        report(message, ("view", "arrows"), f"up to {MAX_EXPLAINED_TRIALS} trials have arrows")
    for i, panel in enumerate(run.panels):
        if panel.entry.name == "surface3d":
            message = f"surface3d would hide {len(trials)} trials behind each other"
            report(message, ("panels", i), f"up to {MAX_EXPLAINED_TRIALS}; contour shows all")


def _is_set(root: YamlNode, path: KeyPath) -> bool:
    """Whether a config has a value at a path."""
    for step in path:
        if not (isinstance(root.value, dict) and step in root.value):
            return False
        root = root.value[str(step)]
    return root.value is not None
