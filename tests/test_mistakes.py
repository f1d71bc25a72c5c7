"""Mistakes of people who are new: each gets one clear message with its place and its correction."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mistakes import Mistake, outcome
from tests.mistakes.all import MISTAKES


def test_the_names_differ() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_gets_its_message(mistake: Mistake, tmp_path: Path) -> None:
    code, printed = outcome(mistake, tmp_path)
    assert code == 2, printed
    assert printed.lower().count("error: ") >= 1 and "Traceback" not in printed
    assert printed.startswith(mistake.at), printed
    for text in mistake.says:
        assert text in printed
    written = {path.name for path in tmp_path.rglob("*")} - {"c.yaml", *mistake.files}
    assert not written
    for config in filter(None, (_mended(mistake, printed), _moved(mistake, printed))):
        mended = replace(mistake, config=config, command=("check", "c.yaml"))
        code, printed = outcome(mended, tmp_path)
        assert code == 0, config + printed


ONE = ("csv in place of data", "csv beside the name of a fit", "no indent at all",
       "no indent of a surface", "a formula in place of a model",
       "points without brackets")  # fmt: skip
"""Mistakes for which one error is right: others would follow from it."""


@pytest.mark.parametrize("name", ONE)
def test_one_mistake_is_one_error(name: str, tmp_path: Path) -> None:
    mistake = next(mistake for mistake in MISTAKES if mistake.name == name)
    _, printed = outcome(mistake, tmp_path)
    assert printed.count(": error: ") == 1, printed


def _mended(mistake: Mistake, printed: str) -> str | None:
    """The config with the one whole line that the message says to write; None if it says none."""
    at = re.match(r"c\.yaml:(\d+):", printed)
    help = re.findall(r"= help: write (\w+): (.+)", printed)
    if not at or len(help) != 1 or printed.count(": error: ") != 1 or "; " in help[0][1]:
        return None
    lines = str(mistake.config).splitlines()
    key, value = help[0]
    written = re.match(r"\w+", lines[int(at[1]) - 1])
    if not written or (written[0] != key and f"{at[0]}1: " not in printed):
        return None
    lines[int(at[1]) - 1] = f"{key}: {value.removesuffix(' without quotes')}"
    return "\n".join(lines) + "\n"


def _moved(mistake: Mistake, printed: str) -> str | None:
    """The config with the section that a message shows in place of the wrong key at the top."""
    wrong = re.findall(r"c\.yaml:(\d+):\d+: error: (?:unknown key|\w+ has no option)", printed)
    line = re.search(r"(?:: |; |write )((surface|optimizer|figure|view|animation|stop): \{.*\})",
                     printed)  # fmt: skip
    if (
        not line
        or "…" in line[0]
        or len(wrong) != printed.count(": error: ")
        or "; or: " in printed
    ):
        return None
    drop = {int(number) for number in wrong}
    lines = [
        text for number, text in enumerate(str(mistake.config).splitlines(), 1)
        if number not in drop and not text.startswith(f"{line[2]}:")
    ]  # fmt: skip
    return "\n".join([*lines, line[1]]) + "\n"
