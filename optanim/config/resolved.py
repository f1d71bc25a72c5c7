"""A run written out as the config that says all of it, defaults included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from optanim.catalogue import Chosen
from optanim.config.run import Run
from optanim.scene import Figure, View
from optanim.timeline import Animation


def as_yaml(run: Run) -> str:
    """The config, with every option of every entry; loading it gives the same run."""
    racers = [
        _chosen(runner.chosen) | _set(replace(runner.look, start=list(runner.start)))
        for runner in run.runners
    ]
    data = {
        "surface": _chosen(run.chosen),
        "optimizers": racers,
        "steps": run.steps,
        "seed": run.seed,
        "noise": run.noise,
        **({"title": run.title} if run.title is not None else {}),
        "panels": [_chosen(panel) for panel in run.panels],
        "layout": run.layout,
        "view": _set(run.view),
        "animation": _set(run.animation),
        "figure": _set(run.figure),
        "output": str(run.outputs[0]),
    }
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None)


def _chosen(chosen: Chosen) -> dict[str, Any]:
    """A mapping with the name and all options that have a value, be it their default."""
    options: Mapping[str, Any] = chosen.options
    full = {o.name: options.get(o.name, o.default) for o in chosen.entry.options.values()}
    held = {name: _plain(value) for name, value in full.items() if value is not None}
    return {"name": chosen.entry.name} | held


def _set(section: View | Animation | Figure | Any) -> dict[str, Any]:
    """The keys of a section that have a value, as they are written."""
    held = {field.name: getattr(section, field.name) for field in fields(section)}
    return {name: written(name, value) for name, value in held.items() if value is not None}


def written(key: str, value: Any) -> Any:
    """The value of a key of a section as a config has it."""
    if key == "loop":
        return value or "forever"
    if key == "trail":
        return {-1: "all", 0: "none"}.get(value, f"last {value}")
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Chosen):
        return _chosen(value)
    if is_dataclass(value):
        return _set(value)
    if isinstance(value, Path):
        return value.as_posix()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
