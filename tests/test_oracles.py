"""Every optimizer and schedule against its oracle, or against what must hold by theory."""

from __future__ import annotations

import json

import numpy as np
import pytest

from optanim.schema.catalogue import FAMILIES, NO_FAMILY, by_family, catalogue, verified_file
from tests.needs import ORACLES
from tests.oracles.case import Case, difference
from tests.oracles.recorded import (
    EVERY,
    KINDS,
    all_facts,
    cases_of,
    comparisons,
    properties_of,
    recorded,
)
from tests.oracles.surfaces import COMMON

ENTRIES = [(kind, name) for kind in KINDS for name in catalogue(kind)]
OPTIMIZERS = list(catalogue("optimizers"))
IN_CI = [package.values[0] for package in ORACLES]
OTHERS = sorted(
    {case.package for k, n in ENTRIES for case in cases_of(k, n).values() if case.installed}
    - {*IN_CI}
)


@pytest.mark.parametrize("package", [*ORACLES, *OTHERS])
def test_paths_are_the_oracles_in_every_point(package: str) -> None:
    """Where a package is not installed, its recorded paths are compared instead; see below."""
    apart = {
        str(one): found
        for kind, name in ENTRIES
        for one in comparisons(kind, name)
        if one.case.package == package
        and not (found := difference(one.ours(), one.theirs())) <= one.case.bound
    }
    assert apart == {}


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_the_path_is_the_one_recorded(kind: str, name: str) -> None:
    known, made = recorded(kind, name)["paths"], list(comparisons(kind, name))
    assert list(known) == [one.key for one in made], f"run: python -m tests.oracles {name}"
    for one in made:
        apart = difference(one.ours()[:, ::EVERY], np.array(known[one.key]))
        assert apart <= one.case.bound, one


@pytest.mark.parametrize("kind", KINDS)
def test_what_show_prints_is_not_stale(kind: str) -> None:
    """Compare with what `python -m tests.oracles` would write."""
    written = json.loads(verified_file(kind).read_text("utf-8"))
    assert written == all_facts(kind), "run: python -m tests.oracles"
    bounds = {name: [c.bound for c in cases_of(kind, name).values()] for name in written}
    for name, facts in written.items():
        assert all(one["difference"] <= max(bounds[name]) for one in facts["oracles"]), name


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_cases_cover_surfaces_options_and_the_special_part(name: str) -> None:
    cases = list(cases_of("optimizers", name).values())
    properties = properties_of("optimizers", name)
    assert cases or properties, f"tests/oracles/cases/{name}.py has no CASES and no PROPERTIES"
    for case in cases:
        assert isinstance(case, Case) and (case.bound == 1e-10) == (not case.because)
    if cases:
        assert {on for case in cases for on in case.on} >= {*COMMON}
        assert properties or any(case.special for case in cases)
    if cases and not properties and set(catalogue("optimizers")[name].options) - {"lr"}:
        assert any(case.ours for case in cases)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_properties_hold(name: str) -> None:
    for one in properties_of("optimizers", name):
        assert one.deviation() <= one.bound, one.says


def test_every_optimizer_has_one_of_the_families() -> None:
    entries = list(catalogue("optimizers").values())
    assert [entry.name for entry in entries if entry.family not in FAMILIES] == []
    groups = by_family(entries)
    assert list(groups) == [family for family in FAMILIES if family in groups]
    assert NO_FAMILY not in groups and sum(map(len, groups.values())) == len(entries)
