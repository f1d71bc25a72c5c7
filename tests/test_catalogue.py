"""The catalogues: the folder is the registry, and everything else is read from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

import optanim
from optanim.cli.commands.list import KINDS
from optanim.errors import ConfigError
from optanim.experiment.claim import (
    OneSwarmToMinimum,
    OneTrial,
    OneTrialToMinimum,
    TwoTrials,
    TwoTrialsToMinimum,
)
from optanim.schema.animation import Animation
from optanim.schema.catalogue import FOLDERS, Catalogue, catalogue
from optanim.schema.choice import Choice, Chosen
from optanim.schema.claim import TrialReference
from optanim.schema.document import Document
from optanim.schema.figure import Figure, Theme, TrialKeys
from optanim.schema.option import Option, rule_in_words
from optanim.schema.stop import Stop
from optanim.schema.validation import options_of, validate
from optanim.schema.view import View
from optanim.surfaces.regression import Regression

ONE, TO_MINIMUM = TrialReference("adam"), TrialReference("adam", minimum=True)
EXAMPLES = {
    OneTrial: ONE,
    OneTrialToMinimum: TO_MINIMUM,
    OneSwarmToMinimum: TrialReference("adam", minimum=True, many=True),
    TwoTrials: (ONE, ONE),
    TwoTrialsToMinimum: (TO_MINIMUM, TO_MINIMUM),
    catalogue("surfaces")["expression"].options["expr"].type: "x + y",
    catalogue("optimizers")["recorded"].options["file"].type: "run.csv",
    Regression: Regression(model="w*x", points=((1.0, 2.0), (2.0, 3.0))),
}
"""A value for each type of an option without a default."""

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


@pytest.mark.parametrize("section", [Document, Figure, View, Animation, Stop, Theme, TrialKeys])
def test_no_rule_of_a_key_is_a_type_of_python(section: type) -> None:
    for option in options_of(section).values():
        assert not {"typing", "class"} & set(re.findall(r"\w+", rule_in_words(option.type)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_has_a_default_and_a_rule_in_words(kind: str) -> None:
    for entry in catalogue(kind).values():
        needed = {o.name: EXAMPLES[o.type] for o in entry.options.values() if o.required}
        assert entry.title and entry.summary and entry.reference
        for option in entry.options.values():
            assert option.symbol and "<" not in rule_in_words(option.type).replace(
                "< 1", ""
            ).replace("<=", "")
            said = needed if option.required else {**needed, option.name: option.default}
            read = validate(said, entry.function)
            assert {name: _as_written(value) for name, value in read.items()} == said


def _as_written(value: Any) -> Any:
    """A value as a config has it: an entry by its name, a file as text."""
    value = value.entry.name if isinstance(value, Chosen) else value
    return str(value) if isinstance(value, Path) else value


def test_symbols_are_the_fields() -> None:
    adam = catalogue("optimizers")["adam"].options
    signs = {name: option.symbol for name, option in adam.items()}
    assert signs == {
        "lr": r"\eta", "beta1": r"\beta_{1}", "beta2": r"\beta_{2}",
        "eps": r"\varepsilon", "weight_decay": r"\lambda", "amsgrad": r"\mathrm{amsgrad}",
    }  # fmt: skip
    assert Option("rho", float, 0.9).symbol == r"\rho"
    assert Option("warm_up", int, 3).symbol == r"\mathrm{warm\_up}"


def test_entry_points_add_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("zz_made_up", "optanim.optimizers.gd:gd", "optanim.optimizers")
    monkeypatch.setattr("optanim.schema.catalogue.entry_points", lambda group: [point])
    known = Catalogue("optimizers")
    assert "zz_made_up" in known and list(known)[-1] == "zz_made_up" and "no_such" not in known
    assert known["zz_made_up"].function is catalogue("optimizers")["gd"].function
    with pytest.raises(KeyError):
        known["no_such"]


def test_entry_points_come_last_in_order_and_take_no_name_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = list(catalogue("optimizers"))  # before the patch: the catalogue is read once
    names = ("made_up_too", "made_up", "adam")
    points = [EntryPoint(name, "optanim.optimizers.gd:gd", "") for name in names]
    monkeypatch.setattr("optanim.schema.catalogue.entry_points", lambda group: points)
    known = Catalogue("optimizers")
    assert list(known) == [*own, "made_up", "made_up_too"] and len(known) == len(own) + 2
    assert known["adam"].function is catalogue("optimizers")["adam"].function


BROKEN = {
    "a slip": ("def made_up(:", ":1:13: error: {} cannot be imported: SyntaxError: "),
    "a missing module": (
        "import os\nimport no_such_module",
        ":2:1: error: {} cannot be imported: ModuleNotFoundError: No module named 'no_such_module'",
    ),
    "a missing name": (
        "from optanim.surfaces import Array, NoSuch\n",
        ":1:1: error: {} cannot be imported: ImportError: cannot import name 'NoSuch'",
    ),
    "what it does when imported": ("1 / 0", ":1:1: error: {} cannot be imported: ZeroDivisionErr"),
    "another name": ("def MadeUp(f, w): ...", ": error: {} cannot be used: this file has no funct"),
    "no function": ("made_up = 3", ": error: {} cannot be used: this file has no function 'made_"),
}
"""Modules that are no entries, and what is said of each after the name of its file."""


@pytest.mark.parametrize("broken", BROKEN)
def test_an_entry_of_the_folder_that_is_none_is_named_with_its_file(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import optanim.optimizers as package

    sys.modules.pop("optanim.optimizers.made_up", None)
    text, message = BROKEN[broken]
    file = tmp_path / "made_up.py"
    file.write_text(text)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    known = Catalogue("optimizers")
    assert "made_up" in list(known)
    with pytest.raises(ConfigError) as caught:
        known["made_up"]
    (problem,) = caught.value.problems
    assert str(problem).startswith(str(file) + message.format("optimizer 'made_up'"))


def test_a_theme_that_cannot_be_read_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import optanim.scene.themes as package

    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    for text in ("ink: [", "ink: '#12345'\n", "- 1\n"):
        (tmp_path / "made_up.yaml").write_text(text)
        package.entry_from_file.cache_clear()
        with pytest.raises(ConfigError) as caught:
            Catalogue("themes")["made_up"]
        message = f"{tmp_path / 'made_up.yaml'}: error: theme 'made_up' cannot be read: "
        assert str(caught.value).startswith(message)


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    """A folder with an installed distribution, whose entry points lead nowhere."""
    (tmp_path / "animal_farm.py").write_text("import no_such_module\n")
    facts = tmp_path / "animal_farm-1.2.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: animal-farm\nVersion: 1.2\n")
    (facts / "entry_points.txt").write_text(
        "[optanim.optimizers]\nmade_up = animal_farm:made_up\n"
        "[optanim.schedules]\nabsent = no_such_module:absent\n"
        "[optanim.commands]\nmade-up = animal_farm:made_up\n"
        "[optanim.panels]\nmade_up = animal_farm:made_up\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("optimizers", "made_up", "{}/animal_farm.py:1:1: error: optimizer 'made_up' cannot be"),
        ("schedules", "absent", "no_such_module: error: schedule 'absent' cannot be imported: "),
    ],
)
def test_an_entry_point_that_fails_names_its_distribution(
    kind: str, name: str, message: str, distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(distribution)
    with pytest.raises(ConfigError) as caught:
        Catalogue(kind)[name]
    assert str(caught.value).startswith(message.format(distribution))
    assert f"optanim.{kind} is in animal-farm 1.2" in caught.value.problems[0].help


def test_commands_end_with_the_file_of_what_cannot_be_imported(distribution: Path) -> None:
    (distribution / "a.yaml").write_text("surface: beale\nstart: [1, 1]\noptimizer: made_up\n")
    paths = os.pathsep.join([str(distribution), os.environ.get("PYTHONPATH", "")])

    def said(*arguments: str) -> str:
        command = [sys.executable, "-m", "optanim", *arguments]
        env = os.environ | {"PYTHONPATH": paths}
        done = subprocess.run(command, cwd=distribution, capture_output=True, text=True, env=env)
        assert done.returncode == 2 and "Traceback" not in done.stderr
        return done.stderr

    assert "animal_farm.py:1:1: error: command 'made-up' cannot be imported" in said("--help")
    points = distribution / "animal_farm-1.2.dist-info/entry_points.txt"
    points.write_text(points.read_text().replace("optanim.commands", "optanim.none"))
    for command in (["check", "a.yaml"], ["render", "a.yaml"], ["list", "optimizers"]):
        assert said(*command).count("animal_farm.py:1:1: error: optimizer 'made_up' cannot") == 1
    # A panel that cannot be imported keeps no figure without it from being drawn by two processes.
    for name in "bc":
        text = (
            "surface: beale\nstart: [1, 1]\noptimizer: gd\nsteps: 2\nfigure: {size: [160, 120]}\n"
        )
        (distribution / f"{name}.yaml").write_text(text)
    command = [sys.executable, "-m", "optanim", "render", "b.yaml", "c.yaml", "-j2", "-q"]
    env = os.environ | {"PYTHONPATH": paths}
    subprocess.run([*command, "--frame", "last"], cwd=distribution, env=env, check=True, timeout=99)


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
        validate(options, catalogue("optimizers")["adam"].function, TrialKeys)


def test_only_what_a_reader_would_miss_is_not_minor() -> None:
    minor = {name for name, o in catalogue("optimizers")["adam"].options.items() if o.minor}
    assert minor == {"eps", "weight_decay", "amsgrad"}


def test_an_entry_is_found_by_its_option_without_importing_the_others() -> None:
    code = (
        "import sys, optanim\n"
        "optanim.loads('{surface: {expr: x**2 + y}, start: [1, 1], optimizer: gd}')\n"
        "print(*(f'optanim.surfaces.{n}' in sys.modules for n in ('expression', 'beale')))"
    )
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    assert done.stdout == "True False\n"
    for kind in FOLDERS:
        for entry in catalogue(kind).values():
            found = {other.name for other in catalogue(kind).with_option({entry.lead})}
            assert not entry.lead or entry.name in found
