"""The options of an optimizer of another package, from its signature."""

from __future__ import annotations

import inspect
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import Strict

from optanim.schema.option import Description, Minor
from optanim.schema.types import Rate, Real, Text

WRAPPED = ("optimizer", "base_optimizer")
"""The parameters that take another optimizer, whose rate is an option of the whole."""

DEFAULT_RATE = 0.1

OptimizerName = Annotated[
    Literal["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "NAdam", "RAdam"],
    Description("name of an optimizer of torch.optim, such as SGD"),
]


def options_of_signature(signature: inspect.Signature) -> dict[str, Any]:
    """The type and the default of each option that a config can set.

    Parameters for which YAML has no value, as a function, are left out.

    Each option has the name of its parameter, but for `learning_rate`, which is `lr` as everywhere.
    """
    options: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name == "params":
            continue
        default = parameter.default
        if name in ("lr", "learning_rate"):
            known = isinstance(default, int | float)
            kind = Rate if default is not None else Rate | None
            options["lr"] = kind, default if known or default is None else DEFAULT_RATE
        elif name in WRAPPED:
            options[name] = OptimizerName, "SGD"
            options.setdefault("lr", (Rate, DEFAULT_RATE))
        elif (kind := _type_of(parameter)) is not None:
            options[name] = Annotated[kind, Minor()], default
    return options


def _type_of(parameter: inspect.Parameter) -> Any:
    """The type of an option in YAML; None if YAML has no values for it."""
    default, kinds = parameter.default, _kinds(parameter.annotation)
    if default is parameter.empty:
        return None
    if isinstance(default, bool):
        return bool
    if isinstance(default, int) and float not in kinds and "float" not in str(kinds):
        return int
    if isinstance(default, int | float):
        return Real
    if isinstance(default, str):
        return Text
    if isinstance(default, tuple):
        if not all(isinstance(item, int | float) or item is None for item in default):
            return None
        items = tuple(Real if item is not None else Real | None for item in default)
        return Annotated[tuple[items], Strict(False), Description(f"{len(default)} numbers")]  # type: ignore[valid-type]
    if default is None:
        plain = [{float: Real, str: Text}.get(k, k) for k in kinds if k in (bool, int, float, str)]
        return Union[(*plain, None)] if plain else None
    return None


def _kinds(annotation: Any) -> list[Any]:
    """The types of an annotation, which may be a text."""
    if isinstance(annotation, str):
        words = {"float": float, "int": int, "bool": bool, "str": str}
        return [kind for word, kind in words.items() if word in annotation]
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    return [annotation]
