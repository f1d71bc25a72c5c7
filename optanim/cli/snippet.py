"""What shows the figure of a run in a post: HTML, Markdown, a shortcode of Hugo, or MDX."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

VIDEOS = (".mp4", ".webm")
PAGES = (".html",)
STILLS = (".png", ".svg")
PRINTS = (".pdf",)
"""Files that no browser shows in a post."""

DARK = "(prefers-color-scheme: dark)"
REDUCED_MOTION = "(prefers-reduced-motion: reduce)"


@dataclass(frozen=True)
class Files:
    """The URLs of the files of a figure in one theme.

    Attributes:
        image: animation, still image or video that every browser shows; "" if there are only
            pages.
        webp: the same as a smaller WebP; "" if there is none, or if it is the image.
        still: still image for readers who prefer reduced motion; "" if there is none, or if it is
            the image.
        page: the page with the player; "" if there is none.
    """

    image: str
    webp: str = ""
    still: str = ""
    page: str = ""


@dataclass(frozen=True)
class Embedded:
    """A figure in a post.

    Attributes:
        light: its files.
        dark: those for a dark page; None if there are none.
        size: width and height in CSS pixels.
        alt: plain text that describes the figure.
        below: CSS pixels that the frame of a page is higher than the figure.
        loops: whether the animation begins again without end.
    """

    light: Files
    dark: Files | None
    size: tuple[int, int]
    alt: str
    below: int = 0
    loops: bool = True

    @property
    def is_video(self) -> bool:
        """Whether the image is a video: there is no other."""
        return Path(self.light.image).suffix.lower() in VIDEOS


def embedded(
    outputs: Sequence[Path], size: tuple[int, int], alt: str, prefix: str = "",
    *, dark: Sequence[Path] = (), below: int = 0, loops: bool = True,
) -> Embedded:  # fmt: skip
    """The files of a run as URLs.

    The image is the first file that is no video, as most browsers show no video in an `<img>`; it
    is a video if there is nothing else. A WebP beside another picture is there for browsers that
    show it. A page is shown in a frame. The still image is the first PNG or SVG after the first
    file.

    Args:
        outputs: the files that a run writes.
        size: width and height in CSS pixels.
        alt: text that describes the figure.
        prefix: folder or address of the files in the post; "" is the folder of the post.
        dark: the files in a theme for dark pages, of the same suffixes; empty if there are none.
        below: CSS pixels that the frame of a page is higher than the figure.
        loops: whether the animation begins again without end.
    """
    return Embedded(
        light=_files(outputs, prefix),
        dark=_files(dark, prefix) if dark else None,
        size=size,
        alt=" ".join("".join(char if char.isprintable() else " " for char in alt).split()),
        below=below,
        loops=loops,
    )


def _files(outputs: Sequence[Path], prefix: str) -> Files:
    """The files of one theme."""
    outputs = [path for path in outputs if path.suffix.lower() not in PRINTS]
    page = next((path for path in outputs if path.suffix.lower() in PAGES), None)
    still = next((path for path in outputs[1:] if path.suffix.lower() in STILLS), None)
    others = [path for path in outputs if path != still and path.suffix.lower() not in PAGES]
    pictures = [path for path in others if path.suffix.lower() not in VIDEOS]
    webps = [path for path in pictures if path.suffix.lower() == ".webp"]
    image = next((path for path in pictures if path not in webps), None)
    image = image or next(iter(pictures or others), still)

    def address(path: Path | None) -> str:
        return url(path.name, prefix) if path else ""

    return Files(
        image=address(image),
        webp=address(webps[0]) if webps and webps[0] != image else "",
        still=address(still) if still != image else "",
        page=address(page),
    )


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


@dataclass(frozen=True)
class _Tags:
    """How a language of tags writes a picture.

    Attributes:
        text: a text as the value of an attribute, with its quotes.
        number: a number as the value of an attribute.
        end: of a tag without content.
        srcset, autoplay, inline: the names of attributes.
        style: that of a frame, as the value of an attribute.
    """

    text: Callable[[str], str]
    number: Callable[[int], str]
    end: str
    srcset: str
    autoplay: str
    inline: str
    style: str


def _quoted(text: str) -> str:
    """A text in double quotes; its braces and dollar signs are no template and no maths."""
    text = re.sub(r"[{}$\\`]", lambda char: f"&#{ord(char[0])};", escape(text))
    return f'"{text}"'


HTML = _Tags(
    _quoted, lambda number: f'"{number}"', ">", "srcset", "autoplay", "playsinline",
    '"border: 0; max-width: 100%"',
)  # fmt: skip
JSX = _Tags(
    _quoted, lambda number: f"{{{number}}}", " />", "srcSet", "autoPlay", "playsInline",
    "{{border: 0, maxWidth: '100%'}}",
)  # fmt: skip


def html(figure: Embedded) -> str:
    """A `<picture>`; an `<img>` if there is only one file; a `<video>` if the image is a video.

    With a page it is an `<iframe>`, and the picture is for readers without scripts.
    """
    return _figure(figure, HTML)


def mdx(figure: Embedded) -> str:
    """The same as JSX, for MDX: numbers in braces, closed tags, and names as `srcSet`."""
    return _figure(figure, JSX)


def _figure(figure: Embedded, tags: _Tags) -> str:
    """The page, if there is one, and the picture or the video."""
    image = ""
    if figure.light.image:
        image = _video(figure, tags) if figure.is_video else _picture(figure, tags)
    if not figure.light.page:
        return image
    # Browsers show what is inside of an <iframe> never, and of a <noscript> without scripts.
    fallback = f"\n<noscript>\n{image}\n</noscript>" if image else ""
    return _frame(figure, tags) + fallback


def _frame(figure: Embedded, tags: _Tags) -> str:
    """The page in a frame that has no rights but to run its script."""
    width, height = figure.size
    return (
        f"<iframe src={tags.text(figure.light.page)} width={tags.number(width)}"
        f" height={tags.number(height + figure.below)} style={tags.style}"
        f' loading="lazy" sandbox="allow-scripts" title={tags.text(figure.alt)}></iframe>'
    )


def _picture(figure: Embedded, tags: _Tags) -> str:
    """A `<picture>` or an `<img>`."""
    light, dark = figure.light, figure.dark or Files("")
    # Browsers take the first source that matches, so the most specific comes first.
    sources = [
        (f"{REDUCED_MOTION} and {DARK}", "", dark.still),
        (REDUCED_MOTION, "", light.still),
        (DARK, "image/webp", dark.webp),
        (DARK, "", dark.image),
        ("", "image/webp", light.webp),
    ]
    lines = [
        "  <source"
        + (f" media={tags.text(media)}" if media else "")
        + (f" type={tags.text(type)}" if type else "")
        + f" {tags.srcset}={tags.text(file)}{tags.end}"
        for media, type, file in sources
        if file
    ]
    width, height = map(tags.number, figure.size)
    image = (
        f"<img src={tags.text(light.image)} width={width} height={height}"
        f' loading="lazy" alt={tags.text(figure.alt)}{tags.end}'
    )
    return "\n".join(["<picture>", *lines, f"  {image}", "</picture>"]) if lines else image


def _video(figure: Embedded, tags: _Tags) -> str:
    """A `<video>`, with a source for dark pages if there is one."""
    width, height = map(tags.number, figure.size)
    light = figure.light
    poster = f" poster={tags.text(light.still)}" if light.still else ""
    source, sources = f" src={tags.text(light.image)}", ""
    if figure.dark:
        dark = f"  <source media={tags.text(DARK)} src={tags.text(figure.dark.image)}{tags.end}\n"
        source, sources = "", f"\n{dark}  <source{source}{tags.end}\n"
    # Browsers start only muted videos, and phones show a video full screen if it is not inline.
    return (
        f"<video{source} width={width} height={height}{poster} {tags.autoplay}"
        f"{' loop' * figure.loops} muted {tags.inline} controls"
        f" aria-label={tags.text(figure.alt)}>{sources}</video>"
    )


def hugo(figure: Embedded) -> str:
    """Hugo's shortcode `figure`, without sources; HTML if there are only videos or pages."""
    if figure.is_video or not figure.light.image:
        return html(figure)
    width, height = figure.size
    return (
        f'{{{{< figure src={_shortcode_text(figure.light.image)} width="{width}"'
        f' height="{height}" loading="lazy" alt={_shortcode_text(figure.alt)} >}}}}'
    )


def _shortcode_text(text: str) -> str:
    """A text as a parameter of a shortcode.

    In double quotes, a backslash may be an escape. Between backticks all is literal, and a
    backtick cannot be there.
    """
    if '"' in text or "\\" in text:
        return "`" + text.replace("`", "'") + "`"
    return f'"{text}"'


def markdown(figure: Embedded) -> str:
    """An image in Markdown, without sources and size; HTML if there are only videos or pages."""
    if figure.is_video or not figure.light.image:
        return html(figure)
    return f"![{markdown_text(figure.alt)}]({figure.light.image})"


def markdown_text(text: str) -> str:
    """A text whose characters have no meaning in Markdown.

    Besides CommonMark, dialects have $maths$, ~~strikes~~, ==marks== and | cells |.
    """
    return re.sub(r"[\\`*_\[\]<>&$~|]|=(?==)|(?<==)=|!$", r"\\\g<0>", text)


SNIPPETS: dict[str, Callable[[Embedded], str]] = {
    "html": html,
    "markdown": markdown,
    "hugo": hugo,
    "mdx": mdx,
}
"""The formats of `optanim embed`."""
