"""From a run to a config with all of its values, defaults included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import yaml

from optanim.config.run import Claim, NamedTrial, Run, Trial
from optanim.config.sweep import Sweep
from optanim.printable import is_printable, printable
from optanim.schema.animation import Animation
from optanim.schema.choice import Chosen
from optanim.schema.figure import Figure, default_size
from optanim.schema.size_types import Length
from optanim.schema.stop import Stop
from optanim.schema.view import View
from optanim.schema.words import ENGLISH


def as_yaml(run: Run, *, ascii: bool = False) -> str:
    """A config in YAML with all options of all entries; loading it gives the same run.

    For a run of a matrix the config has the whole matrix, and loading it gives all of its runs.

    Args:
        run: of a config.
        ascii: write other letters as escapes of YAML, which read back as the same.
    """
    return _dump(as_data(run), default_flow_style=None, allow_unicode=not ascii)


def as_data(run: Run) -> dict[str, Any]:
    """The config of `as_yaml` as mappings, lists, texts and numbers."""
    trials = [
        _entry_data(trial.chosen) | _section_data(replace(trial.look, start=_start_data(trial)))
        for trial in (*run.trials, *run.hidden)
    ]
    # The surface of the first trial stands for that of a config which has none.
    has_surface = run.trials[0].surface is not run.surface or not run.trials[0].look.surface
    data: dict[str, Any] = {
        **({"surface": _entry_data(run.chosen)} if has_surface else {}),
        **({"ascend": True} if run.surface.ascends else {}),
        **(_sweep_data(run, run.sweep) if run.sweep else {"optimizers": trials[: len(run.trials)]}),
        "steps": run.steps,
        **({"stop": _section_data(run.stop)} if run.stop != Stop() else {}),
        "seed": run.seed,
        "noise": run.noise,
        "tuning": _section_data(run.tuning),
        **({"lang": run.lang} if run.lang != ENGLISH else {}),
        **({"title": run.title} if run.title is not None else {}),
        "panels": [_entry_data(panel) for panel in run.panels],
        "layout": run.sweep.layout if run.sweep else run.layout,
        **({"map": _section_data(run.map.section)} if run.map else {}),
        "view": _section_data(run.view),
        "animation": _section_data(run.animation),
        "figure": _section_data(run.figure),
        "output": (run.sweep.output if run.sweep else "")
        or run.output_template
        or str(run.outputs[0]),
    }
    if run.themes:
        data["themes"] = [_entry_data(theme) for theme in run.themes]
        del data["figure"]["theme"]
    if any(chosen.options for chosen in run.formats):
        data["formats"] = [_set_options_data(chosen) for chosen in run.formats]
    if run.claims:
        data["claims"] = [_claim_data(claim, trials) for claim in run.claims]
    if run.sweep and _sweeps_entry(run.sweep, "surface"):
        data["surface"] = _set_options_data(run.chosen)
    if run.sweep and _sweeps_entry(run.sweep, "figure.theme"):
        data["figure"]["theme"] = _set_options_data(run.figure.theme)
    sweeps_panels = run.sweep and any(key.path.startswith("panels") for key in run.sweep.keys)
    if sweeps_panels and run.figure.size == default_size(len(run.panels)):
        del data["figure"]["size"]
    return data


def optimizers_as_yaml(run: Run, *, ascii: bool = False) -> str:
    """The optimizers of a run as lines of a config, with only the options that were set.

    Args:
        run: of a config.
        ascii: as for `as_yaml`.
    """
    optimizers = [_set_options_data(t.chosen) | _section_data(t.look) for t in run.trials]
    layout = {"default_flow_style": True, "width": inf, "allow_unicode": not ascii}
    lines = [_dump(o, **layout) for o in optimizers]
    if len(lines) == 1:
        return f"optimizer: {lines[0]}"
    return "optimizers:\n" + "".join(f"  - {line}" for line in lines)


def data_as_yaml(data: dict[str, Any]) -> str:
    """The YAML of a config that is given as mappings, lists, texts and numbers."""
    return _dump(data, default_flow_style=None, allow_unicode=True)


def _claim_data(claim: Claim, trials: list[dict[str, Any]]) -> dict[str, Any]:
    """A claim as a config has it.

    Args:
        claim: the claim.
        trials: trials of the run followed by its hidden trials, as a config has them.
    """

    def reference_data(value: Any) -> Any:
        if isinstance(value, NamedTrial):
            hidden = isinstance(value.reference, Chosen)
            return trials[value.index] if hidden else value.reference
        return tuple(map(reference_data, value)) if isinstance(value, tuple) else value

    options = {name: reference_data(value) for name, value in claim.chosen.options.items()}
    return _entry_data(replace(claim.chosen, options=options)) | {"holds": claim.holds}


def _sweep_data(run: Run, sweep: Sweep) -> dict[str, Any]:
    """The keys `start`, `optimizer` and `matrix` of a sweep.

    Swept keys have the value of the first combination outside the matrix.
    """
    trials = run.trials if not sweep.pictured else run.trials[:1]
    several = any(key.path.startswith("optimizers") for key in sweep.keys) or len(trials) > 1
    optimizers = [
        (_set_options_data if _sweeps_entry(sweep, "optimizer") else _entry_data)(trial.chosen)
        | _section_data(trial.look)
        for trial in trials
    ]
    return {
        "start": _plain(_start_data(trials[0])),
        **({"optimizers": optimizers} if several else {"optimizer": optimizers[0]}),
        "matrix": {key.path: list(key.values) for key in sweep.keys},
    }


def _start_data(trial: Trial) -> Any:
    """The start of a trial: a list of numbers, or a swarm."""
    return trial.swarm or list(trial.start)


def _sweeps_entry(sweep: Sweep, key: str) -> bool:
    """Whether combinations have different entries at a key; their options then differ, too."""
    pattern = re.compile(rf"{re.escape(key)}s?(\[\d+\])?(\.name)?")
    return any(pattern.fullmatch(swept.path) for swept in sweep.keys)


def _set_options_data(chosen: Chosen) -> dict[str, Any]:
    """An entry as a mapping with its name and the options that were set."""
    return {"name": chosen.entry.name} | {k: _plain(v) for k, v in chosen.options.items()}


def _entry_data(chosen: Chosen) -> dict[str, Any]:
    """An entry as a mapping with its name and all options that have a value or a default."""
    options: Mapping[str, Any] = chosen.options
    values = {o.name: options.get(o.name, o.default) for o in chosen.entry.options.values()}
    data = {name: _plain(value) for name, value in values.items() if value is not None}
    return {"name": chosen.entry.name} | data


def _section_data(section: View | Animation | Figure | Any) -> dict[str, Any]:
    """A section as a mapping with the keys that have a value."""
    values = {field.name: getattr(section, field.name) for field in fields(section)}
    return {name: key_data(name, value) for name, value in values.items() if value is not None}


def key_data(key: str, value: Any) -> Any:
    """The value of a key of a section, as a config has it."""
    if key == "loop":
        return value or "forever"
    if key == "trail":
        return {-1: "all", 0: "none"}.get(value, f"last {value}")
    return _plain(value)


def _plain(value: Any) -> Any:
    """A value as a config has it: a mapping, list, text or number."""
    if isinstance(value, Chosen):
        return _entry_data(value) | (_section_data(value.beside) if value.beside else {})
    if is_dataclass(value):
        return _section_data(value)
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, Length):
        return value.text
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


class _Dumper(yaml.SafeDumper):
    """A dumper that puts text with control characters in double quotes.

    There their escapes are YAML.
    """


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if is_printable(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _represent_text)


def _dump(data: Any, **layout: Any) -> str:
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, **layout)
    return printable(text)
