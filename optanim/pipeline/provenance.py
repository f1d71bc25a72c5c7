"""The stamp of a file: what made it, to make it again and to know when it is stale.

A line of JSON that every file carries as its comment: the config with all values, a hash of each
file that was read beside it, and the versions of what draws. Nothing in it says where or by whom.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from optanim import __version__
from optanim.config.dump import as_data, data_as_yaml
from optanim.config.run import Run
from optanim.encoding.metadata import read_comment
from optanim.errors import ConfigError, Problem, quoted

DRAWS = ("matplotlib", "numpy", "pillow", "sympy")
"""Packages on whose versions the bytes of a file depend."""

MANY = 3
"""Of more changes it is only said how many there are."""


def stamp(run: Run, frame: int | None = None) -> str:
    """What a file of a run carries.

    Args:
        run: what is rendered.
        frame: the step of a still; None for an animation.
    """
    held = {**_versions(), "inputs": dict(run.digests), "config": _config(run)}
    if frame is not None:
        held["frame"] = frame
    return json.dumps(held, ensure_ascii=False, separators=(",", ":"))


def stale(run: Run, frame: int | None = None) -> dict[Path, str]:
    """The files of a run that are not what it makes, and why.

    Args:
        run: what would be rendered.
        frame: as for `optanim.render`.
    """
    found = {}
    for path, still in stills(run.outputs, frame):
        wanted = stamp(run, still)
        try:
            carried = read_comment(path)
        except FileNotFoundError:
            found[path] = "it is not there"
            continue
        except OSError as error:
            found[path] = f"it cannot be read: {error.strerror or error}"
            continue
        if carried != wanted:
            found[path] = _why(carried, wanted)
    return found


def stills(outputs: Sequence[Path], frame: int | None) -> Iterator[tuple[Path, int | None]]:
    """The files of a run, each with the step of the still that it is; None for an animation."""
    for i, path in enumerate(outputs):
        # Beside an animation a PNG is the poster: the last frame alone.
        yield path, -1 if frame is None and i and path.suffix.lower() == ".png" else frame


def config_of(path: Path) -> str:
    """The config that made a file, as YAML; first what else it depends on, as comments.

    Raises:
        ConfigError: it says nothing of that, or cannot be read.
    """
    try:
        held = _held(read_comment(path))
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        raise ConfigError([Problem(reason, str(path))]) from None
    if held is None:
        help = "files that optanim has written since version 0.1.0 tell"
        raise ConfigError([Problem("does not tell what made it", str(path), help)])
    made = [f"optanim {held['optanim']}", *(f"{name} {held[name]}" for name in DRAWS)]
    lines = [f"# {path.name}: made by {', '.join(made)}"]
    lines += [f"# reads {name}, sha256 {digest}…" for name, digest in held["inputs"].items()]
    if (frame := held.get("frame")) is not None:
        lines.append(f"# a still: optanim render --frame {'last' if frame == -1 else frame}")
    return "\n".join([*lines, data_as_yaml(held["config"])])


@cache
def _versions() -> dict[str, Any]:
    return {"optanim": __version__} | {name: version(name) for name in DRAWS}


def _config(run: Run) -> dict[str, Any]:
    """The config of a run, without what the bytes do not depend on, and no way to somebody's home.

    One of several files of a matrix has values of its own.
    """
    if run.sweep and not run.sweep.pictured:
        run = replace(run, sweep=None)
    data = as_data(run)
    del data["output"]
    absolute = {str(path): path.name for path in run.inputs if path.is_absolute()}
    named: dict[str, Any] = _renamed(data, absolute) if absolute else data
    return named


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(held, names) for key, held in value.items()}
    if isinstance(value, list):
        return [_renamed(held, names) for held in value]
    return names.get(value, value) if isinstance(value, str) else value


def _held(text: str) -> dict[str, Any] | None:
    """What a stamp says; None for a text that is none."""
    try:
        held = json.loads(text)
    except ValueError:
        return None
    known = {"optanim", "inputs", "config", *DRAWS}
    return held if isinstance(held, dict) and known <= {*held} else None


def _why(carried: str, wanted: str) -> str:
    """Why a file is stale, in words."""
    before, now = _held(carried), json.loads(wanted)
    if before is None:
        return "it does not tell what made it" if not carried else "its stamp is of another kind"
    changed = [f"{name} {was} → {now[name]}" for name, was in _versions_in(before, now)]
    names = {*before["inputs"], *now["inputs"]}
    changed += [
        f"{name} has changed"
        for name in sorted(names)
        if before["inputs"].get(name) != now["inputs"].get(name)
    ]
    changed += list(_differences(before["config"], now["config"], ""))
    if before.get("frame") != now.get("frame"):
        changed.append("another frame")
    more = len(changed) - MANY
    return ", ".join([*changed[:MANY], *([f"and {more} more"] if more > 0 else [])])


def _versions_in(before: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("optanim", *DRAWS):
        if before[name] != now[name]:
            yield name, before[name]


def _differences(before: Any, now: Any, at: str) -> Iterator[str]:
    """Each value that differs, by its path: `optimizers[0].lr 0.1 → 0.3`."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*before, *now]):
            yield from _differences(before.get(key), now.get(key), f"{at}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for i, pair in enumerate(zip(before, now, strict=True)):
            yield from _differences(*pair, f"{at}[{i}]")
    elif before != now:
        yield f"{at} {quoted(before, 24)} → {quoted(now, 24)}"
