"""Renderers for pixels that are drawn beside the figure, and then copied into it."""

from __future__ import annotations

from matplotlib.backends.backend_agg import RendererAgg


def scratch_renderer(renderer: RendererAgg, width: int, height: int) -> RendererAgg:
    """A transparent renderer of a size, with the resolution of another one.

    Formulas that one of the two has parsed are parsed for both: parsing takes some milliseconds.
    """
    scratch = RendererAgg(width, height, renderer.dpi)
    scratch.mathtext_parser = renderer.mathtext_parser
    return scratch
