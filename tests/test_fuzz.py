"""Each fuzz target with its seeds and with some changes of them. `make fuzz` tries many more."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import inputs
from tests.fuzz.targets import TARGETS, check, seeds


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_read(name: str) -> None:
    known = seeds(name)
    assert len(known) >= 3
    for _, content in known:
        check(TARGETS[name], content)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_changed_seeds_are_read_or_refused(name: str, data: st.DataObject) -> None:
    check(TARGETS[name], data.draw(inputs(name)))
