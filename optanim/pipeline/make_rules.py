"""Rules for GNU make: what each picture is made from, and the command that makes it.

A name is written as it stands where make takes it literally. Any other is the value of a variable,
in which make looks for none of its own signs but those that it unescapes exactly once.
"""

from __future__ import annotations

import os
import re
import shlex
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from optanim.config.run import Run
from optanim.errors import ConfigError, Problem, quoted

HEAD = "# Made by `optanim deps`: what each picture is made from."

PLAIN = re.compile(r"(?=.*[./])[\w./+,@-]+")
"""A name that make and a shell take as it is, and that is no directive of make, as `export` is."""


def rules(
    runs: Sequence[Run],
    *,
    set: Sequence[str] = (),
    output: str | None = None,
    file: Path | None = None,
    folders: Iterable[str] = (),
) -> str:
    """Rules that render each run anew when one of its inputs is newer than one of its outputs.

    An input that is gone stops nothing by itself: what was made from it is made again. In a
    Makefile with `.SECONDEXPANSION` above the rules, make expands a `$` in a name a second time.

    Args:
        runs: what to render.
        set: values that were put into them.
        output: what stands in place of their own `output`.
        file: that will hold the rules, and has one of its own; or
            None for rules that somebody else keeps up to date.
        folders: that were searched for the configs; when one changes, so does that file.

    Raises:
        ConfigError: a name or a value that no rule can hold.
    """
    outputs = [path for run in runs for path in run.outputs]
    inputs = list(dict.fromkeys(path for run in runs for path in run.inputs))
    searched = list(dict.fromkeys(map(Path, folders)))
    own = [file] if file else []
    named = dict.fromkeys([*inputs, *outputs, *own, *searched])
    problems = [
        Problem(f"{wrong}: no make rule can have such a name", str(path))
        for path in named
        if (wrong := _wrong(path))
    ]
    problems += [
        Problem("holds a control character: no make rule can hold it", f"--set {quoted(text)}")
        for text in set
        if _controls(text)
    ]
    if problems:
        raise ConfigError(problems)
    names = _Names()
    options = "".join(f" -s {_shell(text)}" for text in set)
    options += f" -o {_shell(output)}" if output is not None else ""
    lines = []
    # A config with a matrix is several runs, and one command renders them all.
    for source, of_one in groupby(runs, key=lambda run: run.source):
        one = list(of_one)
        made = [path for run in one for path in run.outputs]
        needed = names.needed(dict.fromkeys(path for run in one for path in run.inputs))
        # Rules of one target each work in every make; several made at once are news of 4.3.
        lines += ["", f"{names.targets(made)} {'&' * (len(made) > 1)}: {needed}"]
        config = f"{'-- ' * source.startswith('-')}{_shell(source)}"
        lines.append(f"\t$(OPTANIM) render -q{options} {config}")
    if file:
        itself = names.targets([file])
        lines += ["", f"{itself} : {names.needed(inputs)}"]
        if searched:
            # Where it lies in such a folder, writing it changes the folder.
            lines += ["ifeq ($(MAKE_RESTARTS),)", f"{itself} : {names.needed(searched)}", "endif"]
    gone = [path for path in [*inputs, *(searched if file else [])] if path not in outputs]
    if gone:
        lines += ["", f"{names.targets(gone)} :"]
    listed = names.needed(outputs)
    return "\n".join(
        [
            HEAD,
            "OPTANIM ?= optanim",
            *names.lines,
            f"OPTANIM_OUTPUTS := {listed}".rstrip(),
            "# The same for a shell: rm -f -- $(OPTANIM_QUOTED)",
            f"OPTANIM_QUOTED := {' '.join(_value(shlex.quote(str(path))) for path in outputs)}",
            *lines,
            "",
        ]
    )


def made_by_us(file: Path) -> bool:
    """Whether a file holds rules that were written before, and may be written over."""
    with file.open("rb") as opened:
        return opened.read(len(HEAD)) == HEAD.encode()


class _Names:
    """Names as they stand in rules; `lines` define the variables that they need."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._variables: dict[str, str] = {}

    def targets(self, paths: Iterable[Path]) -> str:
        """Files that are made: make looks for a `%` in them."""
        return " ".join(self._word(path, "%;: \t") for path in paths)

    def needed(self, paths: Iterable[Path]) -> str:
        """Files that something is made from: make looks for a `|` among them."""
        return " ".join(self._word(path, "|;: \t") for path in paths)

    def _word(self, path: Path, special: str) -> str:
        name = str(path)
        if PLAIN.fullmatch(name):
            return name
        if re.search(r"[*?[]", name) or name.startswith("~"):
            # As a pattern that only it matches: of a name without these signs none is looked for.
            name = re.sub(r"^~", "[~]", re.sub(r"[*?[\\]", r"\\\g<0>", name))
        value = _value(_escaped(name, special))
        if value not in self._variables:
            self._variables[value] = f"$(optanim_{len(self._variables) + 1})"
            self.lines.append(f"optanim_{len(self._variables)} := {value}")
        return self._variables[value]


def _escaped(text: str, special: str) -> str:
    """A backslash before each such character, and backslashes before those twice."""
    return re.sub(rf"(\\*)([{re.escape(special)}])", r"\1\1\\\2", text)


def _value(text: str) -> str:
    """A text as the value of a variable."""
    return _escaped(text, "#").replace("$", "$$")


def _shell(text: str) -> str:
    """A text as an argument of a command in a recipe."""
    return shlex.quote(text).replace("$", "$$")


def _wrong(path: Path) -> str:
    """Why a path cannot be a name in a rule; "" if it can."""
    name = os.fspath(path)
    if _controls(name):
        return "holds a control character"
    if name.endswith("\\"):
        return "ends in a backslash"
    if name.endswith(")"):
        return "ends in ')', as a member of an archive does"
    if re.search(r"[*?[]|^~", name) and "%" in name:
        return "has a '%' beside '*', '?', '[' or '~'"
    if re.fullmatch(r"\.[A-Z_]+", name):
        return "is a special target of make"
    return ""


def _controls(text: str) -> bool:
    """Whether a text has control characters; a tab is none here."""
    return any(unicodedata.category(char) == "Cc" for char in text.replace("\t", ""))
