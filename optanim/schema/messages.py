"""What pydantic found wrong, in our words."""

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


def reword(error: ValidationError, what: str, known: Collection[str]) -> ValidationError:
    """The same problems at the same paths, each as a message that stands by itself.

    The context of each says how to place and finish it: `help` is a line of help, `named` is true
    where the message wants the path before it, `key` where the key is at fault and not the value.

    Args:
        error: what pydantic raised.
        what: what the keys belong to, "" for a section of the config.
        known: the keys that may stand there.
    """
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    details = []
    for found in error.errors(include_url=False):
        kind, context = _worded(dict(found), what, known)
        # The message goes in as a value: it may hold braces of its own.
        worded = PydanticCustomError(kind, "{message}", context)
        details.append(InitErrorDetails(type=worded, loc=found["loc"], input=found["input"]))
    return ValidationError.from_exception_data(error.title, details)


def _worded(found: dict[str, Any], what: str, known: Collection[str]) -> tuple[Any, dict[str, Any]]:
    kind, context, value = found["type"], dict(found.get("ctx") or {}), found["input"]
    if "message" in context:
        return kind, context  # worded already, further in
    if kind == "extra_forbidden":
        key = found["loc"][-1]
        if what:
            help = did_you_mean(str(key), known, "options") or f"{what} has no options"
            return kind, {"message": f"{what} has no option {quoted(key)}", "help": help, "key": 1}
        help = did_you_mean(str(key), known, "keys")
        return kind, {"message": f"unknown key {quoted(key)}", "help": help, "key": 1}
    if kind == "missing":
        return kind, {"message": "is missing", "named": 1, "help": ""}
    if kind not in RULES:
        return kind, {"message": found["msg"], "named": 1, "help": "", **context}
    rule, help = RULES[kind].format(**context), ""
    if kind == "literal_error":
        words = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        help = did_you_mean(str(value), words, "known")
    return kind, {"message": f"{rule}, got {quoted(value)}", "named": 1, "help": help}
