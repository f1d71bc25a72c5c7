"""HTML or Markdown that shows the figure of a run in a post."""

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
    """The URLs of the files of a figure, its size and its text.

    Attributes:
        image: animation, still image or video.
        still: still image for readers who prefer reduced motion; "" if there is none.
        dark: version for a dark page; "" if there is none.
        dark_still: still image for a dark page; "" if there is none.
        size: width and height in CSS pixels.
        alt: plain text that describes the figure.
        fallback: GIF for browsers that do not show the image, which is a WebP; "" if there is none.
        loops: whether the animation begins again without end.
    """

    image: str
    still: str
    dark: str
    dark_still: str
    size: tuple[int, int]
    alt: str
    fallback: str = ""
    loops: bool = True


def embedded(
    outputs: Sequence[Path], theme: str, size: tuple[int, int], alt: str, prefix: str = "",
    *, loops: bool = True,
) -> Embedded:  # fmt: skip
    """The files of a run as URLs.

    The image is the first file that is no video, as most browsers show no video in an `<img>`; it
    is a video if there is nothing else. The still image is the first PNG after the first file. The
    dark version of a file is `STEM-dark.EXT` in the same folder, if it exists; a stem that ends in
    the name of the theme loses it first.

    Args:
        outputs: the files that a run writes.
        theme: name of its theme.
        size: width and height in CSS pixels.
        alt: text that describes the figure.
        prefix: folder or address of the files in the post; "" is the folder of the post.
        loops: whether the animation begins again without end.
    """
    stills = [path for path in outputs[1:] if path.suffix.lower() == ".png"]
    others = [path for path in outputs if path not in stills]
    image = next((path for path in others if path.suffix.lower() not in VIDEOS), others[0])
    still = stills[0] if stills else None
    gif = next((path for path in others if path.suffix.lower() == ".gif"), None)
    fallback = gif if image.suffix.lower() == ".webp" else None

    def url_of(path: Path | None) -> str:
        return url(path.name, prefix) if path else ""

    return Embedded(
        image=url_of(image),
        still=url_of(still),
        dark=url_of(_dark(image, theme)),
        dark_still=url_of(_dark(still, theme)) if still else "",
        size=size,
        alt=" ".join("".join(char if char.isprintable() else " " for char in alt).split()),
        fallback=url_of(fallback),
        loops=loops,
    )


def _dark(path: Path, theme: str) -> Path | None:
    if theme == "dark":
        return None
    dark = path.with_stem(path.stem.removesuffix(f"-{theme}") + "-dark")
    return dark if dark.is_file() else None


def url(name: str, prefix: str = "") -> str:
    """The URL of a file: the prefix, and the name with reserved characters as `%20`.

    Letters of any language stay as they are. The prefix is an address already: only characters that
    would end it in HTML or Markdown are replaced.
    """
    encoded = "".join(map(_percent_encoded, name))
    if not prefix:
        return encoded
    address = "".join(
        char if char in "/:?#@=&%~+;!$*[]'" else _percent_encoded(char) for char in prefix
    )
    return f"{address.removesuffix('/')}/{encoded}"


def _percent_encoded(char: str) -> str:
    if ord(char) > 127 and char.isprintable() and not char.isspace():
        return char
    return quote(char.encode("utf-8", "surrogateescape"), safe="")


def html(figure: Embedded) -> str:
    """A `<picture>`; an `<img>` if there is only one file; a `<video>` if the image is a video."""
    width, height = figure.size
    if Path(figure.image).suffix.lower() in VIDEOS:
        poster = f' poster="{escape(figure.still)}"' if figure.still else ""
        # Browsers start only muted videos, and phones show a video full screen if it is not inline.
        return (
            f'<video src="{escape(figure.image)}" width="{width}" height="{height}"{poster}'
            f" autoplay{' loop' * figure.loops} muted playsinline controls"
            f' aria-label="{escape(figure.alt)}"></video>'
        )
    reduced_motion = "(prefers-reduced-motion: reduce)"
    dark = "(prefers-color-scheme: dark)"
    # Browsers take the first source that matches, so the most specific comes first.
    sources = [
        (f"{reduced_motion} and {dark}", figure.dark_still),
        (reduced_motion, figure.still),
        (dark, figure.dark),
    ]
    lines = [
        f'  <source media="{media}" srcset="{escape(file)}">' for media, file in sources if file
    ]
    if figure.fallback:
        lines.append(f'  <source type="image/webp" srcset="{escape(figure.image)}">')
    image = (
        f'<img src="{escape(figure.fallback or figure.image)}" width="{width}" height="{height}"'
        f' loading="lazy" alt="{escape(figure.alt)}">'
    )
    return "\n".join(["<picture>", *lines, f"  {image}", "</picture>"]) if lines else image


def markdown(figure: Embedded) -> str:
    """An image in Markdown, without still image and size; HTML if the image is a video."""
    if Path(figure.image).suffix.lower() in VIDEOS:
        return html(figure)
    return f"![{markdown_text(figure.alt)}]({figure.image})"


def markdown_text(text: str) -> str:
    """A text whose characters have no meaning in Markdown.

    Besides CommonMark, dialects have $maths$, ~~strikes~~, ==marks== and | cells |.
    """
    return re.sub(r"[\\`*_\[\]<>&$~|]|=(?==)|(?<==)=|!$", r"\\\g<0>", text)


SNIPPETS: dict[str, Callable[[Embedded], str]] = {"html": html, "markdown": markdown}
"""The formats of `optanim embed`."""
