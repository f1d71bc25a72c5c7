"""Bridges to optimizers of other packages: `torch.NAdam`, `optax.lion`, `pytorch_optimizer.SOAP`.

A config can name these three packages and no other code: of each only its optimizers, by their
public names. The name is looked up in a list of the optimizers, never in the package itself.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from optanim.errors import ConfigError, OptionError, did_you_mean, quoted
from optanim.extras import install_extras
from optanim.optimizers._bridges.options import options_of_signature
from optanim.optimizers._preparation import Preparation
from optanim.optimizers._schedule import Optimizer
from optanim.schema.catalogue import UnknownEntryError
from optanim.schema.choice import Chosen
from optanim.schema.types import AUTO
from optanim.surfaces import Array, Surface

EXTRAS = {"torch": "torch", "optax": "optax", "pytorch_optimizer": "pytorch-optimizer"}
"""The extra that installs each package."""

DOCS = {
    "torch": "https://docs.pytorch.org/docs/stable/generated/torch.optim.{}.html",
    "optax": "https://optax.readthedocs.io/en/latest/api/optimizers.html#optax.{}",
    "pytorch_optimizer": "https://pytorch-optimizers.readthedocs.io/en/latest/",
}

Walk = Callable[..., Any]


@cache
def bridge(name: str) -> Bridge:
    """The optimizer `PACKAGE.NAME`.

    Raises:
        UnknownEntryError: the package is not installed, or has no such optimizer.
        KeyError: the name is not of this form.
    """
    package, _, own = name.partition(".")
    if package not in EXTRAS or not own:
        raise KeyError(name)
    if own not in (known := names_of(package)):
        help = did_you_mean(own, known, f"optimizers of {package}")
        raise UnknownEntryError(f"{package} has no optimizer {quoted(own)}", help)
    return Bridge(package, own)


@cache
def names_of(package: str) -> tuple[str, ...]:
    """The optimizers of one of the packages, which is imported.

    Raises:
        UnknownEntryError: the package is not installed.
    """
    if package not in EXTRAS:
        raise KeyError(package)
    if find_spec(package) is None:
        command = install_extras(EXTRAS[package])
        raise UnknownEntryError(f"{package} is not installed: {command}", "")
    return tuple(sorted(_optimizers(package)))


@cache
def _optimizers(package: str) -> Mapping[str, Any]:
    """The optimizers of an installed package by their public names."""
    if package == "optax":
        functions = vars(importlib.import_module("optax"))
        return {
            name: function
            for name, function in functions.items()
            if inspect.isfunction(function)
            and not name.startswith("_")
            and any(p.endswith("learning_rate") for p in inspect.signature(function).parameters)
        }
    base = importlib.import_module("torch.optim").Optimizer
    classes = vars(importlib.import_module({"torch": "torch.optim"}.get(package, package)))
    return {
        name: kind
        for name, kind in classes.items()
        if inspect.isclass(kind)
        and issubclass(kind, base)
        and kind is not base
        and not name.startswith("_")
    }


class Bridge:
    """The function of an entry for an optimizer of another package.

    It is pickled by its name: another process imports the package itself.
    """

    def __init__(self, package: str, own: str) -> None:
        self.package, self.own = package, own
        self.__name__ = f"{package}.{own}"
        self.__doc__ = self._docstring()
        self.__globals__ = globals()
        signature = inspect.signature(self._made)
        options = options_of_signature(signature)
        self.spellings = {"learning_rate": "lr"} if "learning_rate" in signature.parameters else {}
        self.__annotations__ = {name: kind for name, (kind, _) in options.items()}
        positional = [inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in ("f", "w")]
        keywords = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
            for name, (_, default) in options.items()
        ]
        self.__signature__ = inspect.Signature([*positional, *keywords])
        self.preparation = Preparation(self._prepared)

    def __reduce__(self) -> tuple[Any, ...]:
        return bridge, (self.__name__,)

    @cached_property
    def _made(self) -> Any:
        return _optimizers(self.package)[self.own]

    def _docstring(self) -> str:
        try:
            installed = version(EXTRAS[self.package])
        except PackageNotFoundError:
            installed = ""
        path = f"torch.optim.{self.own}" if self.package == "torch" else self.__name__
        text = inspect.getdoc(self._made) or ""
        lines = [line.strip(" .`:") for line in text.splitlines() if len(line.split()) > 1]
        summary = lines[0].replace("``", "") if lines else "as the package has it"
        head = f"{self.own} ({self.package}): {summary[0].lower() + summary[1:]}."
        source = f"{path} of {self.package} {installed}, in float64"
        return f"{head}\n\nReference: {source}. {DOCS[self.package].format(self.own)}"

    def __call__(self, f: Surface, w: Array, **options: Any) -> Any:
        if self.package == "optax":
            from optanim.optimizers._bridges.optax_walk import walk

            theirs = {own: name for name, own in self.spellings.items()}
            options = {theirs.get(name, name): value for name, value in options.items()}
        else:
            from optanim.optimizers._bridges.torch_walk import walk
        return walk(self.__name__, self._made, f, w, options)

    def _prepared(self, axes: Sequence[str], options: Mapping[str, Any]) -> Optimizer | None:
        """Nothing; the options are tried on a bowl, as only the package knows all of its rules.

        Raises:
            OptionError: the package refuses them.
        """
        tried = {name: 0.1 if _is_later(value) else value for name, value in options.items()}
        try:
            self._try(len(axes), tried)
        except Exception as error:  # any: the code is another package's
            whole = error.problems[0].message if isinstance(error, ConfigError) else str(error)
            text = " ".join(whole.split())
            words = text.lower().replace("learning rate", "lr")
            named = [name for name in options if re.search(rf"\b{name.rstrip('s').lower()}", words)]
            message = f"{self.__name__} refuses this: {text or type(error).__name__}"
            raise OptionError(message, (named[0],) if named else ()) from None
        return None

    def _try(self, dimensions: int, options: Mapping[str, Any]) -> None:
        import numpy as np

        bowl = Surface(
            value=lambda p: (p * p).sum(axis=0), gradient=lambda p: 2 * p,
            domain=((-2.0, 2.0),) * dimensions, minima=(), formula="", axes=("x", "y")[:dimensions],
        )  # fmt: skip
        walk = self(bowl, np.ones(dimensions), **options)
        for _ in range(2):
            next(walk)


def _is_later(value: Any) -> bool:
    """Whether a rate is a schedule, or found by tuning."""
    return isinstance(value, Chosen) or callable(value) or value == AUTO
