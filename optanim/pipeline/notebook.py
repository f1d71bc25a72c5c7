"""How a notebook shows a figure: a player in a frame, over a still for viewers that drop the frame.

Jupyter, VS Code and Colab show the HTML. GitHub, and JupyterLab in a notebook that is not trusted,
remove frames and keep images: there the still is seen.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from optanim.config.run import Run
from optanim.encoding.png_image import reduced_png
from optanim.errors import ClaimError, ConfigError
from optanim.pipeline.render import render
from optanim.player.page import height_below

MimeBundle = tuple[dict[str, str], dict[str, Any]]
"""Contents by MIME type, and metadata by MIME type, as IPython displays them."""


def mime_bundle(run: Run, text: str, frame: int | None = None) -> MimeBundle:
    """The contents that a notebook displays of a run, in the first of its themes.

    A run that cannot be rendered shows its problems.

    Args:
        run: the run.
        text: its text, for viewers that show nothing else.
        frame: the step at which the player begins, as for `optanim.render`; None for the animation.
    """
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        page, still = Path(folder, "figure.html"), Path(folder, "figure.png")
        alone = replace(run.in_themes()[0], outputs=(page, still), formats=(), output_named=True)
        try:
            result = render(alone, frame=frame)
        except Exception as error:  # also those of functions that are surfaces or optimizers
            return _message(error), {}
        picture = base64.b64encode(reduced_png(still.read_bytes())).decode()
        assert run.figure.size  # the loader sets it
        size, below = run.figure.size, height_below(run)
        html = _player(page.read_text("utf-8"), picture, result.alt, size, below)
    width, height = size
    return (
        {"text/plain": text, "text/html": html, "image/png": picture},
        {"image/png": {"width": width, "height": height}},
    )


def _message(error: Exception) -> dict[str, str]:
    """The message of an error as text and as HTML."""
    name = type(error).__name__
    text = f"{name}: {error}"
    if isinstance(error, ConfigError | ClaimError):
        text = f"{name}:\n{error}"
    return {"text/plain": text, "text/html": f"<pre>{escape(text)}</pre>"}


def _player(page: str, picture: str, alt: str, size: tuple[int, int], below: int) -> str:
    """A page in a frame that lies exactly over a picture and the room below it.

    The frame has no rights but to run its script. Its page is in single quotes, as pages have many
    double ones, and in one line, as a blank line ends HTML in Markdown.
    """
    width, height = size
    source = page.replace("&", "&amp;").replace("'", "&#39;").replace("\n", "&#10;")
    alt = escape(alt)
    return (
        f'<div style="position: relative; max-width: {width}px;'
        f' padding-bottom: {below}px">'
        f'<img src="data:image/png;base64,{picture}" width="{width}" height="{height}" alt="{alt}"'
        ' style="display: block; width: 100%; height: auto; margin: 0">'
        '<iframe style="position: absolute; top: 0; left: 0; width: 100%; height: 100%; border: 0"'
        f' sandbox="allow-scripts" loading="lazy" title="{alt}" srcdoc=\'{source}\'></iframe></div>'
    )
