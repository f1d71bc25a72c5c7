"""The themes: each YAML file is an entry of the catalogue, and its values are the colors."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from optanim.schema.figure import Theme
from optanim.schema.validation import options_of, validate


@cache
def entry_from_file(file: Path) -> Callable[..., Theme]:
    """The function of a theme's file, which returns the `Theme`.

    Its options are the keys of `Theme`. Their defaults are the values in the file, and a config may
    set others. Its docstring is the first comment of the file.

    Raises:
        pydantic.ValidationError: values in the file are wrong.
    """
    text = file.read_text("utf-8")
    defaults: dict[str, Any] = validate(yaml.safe_load(text), Theme)

    def theme(**colors: Any) -> Theme:
        return Theme(**{**defaults, **colors})

    comment = takewhile(lambda line: line.startswith("#"), text.splitlines())
    theme.__name__ = file.stem
    theme.__doc__ = "\n".join(line.removeprefix("#").removeprefix(" ") for line in comment)
    theme.__annotations__ = get_type_hints(Theme, include_extras=True)
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name])
        for name in options_of(Theme)
    ]
    theme.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return theme
