"""The page of a figure: one file with its data, its style and its script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from optanim.config.run import Run

WEB = Path(__file__).parent / "web"
"""The JavaScript, the styles and the pages."""

CONTROLS_HEIGHT = 176
"""CSS pixels below a figure: the 11rem of player.css for controls, names, and closed parts."""

TABLE_HEIGHT, ROW_HEIGHT = 64, 28
"""CSS pixels of the open table of numbers, without and for each of its rows."""

MAX_SEEN_ROWS = 4
"""Rows of that table for which a frame has room; a reader scrolls to see more."""

IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
"""A line that imports another module of the folder."""

EXPORT = re.compile(r"^export (?=(?:async )?function|class|const|let)", re.MULTILINE)

COMMENT = re.compile(r"^ *(?://.*|/\*(?:[^*]|\*(?!/))*\*/)?\n", re.MULTILINE)
"""Lines with nothing but a comment, and empty ones; a page is for readers of figures."""

INDENT = re.compile(r"^ +", re.MULTILINE)


def page(data: Mapping[str, Any], comment: str = "") -> str:
    """A page that needs no other file, and asks for none.

    Its policy allows its own script and style alone, by their hashes.

    Args:
        data: from `figure_data`.
        comment: the stamp of the file; "" for none.
    """
    script, style = inlined("page.js"), _short(text_of("player.css"))
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    return Template(text_of("page.html")).substitute(
        language=escape(data["language"]),
        title=escape(data["title"]),
        alt=escape(data["alt"]),
        background=escape(data["theme"]["background"]),
        needs_script=escape(data["words"]["needs_script"]),
        comment=escape(comment),
        policy=escape(policy),
        style=style,
        script=script,
        data=json_in_html(data),
    )


def height_below(run: Run) -> int:
    """CSS pixels that a frame is higher than the figure in it, so that nothing is cut at its foot.

    A narrower frame needs less: its figure becomes lower by more than its texts become higher.
    """
    if run.is_swarm:  # has no numbers of a step
        return CONTROLS_HEIGHT
    return CONTROLS_HEIGHT + TABLE_HEIGHT + ROW_HEIGHT * min(len(run.trials), MAX_SEEN_ROWS)


def inlined(name: str) -> str:
    """A module with those that it imports before it, as one script.

    It has no imports and exports, and no comments and indents, a quarter of the modules.
    """
    parts = list[str]()
    seen = set[str]()

    def add(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        text = text_of(name)
        for imported in IMPORT.findall(text):
            add(imported)
        parts.append(EXPORT.sub("", IMPORT.sub("", text)).strip() + "\n")

    add(name)
    return '"use strict";\n' + _short("".join(parts))


def _short(text: str) -> str:
    """A script or a style without comments and indents."""
    return INDENT.sub("", COMMENT.sub("", text))


def text_of(name: str) -> str:
    """The text of a file of the folder."""
    return (WEB / name).read_text("utf-8")


def json_in_html(data: Mapping[str, Any]) -> str:
    """Data as JSON in which nothing ends the element around it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
