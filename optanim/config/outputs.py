"""The files that a run writes, and how large they may become."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from optanim.config.problems import Say
from optanim.errors import did_you_mean, quoted
from optanim.schema.animation import Animation, frames
from optanim.schema.catalogue import catalogue
from optanim.schema.document import Document

FRAME_PIXELS, FILM_PIXELS = 16_000_000, 4_000_000_000


def outputs_of(
    document: Document, config: str, say: Say, braces: Mapping[str, str]
) -> tuple[Path, ...]:
    """The files to write: the first from `output`, the others from `formats`.

    Args:
        document: the config.
        config: what `{config}` stands for.
        say: told what is wrong.
        braces: what other names stand for.
    """
    names = {"config": config, "theme": document.figure.theme.entry.name}
    names["surface"] = document.surface.entry.name
    optimizers = [c for c in (document.optimizer, *(document.optimizers or [])) if c]
    names["optimizer"] = "-".join(chosen.entry.name for chosen in optimizers)
    names |= braces
    try:
        output = Path(document.output.format_map(names))
    except (KeyError, ValueError, IndexError, AttributeError):
        known = ", ".join(f"{{{name}}}" for name in names)
        message = f"output has braces that stand for nothing: {quoted(document.output)}"
        say(message, ("output",), f"known: {known}")
        return ()
    known_formats = list(catalogue("formats"))
    if output.suffix[1:].lower() not in known_formats:
        help = did_you_mean(output.suffix[1:], known_formats, "formats")
        say(f"no format is called {quoted(output.suffix)}", ("output",), help)
    more = [output.with_suffix(f".{c.entry.name}") for c in document.formats or []]
    return tuple(dict.fromkeys([output, *more]))


def check_sizes(
    size: tuple[int, int], scale: int, steps: int, animation: Animation, say: Say
) -> None:
    """Refuse pictures and animations that would fill the memory, or take an hour."""
    width, height = size
    if animation.duration is not None and animation.steps_per_second is not None:
        message = "'duration' and 'steps_per_second' say the same thing twice"
        say(message, ("animation", "duration"), "keep one of them", True)
    pixels = width * height * scale**2
    count = frames(steps, animation)
    if pixels > FRAME_PIXELS:
        message = f"a frame of {width * scale} × {height * scale} has more than 16 million pixels"
        say(message, ("figure",), "make figure.size or figure.scale smaller")
    elif pixels * count > FILM_PIXELS:
        message = f"{count} frames of {pixels} pixels are more than 4 billion pixels"
        say(message, ("steps",), "fewer steps, more steps_per_second, or a smaller size")
