"""A run written out as the config that says all of it, defaults included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import yaml

from optanim.catalogue import Chosen
from optanim.config.claims import Claim, Party
from optanim.config.run import Run
from optanim.scene import Figure, View
from optanim.timeline import Animation


def as_yaml(run: Run) -> str:
    """The config, with every option of every entry; loading it gives the same run."""
    walkers = [
        _chosen(runner.chosen) | _set(replace(runner.look, start=list(runner.start)))
        for runner in (*run.runners, *run.unseen)
    ]
    data = {
        "surface": _chosen(run.chosen),
        "optimizers": walkers[: len(run.runners)],
        "steps": run.steps,
        "seed": run.seed,
        "noise": run.noise,
        "tuning": _set(run.tuning),
        **({"title": run.title} if run.title is not None else {}),
        "panels": [_chosen(panel) for panel in run.panels],
        "layout": run.layout,
        "view": _set(run.view),
        "animation": _set(run.animation),
        "figure": _set(run.figure),
        "output": str(run.outputs[0]),
    }
    if run.claims:
        data["claims"] = [_claim(claim, walkers) for claim in run.claims]
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None)


def racers_as_yaml(run: Run) -> str:
    """The optimizers of a run as lines of a config, with what was set of each and no more."""
    racers = [
        {"name": runner.name}
        | {name: _plain(value) for name, value in runner.chosen.options.items()}
        | _set(runner.look)
        for runner in run.runners
    ]
    lines = [
        yaml.safe_dump(r, sort_keys=False, allow_unicode=True, default_flow_style=True, width=inf)
        for r in racers
    ]
    if len(lines) == 1:
        return f"optimizer: {lines[0]}"
    return "optimizers:\n" + "".join(f"  - {line}" for line in lines)


def _claim(claim: Claim, walkers: list[dict[str, Any]]) -> dict[str, Any]:
    """A claim as it is written; what is not drawn with all of its options."""

    def written(value: Any) -> Any:
        if isinstance(value, Party):
            return walkers[value.index] if isinstance(value.to, Chosen) else value.to
        return tuple(map(written, value)) if isinstance(value, tuple) else value

    options = {name: written(value) for name, value in claim.chosen.options.items()}
    return _chosen(replace(claim.chosen, options=options)) | {"holds": claim.holds}


def _chosen(chosen: Chosen) -> dict[str, Any]:
    """A mapping with the name and all options, those that were not set at their defaults."""
    options: Mapping[str, Any] = chosen.options
    full = {o.name: options.get(o.name, o.default) for o in chosen.entry.options.values()}
    return {"name": chosen.entry.name} | {name: _plain(value) for name, value in full.items()}


def _set(section: View | Animation | Figure | Any) -> dict[str, Any]:
    """The keys of a section that have a value, as they are written."""
    held = {field.name: getattr(section, field.name) for field in fields(section)}
    if "loop" in held:
        held["loop"] = held["loop"] or "forever"
        held["trail"] = {-1: "all", 0: "none"}.get(held["trail"], f"last {held['trail']}")
    return {name: _plain(value) for name, value in held.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Chosen):
        return _chosen(value)
    if is_dataclass(value):
        return _set(value)
    if isinstance(value, Path):
        return value.as_posix()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
