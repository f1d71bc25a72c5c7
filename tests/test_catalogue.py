"""The catalogues: the folder is the registry, and everything else is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

import optanim
from optanim.cli.commands.list import KINDS
from optanim.schema.catalogue import FOLDERS, Catalogue, catalogue
from optanim.schema.choice import Choice
from optanim.schema.claim import RefersToTrial, TrialReference
from optanim.schema.figure import Look
from optanim.schema.option import Option, rule
from optanim.schema.validation import validate
from optanim.surfaces.regression import Regression

NEEDED = {"expr": "x + y", "regression": Regression(model="w*x", points=((1.0, 2.0), (2.0, 3.0)))}


def needed(option: Option) -> Any:
    """A value of an option without a default; that of a claim names one trial or two."""
    if option.name in NEEDED:
        return NEEDED[option.name]
    pair = getattr(option.type, "__origin__", None)
    two = get_origin(pair) is tuple
    (mark,) = (
        mark
        for mark in (get_args(pair)[0] if two else option.type).__metadata__
        if isinstance(mark, RefersToTrial)
    )
    trials = tuple(TrialReference(name, minimum=mark.minimum) for name in ("adam", 2))
    return trials if two else trials[0]


HOME = Path(optanim.__file__).parent


@pytest.mark.parametrize("kind", [*KINDS, "languages", "commands"])
def test_the_folder_is_the_registry(kind: str) -> None:
    files = {
        file.stem
        for suffix in ("py", "yaml")
        for file in HOME.joinpath(*FOLDERS[kind].split(".")).glob(f"*.{suffix}")
    }
    files = {name for name in files if not name.startswith("_")}
    assert set(catalogue(kind)) == files
    for name in files:
        entry = catalogue(kind)[name]
        assert entry.function.__name__ == name and entry.function.__doc__


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_has_a_default_and_a_rule_in_words(kind: str) -> None:
    for entry in catalogue(kind).values():
        lead = {o.name: needed(o) for o in entry.options.values() if o.required}
        assert entry.title and entry.summary and entry.reference
        for option in entry.options.values():
            assert option.symbol and "<" not in rule(option.type).replace("< 1", "").replace(
                "<=", ""
            )
            said = lead if option.required else {**lead, option.name: option.default}
            assert validate(said, entry.function) == said


def test_symbols_are_the_fields() -> None:
    adam = catalogue("optimizers")["adam"].options
    signs = {name: option.symbol for name, option in adam.items()}
    assert signs == {
        "lr": r"\eta", "beta1": r"\beta_{1}", "beta2": r"\beta_{2}",
        "eps": r"\varepsilon", "weight_decay": r"\lambda",
    }  # fmt: skip
    assert Option("rho", float, 0.9).symbol == r"\rho"
    assert Option("warm_up", int, 3).symbol == r"\mathrm{warm\_up}"


def test_entry_points_add_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("lion", "optanim.optimizers.gd:gd", "optanim.optimizers")
    monkeypatch.setattr("optanim.schema.catalogue.entry_points", lambda group: [point])
    known = Catalogue("optimizers")
    assert "lion" in known and list(known)[-1] == "lion" and "tiger" not in known
    assert known["lion"].function is catalogue("optimizers")["gd"].function
    with pytest.raises(KeyError):
        known["tiger"]


def test_entry_points_come_last_in_order_and_take_no_name_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = [EntryPoint(name, "optanim.optimizers.gd:gd", "") for name in ("sam", "lion", "adam")]
    monkeypatch.setattr("optanim.schema.catalogue.entry_points", lambda group: points)
    known, own = Catalogue("optimizers"), list(catalogue("optimizers"))
    assert list(known) == [*own, "lion", "sam"] and len(known) == len(own) + 2
    assert known["adam"].function is catalogue("optimizers")["adam"].function


def test_a_choice_is_a_name_bare_or_with_its_options() -> None:
    assert Choice("optimizers").choose("adam") == Choice("optimizers").choose({"name": "adam"})
    chosen = Choice("optimizers").choose({"name": "adam", "beta1": 0.5})
    assert (chosen.entry.name, chosen.options, chosen.beside) == ("adam", {"beta1": 0.5}, None)


def test_what_stands_beside_an_entry_is_kept_apart_from_its_options() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Tag:
        label: str = ""

    chosen = Choice("optimizers", Tag).choose({"name": "gd", "lr": 0.2, "label": "Mine"})
    assert (chosen.options, chosen.beside) == ({"lr": 0.2}, Tag(label="Mine"))


@pytest.mark.parametrize(
    ("data", "message"),
    [({}, "has no name"), ({"lr": 1.0}, "has no name"), (3, "must be the name of an optimizer"),
     (["adam"], "must be the name of an optimizer"), ("adma", "no optimizer is called 'adma'"),
     ({"name": 3}, "no optimizer is called 3"), ({"name": ["gd"]}, "no optimizer is called")],
)  # fmt: skip
def test_a_choice_says_what_is_wrong(data: Any, message: str) -> None:
    with pytest.raises(PydanticCustomError, match=message):
        Choice("optimizers").choose(data)


@pytest.mark.parametrize(
    "options",
    [{"lr": "0.1"}, {"lr": True}, {"lr": None}, {"lr": 0}, {"lr": float("inf")}, {"beta1": -0.1},
     {"beta1": 1.0}, {"eps": 0}, {"gamma": 1}, {"weight_decay": float("nan")},
     {"eps": "1e-8"}, {"weight_decay": True}, {"beta2": 0.5, "nesterov": True}],
)  # fmt: skip
def test_options_are_checked_by_their_types(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        validate(options, catalogue("optimizers")["adam"].function, Look)


def test_only_what_a_reader_would_miss_is_not_minor() -> None:
    minor = {name for name, o in catalogue("optimizers")["adam"].options.items() if o.minor}
    assert minor == {"eps", "weight_decay"}
