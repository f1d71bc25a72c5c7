"""Targets: which files the config of somebody else may write.

A config writes pictures as it likes in the working folder, but over a page, a drawing or a document
of another program only if the person at the command line names the file. Elsewhere it writes over
files of optanim alone, unless that person names the file.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from optanim.config.run import Run
from optanim.encoding.metadata import is_picture
from optanim.encoding.write import is_document
from optanim.errors import Problem
from optanim.files import is_inside, real_path
from optanim.pipeline.atomic_file import unwritable_reason
from optanim.pipeline.provenance import has_stamp


def target_problems(run: Run) -> list[Problem]:
    """The problems of the files that a run would write.

    A file outside the working folder, with links followed, is written if `-o` names it, or over a
    picture with a stamp. Beside a file that `-o` names, `formats` write new files, too.
    A link is followed onto a picture only. In the working folder, a file of a format without
    frames, such as `index.html`, is replaced if it has a stamp, or if `-o` names it.
    """
    problems = list[Problem]()
    for path in run.outputs:
        message, help = "", ""
        if reason := unwritable_reason(path) or _link_reason(path):
            message = reason
        elif _is_of_others(path, run):
            message = "exists, and is no figure of optanim"
            help = f"to replace it, name the file: -o {shlex.quote(str(path))}"
        elif not _may_be_written(path, run):
            message = "is outside the working folder"
            name = run.output_template or str(path)
            help = f"to write there, name the file: -o {shlex.quote(name)}"
        if message and run.output_named:
            problems.append(Problem(message, str(path), help))
        elif message:
            problems.append(Problem(f"{path} {message}", run.output_place or run.source, help))
    return problems


def _may_be_written(path: Path, run: Run) -> bool:
    if is_inside(path, Path.cwd()) or has_stamp(path):
        return True
    return _is_named(path, run) or (run.output_named and not path.exists())


def _is_of_others(path: Path, run: Run) -> bool:
    """Whether a file is one that people write with other programs, as a page or a drawing."""
    replaced = is_document(path.suffix) and path.exists()
    return replaced and not has_stamp(path) and not _is_named(path, run)


def _is_named(path: Path, run: Run) -> bool:
    """Whether `-o` names the file, not only the file beside which it is."""
    return run.output_named and path in [twin.outputs[0] for twin in run.in_themes()]


def _link_reason(path: Path) -> str:
    """Why a link is not followed; "" if it is no link, or leads to a picture."""
    if not path.is_symlink() or is_picture(path):
        return ""
    return f"is a link to {real_path(path)}, which is no picture"
