"""YAML as nodes with their places in the file.

PyYAML parses the structure. Scalars are resolved here by the rules of YAML 1.2, so that `1e-3` is a
number, and `on` and `16:9` are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from math import inf, nan
from typing import Any

import yaml

from optanim.config.yaml_slips import slips, unclosed_bracket, wrong_spaces
from optanim.errors import ConfigError, Place, Problem
from optanim.files import CONFIG

KeyPath = tuple[str | int, ...]
"""The keys and indices from the top of a config to a value."""

MAX_DEPTH, MAX_NODES, MAX_DIGITS = 32, 20_000, 400

TOO_MANY = f"more than {MAX_NODES} values, aliases counted"
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"

NO_CHARACTER = "an escape from \\ud800 to \\udfff is no character"
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character in UTF-16: no file and no terminal takes it."""

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None}
_WORDS |= dict.fromkeys(("null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True)
_WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)
_WORDS |= {sign + form: -inf if sign == "-" else inf
           for sign in ("", "+", "-") for form in (".inf", ".Inf", ".INF")}  # fmt: skip
_WORDS |= dict.fromkeys((".nan", ".NaN", ".NAN"), nan)


@dataclass(frozen=True)
class YamlNode:
    """A value of a config and its place.

    Attributes:
        value: a scalar, a list of nodes, or a dict from key to node.
        place: place of the value.
        keys: places of the keys of a dict.
    """

    value: Any
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, path: KeyPath) -> YamlNode | None:
        """The node at a path; None if there is none."""
        node = self
        for step in path:
            steps: Any = dict(enumerate(node.value)) if isinstance(node.value, list) else node.value
            if not isinstance(steps, dict) or step not in steps:
                return None
            node = steps[step]
        return node

    def foreign_texts(self) -> set[str]:
        """The texts, keys among them, of files whose text no message may quote."""
        inner = self.value if isinstance(self.value, list) else []
        inner = list(self.value.values()) if isinstance(self.value, dict) else inner
        texts = {key for key, place in self.keys.items() if place.foreign}
        if self.place.foreign and isinstance(self.value, str):
            texts.add(self.value)
        return texts.union(*(node.foreign_texts() for node in inner))

    def find(
        self,
        path: KeyPath,
        *,
        key: bool = False,
        span: tuple[int, int] | None = None,
    ) -> Place:
        """The place of the value at a path, or of the last value on the way if it has none.

        Args:
            path: keys and indices.
            key: whether the place of the key is asked for.
            span: a part of a text at the path: the first character and the length.
        """
        if not path:
            return self._part(*span) if span else self.place
        step, rest = path[0], path[1:]
        if isinstance(self.value, dict) and step in self.value:
            if key and not rest:
                return self.keys[str(step)]
            return self.value[step].find(rest, key=key, span=span)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step].find(rest, key=key, span=span)
        return self.place

    def _part(self, start: int, length: int) -> Place:
        """The place of a part of a text; of the whole text if it is written with escapes."""
        place = self.place
        for quote in (0, 1):
            first = place.column - 1 + quote
            if place.text[first : first + place.length - 2 * quote] == self.value:
                return replace(place, column=first + 1 + start, length=max(1, length))
        return place

    def as_mapping(self) -> YamlNode:
        """The mapping that a name is short for: `{name: adam}` for `adam`."""
        return YamlNode({"name": self}, self.place, {"name": self.place})

    def without(self, *keys: str) -> YamlNode:
        """A copy of a mapping without some of its keys."""
        left_out = set(keys)
        nodes = {key: node for key, node in self.value.items() if key not in left_out}
        return replace(self, value=nodes, keys={k: p for k, p in self.keys.items() if k in nodes})

    def with_value(self, path: KeyPath, node: YamlNode, place: Place) -> YamlNode:
        """A copy with another node at a path; missing mappings on the path are created.

        Args:
            path: keys and indices.
            node: the new node.
            place: place of new keys and mappings.

        Raises:
            KeyError: the path leads into a scalar, or a list has no such item.
        """
        if not path:
            return node
        step, rest = path[0], path[1:]
        if isinstance(self.value, list):
            if not isinstance(step, int) or step >= len(self.value):
                raise KeyError(step)
            items = list(self.value)
            items[step] = items[step].with_value(rest, node, place)
            return replace(self, value=items)
        if not isinstance(step, str):
            raise KeyError(step)
        if isinstance(self.value, str) and rest == ():
            return self.as_mapping().with_value(path, node, place)
        nodes = {} if self.value is None else self.value
        if not isinstance(nodes, dict):
            raise KeyError(step)
        inner = nodes.get(step, YamlNode(None, place)).with_value(rest, node, place)
        keys = self.keys if step in self.keys else {**self.keys, step: place}
        return YamlNode({**nodes, step: inner}, self.place, keys)


def parse_yaml(
    text: str, source: str, lines: list[str] | None = None, *, foreign: bool = False
) -> YamlNode:
    """The nodes of one YAML document.

    Args:
        text: the document.
        source: its name in messages.
        lines: lines to show in messages, if the text is a part of them; by default those of the
            text, which is a whole config.
        foreign: whether no message may quote the text.

    Raises:
        ConfigError: the text is not YAML, exceeds a limit, or has a tag or a merge key.
    """
    try:
        return _nodes(text, source, lines, foreign)
    except ConfigError as error:
        if foreign:
            raise ConfigError([problem.without_text() for problem in error.problems]) from None
        raise


def _nodes(text: str, source: str, shown: list[str] | None, foreign: bool) -> YamlNode:
    """The nodes of `parse_yaml`."""
    lines, whole = shown or text.splitlines(), not shown
    if len(text) > CONFIG:
        raise ConfigError([Problem(f"is larger than {CONFIG // 10**6} MB", source)])
    try:
        root = yaml.compose(text, Loader=_BoundedLoader)
    except yaml.MarkedYAMLError as error:
        raise ConfigError(_syntax_problems(error, source, lines, whole)) from None
    except yaml.reader.ReaderError as error:
        index = text.find(chr(error.character)) if isinstance(error.character, int) else -1
        line = text.count("\n", 0, max(index, 0)) + 1
        message = f"a character that YAML does not allow: U+{ord(text[index]):04X}"
        raise ConfigError([Problem(message, Place(source, line, 1))]) from None
    except (ValueError, OverflowError):  # PyYAML calls chr() with what follows \U
        message = "an escape of a character that does not exist"
        raise ConfigError([Problem(message, source, "write the character itself")]) from None
    if root is None:
        help = "'optanim init' writes an example"
        raise ConfigError([Problem("the config is empty", source, help)])
    if whole:
        is_word = isinstance(root, yaml.ScalarNode)
        if problems := slips(lines, None, source) if is_word else wrong_spaces(lines, source):
            raise ConfigError(problems)
    converter = _Converter(source, lines, foreign)
    node = converter.convert(root, ())
    if converter.problems:
        raise ConfigError(converter.problems)
    return node


class _TooLargeError(yaml.MarkedYAMLError):
    """A document with too many values or levels."""


class _BoundedLoader(yaml.SafeLoader):
    """Stops at the limits: of a document beyond them, PyYAML would make nodes for many seconds."""

    count = depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.count += 1
        self.depth += 1
        if self.count > MAX_NODES or self.depth > MAX_DEPTH + 1:
            limit = TOO_MANY if self.count > MAX_NODES else TOO_DEEP
            raise _TooLargeError(problem=limit, problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Converter:
    """Converts nodes of PyYAML to `YamlNode`, within the limits."""

    def __init__(self, source: str, lines: list[str], foreign: bool) -> None:
        self.source, self.lines, self.foreign = source, lines, foreign
        self.problems, self.count = list[Problem](), 0

    def convert(self, node: yaml.Node, ancestors: tuple[int, ...]) -> YamlNode:
        place = self._place_of(node)
        self.count += 1
        if self.count > MAX_NODES:
            raise ConfigError([Problem(TOO_MANY, place)])
        if len(ancestors) >= MAX_DEPTH:
            raise ConfigError([Problem(TOO_DEEP, place)])
        if id(node) in ancestors:
            raise ConfigError([Problem("an alias that contains itself", place)])
        ancestors = (*ancestors, id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place, ancestors)
        if isinstance(node, yaml.SequenceNode):
            self._tag(node, "tag:yaml.org,2002:seq", place)
            return YamlNode([self.convert(item, ancestors) for item in node.value], place)
        assert isinstance(node, yaml.ScalarNode)
        return YamlNode(self._scalar(node, place), place)

    def _place_of(self, node: yaml.Node) -> Place:
        place = _place(self.source, self.lines, node.start_mark, node.end_mark)
        return replace(place, foreign=True) if self.foreign else place

    def _mapping(
        self, node: yaml.MappingNode, place: Place, ancestors: tuple[int, ...]
    ) -> YamlNode:
        self._tag(node, "tag:yaml.org,2002:map", place)
        nodes, keys = dict[str, YamlNode](), dict[str, Place]()
        for key_node, value_node in node.value:
            key_place = self._place_of(key_node)
            key = key_node.value
            if isinstance(key, str) and _SURROGATE.search(key):
                self.problems.append(Problem(NO_CHARACTER, key_place))
            elif not isinstance(key_node, yaml.ScalarNode):
                help = "quote a value that begins with '{' or '['"
                self.problems.append(Problem("a key must be a word", key_place, help))
            elif key == "<<" and key_node.style is None:
                message, help = "merge keys '<<' are not supported", "repeat the keys"
                self.problems.append(Problem(message, key_place, help))
            elif key in nodes:
                message = f"'{key}' is set twice; first on line {keys[key].line}"
                self.problems.append(Problem(message, key_place, "remove one of the two lines"))
            else:
                nodes[key], keys[key] = self.convert(value_node, ancestors), key_place
        return YamlNode(nodes, place, keys)

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        # PyYAML gives plain scalars tags of its own; only a tag in the text is a problem.
        if node.style is not None:
            self._tag(node, "tag:yaml.org,2002:str", place)
            if _SURROGATE.search(node.value):
                self.problems.append(Problem(NO_CHARACTER, place))
                return None
            return node.value
        if place.text[place.column - 1 : place.column] == "!":
            self._tag(node, "", place)
        text = node.value
        if text in _WORDS:
            return _WORDS[text]
        if len(text) > MAX_DIGITS and (_INT.fullmatch(text) or _FLOAT.fullmatch(text)):
            self.problems.append(Problem(f"a number of more than {MAX_DIGITS} digits", place))
            return None
        if _INT.fullmatch(text):
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        return float(text) if _FLOAT.fullmatch(text) else text

    def _tag(self, node: yaml.Node, default: str, place: Place) -> None:
        if node.tag != default:
            help = "quote a value that begins with '!'"
            self.problems.append(Problem("YAML tags are not supported", place, help))


def _place(source: str, lines: list[str], start: Any, end: Any) -> Place:
    text = lines[start.line] if start.line < len(lines) else ""
    length = (end.column if end.line == start.line else len(text)) - start.column
    return Place(source, start.line + 1, start.column + 1, text, max(1, length))


def _syntax_problems(
    error: yaml.MarkedYAMLError, source: str, lines: list[str], whole: bool
) -> list[Problem]:
    """A syntax error of PyYAML as the slips that explain it, or with a line of help."""
    mark = error.problem_mark or error.context_mark
    if whole and mark is not None and not isinstance(error, _TooLargeError):
        at = min(mark.line, len(lines) - 1)
        if problems := slips(lines, at, source):
            return problems
        if (problem := unclosed_bracket(lines, source, at)) is not None:
            return [problem]
    return [_syntax_problem(error, source, lines)]


def _syntax_problem(error: yaml.MarkedYAMLError, source: str, lines: list[str]) -> Problem:
    """A syntax error of PyYAML, with a line of help for common mistakes."""
    mark = error.problem_mark or error.context_mark
    message = (error.problem or error.context or "not YAML").replace("'", '"')
    help = ""
    if mark is None or isinstance(error, _TooLargeError):
        return Problem(message, _place(source, lines, mark, mark) if mark else source)
    place = _place(source, lines, mark, mark)
    if "mapping values are not allowed" in message:
        help = "quote the value: it contains ': '"
    elif "undefined alias" in message:
        help = "quote a value that begins with '*'"
    elif "cannot start any token" in message or "chomping" in message:
        help = "quote a value that begins with '|', '%', '@' or '`'"
    elif "could not determine a constructor" in message or "found unknown escape" in message:
        message = "a backslash in double quotes begins an escape"
        help = "write TeX in single quotes: '$\\lambda$'"
    elif "another document" in message:
        message, help = "a second document begins here", "one file is one figure"
    elif any(re.search(r"[:,] *#", text) for text in lines[max(0, mark.line - 1) : mark.line + 1]):
        help = "quote a color: '#' begins a comment"
    elif "did not find expected" in message or "expected <block end>" in message:
        help = "check brackets, quotes and indentation; quote a value that begins with '{' or '['"
    return Problem(message, place, help)
