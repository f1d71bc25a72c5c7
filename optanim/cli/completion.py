"""Shell completion of names, config files, and the keys and values of `--set`.

The shells evaluate what is offered: zsh at the tab key, bash at Enter. So only words of safe
characters are offered. Where none is left, the shell completes files itself, and quotes them.

Modules are imported when they are needed: the shell starts a process at each press of the tab key.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optanim.pipeline.atomic_file import CONFIG_SUFFIXES

if TYPE_CHECKING:
    from optanim.schema.choice import Choice
    from optanim.schema.option import Option
    from optanim.schema.validation import Section

Completer = Callable[[str], list[str]]
"""Returns the completions of an incomplete word."""

Key = tuple[str, tuple[list[str], str]]
"""A key of a config with dots between its segments, then its possible words and its default."""


_PUNCTUATION = frozenset("_.-+,=@%/")

_BRACKETS = re.compile(r"\[\d+\]|\{\}|(?<==)\^$")
"""What our own keys and values have beside: `optimizers[1]`, `params={}`, `marker=^`."""


def is_safe(word: str) -> bool:
    """Whether no shell finds in a word anything but text: no quote, blank, glob or expansion."""
    if not word.isascii() and (sys.stdout.encoding or "").lower() != "utf-8":
        return False  # In some codings, a byte of a letter is a backslash.
    # An option, a home folder, the path of a program.
    return not word.startswith(("-", "~", "=")) and all(
        char in _PUNCTUATION or unicodedata.category(char)[0] in "LMN" for char in word
    )


def plain_help(text: str) -> str:
    """A help text without what zsh evaluates and what rich takes as markup."""
    return "".join(char for char in text if char.isprintable() and char not in "\\$`\"'[]")


def one_of(words: Callable[[], Iterable[str]]) -> Completer:
    """Completes one of several words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words() if word.startswith(incomplete) and is_safe(word)]

    return complete


def comma_list_of(kind: str) -> Completer:
    """Completes the last name of a list such as `gd,adam` of entries of a catalogue; or `all`."""

    def complete(incomplete: str) -> list[str]:
        head, comma, tail = incomplete.rpartition(",")
        everything = [] if comma else one_of(lambda: ["all"])(incomplete)
        names = [head + comma + name for name in entry_of(kind)(tail)]
        return everything + [name for name in names if is_safe(name)]

    return complete


def entry_of(*kinds: str) -> Completer:
    """Completes the name of an entry of these catalogues."""

    def complete(incomplete: str) -> list[str]:
        from optanim.schema.catalogue import catalogue

        entries = [catalogue(kind) for kind in kinds]
        # Those of a package only behind its dot: to list them imports the package.
        names = [name for of_kind in entries for name in (*of_kind, *of_kind.provided(incomplete))]
        return one_of(lambda: names)(incomplete)

    return complete


def config_files(incomplete: str) -> list[str]:
    """Config files and folders of safe names; if there is only one folder, also the files in it."""
    paths = _paths(incomplete)
    # With a second word, the shell does not end the argument after the folder.
    return paths + _paths(paths[0]) if len(paths) == 1 and paths[0].endswith("/") else paths


def _paths(incomplete: str) -> list[str]:
    head, slash, tail = incomplete.rpartition("/")
    try:
        names = sorted(path.name for path in Path(head + slash or ".").iterdir())
    except OSError:
        return []
    names = [name for name in names if name.startswith(tail) and (tail or not name.startswith("."))]
    paths = [path for name in names if is_safe(path := head + slash + name)]
    # Unlike those of Path, these two raise no error where the folder cannot be searched.
    is_file, is_folder = os.path.isfile, os.path.isdir
    files = [path for path in paths if path.endswith(CONFIG_SUFFIXES) and is_file(path)]
    return files + [f"{path}/" for path in paths if is_folder(path)]


def assignments(incomplete: str) -> list[str]:
    """`KEY=VALUE` for `--set`: a key up to its next dot, or the values of a key.

    The options of an entry are completed if the config on the command line uses the entry.
    """
    return [word for word in _assignments(incomplete) if is_safe(_BRACKETS.sub("", word))]


def _assignments(incomplete: str) -> list[str]:
    keys = dict(_keys(_config_values()))
    if key := os.environ.get(_KEY):
        words, _ = keys.get(key, ([], ""))
        return [word for word in words if word.startswith(incomplete)]
    key, equals, value = incomplete.partition("=")
    if equals:
        words, _ = keys.get(key, ([], ""))
        return [f"{key}={word}" for word in words if word.startswith(value)]
    matches = [name for name in keys if name.startswith(key)]
    if len(matches) != 1:
        return _up_to_next_dot(matches, len(key))
    # With a second word, the shell does not end the argument after the key.
    words, default = keys[matches[0]]
    return [f"{matches[0]}={word}" for word in ("", *(words or [default]))]


def _up_to_next_dot(keys: list[str], start: int) -> list[str]:
    """Keys, each cut after its first dot from `start` on; whole keys if all are cut to the same."""
    cut = dict.fromkeys(
        f"{key}=" if (dot := key.find(".", start)) < 0 else key[: dot + 1] for key in keys
    )
    return [*cut] if len(cut) > 1 else [f"{key}=" for key in keys]


def _config_values() -> Any:
    """The values of the first config on the command line; None if no config can be read."""
    import shlex

    from optanim.config.extends import merge_bases
    from optanim.config.source import read_config
    from optanim.config.yaml_nodes import parse_yaml
    from optanim.files import is_stream

    # Typer parses no command line that ends in an option without its value.
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    try:
        words = shlex.split(line)
    except ValueError:  # a quote is still open
        words = line.split()
    files = [word for word in words if word.endswith(CONFIG_SUFFIXES) and not is_stream(word)]
    file = Path(files[0]) if files else Path()
    try:
        root, _ = merge_bases(parse_yaml(read_config(file), str(file)), {str(file): file.parent})
        return root.plain() if isinstance(root.value, dict) else None
    except Exception:  # Nothing may be printed into the line that somebody types.
        return None


def _keys(values: Any) -> Iterator[Key]:
    """Every key that can be set in a config with these values."""
    from optanim.schema.document import Document
    from optanim.schema.validation import options_of

    yield from _keys_of(options_of(Document), "", values)


def _keys_of(
    options: Mapping[str, Option], prefix: str, values: Any, kinds: tuple[str, ...] = ()
) -> Iterator[Key]:
    """The keys of these options and of what is inside them.

    Args:
        options: of a section or an entry.
        prefix: the path before each key.
        values: what the config has here; None without a config.
        kinds: of the entries around. Without a config, none is passed twice: an optimizer can have
            another one inside.
    """
    from dataclasses import is_dataclass

    from optanim.config.json_schema.descriptions import default_of
    from optanim.config.json_schema.types import schema_of
    from optanim.schema.catalogue import catalogue
    from optanim.schema.validation import Section, options_of

    for option in options.values():
        key = f"{prefix}{option.name}"
        value = values.get(option.name, {}) if isinstance(values, dict) else values
        if is_dataclass(option.type):
            inner = options_of(option.type)  # type: ignore[arg-type]
            yield from _keys_of(inner, f"{key}.", value, kinds)
            continue
        choices: list[tuple[Choice | Section, bool]] = []

        def add_choice(choice: Choice | Section, listed: bool, to: Any = choices) -> dict[str, Any]:
            to.append((choice, listed))
            # A list is no single word. And an entry of a format is slow to import.
            if listed or isinstance(choice, Section):
                return {}
            return {"enum": [e.name for e in catalogue(choice.kind).values() if not e.lead]}

        words = _enum_words(schema_of(option.type, add_choice))
        yield key, (words, _as_text(default_of(option)))
        for choice, listed in choices:
            items = enumerate(value) if isinstance(value, list) else ()
            chosen = [(f"{key}[{i}]", item) for i, item in items] if listed else [(key, value)]
            for place, item in chosen:
                kind = getattr(choice, "kind", "")
                if item is not None or not kind or kind not in kinds:
                    inner = _entry_options(choice, item)
                    yield from _keys_of(inner, f"{place}.", item, (*kinds, kind))


def _entry_options(choice: Choice | Section, value: Any) -> dict[str, Option]:
    """The options of the entry that a value names; of all entries if there is no config."""
    from optanim.schema.catalogue import catalogue
    from optanim.schema.validation import Section, options_of

    if isinstance(choice, Section):
        return dict(options_of(choice.keys))
    entries = catalogue(choice.kind)
    name = value.get("name") if isinstance(value, dict) else value
    if name is None and value:
        name = next((entry.name for entry in entries.values() if entry.lead in value), None)
    chosen = [entries[name]] if isinstance(name, str) and name in entries else []
    chosen = [*entries.values()] if value is None else chosen
    options = {key: option for entry in chosen for key, option in entry.options.items()}
    return options | dict(options_of(choice.beside) if choice.beside and chosen else {})


def _enum_words(schema: Mapping[str, Any]) -> list[str]:
    """The words that a JSON Schema allows by name."""
    if schema.get("type") == "boolean":
        return ["true", "false"]
    parts = [word for part in schema.get("anyOf", ()) for word in _enum_words(part)]
    return [*map(str, schema.get("enum", ())), *parts]


def _as_text(value: Any) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value)


_KEY = "_OPTANIM_KEY"
"""The environment variable with the key before `=`, if bash has split it from its value."""


ZSH_FIRST_TAB = """
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  %(complete_func)s "$@"
fi
"""
"""The end of the script for zsh. The first tab of a session loads the script from a folder; without
these lines it would define the function that completes, and complete nothing."""


def complete_at_first_tab() -> None:
    """Let the script that Typer writes for zsh complete at the first tab of a session, too."""
    try:
        from typer._completion_classes import ZshComplete
        from typer._completion_shared import _completion_scripts as scripts
    except ImportError:  # private names, which another version may not have
        return
    if ZSH_FIRST_TAB not in scripts.get("zsh", ZSH_FIRST_TAB):
        scripts["zsh"] += ZSH_FIRST_TAB
        ZshComplete.source_template = scripts["zsh"]


def rejoin(environ: MutableMapping[str, str]) -> None:
    """Undo the splitting of words at `=` that bash does to `--set figure.theme=da`.

    Bash replaces only the part after `=`, so the value is completed alone, and the key is kept in
    the environment. An option such as `--format=js` becomes an option and its value.
    """
    words = environ.get("COMP_WORDS", "").split("\n")
    index = int(environ.get("COMP_CWORD") or 0)
    typed = words[index] if index < len(words) else ""
    before = words[:index] if typed == "=" else words[: index - 1]
    split = "=" in words[index - 1 : index + 1]
    if environ.get("_OPTANIM_COMPLETE") != "complete_bash" or not split:
        return
    if len(before) > 1 and not before[-1].startswith("-"):
        environ[_KEY] = before.pop()
    joined = [*(word for word in before if word != "="), typed.removeprefix("=")]
    environ.update(COMP_WORDS="\n".join(joined), COMP_CWORD=str(len(joined) - 1))
