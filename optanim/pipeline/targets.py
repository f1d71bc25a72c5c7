"""Targets: which files the config of somebody else may write.

A config writes what it likes in the working folder. Elsewhere it writes over pictures of optanim
alone, unless the person at the command line names the file.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from optanim.config.run import Run
from optanim.encoding.metadata import is_picture
from optanim.errors import Problem
from optanim.files import is_inside, real_path
from optanim.pipeline.atomic_file import unwritable_reason
from optanim.pipeline.provenance import has_stamp


def target_problems(run: Run) -> list[Problem]:
    """The problems of the files that a run would write.

    A file outside the working folder, with links followed, is written if `-o` names it, or over a
    picture with a stamp. Beside a file that `-o` names, `formats` write new files, too.
    A link is followed onto a picture only.
    """
    problems = list[Problem]()
    for path in run.outputs:
        message, help = "", ""
        if reason := unwritable_reason(path) or _link_reason(path):
            message = reason
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
    named = [twin.outputs[0] for twin in run.in_themes()]
    return run.output_named and (path in named or not path.exists())


def _link_reason(path: Path) -> str:
    """Why a link is not followed; "" if it is no link, or leads to a picture."""
    if not path.is_symlink() or is_picture(path):
        return ""
    return f"is a link to {real_path(path)}, which is no picture"
