"""Settings of all tests."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Machines are shared: a test that is slow today is no failure.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")

# What tests write need not outlive a loss of power.
os.fsync = lambda file: None


def pytest_collection_finish() -> None:
    """Collect garbage as seldom as commands do."""
    gc.set_threshold(50_000)


@pytest.fixture(autouse=True)
def _the_environment_stays() -> Iterator[None]:
    """Restore the environment: the command line sets variables, and commands would start anew."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)
