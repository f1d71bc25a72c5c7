"""More than one machine: the jobs of a batch on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from optanim.errors import ConfigError, Problem
from optanim.pipeline.jobs import Job, away, brought, sent
from optanim.pipeline.workers import Each, Heard, LostError

ANSWER = 5
"""Seconds that a scheduler may take to answer."""


@contextmanager
def cluster(address: str) -> Iterator[Each]:
    """The workers of a cluster for a stretch of code; whatever ends it takes back what waits.

    Inputs travel with a job, and its files come back. The task of a worker that dies is given to
    another, as often as the scheduler's `allowed-failures` says.

    Args:
        address: of the scheduler, e.g. `tcp://10.0.0.1:8786`.

    Raises:
        ConfigError: no scheduler answers there, or Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError:
        help = "pip install 'optanim[cluster]'"
        raise ConfigError([Problem("Dask is not installed", "--scheduler", help)]) from None
    try:
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
        help = "an address such as tcp://10.0.0.1:8786; 'dask scheduler' prints its own"
        problem = Problem(f"no scheduler answers at '{address}': {reason}", "--scheduler", help)
        raise ConfigError([problem]) from None
    with client:
        yield lambda jobs, heard: _each(client, jobs, heard)


def _each(client: Any, jobs: Iterable[Job], heard: Heard) -> Iterator[tuple[int, Any]]:
    from distributed import as_completed

    futures = {client.submit(away, sent(job), pure=False): i for i, job in enumerate(jobs)}
    try:
        for future in as_completed(list(futures), loop=client.loop):
            yield futures.pop(future), _answer(future)
    finally:
        client.cancel(list(futures), force=True)


def _answer(future: Any) -> Any:
    """What came of a job; what its worker could not do for reasons of its own is a `LostError`."""
    try:
        return brought(*future.result())
    except (ConfigError, OSError) as error:
        return error
    except Exception as error:
        return LostError(f"the cluster gave it back: {type(error).__name__}: {error}")
