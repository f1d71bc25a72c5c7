"""Data from YAML are checked by the annotated types of the options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, is_dataclass
from functools import cache, partial
from types import SimpleNamespace
from typing import Annotated, Any, get_type_hints

from optanim.schema.messages import reword
from optanim.schema.option import Option


@cache
def options_of(function: Callable[..., Any]) -> Mapping[str, Option]:
    """The keyword-only parameters of a function or dataclass as options, by name."""
    owner: Any = function.__init__ if inspect.isclass(function) else function
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    # Only these hints are resolved: other annotations can have names that are not imported.
    annotated = SimpleNamespace(
        __annotations__={name: owner.__annotations__.get(name, Any) for name in parameters}
    )
    hints = get_type_hints(annotated, owner.__globals__, include_extras=True)
    return {name: Option(name, hints[name], p.default) for name, p in parameters.items()}


@dataclass(frozen=True)
class Section:
    """A mark in an annotated type: the value is a mapping with the keys of a dataclass.

    An option whose type is the dataclass itself is such a section, too. The mark is for those in
    lists.

    Attributes:
        keys: the dataclass.
    """

    keys: Any

    def read(self, data: Any) -> Any:
        """The instance of the dataclass that a mapping describes.

        Raises:
            pydantic.ValidationError: some key or value is wrong.
        """
        if isinstance(data, self.keys):
            return data
        return self.keys(**validate(data, self.keys))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)


@cache
def fields_of(function: Callable[..., Any], *extra: Callable[..., Any]) -> dict[str, Any]:
    """The pydantic field of each option of a function, and of further functions."""
    fields: dict[str, Any] = {}
    for option in (o for f in (function, *extra) for o in options_of(f).values()):
        is_section = is_dataclass(option.type)
        kind = Annotated[Any, Section(option.type)] if is_section else option.type
        fields[option.name] = (kind, ... if option.required else option.default)
    return fields


@cache
def model_of(
    function: Callable[..., Any], *extra: Callable[..., Any], only: str | None = None
) -> Any:
    """The pydantic model of the options of a function, and of further functions; or of one."""
    from pydantic import ConfigDict, create_model

    fields = fields_of(function, *extra)
    fields = {only: fields[only]} if only else fields
    rules = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    return create_model(getattr(function, "__name__", "options"), __config__=rules, **fields)


_guessing = ContextVar("_guessing", default=False)
"""Whether a value is only tried: then no words are made for its errors."""


def is_guessing() -> bool:
    """Whether a value is only tried, so that nobody reads the messages of its errors."""
    return _guessing.get()


def validate(
    data: Any, function: Callable[..., Any], *extra: Callable[..., Any], what: str = ""
) -> dict[str, Any]:
    """The options that are set in the data, checked; defaults are not added.

    Args:
        data: a mapping from YAML.
        function: a function or dataclass; its keyword-only parameters are the allowed options.
        extra: functions or dataclasses with further allowed options.
        what: the name of an entry, "" for a section of a config.

    Raises:
        pydantic.ValidationError: it has every error, at its path in the data.
    """
    from pydantic import ValidationError

    model = model_of(function, *extra)
    try:
        checked = model.model_validate(data)
    except ValidationError as error:
        if _guessing.get():
            raise
        options = {o.name: o for f in (function, *extra) for o in options_of(f).values()}
        raise reword(error, what, options, data, partial(error_paths, function, extra)) from None
    return {name: getattr(checked, name) for name in checked.model_fields_set}


def error_paths(
    function: Callable[..., Any], extra: tuple[Callable[..., Any], ...], name: str, value: Any
) -> list[tuple[str | int, ...]]:
    """The paths of the errors that an option with this value has; each begins with its name."""
    from pydantic import ValidationError

    token = _guessing.set(True)
    try:
        model_of(function, *extra, only=name).model_validate({name: value})
    except ValidationError as error:
        return [tuple(item["loc"]) for item in error.errors(include_url=False)]
    except (ValueError, TypeError):
        return [(name,)]
    finally:
        _guessing.reset(token)
    return []
