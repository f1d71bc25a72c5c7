"""The JavaScript of the player and the explorer: small, and written as its rules say."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.needs import uses_node

WEB = Path(__file__).parents[1] / "optanim" / "player" / "web"
MODULES = sorted(WEB.glob("*.js"))
MAX_LINES = 1650
"""Number of lines of code of all modules; blank lines and comments are not among them."""

TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:class|function|const|let) (\w+)", re.MULTILINE)
COMMENT = re.compile(r"^\s*(?://[^\n]*|/\*.*?\*/)\s*$", re.MULTILINE | re.DOTALL)


def test_all_modules_are_short() -> None:
    code = [COMMENT.sub("", path.read_text("utf-8")) for path in MODULES]
    assert sum(len(re.findall(r"^.*\S.*$", text, re.MULTILINE)) for text in code) < MAX_LINES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_runs_no_text_as_code(path: Path) -> None:
    text = path.read_text("utf-8")
    forbidden = r"\beval\b|\bFunction\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write"
    assert not re.search(forbidden, text)
    assert not re.search(r"\bstyle=|setAttribute\(\"style|https?://(?!www\.w3\.org/)", text)
    assert "console." not in text


def test_modules_share_no_name() -> None:
    """A page has them one after the other in one script."""
    names = Counter(name for path in MODULES for name in TOP_LEVEL.findall(path.read_text("utf-8")))
    assert [name for name, count in names.items() if count > 1] == []


@uses_node
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_node_reads_a_module(path: Path) -> None:
    command = ["node", "--check", "--input-type=module"]
    subprocess.run(command, input=path.read_bytes(), check=True)
