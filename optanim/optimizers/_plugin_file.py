"""Entries of a Python file of the user's: what `--plugin FILE` loads.

Only a person at a command line names such a file: a config cannot.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal, get_type_hints

import numpy as np

from optanim.errors import ConfigError, OptionError, Place, Problem, quoted
from optanim.optimizers._state import State
from optanim.schema.catalogue import catalogue, place_of_error
from optanim.schema.option import Description, Symbol
from optanim.schema.types import Positive, Real, Text
from optanim.surfaces import Array, Surface

_PlainRate = Annotated[
    Positive | Literal["auto"], Symbol(r"\eta"), Description("number > 0, or auto")
]
"""A rate without an annotated type: `Rate` takes a schedule, too, for `schedule(lr)`."""

_loaded: dict[str, int] = {}
"""For each file that was loaded, the time of its modification."""


def load_plugin(file: str) -> None:
    """Add the entries of a Python file to the catalogues.

    A public generator of a surface and a start is an optimizer; a public function that says
    `-> Surface` is a surface. Its name is that of the entry.

    Raises:
        ConfigError: the file cannot be read or run, or an entry in it is not right; at its line.
    """
    module = _module(file)
    functions = [
        function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
    ]
    added = 0
    for function in functions:
        kind = _kind(function)
        if kind is None:
            continue
        known = catalogue(kind)
        name = function.__name__
        taken = known[name].function if name in known else None
        if taken is not None and getattr(taken, "plugin_file", file) != file:
            raise _wrong(function, f"{quoted(name)} is an entry already; choose another name")
        if taken is not None and not hasattr(taken, "plugin_file"):
            raise _wrong(function, f"{quoted(name)} is an entry of optanim; choose another name")
        known.add(name, (_optimizer if kind == "optimizers" else _surface)(function, file))
        added += 1
    if not added:
        message = "has no entry: no generator of a surface and a start, no function '-> Surface'"
        help = "def mine(f, w, *, lr=0.1): while True: w = w - lr * f.gradient(w); yield w"
        raise ConfigError([Problem(message, file, help)])


def reload_plugins() -> None:
    """Load the files again that have changed since."""
    for file, modified in list(_loaded.items()):
        if Path(file).exists() and os.stat(file).st_mtime_ns != modified:  # noqa: PTH116
            load_plugin(file)


def _module(file: str) -> ModuleType:
    """The module of a file, which is run.

    It is not kept among the modules of Python: so its functions are pickled by value, and other
    processes need no such file.
    """
    if not Path(file).is_file():
        raise ConfigError([Problem("there is no such file", f"--plugin {file}")])
    name = f"optanim_plugin_{Path(file).stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ConfigError(
            [Problem("is no Python file", f"--plugin {file}", "its name ends in .py")]
        )
    _loaded[file] = os.stat(file).st_mtime_ns  # noqa: PTH116
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _failure(file, error, "cannot be run") from error
    except SystemExit as error:
        message = "calls exit when it is imported"
        raise ConfigError([Problem(message, _place(file, error))]) from None
    finally:
        del sys.modules[name]
    return module


def _kind(function: Callable[..., Any]) -> str | None:
    """The kind of the entry that a function is; None if it is a helper."""
    if inspect.isgeneratorfunction(function):
        return "optimizers"
    returned = function.__annotations__.get("return")
    return "surfaces" if returned in (Surface, "Surface") else None


def _optimizer(function: Callable[..., Any], file: str) -> Callable[..., Any]:
    """An optimizer whose errors are told at their lines."""
    _check_signature(function, 2)
    name = function.__name__

    @functools.wraps(function)
    def walk(f: Surface, w: Array, *chance: Any, **options: Any) -> Iterator[Array | State]:
        try:
            for point in function(f, w, *chance, **options):
                yield point if isinstance(point, State) else _point(point, w, function)
        except (ConfigError, GeneratorExit):
            raise
        except Exception as error:
            raise _failure(file, error, f"{name} fails") from error

    return _with_options(walk, function, file)


def _point(point: Any, start: Array, function: Callable[..., Any]) -> Array:
    try:
        numbers: Array = np.array(point, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.zeros(0)
    if numbers.shape != start.shape:
        count = f"{len(start)} number{'s' * (len(start) != 1)}"
        raise _wrong(function, f"{function.__name__} must yield {count}, got {quoted(point)}")
    return numbers


def _surface(function: Callable[..., Any], file: str) -> Callable[..., Any]:
    """A surface whose errors are told at their lines."""
    _check_signature(function, 0)
    name = function.__name__

    def guarded(inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            try:
                return inner(*arguments, **options)
            except (ConfigError, OptionError):
                raise
            except Exception as error:
                raise _failure(file, error, f"{name} fails") from error

        return call

    @functools.wraps(function)
    def made(**options: Any) -> Surface:
        surface = guarded(function)(**options)
        if not isinstance(surface, Surface):
            raise _wrong(function, f"{name} must return a Surface, got {quoted(surface)}")
        value, gradient = guarded(surface.value), guarded(surface.gradient)
        return replace(surface, value=value, gradient=gradient)

    return _with_options(made, function, file)


def _check_signature(function: Callable[..., Any], count: int) -> None:
    """Check that a function takes so many arguments, or the chance besides, and options."""
    parameters = list(inspect.signature(function).parameters.values())
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = [p.name for p in positional]
    if loose := [p.name for p in positional if p.default is not p.empty]:
        head = ", ".join([*names[: names.index(loose[0])], "*"])
        help = f"def {function.__name__}({head}, {loose[0]}=…)"
        message = f"the option {quoted(loose[0])} must stand behind a *"
        raise _wrong(function, message, help)
    if len(names) not in ((count, count + 1) if count else (0,)):
        needs = "a surface and a start, and perhaps the chance" if count else "options only"
        raise _wrong(function, f"{function.__name__} must take {needs}, got {', '.join(names)}")
    variable = [p for p in parameters if p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    if variable:
        raise _wrong(function, f"{variable[0]} names no options; write each of them")


def _with_options(
    wrapper: Callable[..., Any], function: Callable[..., Any], file: str
) -> Callable[..., Any]:
    """The wrapper with the annotated types of the options; simple ones follow from the defaults."""
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception as error:
        raise _wrong(function, f"a type cannot be resolved: {error}") from None
    for parameter in inspect.signature(function).parameters.values():
        name, default = parameter.name, parameter.default
        if name == "lr" and hints.get(name, float) is float:
            hints[name] = _PlainRate
        elif parameter.kind is parameter.KEYWORD_ONLY and name not in hints:
            simple = {bool: bool, int: int, float: Real, str: Text}
            hints[name] = simple.get(type(default), Any)
    wrapper.__annotations__ = hints
    wrapper.plugin_file = file  # type: ignore[attr-defined]
    return wrapper


def _failure(file: str, error: Exception, what: str) -> ConfigError:
    text = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
    message = f"{what}: {type(error).__name__}: {text}"
    return ConfigError([Problem(message, _place(file, error))])


def _place(file: str, error: BaseException) -> Place | str:
    """The line of the file, by the name that the user gave it."""
    place = place_of_error(os.path.abspath(file), error)  # noqa: PTH100
    return replace(place, source=file) if isinstance(place, Place) else file


def _wrong(function: Callable[..., Any], message: str, help: str = "") -> ConfigError:
    code = function.__code__
    try:
        lines, _ = inspect.getsourcelines(code)
        text = next(line for line in lines if line.lstrip().startswith(("def", "async"))).rstrip()
    except (OSError, StopIteration):
        text = ""
    place = Place(
        os.path.relpath(code.co_filename), code.co_firstlineno, 1, text, max(1, len(text))
    )
    return ConfigError([Problem(message, place, help)])
