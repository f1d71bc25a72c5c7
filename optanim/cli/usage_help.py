"""Help for words of a command line that are no option and no command."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from optanim.errors import nearest
from optanim.schema.habits import KEYS

CONFIG_SUFFIXES = (".yaml", ".yml")

COMMAND_HABITS = {
    **dict.fromkeys(("run", "draw", "make", "plot", "build", "animate"), "render"),
    **dict.fromkeys(("new", "create", "start"), "init"),
    **dict.fromkeys(("validate", "lint", "test"), "check"),
    **dict.fromkeys(("serve", "preview"), "watch"),
    **dict.fromkeys(("grid", "matrix"), "sweep"),
    **dict.fromkeys(("info", "describe", "explain"), "show"),
    "help": "--help",
    "version": "--version",
}
"""What other programs call the commands."""


def help_for_option(name: str, arguments: Sequence[str], options: Collection[str]) -> str:
    """What to write in place of an option that does not exist; "" if that is not known.

    Args:
        name: the option as it was written, e.g. `--lr`.
        arguments: all arguments of the command; the next one may be the value.
        options: the options of the command.
    """
    if near := nearest(name, [option for option in options if option.startswith("--")]):
        return f"did you mean '{near}'?"
    if name in ("-x", "--matrix"):
        return "'optanim sweep' has -x: optanim sweep c.yaml -x optimizer.lr=0.1,0.2"
    path = _path_of_key(name.lstrip("-"))
    if not path or "--set" not in options:
        return f"options: {', '.join(sorted(options))}"
    value = _value(name, arguments)
    return f"a key of the config is set by --set: --set {path}={value}"


def _path_of_key(word: str) -> str:
    """The path of a key, as `--set` has it; "" if no config has the key."""
    from optanim.schema.key_index import key_homes

    key, plain = word.replace("-", "_"), re.sub(r"[\W_]", "", word).casefold()
    if homes := key_homes().get(key):
        return ".".join((*homes[0].path, key))
    return KEYS.get(plain, "")


def _value(name: str, arguments: Sequence[str]) -> str:
    """The value that follows an option; `…` if there is none."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        option, equals, value = argument.partition("=")
        if option == name:
            value = value if equals else following
            break
    else:
        value = ""
    is_value = value and not value.startswith("--") and not value.endswith(CONFIG_SUFFIXES)
    return value if is_value else "…"


def help_for_command(word: str, commands: Collection[str]) -> str:
    """What to write in place of a command that does not exist; "" if that is not known."""
    if word.endswith(CONFIG_SUFFIXES) or (Path(word).is_dir() and word not in commands):
        what = "folder" if Path(word).is_dir() else "config"
        return f"'{word}' is a {what}, not a command: optanim render {word}"
    near = nearest(word, commands)
    meant = near or COMMAND_HABITS.get(word.casefold(), "")
    question = f"did you mean '{meant}'? " if meant else ""
    return f"there is no command '{word}'; {question}commands: {', '.join(commands)}"
