"""Themes: a file is an entry; its first comment describes it, its values are a theme's defaults."""

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
def read(file: Path) -> Callable[..., Theme]:
    """The function that a theme's file stands for: its options are the keys of `Theme`.

    Each has the file's own value as its default, so that a config may say another in its place.
    The first comment, without its `#`, is the function's docstring.
    """
    text = file.read_text("utf-8")
    own: dict[str, Any] = validate(yaml.safe_load(text), Theme)

    def theme(**colors: Any) -> Theme:
        return Theme(**{**own, **colors})

    comment = takewhile(lambda line: line.startswith("#"), text.splitlines())
    theme.__name__ = file.stem
    theme.__doc__ = "\n".join(line.removeprefix("#").removeprefix(" ") for line in comment)
    theme.__annotations__ = get_type_hints(Theme, include_extras=True)
    keys = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=own[name])
        for name in options_of(Theme)
    ]
    theme.__signature__ = inspect.Signature(keys)  # type: ignore[attr-defined]
    return theme
