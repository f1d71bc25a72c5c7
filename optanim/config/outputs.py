"""The files that a run writes, and the limits of their size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from optanim.config.problems import Report
from optanim.errors import did_you_mean, quoted
from optanim.schema.animation import Animation, count_frames
from optanim.schema.catalogue import catalogue
from optanim.schema.document import Document

MAX_FRAME_PIXELS, MAX_ANIMATION_PIXELS = 16_000_000, 4_000_000_000


def outputs_of(
    document: Document, config: str, report: Report, placeholders: Mapping[str, str]
) -> tuple[Path, ...]:
    """The files to write: the first from `output`, the others from `formats`.

    Args:
        document: the config.
        config: value of `{config}`.
        report: called with each problem.
        placeholders: values of other names in braces.
    """
    names = {"config": config, "theme": document.figure.theme.entry.name}
    names["surface"] = document.surface.entry.name
    optimizers = [c for c in (document.optimizer, *(document.optimizers or [])) if c]
    names["optimizer"] = "-".join(chosen.entry.name for chosen in optimizers)
    names |= placeholders
    try:
        output = Path(document.output.format_map(names))
    except (KeyError, ValueError, IndexError, AttributeError):
        known = ", ".join(f"{{{name}}}" for name in names)
        message = f"output has an unknown name in braces: {quoted(document.output)}"
        report(message, ("output",), f"known: {known}")
        return ()
    formats = list(catalogue("formats"))
    if output.suffix[1:].lower() not in formats:
        help = did_you_mean(output.suffix[1:], formats, "formats")
        report(f"no format is called {quoted(output.suffix)}", ("output",), help)
    more = [output.with_suffix(f".{c.entry.name}") for c in document.formats or []]
    return tuple(dict.fromkeys([output, *more]))


def check_sizes(
    size: tuple[int, int], scale: int, steps: int, animation: Animation, report: Report
) -> None:
    """Report pictures and animations that need too much memory or time."""
    width, height = size
    if animation.duration is not None and animation.steps_per_second is not None:
        message = "'duration' and 'steps_per_second' cannot both be set"
        report(message, ("animation", "duration"), "keep one of them", True)
    pixels = width * height * scale**2
    count = count_frames(steps, animation)
    if pixels > MAX_FRAME_PIXELS:
        message = f"a frame of {width * scale} × {height * scale} has more than 16 million pixels"
        report(message, ("figure",), "make figure.size or figure.scale smaller")
    elif pixels * count > MAX_ANIMATION_PIXELS:
        message = f"{count} frames of {pixels} pixels are more than 4 billion pixels"
        report(message, ("steps",), "fewer steps, more steps_per_second, or a smaller size")
