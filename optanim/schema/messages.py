"""The messages of pydantic in the words of optanim."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from optanim.errors import did_you_mean, quoted

if TYPE_CHECKING:
    from pydantic import ValidationError

RULES = {
    "greater_than": "must be greater than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
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


def reword(error: ValidationError, what: str, known: Collection[str]) -> ValidationError:
    """The same errors at the same paths, with complete messages.

    The context of each error has `message` and `help`; `named` is true if the path is to be put
    before the message, and `key` if the key is wrong, and not its value.

    Args:
        error: raised by pydantic.
        what: name of the entry that has the keys, "" for a section of the config.
        known: the allowed keys.
    """
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    details = []
    for item in error.errors(include_url=False):
        kind, context = _reworded(dict(item), what, known)
        # The message is a value of the template, as it can contain braces.
        custom = PydanticCustomError(kind, "{message}", context)
        details.append(InitErrorDetails(type=custom, loc=item["loc"], input=item["input"]))
    return ValidationError.from_exception_data(error.title, details)


def _reworded(
    item: dict[str, Any], what: str, known: Collection[str]
) -> tuple[Any, dict[str, Any]]:
    """The type and the context of one error."""
    kind, context, value = item["type"], dict(item.get("ctx") or {}), item["input"]
    if "message" in context:
        return kind, context  # an error of an inner section, which has its message
    if kind == "extra_forbidden":
        key = item["loc"][-1]
        if what:
            help = did_you_mean(str(key), known, "options") or f"{what} has no options"
            return kind, {"message": f"{what} has no option {quoted(key)}", "help": help, "key": 1}
        help = did_you_mean(str(key), known, "keys")
        return kind, {"message": f"unknown key {quoted(key)}", "help": help, "key": 1}
    if kind == "missing":
        return kind, {"message": "is missing", "named": 1, "help": ""}
    if kind not in RULES:
        return kind, {"message": item["msg"], "named": 1, "help": "", **context}
    rule, help = RULES[kind].format(**context), ""
    if kind == "literal_error":
        words = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        help = did_you_mean(str(value), words, "known")
    return kind, {"message": f"{rule}, got {quoted(value)}", "named": 1, "help": help}
