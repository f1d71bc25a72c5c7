"""Snippets: the HTML or Markdown that shows the files of a run in a post."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

VIDEOS = (".mp4", ".webm")


@dataclass(frozen=True)
class Embedded:
    """The files of a figure, as a post names them.

    Attributes:
        image: what is shown.
        still: in its place for who asks for less motion; "" without one.
        dark: in its place on a dark page; "" without one.
        dark_still: in its place for both; "" without one.
        size: width and height in CSS pixels.
        alt: what it shows, in plain text.
    """

    image: str
    still: str
    dark: str
    dark_still: str
    size: tuple[int, int]
    alt: str


def embedded(
    outputs: Sequence[Path], theme: str, size: tuple[int, int], alt: str, prefix: str = ""
) -> Embedded:
    """The files of a run as URLs.

    The first of them is shown, or the first after a video: an `<img>` holds none in most browsers.
    The still is the PNG among the others. What is dark is not among them: it is a file beside
    them with `-dark` behind the stem, in place of the theme's own name if that stands there, and
    counts if it is on the disk.

    Args:
        outputs: the files that a run writes.
        theme: the name of its theme.
        size: width and height in CSS pixels.
        alt: what the figure shows.
        prefix: a folder or address that the post finds them in; "" is beside it.
    """
    stills = [path for path in outputs[1:] if path.suffix.lower() == ".png"]
    moving = [path for path in outputs if path not in stills]
    image = next((path for path in moving if path.suffix.lower() not in VIDEOS), moving[0])
    still = stills[0] if stills else None

    def said(path: Path | None) -> str:
        return url(path.name, prefix) if path else ""

    return Embedded(
        image=said(image),
        still=said(still),
        dark=said(_dark(image, theme)),
        dark_still=said(_dark(still, theme)) if still else "",
        size=size,
        alt=" ".join("".join(char if char.isprintable() else " " for char in alt).split()),
    )


def _dark(path: Path, theme: str) -> Path | None:
    if theme == "dark":
        return None
    beside = path.with_stem(path.stem.removesuffix(f"-{theme}") + "-dark")
    return beside if beside.is_file() else None


def url(name: str, prefix: str = "") -> str:
    """The address of a file: its name with what means something in a URL as `%20`.

    Letters of any language stay as they are. The prefix is an address already: only what would
    end it, in HTML or in Markdown, is replaced.
    """
    coded = "".join(map(_coded, name))
    if not prefix:
        return coded
    whole = "".join(char if char in "/:?#@=&%~+;!$*[]'" else _coded(char) for char in prefix)
    return f"{whole.removesuffix('/')}/{coded}"


def _coded(char: str) -> str:
    if ord(char) > 127 and char.isprintable() and not char.isspace():
        return char
    return quote(char.encode("utf-8", "surrogateescape"), safe="")


def html(figure: Embedded) -> str:
    """A `<picture>`, or an `<img>` where there is only one file; a `<video>` of a video."""
    width, height = figure.size
    if Path(figure.image).suffix.lower() in VIDEOS:
        poster = f' poster="{escape(figure.still)}"' if figure.still else ""
        # Muted, or it does not start; inline, or a telephone shows it alone.
        return (
            f'<video src="{escape(figure.image)}" width="{width}" height="{height}"{poster}'
            f' autoplay loop muted playsinline controls aria-label="{escape(figure.alt)}"></video>'
        )
    calm, night = "(prefers-reduced-motion: reduce)", "(prefers-color-scheme: dark)"
    # The first that fits is taken: what fits less often stands first.
    sources = [
        (f"{calm} and {night}", figure.dark_still),
        (calm, figure.still),
        (night, figure.dark),
    ]
    lines = [
        f'  <source media="{media}" srcset="{escape(file)}">' for media, file in sources if file
    ]
    image = (
        f'<img src="{escape(figure.image)}" width="{width}" height="{height}" loading="lazy"'
        f' alt="{escape(figure.alt)}">'
    )
    return "\n".join(["<picture>", *lines, f"  {image}", "</picture>"]) if lines else image


def markdown(figure: Embedded) -> str:
    """An image in Markdown; it has neither a still nor a size. A video is HTML here, too."""
    if Path(figure.image).suffix.lower() in VIDEOS:
        return html(figure)
    # Beside CommonMark's own: $maths$, ~~strikes~~, ==marks== and | cells | of its dialects.
    alt = re.sub(r"[\\`*_\[\]<>&$~|]|=(?==)|(?<==)=|!$", r"\\\g<0>", figure.alt)
    return f"![{alt}]({figure.image})"


SNIPPETS: dict[str, Callable[[Embedded], str]] = {"html": html, "markdown": markdown}
"""How a figure can be embedded."""
