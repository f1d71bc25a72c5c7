"""Variants of a config: each of several optimizers on each of several surfaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from optanim.config.run import Run
from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Place, Problem
from optanim.schema.catalogue import Entry, catalogue
from optanim.surfaces import Surface

RUN_KEYS = ("optimizer", "optimizers", "title", "layout", "matrix", "claims")
"""Keys about all optimizers of the config together; its variants leave them out."""


def variant_configs(
    root: YamlNode, run: Run, optimizers: Sequence[str], surfaces: Sequence[str]
) -> list[YamlNode]:
    """A config for each optimizer on each surface.

    The options that the config sets for an optimizer are kept; other optimizers have default
    options. A surface that is not that of the config has default options. There the start is at
    the same position relative to the window of the surface, and the view has no `x` and `y`.

    Args:
        root: nodes of the config.
        run: run of the config.
        optimizers: names in the catalogue.
        surfaces: names in the catalogue; if empty, the surface of the config.
    """
    own, configs = run.chosen.entry.name, []
    for surface in surfaces or [own]:
        config = root if surface == own else _with_surface(root, run, surface)
        config = config.without(*RUN_KEYS)
        for name in optimizers:
            optimizer = _optimizer_node(root, run, name)
            if isinstance(optimizer.value, dict):
                # Its own surface is replaced; its own start is a point of the config's surface.
                optimizer = optimizer.without("surface", *(["start"] if surface != own else []))
            configs.append(config.with_value(("optimizer",), optimizer, optimizer.place))
    return configs


def catalogue_names(text: str, kind: str, flag: str) -> list[str]:
    """The names in a list with commas, each once; `all` stands for the standard ones.

    Args:
        text: names separated by commas.
        kind: `optimizers` or `surfaces`.
        flag: option of the command line, for messages.

    Raises:
        ConfigError: a problem for each name that is not in the catalogue.
    """
    known = catalogue(kind)
    names = [name.strip() for name in text.split(",")]
    if names == ["all"]:
        return [name for name, entry in known.items() if is_standard(entry)]
    unknown = [name for name in names if name not in known]
    if unknown:
        reasons = (known.unknown(name) for name in unknown)
        raise ConfigError([Problem(reason, f"{flag} {text}", help) for reason, help in reasons])
    return list(dict.fromkeys(names))


def is_standard(entry: Entry) -> bool:
    """Whether `all` has an entry: it needs no option, and is not of the family `as printed`."""
    return not entry.lead and entry.family != "as printed"


def _optimizer_node(root: YamlNode, run: Run, name: str) -> YamlNode:
    """The node of an optimizer in the config, or a node with its name only."""
    optimizers = root.value.get("optimizers")
    nodes = optimizers.value if optimizers else [root.value["optimizer"]]
    for node, trial in zip(nodes, run.trials, strict=True):
        if trial.name == name:
            return node
    return YamlNode(name, Place("--optimizers", 1, 1, name, len(name)))


def _with_surface(root: YamlNode, run: Run, name: str) -> YamlNode:
    """The config with another surface, and with a start on that surface."""
    place = Place("--surfaces", 1, 1, name, len(name))
    other: Surface = catalogue("surfaces")[name].function()
    start = [YamlNode(number, place) for number in _similar_start(run, other)]
    config = root.with_value(("surface",), YamlNode(name, place), place)
    if not run.is_swarm:  # one spreads over any window
        config = config.with_value(("start",), YamlNode(start, place), place)
    view = config.value.get("view")
    if view and isinstance(view.value, dict):
        config = config.with_value(("view",), view.without("x", "y"), place)
    return config


def _similar_start(run: Run, other: Surface) -> Iterator[float]:
    """Yield the coordinates of a start at the same relative position in another domain.

    They are rounded to a thousandth of the domain. If the other surface has more parameters, the
    last relative position is repeated.
    """
    domain = np.array(run.surface.domain)
    with_common_start = [trial for trial in run.trials if trial.look.start is None] or run.trials
    fractions = (np.array(with_common_start[0].start) - domain[:, 0]) / np.ptp(domain, axis=1)
    for i, (low, high) in enumerate(np.array(other.domain)):
        fraction = fractions[min(i, len(fractions) - 1)]
        digits = 3 - round(float(np.log10(high - low)))
        yield round(float(low + fraction * (high - low)), digits)
