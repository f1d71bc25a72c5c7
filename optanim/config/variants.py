"""One config for many: each optimizer of a list on each surface of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from optanim.config.run import Run
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Place, Problem, did_you_mean
from optanim.schema.catalogue import catalogue
from optanim.surfaces import Surface

SAID_OF_ALL = ("optimizer", "optimizers", "title", "layout", "matrix", "claims")
"""Keys that speak of the config's own race, and not of each of its trials."""


def pairs(
    root: YamlNode, run: Run, optimizers: Sequence[str], surfaces: Sequence[str]
) -> list[YamlNode]:
    """A config for each optimizer on each surface.

    What the config sets for an optimizer that it names is kept, others have their defaults. A
    surface that is not the config's own has its defaults, too; the trial then starts at the same
    place of that surface's window, and the window follows from the trial.

    Args:
        root: the nodes of the config.
        run: what it describes.
        optimizers: names of the catalogue.
        surfaces: names of the catalogue; none is the config's own surface.
    """
    own, found = run.chosen.entry.name, []
    for surface in surfaces or [own]:
        ground = root if surface == own else _moved(root, run, surface)
        for name in optimizers:
            racer = _racer(root, run, name)
            if isinstance(racer.value, dict):
                # Those are of the config's own surface.
                racer = racer.without("surface", *(["start"] if surface != own else []))
            ground = ground.without(*SAID_OF_ALL)
            found.append(ground.with_value(("optimizer",), racer, racer.place))
    return found


def named(text: str, kind: str, flag: str, able: Callable[[str], bool]) -> list[str]:
    """The names in a list with commas, each once; `all` is every one that is able.

    Raises:
        ConfigError: with every name that there is not.
    """
    known = list(catalogue(kind))
    names = [name.strip() for name in text.split(",")]
    if names == ["all"]:
        return [name for name in known if able(name)]
    wrong = [name for name in names if name not in known]
    if wrong:
        help = did_you_mean(wrong[0], known, kind)
        what = kind.removesuffix("s")
        said = [Problem(f"no {what} is called '{name}'", f"{flag} {text}", help) for name in wrong]
        raise ConfigError(said)
    return list(dict.fromkeys(names))


def stands_alone(surface: str) -> bool:
    """Whether a surface can be drawn by its name alone."""
    return not catalogue("surfaces")[surface].lead


def _racer(root: YamlNode, run: Run, name: str) -> YamlNode:
    """What the config says of an optimizer; its bare name, if nothing."""
    held = root.value.get("optimizers")
    nodes = held.value if held else [root.value["optimizer"]]
    for node, trial in zip(nodes, run.trials, strict=True):
        if trial.name == name:
            return node
    return YamlNode(name, Place("--optimizers", 1, 1, name, len(name)))


def _moved(root: YamlNode, run: Run, name: str) -> YamlNode:
    """The config on another surface."""
    place = Place("--surfaces", 1, 1, name, len(name))
    other: Surface = catalogue("surfaces")[name].function()
    start = [YamlNode(number, place) for number in _alike(run, other)]
    moved = root.with_value(("surface",), YamlNode(name, place), place)
    moved = moved.with_value(("start",), YamlNode(start, place), place)
    view = moved.value.get("view")
    if view and isinstance(view.value, dict):
        moved = moved.with_value(("view",), view.without("x", "y"), place)
    return moved


def _alike(run: Run, other: Surface) -> Iterator[float]:
    """The start on another surface: as far from the sides of its window as on the run's own.

    In three digits of the window's size. A surface of more parameters has the last one's again.
    """
    own, there = np.array(run.surface.domain), np.array(other.domain)
    common = [trial for trial in run.trials if trial.look.start is None] or run.trials
    parts = (np.array(common[0].start) - own[:, 0]) / np.ptp(own, axis=1)
    for i, (low, high) in enumerate(there):
        part = parts[min(i, len(parts) - 1)]
        digits = 3 - round(float(np.log10(high - low)))
        yield round(float(low + part * (high - low)), digits)
