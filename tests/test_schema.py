"""The JSON Schema of a config, held against an independent validator and against the loader."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

import optanim
from optanim.cli.commands.list import KINDS
from optanim.config.dump import as_yaml
from optanim.config.json_schema import SCHEMA_FILE, as_json
from optanim.config.json_schema import schema as made
from optanim.config.json_schema.descriptions import attributes
from optanim.config.json_schema.types import schema_of
from optanim.config.yaml_nodes import parse_yaml
from optanim.errors import ConfigError
from optanim.schema.animation import Animation
from optanim.schema.catalogue import catalogue
from optanim.schema.document import Document
from optanim.schema.figure import Figure
from optanim.schema.validation import options_of
from optanim.schema.view import Camera, View
from tests.command import optanim_
from tests.pages import YAML
from tests.test_wrong_configs import RIGHT, WRONG

HOME = Path(__file__).parents[1]
CONFIGS = sorted([*HOME.glob("configs/**/*.yaml"), *HOME.glob("optanim/cli/templates/*.yaml")])

SCHEMA = json.loads(as_json())
VALID = Draft7Validator(SCHEMA)


def accepts(text: str) -> bool:
    return VALID.is_valid(parse_yaml(text, "c").plain())


def test_it_is_a_schema_of_draft_07() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft7Validator.META_SCHEMA["$schema"] and made() == SCHEMA
    # a reference that leads nowhere would only be seen where a config leads there
    pointers = {part["$ref"] for part in parts(SCHEMA) if "$ref" in part}
    assert pointers and pointers <= {f"#/definitions/{name}" for name in SCHEMA["definitions"]}


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_the_configs_of_the_project_are_valid(file: Path) -> None:
    assert [
        e.message for e in VALID.iter_errors(parse_yaml(file.read_text("utf-8"), "c").plain())
    ] == []
    assert accepts(as_yaml(optanim.load(file)))


@pytest.mark.parametrize("text", YAML)
def test_the_configs_of_the_pages_are_valid(text: str) -> None:
    assert accepts(text)


UNKNOWN = {
    "what one value says of another": {
        "start of one", "start of another axis", "window upside down",
        "window without width", "equal scales of a set window", "too many pixels",
        "too long a film", "too slow", "a rule of stop that climbing has not",
        "a claim of a low loss while climbing", "a claim of a minimum while climbing",
        "a start of several that lacks a number", "more starts than a picture has paths",
        "two numbers on a curve", "a search for the lowest loss while climbing",
        "a fit while climbing", "a color bar of lines", "a note with an empty text",
        "a note without a point", "a note at two places", "a note at a point of another surface",
        "a note at another axis", "a note where a curve has no value",
        "a note of an optimizer that is not there", "a note of one of two optimizers",
        "a note after the last step", "notes without their panel",
        "a note at a step of a matrix in one figure",
        "a map of one key", "a key that a map cannot vary", "a panel of a map without keys",
        "a zoom without a map", "a zoom to nowhere",
        "one theme twice", "one format twice", "an option to tune that is none",
    },
    "what is calculated": {"start where the loss overflows"},
    "numbers that JSON does not have": {"not a number"},
    "names with braces": {"unknown format", "unknown brace"},
    "letters that cannot be seen": {"control character"},
}  # fmt: skip
"""Wrong configs that a schema cannot know, by what it would have to know."""


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_config_is_invalid_as_far_as_a_schema_can_know(name: str) -> None:
    try:
        data = parse_yaml(WRONG[name][0], "c").plain()
    except ConfigError:
        return  # no YAML, or none that a config may hold: nothing that a schema sees
    assert VALID.is_valid(data) == any(name in names for names in UNKNOWN.values())


WHOLE = "surface: quadratic\nstart: [1, 1]\noptimizer: gd\n"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (WHOLE + "title: null\n", False),
        (WHOLE + "extends: null\n", False),
        ("extends: b.yaml\n", True),
        ("extends: b.yaml\nsurface: {b: 2}\noptimizer: {lr: null}\nview: {levels: null}\n", True),
        ("extends: b.yaml\noptimizer: {lr: {end: 0.1}, surface: {params: {k: 2}}}\n", True),
        ("extends: b.yaml\nsurface: {regression: {loss: mae}}\nstart: {x: null}\n", True),
        ("extends: b.yaml\nsteps: null\npanels: null\nfigure: {theme: {ink: '#000'}}\n", True),
        ("extends: b.yaml\nanimation: {duration: 3s, steps_per_second: null}\n", True),
        ("extends: b.yaml\nanimation: {duration: 3s, steps_per_second: 4}\n", False),
        ("extends: b.yaml\noptimizer: {lrr: null}\n", False),
        ("extends: b.yaml\noptimizer: {name: gd, momentum: 0.9}\n", False),
        ("extends: b.yaml\noptimizer: gd\noptimizers: [gd]\n", False),
        ("extends: b.yaml\noptimizer: null\noptimizers: [gd]\n", True),
        ("extends: b.yaml\noptimizers: [{lr: 0.1}]\n", False),  # lists are replaced whole
        ("extends: b.yaml\noptimizers: [{name: gd, lr: null}]\n", False),
        ("extends: b.yaml\nstepz: null\n", False),
        ("extends: [b.yaml]\n", False),
        ("extends: 3\n", False),
    ],
)
def test_a_config_that_extends_another_may_be_a_part(text: str, valid: bool) -> None:
    assert accepts(text) == valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("surface: {expr: x**2}\nstart: 1\noptimizer: gd\n", True),
        ("surface: {name: expression, expr: 3}\nstart: 1\noptimizer: gd\n", True),
        ("surface: expression\nstart: 1\noptimizer: gd\n", False),
        ("surface: {name: expression}\nstart: 1\noptimizer: gd\n", False),
        ("surface: {expr: x, parms: {k: 1}}\nstart: 1\noptimizer: gd\n", False),
        ("surface: {expr: x, regression: {model: w*x}}\nstart: 1\noptimizer: gd\n", False),
        ("surface: {regression: {data: a.csv}}\nstart: 1\noptimizer: gd\n", False),
        ("surface: beale\noptimizer: {name: gd, start: [1, 1]}\n", True),
        ("surface: beale\noptimizers: [{name: gd, start: [1, 1]}, gd]\n", False),
        ("surface: beale\noptimizers: [{name: gd, start: [1, 1]}]\n", True),
        ("surface: beale\nstart: [1, 1]\noptimizers: []\n", False),
        ("surface: beale\nstart: [1, 1]\noptimizer: {name: gd, surface: {name: beal}}\n", False),
    ],
)
def test_entries_by_name_and_by_the_key_that_stands_for_it(text: str, valid: bool) -> None:
    assert accepts(text) == valid


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_is_there_with_its_options(kind: str) -> None:
    what, definitions = kind.removesuffix("s"), SCHEMA["definitions"]
    named = definitions[f"name-of-{what}"]["enum"]
    for entry in catalogue(kind).values():
        assert (entry.name in named) == (not entry.lead)
        found = [keys for name, keys in definitions.items()
                 if re.fullmatch(rf"(part\.)?{what}(-\w+)?\.{entry.name}", name)]  # fmt: skip
        assert found
        for keys in found:
            assert {"name", *entry.options} <= {*keys["properties"]}
            assert keys["additionalProperties"] is False


@pytest.mark.parametrize("part", ["config", "part.config"])
def test_every_key_of_a_config_is_there_with_its_words(part: str) -> None:
    assert_described(Document, SCHEMA["definitions"][part])


def assert_described(kind: type, schema: dict[str, Any]) -> None:
    assert [*schema["properties"]] == [*options_of(kind)]
    for name, option in options_of(kind).items():
        said = schema["properties"][name]
        assert said["description"].startswith(attributes(kind)[name]), f"{kind.__name__}.{name}"
        if is_dataclass(option.type):
            assert_described(option.type, said)  # type: ignore[arg-type]


def test_no_key_is_without_a_rule() -> None:
    """A type that `schema_of` does not know allows everything: it wants a `Written` beside it."""
    told = {"description", "markdownDescription", "default", "title"}
    for name, schema in SCHEMA["definitions"].items():
        for held in (part["properties"] for part in parts(schema) if "properties" in part):
            for key, of in held.items():
                if of and of != {"anyOf": [{}]} and "description" in of:
                    assert {*of} - told, f"{name}: {key} is of a type without a schema"
            assert {} not in [of.get("items") for of in held.values() if isinstance(of, dict)]


def test_every_default_is_valid_where_it_stands() -> None:
    checked = 0
    for part in parts(SCHEMA):
        if "default" in part:
            whole = {**part, "definitions": SCHEMA["definitions"]}
            Draft7Validator(whole).validate(part["default"])
            checked += 1
    assert checked > 100


def test_a_type_that_is_not_known_allows_everything() -> None:
    assert schema_of(complex, lambda choice, listed: {}) == {}
    assert schema_of(list[complex] | None, lambda choice, listed: {}) == {
        "type": "array", "items": {},
    }  # fmt: skip


SECTIONS = {"view": View, "animation": Animation, "figure": Figure}
KEYS = [
    (name, key) for name, kind in SECTIONS.items() for key in options_of(kind) if key != "theme"
]
NUMBERS = st.sampled_from([-800, -90, -1, 0, 1, 2, 4, 5, 16, 50, 51, 200, 201, 600, 601, 70_000])
REALS = st.sampled_from([-0.5, 0.0, 0.01, 0.009, 1e-6, 1e-7, 1.5, 50.5, 600.5, 2e6])
TEXTS = st.sampled_from(
    ["", "2s", "500 ms", ".5s", "2m", "s", "all", "none", "last 20", "last 0", "last", "forever",
     "once", "smooth", "linear", "log", "both", "bands", "box", "gradient", "Noto Sans"]
)  # fmt: skip
VALUES = st.recursive(
    NUMBERS | REALS | TEXTS | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)


@given(st.sampled_from(KEYS), VALUES)
@settings(max_examples=300)
def test_the_schema_and_the_loader_say_the_same_of_sections(
    at: tuple[str, str], value: Any
) -> None:
    section, key = at
    try:
        optanim.loads(f"{RIGHT}{section}: {{{key}: {json.dumps(value)}}}\n")
        right = True
    except ConfigError as error:
        (right, found) = (False, str(error))
        if re.search("must go up|picture can show|pixels|no font|ends in", found):
            return  # what one value says of another
    # 1e0 is a whole number to JSON, and 2.0 is none here.
    data = {"surface": "beale", "start": [1, 1], "optimizer": "gd", section: {key: value}}
    assert VALID.is_valid(data) == right


@given(st.dictionaries(st.sampled_from([*options_of(Camera)]), NUMBERS | REALS | TEXTS))
def test_the_schema_and_the_loader_say_the_same_of_a_camera(camera: dict[str, Any]) -> None:
    try:
        optanim.loads(f"{RIGHT}view: {{camera: {json.dumps(camera)}}}\n")
        right = True
    except ConfigError:
        right = False
    data = {"surface": "beale", "start": [1, 1], "optimizer": "gd", "view": {"camera": camera}}
    assert VALID.is_valid(data) == right


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return optanim_(*arguments, cwd=folder)


def test_the_command_prints_or_writes_it(tmp_path: Path) -> None:
    done = run(tmp_path, "schema")
    assert done.returncode == 0 and json.loads(done.stdout) == SCHEMA
    assert run(tmp_path, "schema", "-o", "a/s.json").stdout == b""
    assert json.loads((tmp_path / "a/s.json").read_text("utf-8")) == SCHEMA
    assert run(tmp_path, "schema", "-o", "a").returncode == 2


def test_init_writes_it_beside_the_config(tmp_path: Path) -> None:
    beside = tmp_path / "posts" / SCHEMA_FILE
    said = run(tmp_path, "init", "posts/a.yaml").stderr.decode()
    assert said.startswith("Created posts/a.yaml and posts/optanim.schema.json.")
    first = (tmp_path / "posts/a.yaml").read_text("utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=./{SCHEMA_FILE}"
    assert json.loads(beside.read_text("utf-8")) == SCHEMA
    assert SCHEMA_FILE not in run(tmp_path, "init", "posts/b.yaml").stderr.decode()
    beside.write_text("{}")
    assert "from another version" in run(tmp_path, "init", "posts/c.yaml").stderr.decode()
    assert beside.read_text() == "{}"
    assert run(tmp_path, "init", "plain.yaml", "--no-schema").returncode == 0
    assert "schema" not in (tmp_path / "plain.yaml").read_text("utf-8")
    assert not (tmp_path / SCHEMA_FILE).exists()
