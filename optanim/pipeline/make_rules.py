"""Rules for GNU make: the input files of each picture, and the command that renders it.

A name that make takes literally is written as it is. Any other name becomes the value of a
variable: in a value make interprets only a few characters, and each of them can be escaped.
"""

from __future__ import annotations

import os
import re
import shlex
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from optanim.config.run import Run
from optanim.errors import ConfigError, Problem, quoted
from optanim.files import read_start

HEADER = "# Made by `optanim deps`: what each picture is made from."

PLAIN_NAME = re.compile(r"(?=.*[./])[\w./+,@-]+")
"""A name that make and a shell take literally. The `.` or `/` in it rules out directives of make,
e.g. `export`."""


def make_rules(
    runs: Sequence[Run],
    *,
    set: Sequence[str] = (),
    output: str | None = None,
    file: Path | None = None,
    folders: Iterable[str] = (),
) -> str:
    """Rules that render a run again when one of its inputs is newer than one of its outputs.

    A missing input does not stop make: the outputs that need it are made again. In a Makefile with
    `.SECONDEXPANSION` above the rules, make expands a `$` in a name twice.

    Args:
        runs: the runs.
        set: the values that replaced values of their configs, as `KEY=VALUE`.
        output: the output that replaced theirs.
        file: the file for the rules, which gets a rule itself; None if the caller keeps the rules
            up to date.
        folders: folders that were searched for configs. When one changes, the file is made again.

    Raises:
        ConfigError: no make rule can contain a name or a value.
    """
    outputs = [path for run in runs for path in run.outputs]
    inputs = list(dict.fromkeys(path for run in runs for path in run.inputs))
    searched = list(dict.fromkeys(map(Path, folders)))
    problems = list(_problems([*inputs, *outputs, *([file] if file else []), *searched], set))
    if problems:
        raise ConfigError(problems)
    names = _Names()
    options = "".join(f" -s {_shell_word(text)}" for text in set)
    options += f" -o {_shell_word(output)}" if output is not None else ""
    lines = list(_picture_rules(runs, names, options))
    if file:
        lines += _rule_of_file(file, inputs, searched, names)
    # Rules without a recipe, so that a missing input does not stop make.
    sources = [path for path in [*inputs, *(searched if file else [])] if path not in outputs]
    if sources:
        lines += ["", f"{names.targets(sources)} :"]
    output_names = names.prerequisites(outputs)
    return "\n".join(
        [
            HEADER,
            "OPTANIM ?= optanim",
            *names.lines,
            f"OPTANIM_OUTPUTS := {output_names}".rstrip(),
            "# The same for a shell: rm -f -- $(OPTANIM_QUOTED)",
            f"OPTANIM_QUOTED := {' '.join(_value(shlex.quote(str(path))) for path in outputs)}",
            *lines,
            "",
        ]
    )


def is_generated(file: Path) -> bool:
    """Whether a file begins as `make_rules` does, and so may be overwritten."""
    return read_start(file, len(HEADER)) == HEADER.encode()


def _problems(paths: Iterable[Path], set: Iterable[str]) -> Iterator[Problem]:
    """Yield the problems of paths and values that no make rule can contain."""
    for path in dict.fromkeys(paths):
        if reason := _unusable(path):
            yield Problem(f"{reason}: no make rule can have such a name", str(path))
    for text in set:
        if _has_control_characters(text):
            message = "contains a control character: no make rule can contain it"
            yield Problem(message, f"--set {quoted(text)}")


def _picture_rules(runs: Iterable[Run], names: _Names, options: str) -> Iterator[str]:
    """Yield the lines of the rules that render pictures."""
    # A config with a matrix has several runs, and one command renders all of them.
    for source, group in groupby(runs, key=lambda run: run.source):
        runs_of_config = list(group)
        outputs = [path for run in runs_of_config for path in run.outputs]
        inputs = dict.fromkeys(path for run in runs_of_config for path in run.inputs)
        # `&:` needs make 4.3. A rule of one target works in every make.
        prerequisites = names.prerequisites(inputs)
        yield ""
        yield f"{names.targets(outputs)} {'&' * (len(outputs) > 1)}: {prerequisites}"
        config = f"{'-- ' * source.startswith('-')}{_shell_word(source)}"
        yield f"\t$(OPTANIM) render -q{options} {config}"


def _rule_of_file(
    file: Path, inputs: Iterable[Path], searched: Sequence[Path], names: _Names
) -> Iterator[str]:
    """Yield the lines of the rule for the file of the rules."""
    target = names.targets([file])
    yield ""
    yield f"{target} : {names.prerequisites(inputs)}"
    if searched:
        # The file may be in such a folder. Then writing it changes the folder.
        yield "ifeq ($(MAKE_RESTARTS),)"
        yield f"{target} : {names.prerequisites(searched)}"
        yield "endif"


class _Names:
    """The names of files as rules need them.

    Attributes:
        lines: define the variables of the names so far.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._variables: dict[str, str] = {}

    def targets(self, paths: Iterable[Path]) -> str:
        """The names of files as targets, where make interprets `%`."""
        return " ".join(self._word(path, "%;: \t") for path in paths)

    def prerequisites(self, paths: Iterable[Path]) -> str:
        """The names of files as prerequisites, where make interprets `|`."""
        return " ".join(self._word(path, "|;: \t") for path in paths)

    def _word(self, path: Path, special: str) -> str:
        """A name, or the variable that holds it with the special characters escaped."""
        name = str(path)
        if PLAIN_NAME.fullmatch(name):
            return name
        if re.search(r"[*?[]", name) or name.startswith("~"):
            # A pattern that matches this name only: make expands wildcards in every name.
            name = re.sub(r"^~", "[~]", re.sub(r"[*?[\\]", r"\\\g<0>", name))
        value = _value(_escaped(name, special))
        if value not in self._variables:
            self._variables[value] = f"$(optanim_{len(self._variables) + 1})"
            self.lines.append(f"optanim_{len(self._variables)} := {value}")
        return self._variables[value]


def _escaped(text: str, special: str) -> str:
    """A text with a backslash before each special character; backslashes before it are doubled."""
    return re.sub(rf"(\\*)([{re.escape(special)}])", r"\1\1\\\2", text)


def _value(text: str) -> str:
    """A text as the value of a variable."""
    return _escaped(text, "#").replace("$", "$$")


def _shell_word(text: str) -> str:
    """A text as an argument of a command in a recipe."""
    return shlex.quote(text).replace("$", "$$")


def _unusable(path: Path) -> str:
    """The reason why no rule can have this name; "" if a rule can."""
    name = os.fspath(path)
    if _has_control_characters(name):
        return "contains a control character"
    if name.endswith("\\"):
        return "ends in a backslash"
    if name.endswith(")"):
        return "ends in ')', as a member of an archive does"
    if re.search(r"[*?[]|^~", name) and "%" in name:
        return "has a '%' beside '*', '?', '[' or '~'"
    if re.fullmatch(r"\.[A-Z_]+", name):
        return "is a special target of make"
    return ""


def _has_control_characters(text: str) -> bool:
    """Whether a text has control characters other than tabs."""
    return any(unicodedata.category(char) == "Cc" for char in text.replace("\t", ""))
