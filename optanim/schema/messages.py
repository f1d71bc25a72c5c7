"""The messages of pydantic in the words of optanim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from optanim.errors import MAX_PROBLEMS, did_you_mean, nearest, quoted
from optanim.schema.habits import KEYS, REMARKS
from optanim.schema.option import Drawn, Example, NumberOf, Option, mark_of, rule_in_words
from optanim.schema.readings import flow, is_number, is_plain_number, lookalike, readings

if TYPE_CHECKING:
    from pydantic import ValidationError

NO_NAME = "a text that is no name"
"""What only an option of any text accepts."""

MAX_SUGGESTION = 80
"""Number of characters of a suggested line; a longer one has the wrong part alone."""

MAX_KEYS = 6
"""Number of keys of a section that the help for a value of another shape names."""

SHAPES = (
    "list_type", "tuple_type", "too_long", "too_short", "float_type", "int_type", "model_type"
)  # fmt: skip
"""Types of errors for which the help repeats the rule of the option, if nothing else is known."""

RULES = {
    "greater_than": "must be greater than {gt:.12g}",
    "greater_than_equal": "must be at least {ge:.12g}",
    "less_than": "must be less than {lt:.12g}",
    "less_than_equal": "must be at most {le:.12g}",
    "finite_number": "must be a finite number",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "string_too_long": "must have at most {max_length} characters",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping of its keys",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "literal_error": "must be {expected}",
}
"""The rule for each type of pydantic's errors, as a template of the context of the error."""


ErrorPaths = Callable[[str, Any], list[tuple[str | int, ...]]]
"""The paths of the errors of an option, whose name is given, with a value."""


def reword(
    error: ValidationError, what: str, options: Mapping[str, Option], data: Any, errors: ErrorPaths
) -> ValidationError:
    """The same errors at the same paths, with complete messages.

    The context of each error has `message` and `help`; `named` is true if the path is to be put
    before the message, and `key` if the key is wrong, and not its value. If the value is a list of
    values that are each allowed, `sweep` is that list. An unknown key has the allowed ones as
    `known`.

    Args:
        error: raised by pydantic.
        what: name of the entry that has the keys, "" for a section of the config.
        options: the allowed keys.
        data: the mapping with the error.
        errors: tries a value that may be meant.
    """
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    details: list[InitErrorDetails] = []
    for item in _merged([dict(item) for item in error.errors(include_url=False)], options, data,
                        errors):  # fmt: skip
        option = options.get(str(item["loc"][-1])) if item["loc"] else None
        # More problems are not shown, and each search for a near word takes a millisecond.
        near = list(options) if len(details) < MAX_PROBLEMS else []
        kind, context = _reworded(item, what, list(options), near, option)
        if "suggestion" in item:
            context["help"] = item["suggestion"]
        if "sweep" in item:
            context["sweep"] = item["sweep"]
        context["reworded"] = True
        # The message is a value of the template, as it can contain braces.
        custom = PydanticCustomError(kind, "{message}", context)
        details.append(InitErrorDetails(type=custom, loc=item["loc"], input=item["input"]))
    return ValidationError.from_exception_data(error.title, details)


def _merged(
    items: list[dict[str, Any]], options: Mapping[str, Option], data: Any, errors: ErrorPaths
) -> Iterator[dict[str, Any]]:
    """The errors, those of an option together if one slip explains them, with what to write."""
    done = set[str]()
    by_name: dict[Any, list[dict[str, Any]]] = {}
    for item in items:
        by_name.setdefault(item["loc"][0] if item["loc"] else "", []).append(item)
    for item in items:
        name = item["loc"][0] if item["loc"] else ""
        own = by_name[name] if item["loc"] else []
        inner = [other for other in own if "reworded" in (other.get("ctx") or {})]
        is_whole = not any(len(other["loc"]) > 1 for other in inner)
        if name not in options or name not in data or not is_whole or item["type"] == "missing":
            yield item
        elif name not in done:
            done.add(name)
            yield from _suggested(own, options[name], options, data, errors)


def _suggested(
    items: list[dict[str, Any]], option: Option, options: Mapping[str, Option],
    data: Mapping[str, Any], errors: ErrorPaths,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The errors of one option, with what to write where that is known."""
    name, value = option.name, data[option.name]
    if any(item["type"] in ("formula", "path") for item in items) and not isinstance(value, dict):
        yield from items  # these have said what to write, and a path may be any text
        return
    if value is None:
        yield {**items[0], "suggestion": _help_for_nothing(option)}
        return
    for other in options if isinstance(value, list) else ():
        alike = other.startswith(name) or name.startswith(other)
        if other != name and alike and not errors(other, value):
            yield {**items[0], "suggestion": f"write {other}: {flow(value)}"}
            return
    for reading in (*_readings_for(option, value, errors), *readings(value)):
        if errors(name, reading):
            continue
        if len(items) > 1:
            message = f"must be {_article(rule_in_words(option.type))}, got {quoted(value)}"
            context = {"message": message, "named": 1, "help": ""}
            items = [{"type": "rule", "loc": (name,), "input": value, "ctx": context}]
        item = _renamed(items[0], value, reading) or items[0]
        yield {**item, "suggestion": _to_write(option, value, reading)}
        return
    if [item["loc"] for item in items] == [(name,)] and _is_sweep(value, option, errors):
        yield {**items[0], "sweep": value}
        return
    first = value[0] if isinstance(value, list) and value else None
    if first is not None and not errors(name, first):
        yield {**items[0], "suggestion": f"write {name}: {flow(first)}"}
        return
    rule = f"{name}: {rule_in_words(option.type)}"
    for i, item in enumerate(items):
        # More problems are not shown, and each suggestion is tried with all of the value.
        suggestion = _suggestion_inside(item, name, value, errors) if i < MAX_PROBLEMS else {}
        bound = {k: v for k, v in (item.get("ctx") or {}).items() if k in ("ge", "le")}
        if not suggestion and len(item["loc"]) == 1 and bound:
            # A part of all that is written in percent.
            percent = bound == {"le": 1} and is_number(value) and value <= 100
            nearest_value = value / 100 if percent else next(iter(bound.values()))
            suggestion = {"suggestion": f"write {name}: {nearest_value:.12g}"}
        elif not suggestion and len(item["loc"]) == 1 and item["type"] in SHAPES:
            suggestion = {"suggestion": _keys_of(option) or rule}
        yield {**item, **suggestion}


def _keys_of(option: Option) -> str:
    """The keys of a section, for a value that is none; "" if the option is none."""
    names = [field.name for field in fields(option.type)] if is_dataclass(option.type) else []
    return f"keys of {option.name}: {', '.join(names)}" if names else ""


def _is_sweep(value: Any, option: Option, errors: ErrorPaths) -> bool:
    """Whether a value is a list of numbers or names, each of which an option of one can have."""
    if not isinstance(value, list) or len(value) < 2 or value[0] in value[1:]:
        return False
    is_word = any(isinstance(item, str) for item in value)
    free = is_word and not errors(option.name, NO_NAME)
    is_one = all(type(item) in (int, float, str) for item in value)
    return is_one and not free and not any(errors(option.name, item) for item in value)


def _readings_for(option: Option, value: Any, errors: ErrorPaths) -> Iterator[Any]:
    """The values that may be meant, where the kind of option tells it."""
    if isinstance(value, list) and value and mark_of(option.type, Drawn) is not None:
        yield " ".join(str(item) for item in value)
    if isinstance(value, dict):
        yield [value]
    if isinstance(value, str) and "\n" in value:
        yield " ".join(value.split())
    if isinstance(value, list) and value and mark_of(option.type, NumberOf) is not None:
        yield len(value)
    if is_dataclass(option.type) and isinstance(value, str | int | float):
        example = getattr(option.type, "example", {})
        suffix = Path(str(value)).suffix
        yield from (
            {**example, key: value} for key in example if Path(example[key]).suffix == suffix
        )
        # Of the keys that can have the value, those come first that other programs know as well.
        known = [path.partition(".")[2] for path in KEYS.values() if path.startswith(option.name)]
        keys = [field.name for field in fields(option.type)]
        keys = sorted(keys, key=lambda key: known.index(key) if key in known else len(known))
        yield from (
            {key: reading}
            for reading in (value, *readings(value))
            for key in keys
            if errors(option.name, {key: NO_NAME})
        )


def _renamed(item: dict[str, Any], value: Any, reading: Any) -> dict[str, Any] | None:
    """The error of an entry without a name that has it, or its option, under another key."""
    if item["type"] != "nameless" or not isinstance(reading, dict):
        return None
    for old, inner in value.items() if isinstance(value, dict) else ():
        for new in reading:
            if old not in reading and new not in value and inner == reading[new]:
                context = {"message": f"unknown key {quoted(old)}, it is called '{new}' here",
                           "help": "", "key": 1}  # fmt: skip
                return {**item, "loc": (*item["loc"], old), "ctx": context}
    return None


def _to_write(option: Option, value: Any, reading: Any) -> str:
    """The help for a value that has a reading, with what is hard to see in the two."""
    text = f"write {option.name}: {flow(reading)}"
    counted = mark_of(option.type, NumberOf)
    if counted and isinstance(value, list):
        return f"{option.name} is the number of {counted.things}, not their values: {text}"
    if sign := lookalike(value):
        return f"{text}; {sign}"
    named = isinstance(value, list) or str(value) in str(reading)
    if isinstance(reading, list) and not named and (others := _others(option, reading)):
        return f"{text}; others: {', '.join(others)}"
    if option.symbol == r"\eta" and is_number(value) and reading == -value:
        return f"{text}; to climb, add ascend: true"
    items = value if isinstance(value, list) else [value]
    found = reading if isinstance(reading, list) else [reading]
    quotes = any(isinstance(item, str) and is_plain_number(item) for item in items)
    if quotes and len(found) == len(items) and all(map(is_number, found)):
        return f"{text} without quotes"
    return text


def _others(option: Option, chosen: list[Any]) -> list[str]:
    """The words that a list may have besides those that are suggested."""
    items = getattr(option.type, "__origin__", option.type)
    words = [word for kind in get_args(items) for word in get_args(kind) if isinstance(word, str)]
    return [word for word in words if word not in chosen]


def _suggestion_inside(
    item: dict[str, Any], name: str, value: Any, errors: ErrorPaths
) -> dict[str, str]:
    """What to write in place of an item of a list, or of the value of a mapping."""
    path = item["loc"][1:]
    for reading in readings(item["input"]) if path else ():
        whole = _replaced(value, path, reading)
        if any(path[: len(other) - 1] == other[1:] or other[1:][: len(path)] == path
               for other in errors(name, whole)):  # fmt: skip
            continue
        text = f"{name}: {flow(whole)}"
        return {"suggestion": f"write {text if len(text) <= MAX_SUGGESTION else flow(reading)}"}
    return {}


def _replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A copy of a value with another part at a path; unchanged if there is no such part."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and step in value:
        return {**value, step: _replaced(value[step], rest, new)}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], _replaced(value[step], rest, new), *value[step + 1 :]]
    return value


def _article(words: str) -> str:
    return f"a {words}" if words.startswith(("list", "number", "formula")) else words


def _help_for_missing(option: Option | None) -> str:
    """What to write for an option that is missing."""
    for mark in getattr(option and option.type, "__metadata__", ()):
        if option and hasattr(mark, "names"):
            names = mark.names()
            return f"for example {option.name}: {names[0]}; {mark.kind}: {', '.join(names)}"
    if option and (example := example_of(option)):
        return f"for example {option.name}: {example}"
    return f"{option.name}: {rule_in_words(option.type)}" if option else ""


def _help_for_nothing(option: Option) -> str:
    """What to write for an option without a value."""
    help, default = "write a value behind the colon", option.default
    if is_dataclass(option.type):
        return f"write its keys below it, indented, or remove the line; {_keys_of(option)}"
    if isinstance(default, bool | int | float | str):
        shown = f"{default:g}" if isinstance(default, float) else flow(default)
        return f"{help}, or remove the line: {shown} is the default"
    return f"{help}, {_help_for_missing(option)}"


def example_of(option: Option) -> str:
    """A value of an option, as it is written in YAML; "" if its type names none."""
    mark = mark_of(option.type, Example)
    if mark:
        return mark.text
    return flow(option.type.example) if hasattr(option.type, "example") else ""


def _reworded(
    item: dict[str, Any], what: str, known: Sequence[str], near: Sequence[str],
    option: Option | None,
) -> tuple[Any, dict[str, Any]]:  # fmt: skip
    """The type and the context of one error.

    Args:
        item: the error.
        what: name of the entry that has the keys, "" for a section of the config.
        known: the allowed keys.
        near: those among which one that is near to an unknown key is searched.
        option: the option with the error.
    """
    kind, context, value = item["type"], dict(item.get("ctx") or {}), item["input"]
    if "message" in context:
        return kind, context  # an error of an inner section, which has its message
    if kind == "extra_forbidden":
        key = item["loc"][-1]
        noun = "options" if what else "keys"
        message = f"{what} has no option {quoted(key)}" if what else f"unknown key {quoted(key)}"
        help = did_you_mean(str(key), near, noun) or ("" if known else f"{what} has no options")
        return kind, {"message": message, "help": help, "key": 1, "known": known, "owner": what}
    if kind == "missing":
        return kind, {"message": "is missing", "named": 1, "help": _help_for_missing(option)}
    if kind not in RULES:
        return kind, {"message": item["msg"], "named": 1, "help": "", **context}
    rule, help = RULES[kind].format(**context).replace(" 1 items", " 1 item"), ""
    if kind == "literal_error":
        words = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        near = nearest(str(value), words)
        remark = REMARKS.get((option.name if option else "", str(value).casefold()), "")
        help = remark or (f"did you mean '{near}'?" if near else "")
    if kind == "model_type" and 0 < len(known) <= MAX_KEYS:
        help = f"keys: {', '.join(known)}"
    return kind, {"message": f"{rule}, got {quoted(value)}", "named": 1, "help": help}
