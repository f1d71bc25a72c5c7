"""Recorded paths of the oracles, and the facts of a verification that `optanim show` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import numpy as np

from optanim.schema.catalogue import catalogue, verified_file
from optanim.surfaces import Array
from tests.oracles import schedules
from tests.oracles.case import Case, Property, difference
from tests.oracles.schedules import ScheduleCase
from tests.oracles.surfaces import SURFACES

EVERY = 20
"""A recorded path has each 20th point."""

KINDS = ("optimizers", "schedules")

PATHS = Path(__file__).with_name("paths")

Facts = dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """A case on one surface; on none, if it is one of a schedule."""

    entry: str
    key: str
    case: Case | ScheduleCase
    on: str = ""

    def __str__(self) -> str:
        return f"{self.entry}: {self.key}"

    def ours(self) -> Array:
        return self.case.our_path(self.entry, *self._on)

    def theirs(self) -> Array:
        return self.case.their_path(*self._on)

    @property
    def _on(self) -> tuple[str, ...]:
        return (self.on,) if self.on else ()


@cache
def module_of(optimizer: str) -> Any:
    """`cases/NAME.py` with `CASES`, `PROPERTIES` or both; None if there is no such file."""
    name = f"tests.oracles.cases.{optimizer}"
    return import_module(name) if find_spec(name) else None


def cases_of(kind: str, entry: str) -> Mapping[str, Case | ScheduleCase]:
    """The cases of an entry by name."""
    if kind == "schedules":
        return schedules.CASES.get(entry, {})
    return getattr(module_of(entry), "CASES", {})


def properties_of(kind: str, entry: str) -> list[Property]:
    """The properties of an optimizer; a schedule has none."""
    return getattr(module_of(entry), "PROPERTIES", []) if kind == "optimizers" else []


def comparisons(kind: str, entry: str) -> Iterator[Comparison]:
    """Yield each case of an entry on each of its surfaces."""
    for name, case in cases_of(kind, entry).items():
        if isinstance(case, Case):
            for on in case.on:
                yield Comparison(entry, f"{name}, {on}", case, on)
        else:
            yield Comparison(entry, name, case)


def paths_file(kind: str, entry: str) -> Path:
    return (PATHS / "schedules" if kind == "schedules" else PATHS) / f"{entry}.json"


@cache
def recorded(kind: str, entry: str) -> Facts:
    """`oracles`: version and largest difference of each. `paths`: each 20th point of each case."""
    file = paths_file(kind, entry)
    if not file.exists():
        return {"oracles": {}, "paths": {}}
    facts: Facts = json.loads(file.read_text("utf-8"))
    return facts


def record(kind: str, entry: str) -> None:
    """Write the paths of the oracles of an entry.

    Processors round differently. A path that was recorded before stays unless it is another one, so
    that a new case changes nothing but its own lines. So does that of a package that is missing.
    """
    before = recorded(kind, entry)
    paths, oracles = dict[str, Any](), dict[str, Any]()
    changed = False
    for one in comparisons(kind, entry):
        case, old = one.case, before["paths"].get(one.key)
        known = before["oracles"].get(case.oracle)
        if not case.installed:
            if old is None:
                raise SystemExit(f"{one}: {case.package} is not installed, and no path is recorded")
            paths[one.key], oracles[case.oracle] = old, known
            continue
        full = one.theirs()
        path, measured = full[:, ::EVERY], difference(one.ours(), full)
        if measured > case.bound:
            print(f"{one}: {case.oracle} is {measured:.1e} away, more than {case.bound:.1e}")
        same = old is not None and difference(np.array(old), path) <= case.bound
        paths[one.key] = old if same else path.tolist()
        changed = changed or not same
        fact = oracles.setdefault(case.oracle, {"version": _version(case), "difference": 0.0})
        fact["difference"] = max(fact["difference"], _digit(measured))
    if not changed:
        for name, fact in oracles.items():
            known = before["oracles"].get(name, {})
            if known.get("version") == fact["version"] and known["difference"] <= 1e-10:
                fact["difference"] = max(fact["difference"], known["difference"])
    file = paths_file(kind, entry)
    if paths:
        file.parent.mkdir(exist_ok=True, parents=True)
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(path)}" for key, path in paths.items())
        file.write_text(
            f'{{"oracles": {json.dumps(oracles)},\n"paths": {{\n{lines}\n}}}}\n', "utf-8"
        )
    recorded.cache_clear()


def _digit(number: float) -> float:
    """The number rounded up to one digit."""
    if not 0 < number < float("inf"):
        return number
    unit = floor(log10(number))
    return float(f"{ceil(number / 10**unit)}e{unit}")


def _version(case: Case | ScheduleCase) -> str:
    return version(case.package.replace("_", "-")).partition("+")[0]


def facts_of(kind: str, entry: str) -> Facts:
    """What an entry was verified against, as `verified.json` has it."""
    oracles = dict[str, Any]()
    for one in comparisons(kind, entry):
        known = recorded(kind, entry)["oracles"].get(one.case.oracle, {})
        fact = oracles.setdefault(
            one.case.oracle, {"oracle": one.case.oracle, **known, "cases": 0, "surfaces": []}
        )
        fact["cases"] += 1
        if one.on and SURFACES[one.on].title not in fact["surfaces"]:
            fact["surfaces"].append(SURFACES[one.on].title)
    facts: Facts = {"oracles": list(oracles.values())}
    special = [case.special for case in cases_of(kind, entry).values() if case.special]
    properties = [one.says for one in properties_of(kind, entry)]
    return facts | {k: v for k, v in (("special", special), ("properties", properties)) if v}


def all_facts(kind: str) -> Facts:
    """The facts of all entries of a kind that have cases or properties."""
    facts = {name: facts_of(kind, name) for name in catalogue(kind)}
    return {name: fact for name, fact in facts.items() if fact["oracles"] or "properties" in fact}


def write_facts(kind: str) -> None:
    """Write `verified.json` in the folder of a kind."""
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(facts, ensure_ascii=False)}"
        for name, facts in all_facts(kind).items()
    )
    verified_file(kind).write_text(f"{{\n{lines}\n}}\n", "utf-8")
