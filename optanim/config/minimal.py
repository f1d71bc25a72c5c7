"""A config without what it need not say: the keys that have their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from optanim.config.mapping import mapping_as_page
from optanim.config.panels import default_panels
from optanim.config.run import Run
from optanim.schema.choice import Chosen
from optanim.schema.document import Document
from optanim.schema.figure import default_size
from optanim.schema.validation import options_of, validate
from optanim.schema.words import ENGLISH

NOTHING: tuple[Any, ...] = (None, [], {})
"""Values of a key that say no more than the missing key."""


def minimal_config(config: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """The keys of a config that are needed for the same run, with the values as they are written.

    Args:
        config: a right config as a dict, without `extends`.
        run: the run that it describes.
    """
    checked = validate(config, Document)
    rest = _without_defaults(config, checked, Document)
    if run.sweep:
        return rest  # a key of the matrix may be about what is left out below
    usual = [chosen.entry.name for chosen in default_panels(run.surface, map=bool(run.map))]
    if len(rest.get("optimizers", ())) == 1 and not run.map:
        rest = dict(
            ("optimizer", value[0]) if key == "optimizers" else (key, value)
            for key, value in rest.items()
        )
    if rest.get("panels") == usual:
        del rest["panels"]
    if rest.get("lang") == ENGLISH:
        del rest["lang"]
    if figure := rest.get("figure"):
        if figure.get("theme") == "light":
            del figure["theme"]
        count = len(run.trials) if run.layout == "grid" else 0
        if tuple(figure.get("size") or ()) == default_size(len(run.panels), count):
            del figure["size"]
        if not figure:
            del rest["figure"]
    return rest


def minimal_yaml(config: Mapping[str, Any], run: Run) -> str:
    """The YAML of `minimal_config`."""
    return mapping_as_page(minimal_config(config, run))


def _without_defaults(
    written: Mapping[str, Any], checked: Mapping[str, Any], keys: Any
) -> dict[str, Any]:
    """A mapping without the keys whose values are their defaults.

    Args:
        written: the mapping.
        checked: its values as they are checked.
        keys: the function or dataclass whose options they are.
    """
    options = options_of(keys)
    rest = dict[str, Any]()
    for name, value in written.items():
        if name not in checked or name not in options:
            rest[name] = value  # an option by the name that another package has for it
            continue
        option = options[name]
        if not option.required and (checked[name] == option.default or value in NOTHING):
            continue
        value = _reduced(value, checked[name])
        if value not in NOTHING or option.required:
            rest[name] = value
    return rest


def _reduced(written: Any, checked: Any) -> Any:
    """A value without what has its default in it.

    Args:
        written: the value.
        checked: the same as it is checked.
    """
    if isinstance(checked, Chosen) and isinstance(written, Mapping):
        entry = checked.entry
        beside = vars(checked.beside) if checked.beside else {}
        own = {key: value for key, value in written.items() if key not in beside}
        rest = _without_defaults(own, checked.options, entry.function)
        if checked.beside:
            others = {key: value for key, value in written.items() if key in beside}
            rest |= _without_defaults(others, beside, type(checked.beside))
        return rest["name"] if rest.keys() == {"name"} else rest
    if is_dataclass(checked) and isinstance(written, Mapping):
        return _without_defaults(written, vars(checked), type(checked))
    several = isinstance(checked, list | tuple) and isinstance(written, list)
    if several and len(checked) == len(written):
        return [_reduced(value, inner) for value, inner in zip(written, checked, strict=True)]
    return written
