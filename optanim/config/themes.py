"""Themes: the files of `optanim/themes/`."""

from __future__ import annotations

from pathlib import Path

import yaml

from optanim.catalogue import validate
from optanim.scene import Theme

FOLDER = Path(__file__).parents[1] / "themes"


def names() -> list[str]:
    """The themes there are."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def theme(name: str) -> Theme:
    """The colors of a theme, by one of the names."""
    return Theme(**validate(yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")), Theme))
