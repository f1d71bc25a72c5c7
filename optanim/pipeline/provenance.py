"""The stamp of a file: the data to make the file again, and to see whether it is up to date.

The stamp is a line of JSON in the comment of every file. It has the config with all values, a hash
of each other file that was read, and the versions of the packages that draw. It has no user name,
no host name and no absolute path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from optanim import __version__
from optanim.config.dump import as_data, data_as_yaml
from optanim.config.run import Run
from optanim.encoding.metadata import read_comment
from optanim.encoding.write import is_still
from optanim.errors import ConfigError, Problem, quoted
from optanim.files import CONFIG, reason
from optanim.printable import cut, one_line

DRAWING_PACKAGES = ("matplotlib", "numpy", "pillow")
"""Packages whose versions determine the bytes of a file."""

KEYS = ("optanim", *DRAWING_PACKAGES, "inputs", "config", "frame")
"""The keys of a stamp; only that of a still has a frame."""

MAX_DEPTH = 40
"""Levels of lists and mappings in a stamp. A config has fewer."""

MAX_CHANGES = 3
"""Changes that are listed; of further changes only the number is given."""


def stamp(run: Run, frame: int | None = None) -> str:
    """The stamp of a file of a run, as JSON.

    Args:
        run: the rendered run.
        frame: the step of a still; None for an animation.
    """
    data = {**_versions(), "inputs": dict(run.digests), "config": _config(run)}
    if frame is not None:
        data["frame"] = frame
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def stale_files(
    run: Run, frame: int | None = None, *, inputs_only: bool = False
) -> dict[Path, str]:
    """The files of a run that are out of date, each with the reason.

    Args:
        run: the run that would be rendered.
        frame: as for `optanim.render`.
        inputs_only: whether other versions of optanim and of libraries are no reason.
    """
    reasons = {}
    files = [(twin, *file) for twin in run.in_themes() for file in with_frames(twin, frame)]
    for twin, path, still in files:
        expected = json.loads(stamp(twin, still))
        try:
            comment = read_comment(path)
        except FileNotFoundError:
            reasons[path] = "it does not exist"
            continue
        except OSError as error:
            reasons[path] = f"it {reason(error)}"
            continue
        if (actual := _parsed(comment)) is None:
            without = "its comment is not a stamp" if comment else "it does not contain its config"
            reasons[path] = without
            continue
        if inputs_only:
            actual |= _versions()
        if actual != expected:
            reasons[path] = _reason(actual, expected)
    return reasons


def with_frames(run: Run, frame: int | None) -> Iterator[tuple[Path, int | None]]:
    """Yield each file of a run in one theme with the step of its still; None for an animation.

    Args:
        run: with one theme.
        frame: as for `optanim.render`.
    """
    for i, path in enumerate(run.outputs):
        # A PNG beside an animation is its poster: the last frame.
        is_poster = is_still(path.suffix) or (i > 0 and path.suffix.lower() == ".png")
        yield path, -1 if frame is None and is_poster else frame


def shown_frame(run: Run, frame: int | None) -> int | None:
    """The step of the still that all files of a run show; None if one of them is an animation.

    Args:
        run: with any number of themes.
        frame: as for `optanim.render`.
    """
    stills = [still for _, still in with_frames(run.in_themes()[0], frame)]
    return None if None in stills else stills[0]


def has_stamp(path: Path) -> bool:
    """Whether a file is a picture that optanim has made."""
    try:
        return _parsed(read_comment(path)) is not None
    except OSError:
        return False


def config_of(path: Path) -> str:
    """The config that made a file, as YAML. Comments in front of it give the rest of the stamp.

    Raises:
        ConfigError: the file has no stamp, or cannot be read.
    """
    try:
        data = _parsed(read_comment(path))
    except OSError as error:
        raise ConfigError([Problem(reason(error), str(path))]) from None
    if data is None:
        help = "only files written by optanim contain their config"
        raise ConfigError([Problem("does not contain its config", str(path), help)])
    versions = [
        f"optanim {data['optanim']}",
        *(f"{name} {data[name]}" for name in DRAWING_PACKAGES),
    ]
    lines = [f"# {path.name}: made by {', '.join(versions)}"]
    lines += [f"# reads {name}, sha256 {digest}…" for name, digest in data["inputs"].items()]
    if (frame := data.get("frame")) is not None:
        lines.append(f"# a still: optanim render --frame {'last' if frame == -1 else frame}")
    return "\n".join([*(one_line(cut(line)) for line in lines), data_as_yaml(data["config"])])


@cache
def _versions() -> dict[str, Any]:
    return {"optanim": __version__} | {name: version(name) for name in DRAWING_PACKAGES}


def _config(run: Run) -> dict[str, Any]:
    """The config of a run, without its output and without the folders of absolute paths.

    Of a matrix with a file for each combination, it is the config of one combination.
    """
    if run.sweep and not run.sweep.pictured:
        run = replace(run, sweep=None)
    data = as_data(run)
    del data["output"]
    names = {str(path): path.name for path in run.inputs if path.is_absolute()}
    renamed: dict[str, Any] = _replace_texts(data, names) if names else data
    return renamed


def _replace_texts(value: Any, names: dict[str, str]) -> Any:
    """Data with some of its texts replaced; keys of mappings stay."""
    if isinstance(value, dict):
        return {key: _replace_texts(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace_texts(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def _parsed(comment: str) -> dict[str, Any] | None:
    """The data of a stamp; None for a comment that is not a stamp.

    A file of another person can have any comment. So the type of each value is checked here. Keys
    that stamps do not have, or had once, are left out.
    """
    if len(comment) > CONFIG:
        return None
    try:
        data = json.loads(comment)
        json.dumps(data, ensure_ascii=False).encode()  # half of a surrogate pair is no character
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or _deeper(data, MAX_DEPTH):
        return None
    data = {key: data[key] for key in KEYS if key in data}
    inputs, frame = data.get("inputs"), data.get("frame")
    versions = [data.get(name) for name in ("optanim", *DRAWING_PACKAGES)]
    if not isinstance(data.get("config"), dict) or not isinstance(inputs, dict):
        return None
    if not all(isinstance(text, str) for text in (*versions, *inputs.values())):
        return None
    return data if frame is None or type(frame) is int else None


def _deeper(value: Any, depth: int) -> bool:
    """Whether data are nested deeper than a number of levels."""
    level = [value]
    while level and depth >= 0:
        inner = [list(v.values()) if isinstance(v, dict) else v for v in level]
        level = [item for v in inner if isinstance(v, list) for item in v]
        depth -= 1
    return bool(level)


def _reason(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Why a file with one stamp is out of date, where another stamp is expected."""
    changes = [
        f"{name} {before[name]} → {now[name]}"
        for name in ("optanim", *DRAWING_PACKAGES)
        if before[name] != now[name]
    ]
    changes += [
        f"{name} has changed"
        for name in sorted({*before["inputs"], *now["inputs"]})
        if before["inputs"].get(name) != now["inputs"].get(name)
    ]
    changes += _differences(before["config"], now["config"], "")
    if before.get("frame") != now.get("frame"):
        changes.append("another frame")
    more = len(changes) - MAX_CHANGES
    return ", ".join([*changes[:MAX_CHANGES], *([f"and {more} more"] if more > 0 else [])])


def _differences(before: Any, now: Any, place: str) -> Iterator[str]:
    """Yield each value that differs, with its key: `optimizers[0].lr 0.1 → 0.3`."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*before, *now]):
            yield from _differences(before.get(key), now.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for i, pair in enumerate(zip(before, now, strict=True)):
            yield from _differences(*pair, f"{place}[{i}]")
    elif before != now:
        yield f"{place} {quoted(before, 24)} → {quoted(now, 24)}"
