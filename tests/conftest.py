"""Settings of all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Machines are shared: a test that is slow today is no failure.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")


@pytest.fixture(autouse=True)
def _the_environment_stays() -> Iterator[None]:
    """Restore the environment: the command line sets variables, and commands would start anew."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)
