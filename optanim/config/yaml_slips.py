"""Slips that make a text no YAML, found in its lines and named for what they are.

PyYAML reports where it noticed that something is wrong, which may be lines later, in the words of a
parser. Here each slip has a pattern of its own, and the line as it should be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from optanim.errors import OptionError, Place, Problem, nearest
from optanim.formulas.expression import parse
from optanim.schema.habits import KEYS
from optanim.schema.key_index import key_homes
from optanim.schema.readings import LOOKALIKES, flow

MAX_LINES, MAX_LINE_LENGTH = 300, 500
"""Number of lines that are looked through, and of characters of a line."""

_SPACES = "\u00a0\u3000\u2002\u2003\u202f"

_KEY = r"(?P<before>[ ]*(?:-[ ]+)?)(?P<quote>[\"']?)(?P<key>[A-Za-z_]\w*)(?P=quote)"


@dataclass(frozen=True)
class Slip:
    """A kind of slip.

    Attributes:
        pattern: matches a whole line; the group `wrong` is the place.
        message: what is wrong; the groups of the pattern are in braces.
        mend: returns the right line from a match; "" if it is not known.
        help: the line of help; `{line}` is the right line, `{indented}` the line with its indent.
        of_key: whether the group `key` must be a key that a config can have.
    """

    pattern: str
    message: str
    mend: Callable[[re.Match[str]], str]
    help: str = "write {line}"
    of_key: bool = True


def _with_ascii(match: re.Match[str]) -> str:
    """The line with the characters of YAML in place of those that look like them."""
    line = "".join(LOOKALIKES.get(char, char) for char in match[0])
    line = re.sub(r"^(\s*(?:-\s+)?[\"']?\w+[\"']?)\s*:(?=\S)", r"\1: ", line)
    return re.sub(r"\[(.*)\]", lambda inner: re.sub(r",(?=\S)", ", ", inner[0]), line)


def _quoted_value(match: re.Match[str]) -> str:
    value, comment = match["value"].rstrip(), ""
    if cut := re.match(r"(.*?)(\s+#.*)$", value):
        value, comment = cut[1], cut[2]
    inner = value[1:-1] if re.fullmatch(r"\"[^\"]*\"|'[^']*'", value) else value.strip("\"'")
    quoted = "'" + inner.replace("'", "''") + "'"
    return f"{match['before']}{match['key']}: {quoted}{comment}"


def _with_slashes(key: str, path: str) -> str:
    """The help for a path of Windows in double quotes."""
    path = re.sub(r"\\+", "/", path)
    name = path.rpartition("/")[2]
    if key == "output" and re.match(r"[A-Za-z]:|/", path):
        return f"write output: {flow(name)}; into another folder: optanim render … -o '{path}'"
    return f"write the path with slashes: {key}: {flow(path)}"


def _text(key: str, text: str) -> str:
    """A text as YAML, or a formula as it is to be written."""
    if key in ("expr", "model"):
        try:
            parse(text)
        except OptionError as error:
            text = re.sub(r"^write ", "", error.help) or text
    return flow(text)


SLIPS = (
    Slip(
        rf"[ ]*(?:-[ ]+)?(?P<wrong>[ ]*[{_SPACES}])\s*(?P<key>\w+):.*",
        "a character that only looks like a space: {name}",
        _with_ascii,
        "write spaces: '{indented}'",
        of_key=False,
    ),
    Slip(
        r"[ ]*(?:-[ ]+)?[\"'“”‘’]?(?P<key>[A-Za-z_]\w*)[\"'“”‘’]?\s*(?P<wrong>[：＝]).*",
        "'{wrong}' ({name}) is not the colon of YAML",
        _with_ascii,
    ),
    Slip(
        r".*?(?P<key>[A-Za-z_]\w*):?[ ]+[\[{]?(?P<wrong>#)[0-9a-fA-F]{3,8}\b.*",
        "'#' begins a comment: a color must be in quotes",
        lambda match: re.sub(r"(?<=[\s\[{,])(#[0-9a-fA-F]{3,8})\b", r"'\1'", match[0]),
    ),
    Slip(
        r"[ ]*(?:-[ ]+)?(?P<wrong>[“”‘’])(?P<key>[A-Za-z_]\w*)[“”‘’\"']\s*:.*",
        "'{wrong}' ({name}) is no quote of YAML",
        _with_ascii,
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<wrong>[［｛（]).*",
        "'{wrong}' ({name}) is no bracket of YAML",
        _with_ascii,
    ),
    Slip(
        rf"{_KEY}:[ ]*[\[{{].*?(?P<wrong>[，、：］｝]).*",
        "'{wrong}' ({name}) is no sign of YAML",
        _with_ascii,
    ),
    Slip(
        rf"{_KEY}(?P<wrong>:)(?P<value>[^\s:/].*)",
        "a space is missing after the colon of '{key}'",
        lambda match: f"{match['before']}{match['key']}: {match['value']}",
    ),
    Slip(
        rf"{_KEY}[ ]*(?P<wrong>:?=)[ ]*(?P<value>[^=].*)",
        "a key and its value are separated by a colon, not by '{wrong}'",
        lambda match: f"{match['before']}{match['key']}: {match['value'].rstrip().rstrip(',;')}",
    ),
    Slip(
        r"[ ]*(?P<wrong>//|/\*|--(?!-)|;|%(?=[ %])).*",
        "a comment begins with '#', not with '{wrong}'",
        lambda match: re.sub(r"^(\s*)(//|/\*|--|;|%+)\s*", r"\1# ", match[0]).replace("*/", ""),
        of_key=False,
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<wrong>\{{config|\{{surface|\{{optimizer|\{{theme)(?P<rest>.*)",
        "a value that begins with '{{' is a mapping in YAML",
        lambda match: (
            f"{match['before']}{match['key']}: '{match['wrong']}{match['rest'].rstrip()}'"
        ),
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<wrong>[*&!%@`|>])(?P<rest>\S.*)",
        "a value cannot begin with '{wrong}' in YAML",
        lambda match: (
            f"{match['before']}{match['key']}: "
            f"{_text(match['key'], (match['wrong'] + match['rest']).rstrip())}"
        ),
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<value>'[^']*(?P<wrong>')(?=[^\W\d]).*)",
        "an apostrophe ends a text in single quotes",
        lambda match: (
            f"{match['before']}{match['key']}: "
            f"\"{match['value'].rstrip().strip(chr(39))}\""
        ),
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<wrong>[\"'])(?P<value>(?:(?!(?P=wrong)).)*)",
        "this quote is not closed",
        lambda match: (
            f"{match['before']}{match['key']}: {match['wrong']}{match['value'].rstrip()}"
            f"{match['wrong']}"
        ),
    ),
    Slip(
        r".*?\b(?P<key>output|data|font|extends):[ ]+"
        r"\"(?P<value>(?:[A-Za-z]:|[\w.\- ]*)(?P<wrong>\\)[^\"]*)\".*",
        "a backslash in double quotes begins an escape",
        lambda match: _with_slashes(match["key"], match["value"]),
        "{line}",
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<value>[^\s\[{{'\"].*?(?P<wrong>: ).*)",
        "a value with ': ' must be in quotes",
        _quoted_value,
    ),
    Slip(
        rf"{_KEY}:[ ]+(?P<value>(?P<open>[\"'])[^\"']*(?P=open)(?P<wrong>\s*[^\s#,]).*)",
        "a value that begins with a quote must end with it",
        _quoted_value,
    ),
)  # fmt: skip
"""The slips that one line shows, the more certain first."""


def slips(lines: Sequence[str], error_line: int | None, source: str) -> list[Problem]:
    """The slips that explain why a text is not YAML.

    Args:
        lines: the lines of the text.
        error_line: index of the line where the parser stopped; None if the text is YAML, but one
            long word instead of a config.
        source: name of the text.

    Returns:
        Problems in the order of the lines, all of one kind; empty if no slip was found.
    """
    last = len(lines) if error_line is None else error_line + 1
    # The patterns take long on long lines, which nobody has typed.
    lines = [line if len(line) <= MAX_LINE_LENGTH else "" for line in lines[: min(last, MAX_LINES)]]
    if tab := _tab(lines, source):
        return [tab]
    for slip in SLIPS:
        problems = list(_problems_of(slip, lines, source))
        # A slip far above the place where the parser stopped is none that the parser noticed.
        if problems and (slip in SLIPS[:7] or _line_of(problems[-1]) >= last - 2):
            return problems
    indent = _wrong_indent(lines, source) if error_line is not None else None
    return [indent] if indent else []


def wrong_spaces(lines: Sequence[str], source: str) -> list[Problem]:
    """The lines that are indented by a character that only looks like a space.

    The text is YAML: such a character is the first of a key.
    """
    return list(_problems_of(SLIPS[0], [line[:MAX_LINE_LENGTH] for line in lines], source))


def _line_of(problem: Problem) -> int:
    return problem.place.line if isinstance(problem.place, Place) else 0


def _problems_of(slip: Slip, lines: Sequence[str], source: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        match = re.fullmatch(slip.pattern, line)
        if not match or line.lstrip().startswith("#"):
            continue
        if slip.of_key and not _is_key(match["key"]):
            continue
        start, end = match.span("wrong")
        char = match["wrong"].strip(" ")[-1:] or " "
        names = {"name": f"U+{ord(char):04X}, {unicodedata.name(char, 'control').lower()}"}
        message = slip.message.format(**match.groupdict(), **names)
        place = Place(source, number, start + 1, line, max(1, end - start))
        mended = slip.mend(match).rstrip()
        help = slip.help.format(line=mended.strip(), indented=mended)
        yield Problem(message, place, help)


def _is_key(word: str) -> bool:
    plain = re.sub(r"[\W_]", "", word).casefold()
    return (
        word == "name" or word in key_homes() or plain in KEYS or bool(nearest(word, key_homes()))
    )


def _tab(lines: Sequence[str], source: str) -> Problem | None:
    """The first line that a tab indents, or the last line, if a tab is before its value."""
    for number, line in enumerate(lines, 1):
        indented = line[: len(line) - len(line.lstrip())]
        at = indented.find("\t") if line.strip() and not line.lstrip().startswith("#") else -1
        if at < 0 and number == len(lines) and (match := re.match(r"\s*(?:- )?\w+:( *\t)", line)):
            at = match.start(1)
        if at >= 0:
            mended = re.sub(r":\s*", ": ", line.strip().replace("\t", " "), count=1).rstrip()
            indent = "  " * (indented.count("\t") + indented.count(" ") // 2)
            place = Place(source, number, at + 1, line)
            help = f"use spaces, two for each level: '{indent}{mended}'"
            if line[:at].strip():
                return Problem("a tab stands before a value", place, f"write {mended}")
            return Problem("a tab cannot indent YAML", place, help)
    return None


def _wrong_indent(lines: Sequence[str], source: str) -> Problem | None:
    """The last line, if its indent does not fit those of the lines above it."""
    if not lines or not re.match(r"\s*(?:- )?[\"']?\w+[\"']?:(\s|$)|\s*- ", lines[-1]):
        return None
    number, line = len(lines), lines[-1]
    above = [text for text in lines[:-1] if text.strip() and not text.lstrip().startswith("#")]
    if not above or len(above[-1]) - len(above[-1].lstrip()) == (
        indent := len(line) - len(line.lstrip())
    ):
        return None
    before = above[-1]
    depth = len(before) - len(before.lstrip())
    place = Place(source, number, 1, line, max(1, indent))
    match = re.match(r"\s*(-\s+)?(\w+):\s*(\S.*)?$", before)
    depth += len(match[1] or "") if match else 0
    if indent == depth:
        return None
    if indent > depth and match and match[3]:
        key = line.strip().partition(":")[0]
        kinds = {home.path[-1:] for home in key_homes().get(key, ())}
        top = any(not home.path for home in key_homes().get(key, ()))
        if (match[2],) in kinds and not top and re.fullmatch(r"\w+", match[3]):
            mended = f"{match[2]}: {{name: {match[3]}, {line.strip()}}}"
            message = f"'{match[2]}' has a value already, so nothing can be indented below it"
            return Problem(message, place, f"write {mended}")
        message = f"this line is indented by {indent}, the line above it by {depth}"
        help = f"indent it like the line above: '{' ' * depth}{line.strip()}'"
        return Problem(message, place, help)
    depths = sorted({len(text) - len(text.lstrip()) for text in above}, reverse=True)
    near = min(depths, key=lambda depth: abs(depth - indent))
    message = f"this line is indented by {indent}, which no line above it is"
    if near == indent:
        return None
    return Problem(message, place, f"indent it by {near}: '{' ' * near}{line.strip()}'")


def unclosed_bracket(lines: Sequence[str], source: str, last: int) -> Problem | None:
    """The bracket that is still open at the end of a line, outside of quotes and comments.

    Args:
        lines: the lines of the text.
        source: name of the text.
        last: index of the line.
    """
    if any(len(line) > MAX_LINE_LENGTH for line in lines[: last + 1]):
        return None
    opened = list[tuple[int, int, str]]()
    for number, line in enumerate(lines[: last + 1], 1):
        bare = re.sub(r"\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'", lambda m: " " * len(m[0]), line)
        bare = re.sub(r"(^|\s)#.*", "", bare)
        for column, char in enumerate(bare, 1):
            if char in "[{" and (
                opened or re.search(r"(^|[:,\-]\s|\[|\{)\s*$", bare[: column - 1])
            ):
                opened.append((number, column, char))
            elif char in "]}" and opened:
                if (char == "]") != (opened[-1][2] == "["):
                    wanted = "]" if opened[-1][2] == "[" else "}"
                    place = Place(source, number, column, line)
                    message = f"'{char}' closes a '{opened[-1][2]}'"
                    return Problem(message, place, f"write '{wanted}' here")
                opened.pop()
        if number <= last and opened and number < len(lines):
            following = lines[number]
            if re.match(r"[A-Za-z_]\w*:(\s|$)", following):
                break
    if not opened:
        return None
    number, column, char = opened[-1]
    line = lines[number - 1]
    closing = "]" if char == "[" else "}"
    help = f"write {line.strip()}{closing}" if len(opened) == 1 else f"write '{closing}' at its end"
    return Problem(f"this '{char}' is not closed", Place(source, number, column, line), help)
