"""The files that a run writes, and the limits of their size."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from optanim.config.file_names import filled, names_in
from optanim.config.problems import Report
from optanim.config.yaml_nodes import KeyPath
from optanim.errors import nearest, quoted
from optanim.files import is_address
from optanim.schema.animation import Animation
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.document import Document
from optanim.schema.habits import WORDS
from optanim.schema.readings import flow

MAX_FRAME_PIXELS = 16_000_000


def outputs_of(
    document: Document, config: str, report: Report, placeholders: Mapping[str, str]
) -> tuple[tuple[Path, ...], str]:
    """The files to write, and their name with `{theme}` for the name of a theme.

    For each theme, the first is from `output`, the others are from `formats`. The name is "" if the
    config has no `themes`.

    Args:
        document: the config.
        config: value of `{config}`.
        report: called with each problem.
        placeholders: values of other names in braces.
    """
    themes = [chosen.entry.name for chosen in document.themes or [document.figure.theme]]
    names = {"config": config, "theme": themes[0]}
    names["surface"] = document.surface.entry.name
    optimizers = [c for c in (document.optimizer, *(document.optimizers or [])) if c]
    names["optimizer"] = "-".join(chosen.entry.name for chosen in optimizers)
    names |= placeholders
    template = themed(document.output) if document.themes else document.output
    try:
        output = Path(filled(template, names))
    except ValueError:
        known = ", ".join(f"{{{name}}}" for name in names if name != "config")
        meant = re.sub(
            r"\{([^{}]*)\}",
            lambda brace: f"{{{nearest(brace[1], names) or 'config'}}}",
            document.output,
        )
        help = f"write output: {flow(meant)}; {{config}} is the name of the config, here {config}"
        message = f"output has an unknown name in braces: {quoted(document.output)}"
        report(message, ("output",), f"{help}; others: {known}")
        return (), ""
    formats = list(catalogue("formats"))
    if is_address(document.output):
        message = f"output must be the name of a file, got {quoted(document.output)}"
        report(message, ("output",), "files are written to a folder of this machine")
    elif document.output.endswith(("/", "\\")) or (not output.suffix and output.is_dir()):
        message = f"output must be the name of a file, got the folder {quoted(document.output)}"
        report(message, ("output",), f"write '{output.as_posix()}/{{config}}.gif'")
    elif not output.suffix:
        message = f"output needs a suffix, which is the format, got {quoted(document.output)}"
        report(message, ("output",), f"write {document.output}.gif; formats: {', '.join(formats)}")
    elif output.suffix[1:].lower() not in formats:
        report(*format_problem(output, document.output))
    _check_options(document.formats or [], report)
    outputs = list[Path]()
    for theme in themes:
        output = Path(filled(template, names | {"theme": theme}))
        more = [output.with_suffix(f".{c.entry.name}") for c in document.formats or []]
        outputs += dict.fromkeys([output, *more])
    return tuple(outputs), _with_theme_left(template, names) if document.themes else ""


def _check_options(formats: Sequence[Chosen], report: Report) -> None:
    """Report a format that is named twice with different options."""
    names = [chosen.entry.name for chosen in formats]
    for i, name in enumerate(names):
        if formats[i].options != formats[names.index(name)].options:
            message = f"formats has {quoted(name)} twice, with other options"
            report(message, ("formats", i), "each format has one file")


def themed(output: str) -> str:
    """An output with `{theme}`: before the suffix, if it is nowhere else."""
    if "theme" in names_in(output) or not Path(output).suffix:
        return output
    path = Path(output)
    return str(path.with_stem(f"{path.stem}-{{theme}}"))


def _with_theme_left(template: str, names: Mapping[str, str]) -> str:
    """An output in which only `{theme}` is left in braces."""
    text = filled(template, {**names, "theme": "\0"})
    return text.replace("{", "{{").replace("}", "}}").replace("\0", "{theme}")


def format_problem(output: Path, written: str) -> tuple[str, KeyPath, str]:
    """The problem of a suffix that is no format: a message, its path, and a line of help.

    Args:
        output: the name of the file.
        written: the name as the config has it.
    """
    formats, suffix = list(catalogue("formats")), output.suffix[1:].lower()
    meant = next((word for word in WORDS.get(suffix, ()) if word in formats), "")
    help = f"formats: {', '.join(formats)}"
    if meant or nearest(suffix, formats):
        name = written.removesuffix(output.suffix)
        help = f"did you mean '{name}.{meant or nearest(suffix, formats)}'? {help}"
    return f"no format is called {quoted(output.suffix)}", ("output",), help


def check_sizes(size: tuple[int, int], scale: int, animation: Animation, report: Report) -> None:
    """Report pictures that need too much memory, and two keys for the same time."""
    width, height = size
    if animation.duration is not None and animation.steps_per_second is not None:
        message = "'duration' and 'steps_per_second' cannot both be set"
        report(message, ("animation", "duration"), "keep one of them", True)
    pixels = width * height * scale**2
    if pixels > MAX_FRAME_PIXELS:
        message = f"a frame of {width * scale} × {height * scale} has more than 16 million pixels"
        report(message, ("figure",), "make figure.size or figure.scale smaller")
