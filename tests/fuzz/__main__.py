"""Fuzz one target: `python -m tests.fuzz TARGET SECONDS`. Without arguments, print the targets.

With atheris the inputs follow the coverage of the code; it is used where it is installed. Otherwise
hypothesis changes the seeds at random. The exit code is 0 if nothing was found. The input of a
finding is printed, or is in the file that is named.
"""

from __future__ import annotations

import faulthandler
import sys
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

MEMORY = 4_000_000_000
"""The memory that an input may take, in bytes."""


def main() -> None:
    """Fuzz the target that the command line names."""
    if len(sys.argv) < 3:
        from tests.fuzz.targets import TARGETS

        print(*TARGETS)
        return
    name, seconds = sys.argv[1], float(sys.argv[2])
    with suppress(ImportError):  # Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    (_with_atheris if find_spec("atheris") else _with_hypothesis)(name, seconds)


def _with_atheris(name: str, seconds: float) -> None:
    import atheris

    with atheris.instrument_imports(include=["optanim"]):
        from tests.fuzz.targets import SECONDS_PER_INPUT, TARGETS, check, seeds
    corpus = Path(tempfile.mkdtemp(prefix=f"optanim-fuzz-{name}-"))
    for number, (_, content) in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(content)
    options = [f"-max_total_time={seconds:.0f}", f"-timeout={SECONDS_PER_INPUT}", "-rss_limit_mb=0"]
    options += [f"-artifact_prefix={corpus}-", "-max_len=20000", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: check(TARGETS[name], data))
    atheris.Fuzz()


def _with_hypothesis(name: str, seconds: float) -> None:
    from hypothesis import HealthCheck, given, seed, settings

    from tests.fuzz.mutations import inputs
    from tests.fuzz.targets import SECONDS_PER_INPUT, TARGETS, check

    file = Path(tempfile.mkdtemp(prefix=f"optanim-fuzz-{name}-"), "input")
    print(f"{name}: each input is in {file} while it is tried", flush=True)
    count, begin = 0, time.monotonic()

    def attempt(data: bytes) -> None:
        nonlocal count
        count += 1
        file.write_bytes(data)
        faulthandler.dump_traceback_later(SECONDS_PER_INPUT, exit=True)
        try:
            check(TARGETS[name], data)
        finally:
            faulthandler.cancel_dump_traceback_later()

    number = int(begin)
    while time.monotonic() - begin < seconds:
        number += 1
        limits = settings(
            max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        seed(number)(limits(given(inputs(name))(attempt)))()
    print(f"{name}: nothing found in {count} inputs and {time.monotonic() - begin:.0f} s")


main()
