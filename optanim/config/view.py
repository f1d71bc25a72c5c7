"""The rules between keys of the section `view`."""

from __future__ import annotations

from collections.abc import Iterator

from optanim.config.yaml_nodes import KeyPath
from optanim.schema.view import View


def view_problems(view: View) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield the problems of a view: a message, its path in the config, and a line of help."""
    # Equal scales of a window whose sides are both set: the panel has its own shape.
    if view.aspect == "equal" and view.x and view.y:
        message = "view.aspect cannot be equal if view.x and view.y are both set"
        help = "keep one of view.x and view.y: the other follows from it"
        yield message, ("view", "aspect"), help
    # A color bar of lines, which have one color.
    if view.colorbar and view.contours == "lines":
        message = "view.colorbar shows the colors of bands, but view.contours: lines has none"
        help = "contours: both, or labels, which writes the values on the lines"
        yield message, ("view", "colorbar"), help
