"""What a shell can complete: names, config files, and the keys and values of `--set`.

Nothing is imported before it is asked for: a shell asks at every press of the tab key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optanim.pipeline.atomic_file import SUFFIXES

if TYPE_CHECKING:
    from optanim.schema.choice import Choice
    from optanim.schema.option import Option

Completer = Callable[[str], list[str]]

Known = tuple[str, tuple[list[str], str]]


def among(known: Callable[[], Iterable[str]]) -> Completer:
    """Completes one of some words."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in known() if word.startswith(incomplete)]

    return complete


def several(kind: str) -> Completer:
    """Completes the last of some entries of a catalogue with commas between; or `all`."""

    def complete(incomplete: str) -> list[str]:
        head, comma, tail = incomplete.rpartition(",")
        whole = [] if comma else among(lambda: ["all"])(incomplete)
        return whole + [head + comma + name for name in entries(kind)(tail)]

    return complete


def entries(*kinds: str) -> Completer:
    """Completes the name of an entry of these catalogues."""

    def names() -> Iterator[str]:
        from optanim.schema.catalogue import catalogue

        for kind in kinds:
            yield from catalogue(kind)

    return among(names)


def configs(incomplete: str) -> list[str]:
    """Config files, and folders; a folder that is the only one with what is in it."""
    found = _files(incomplete)
    # A second word keeps the shell from ending the argument at the folder.
    return found + _files(found[0]) if len(found) == 1 and found[0].endswith("/") else found


def _files(incomplete: str) -> list[str]:
    head, slash, tail = incomplete.rpartition("/")
    try:
        inside = sorted(Path(head + slash or ".").iterdir())
    except OSError:
        return []
    seen = [p for p in inside if p.name.startswith(tail) and (tail or not p.name.startswith("."))]
    folders = [f"{head}{slash}{path.name}/" for path in seen if path.is_dir()]
    return [
        f"{head}{slash}{p.name}" for p in seen if p.suffix in SUFFIXES and p.is_file()
    ] + folders


def assignments(incomplete: str) -> list[str]:
    """`KEY=VALUE` for `--set`: the keys by their segments, the values of a key.

    The config on the command line says which entries have options to set.
    """
    known = dict(_keys(_said()))
    if key := os.environ.get(_KEY):
        words, _ = known.get(key, ([], ""))
        return [word for word in words if word.startswith(incomplete)]
    key, equals, typed = incomplete.partition("=")
    if equals:
        words, _ = known.get(key, ([], ""))
        return [f"{key}={word}" for word in words if word.startswith(typed)]
    keys = [path for path in known if path.startswith(key)]
    if len(keys) != 1:
        return _segments(keys, key)
    # A second word keeps the shell from ending the argument at the key.
    words, default = known[keys[0]]
    return [f"{keys[0]}={word}" for word in ("", *(words or [default]))]


def _segments(keys: list[str], typed: str) -> list[str]:
    """Keys up to their next dot; all of them where that is the same one."""
    heads = dict.fromkeys(_head(key, len(typed)) for key in keys)
    return [*heads] if len(heads) > 1 else [f"{key}=" for key in keys]


def _head(key: str, start: int) -> str:
    dot = key.find(".", start)
    return f"{key}=" if dot < 0 else key[: dot + 1]


def _said() -> Any:
    """What the first config on the command line says; None if there is none that can be read."""
    import shlex

    from optanim.config.extends import extended
    from optanim.config.source import text_of
    from optanim.config.yaml_nodes import parse
    from optanim.errors import ConfigError

    # Not from Typer, which reads nothing of a line that ends in an option without its value.
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    try:
        words = shlex.split(line)
    except ValueError:  # a quote that is still open
        words = line.split()
    file = next((Path(word) for word in words if word.endswith(SUFFIXES)), Path())
    try:
        root, _ = extended(parse(text_of(file), str(file)), {str(file): file.parent})
    except ConfigError:
        return None
    return root.plain() if isinstance(root.value, dict) else None


def _keys(said: Any) -> Iterator[Known]:
    """Every key that can be set in a config, with the words it may have, and its default."""
    from optanim.schema.document import Document
    from optanim.schema.validation import options_of

    yield from _options(options_of(Document), "", said)


def _options(options: Mapping[str, Option], at: str, said: Any) -> Iterator[Known]:
    from dataclasses import is_dataclass

    from optanim.config.json_schema.descriptions import default_of
    from optanim.config.json_schema.types import schema_of
    from optanim.schema.catalogue import catalogue
    from optanim.schema.validation import options_of

    for option in options.values():
        path = f"{at}{option.name}"
        value = said.get(option.name, {}) if isinstance(said, dict) else said
        if is_dataclass(option.type):
            yield from _options(options_of(option.type), f"{path}.", value)  # type: ignore[arg-type]
            continue
        choices: list[tuple[Choice, bool]] = []

        def chooses(choice: Choice, listed: bool, to: Any = choices) -> dict[str, Any]:
            to.append((choice, listed))
            if listed:  # a list has no word; and to look at a format is to import it
                return {}
            return {"enum": [e.name for e in catalogue(choice.kind).values() if not e.lead]}

        words = _words(schema_of(option.type, chooses))
        yield path, (words, _spelled(default_of(option)))
        for choice, listed in choices:
            items = enumerate(value) if isinstance(value, list) else ()
            stands = [(f"{path}[{i}]", item) for i, item in items] if listed else [(path, value)]
            for place, item in stands:
                yield from _options(_open(choice, item), f"{place}.", item)


def _open(choice: Choice, said: Any) -> dict[str, Option]:
    """The options of the entry that a config says; those of all where there is no config."""
    from optanim.schema.catalogue import catalogue
    from optanim.schema.validation import options_of

    known = catalogue(choice.kind)
    name = said.get("name") if isinstance(said, dict) else said
    if name is None and said:
        name = next((entry.name for entry in known.values() if entry.lead in said), None)
    chosen = [known[name]] if isinstance(name, str) and name in known else []
    chosen = [*known.values()] if said is None else chosen
    found = {key: option for entry in chosen for key, option in entry.options.items()}
    return found | (options_of(choice.beside) if choice.beside and chosen else {})


def _words(schema: Mapping[str, Any]) -> list[str]:
    """The words that a schema knows by name."""
    if schema.get("type") == "boolean":
        return ["true", "false"]
    parts = [word for part in schema.get("anyOf", ()) for word in _words(part)]
    return [*map(str, schema.get("enum", ())), *parts]


def _spelled(value: Any) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value)


_KEY = "_OPTANIM_KEY"


def rejoin(environ: MutableMapping[str, str]) -> None:
    """Undo what bash does to `--set figure.theme=da`: it splits the words at `=`.

    What stands behind it is all that bash replaces, so it is completed by itself: the key is
    remembered elsewhere, and an option such as `--format=js` is one with a value.
    """
    words = environ.get("COMP_WORDS", "").split("\n")
    here = int(environ.get("COMP_CWORD") or 0)
    typed = words[here] if here < len(words) else ""
    before = words[:here] if typed == "=" else words[: here - 1]
    if environ.get("_OPTANIM_COMPLETE") != "complete_bash" or "=" not in words[here - 1 : here + 1]:
        return
    if len(before) > 1 and not before[-1].startswith("-"):
        environ[_KEY] = before.pop()
    kept = [*(word for word in before if word != "="), typed.removeprefix("=")]
    environ.update(COMP_WORDS="\n".join(kept), COMP_CWORD=str(len(kept) - 1))
