"""The catalogues: the folder is the registry, and everything else is read from it."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import ValidationError

import optanim
from optanim.catalogue import Catalogue, Option, catalogue, validate
from optanim.commands.list import KINDS
from optanim.rules import rule
from optanim.scene import Look
from tests.catalogue_tables import in_readme, tables

HOME = Path(optanim.__file__).parent


@pytest.mark.parametrize("kind", [*KINDS, "commands"])
def test_the_folder_is_the_registry(kind: str) -> None:
    files = {file.stem for file in (HOME / kind).glob("*.py")} - {"__init__"}
    assert set(catalogue(kind)) == files
    for name in files:
        entry = catalogue(kind)[name]
        assert entry.function.__name__ == name and entry.function.__doc__


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_has_a_default_and_a_rule_in_words(kind: str) -> None:
    for entry in catalogue(kind).values():
        assert entry.title and entry.summary and entry.reference
        for option in entry.options.values():
            assert option.symbol and "<" not in rule(option.type).replace("< 1", "").replace(
                "<=", ""
            )
            assert validate({option.name: option.default}, entry.function) == {
                option.name: option.default
            }


def test_the_readme_has_what_list_has() -> None:
    assert in_readme().strip() == tables().strip()


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
    monkeypatch.setattr("optanim.catalogue.entry_points", lambda group: [point])
    known = Catalogue("optimizers")
    assert "lion" in known and list(known)[-1] == "lion" and "tiger" not in known
    assert known["lion"].function is catalogue("optimizers")["gd"].function


@pytest.mark.parametrize(
    "options",
    [{"lr": "0.1"}, {"lr": True}, {"lr": None}, {"lr": 0}, {"lr": float("inf")}, {"beta1": -0.1},
     {"beta1": 1.0}, {"eps": 0}, {"gamma": 1}, {"weight_decay": float("nan")}],
)  # fmt: skip
def test_options_are_checked_by_their_types(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        validate(options, catalogue("optimizers")["adam"].function, Look)
