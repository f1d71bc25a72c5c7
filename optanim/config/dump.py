"""A run written out as the config that says all of it, defaults included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import yaml

from optanim.config.run import Claim, NamedTrial, Run
from optanim.config.sweep import Sweep
from optanim.schema.animation import Animation
from optanim.schema.choice import Chosen
from optanim.schema.figure import Figure, default_size
from optanim.schema.view import View


def as_yaml(run: Run) -> str:
    """The config, with every option of every entry; loading it gives the same run.

    One of a matrix is written as the whole matrix: that makes the same runs.
    """
    data = as_data(run)
    return data_as_yaml(data)


def as_data(run: Run) -> dict[str, Any]:
    """The same as mappings, lists, texts and numbers."""
    trials = [
        _chosen(trial.chosen) | _set(replace(trial.look, start=list(trial.start)))
        for trial in (*run.trials, *run.hidden)
    ]
    data: dict[str, Any] = {
        "surface": _chosen(run.chosen),
        **(_swept(run, run.sweep) if run.sweep else {"optimizers": trials[: len(run.trials)]}),
        "steps": run.steps,
        "seed": run.seed,
        "noise": run.noise,
        "tuning": _set(run.tuning),
        **({"title": run.title} if run.title is not None else {}),
        "panels": [_chosen(panel) for panel in run.panels],
        "layout": run.sweep.layout if run.sweep else run.layout,
        "view": _set(run.view),
        "animation": _set(run.animation),
        "figure": _set(run.figure),
        "output": run.sweep.output if run.sweep and run.sweep.output else str(run.outputs[0]),
    }
    if run.claims:
        data["claims"] = [_claim(claim, trials) for claim in run.claims]
    if run.sweep and _renamed(run.sweep, "surface"):
        data["surface"] = _bare(run.chosen)
    if run.sweep and _renamed(run.sweep, "figure.theme"):
        data["figure"]["theme"] = _bare(run.figure.theme)
    panels = run.sweep and any(key.path.startswith("panels") for key in run.sweep.keys)
    if panels and run.figure.size == default_size(len(run.panels)):
        del data["figure"]["size"]
    return data


def optimizers_as_yaml(run: Run) -> str:
    """The optimizers of a run as lines of a config, with what was set of each and no more."""
    optimizers = [
        {"name": trial.name}
        | {name: _plain(value) for name, value in trial.chosen.options.items()}
        | _set(trial.look)
        for trial in run.trials
    ]
    lines = [
        yaml.safe_dump(r, sort_keys=False, allow_unicode=True, default_flow_style=True, width=inf)
        for r in optimizers
    ]
    if len(lines) == 1:
        return f"optimizer: {lines[0]}"
    return "optimizers:\n" + "".join(f"  - {line}" for line in lines)


def data_as_yaml(data: dict[str, Any]) -> str:
    """The YAML of a config that is given as mappings, lists, texts and numbers."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None)


def _claim(claim: Claim, trials: list[dict[str, Any]]) -> dict[str, Any]:
    """A claim as it is written; what is not drawn with all of its options."""

    def plain_data(value: Any) -> Any:
        if isinstance(value, NamedTrial):
            return trials[value.index] if isinstance(value.to, Chosen) else value.to
        return tuple(map(plain_data, value)) if isinstance(value, tuple) else value

    options = {name: plain_data(value) for name, value in claim.chosen.options.items()}
    return _chosen(replace(claim.chosen, options=options)) | {"holds": claim.holds}


def _swept(run: Run, sweep: Sweep) -> dict[str, Any]:
    """What trials, and the matrix of it; the first combination stands where its values will."""
    trials = run.trials if not sweep.pictured else run.trials[:1]
    several = any(key.path.startswith("optimizers") for key in sweep.keys) or len(trials) > 1
    optimizers = [
        (_bare(trial.chosen) if _renamed(sweep, "optimizer") else _chosen(trial.chosen))
        | _set(trial.look)
        for trial in trials
    ]
    return {
        "start": list(trials[0].start),
        **({"optimizers": optimizers} if several else {"optimizer": optimizers[0]}),
        "matrix": {key.path: list(key.values) for key in sweep.keys},
    }


def _renamed(sweep: Sweep, key: str) -> bool:
    """Whether another combination has another entry there, with other options."""
    rule = re.compile(rf"{re.escape(key)}s?(\[\d+\])?(\.name)?")
    return any(rule.fullmatch(swept.path) for swept in sweep.keys)


def _bare(chosen: Chosen) -> dict[str, Any]:
    """A mapping with the name and the options that were set."""
    return {"name": chosen.entry.name} | {k: _plain(v) for k, v in chosen.options.items()}


def _chosen(chosen: Chosen) -> dict[str, Any]:
    """A mapping with the name and all options that have a value, be it their default."""
    options: Mapping[str, Any] = chosen.options
    full = {o.name: options.get(o.name, o.default) for o in chosen.entry.options.values()}
    held = {name: _plain(value) for name, value in full.items() if value is not None}
    return {"name": chosen.entry.name} | held


def _set(section: View | Animation | Figure | Any) -> dict[str, Any]:
    """The keys of a section that have a value, as they are written."""
    held = {field.name: getattr(section, field.name) for field in fields(section)}
    return {name: plain_data(name, value) for name, value in held.items() if value is not None}


def plain_data(key: str, value: Any) -> Any:
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
