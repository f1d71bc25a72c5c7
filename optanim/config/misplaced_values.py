"""Values in the wrong place: behind a comma, in place of a section, beside the rate."""

from __future__ import annotations

from typing import Any

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.schema.catalogue import catalogue
from optanim.schema.habits import WORDS
from optanim.schema.key_index import key_homes
from optanim.schema.messages import NO_NAME
from optanim.schema.readings import flow, is_number, number_in, readings


def value_before_comma(path: KeyPath, root: YamlNode) -> tuple[str, int | float] | None:
    """The key whose number a comma has cut, and the whole number.

    `{lr: 0,1}` has the number 0 and a key `1`.

    Args:
        path: the path of an unknown key.
        root: nodes of the config.

    Returns:
        None if the key is no part of a number.
    """
    mapping, key = root.get(path[:-1]), str(path[-1])
    if mapping is None or not isinstance(mapping.value, dict) or not key.strip().isdigit():
        return None
    keys = list(mapping.value)
    if key not in keys[1:]:
        return None
    before = keys[keys.index(key) - 1]
    whole = mapping.value[before].value
    if type(whole) is not int or mapping.value[key].value is not None:
        return None
    number = number_in(f"{whole},{key.strip()}")
    return None if number is None else (before, number)


def help_for_schedule(path: KeyPath, root: YamlNode) -> str:
    """The help for a key of a schedule beside the rate, whose value it is.

    Args:
        path: the path of the key.
        root: nodes of the config.
    """
    node, rate = root.get(path), root.get((*path[:-1], "lr"))
    value = node.plain() if node else None
    names = [word for word in (value, *readings(value))
             if isinstance(word, str) and word in catalogue("schedules")]  # fmt: skip
    start = rate.value if rate and is_number(rate.value) else 0.1
    text = f"lr: {flow({'name': (names or ['cosine'])[0], 'start': start})}"
    return f"a schedule is a value of lr: write {text}" + (" in place of both" if rate else "")


def other_key_for(section: KeyPath, value: Any) -> str:
    """The help for a word in place of a section, if it is a value of a key at the top.

    It is "" if the word is a value of a key of the section.
    """
    own = [key for key, homes in key_homes().items() for home in homes
           if home.path == section and home.accepts(key, value)
           and not home.accepts(key, NO_NAME)]  # fmt: skip
    for key, homes in key_homes().items() if not own else ():
        home = homes[0]
        if home.path or home.kind or home.accepts(key, NO_NAME) or not isinstance(value, str):
            continue
        for reading in (value, *WORDS.get(value.casefold(), ())):
            for meant in (reading, [reading]):
                if isinstance(reading, str) and home.accepts(key, meant):
                    return f"{flow(reading)} is a value of {key}: write {key}: {flow(meant)}"
    return ""
