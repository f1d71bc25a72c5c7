"""Several machines: the jobs of a batch on a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optanim.errors import ClaimError, ConfigError, Problem
from optanim.extras import install_extras
from optanim.pipeline.jobs import (
    Job,
    TileJob,
    do_packed,
    pack_remote_job,
    render_remote_job,
    write_answer,
)
from optanim.pipeline.workers import Execute, LostTaskError

CONNECT_TIMEOUT = 5
"""Time that a scheduler has to answer, in seconds."""


@contextmanager
def dask_workers(address: str) -> Iterator[Execute]:
    """A context with the workers of a cluster. Its end cancels the waiting jobs.

    The input files are sent with a job, and the rendered files are sent back. If a worker dies,
    another one gets its job, as often as the setting `allowed-failures` of the scheduler says.

    Jobs and answers are pickles, so both sides must trust each other. For `tls://` the client reads
    its certificates from Dask's own configuration, `distributed.comm.tls`.

    Args:
        address: the address of the scheduler, e.g. `tcp://10.0.0.1:8786`, or `tls://…`.

    Raises:
        ConfigError: no scheduler answers at the address, or Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError:
        help = install_extras("cluster")
        raise ConfigError([Problem("Dask is not installed", "--scheduler", help)]) from None
    try:
        client = Client(address, timeout=CONNECT_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
        help = "an address such as tcp://10.0.0.1:8786; 'dask scheduler' prints its address"
        problem = Problem(f"no scheduler answers at '{address}': {reason}", "--scheduler", help)
        raise ConfigError([problem]) from None
    with client:
        yield lambda jobs, on_message: _execute(client, jobs)


def _execute(client: Any, jobs: Iterable[Job | TileJob]) -> Iterator[tuple[int, Any]]:
    from distributed import as_completed

    # The outputs stay here: an answer decides neither where files are written, nor how many.
    outputs = list[tuple[Path, ...]]()
    futures, tiles = dict[Any, int](), dict[int, bool]()
    for number, job in enumerate(jobs):
        if isinstance(job, TileJob):
            outputs.append(())
            future = client.submit(do_packed, job.pack(), pure=False)
        else:
            outputs.append(job.run.outputs)
            future = client.submit(render_remote_job, pack_remote_job(job), pure=False)
        futures[future] = number
        tiles[number] = isinstance(job, TileJob)
    try:
        for future in as_completed(list(futures), loop=client.loop):
            number = futures.pop(future)
            yield number, _result(future, outputs[number], tile=tiles[number])
    finally:
        client.cancel(list(futures), force=True)


def _result(future: Any, outputs: tuple[Path, ...], *, tile: bool) -> Any:
    """The result of a job, or its error. An error of the worker itself is a `LostTaskError`."""
    try:
        if tile:
            return future.result()
        return write_answer(future.result(), outputs)
    except (ConfigError, ClaimError, OSError) as error:
        return error
    except Exception as error:
        return LostTaskError(f"the cluster could not run it: {type(error).__name__}: {error}")
