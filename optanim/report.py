"""What a person or a program is told while files are made: a bar, a line a file, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from optanim.batch import Outcome
from optanim.config import Run
from optanim.rendering import Rendered
from optanim.simulation import Trajectory

Progress = Callable[[Run, int, int], None]
Told = Callable[[Run, Rendered], None]


@contextmanager
def telling(*, quiet: bool, runs: Sequence[Run]) -> Iterator[tuple[Progress, Told]]:
    """Callbacks for a batch: a bar on a terminal, a line for each file made, all on stderr.

    Args:
        quiet: say nothing.
        runs: all of the batch.
    """
    if quiet:
        yield (lambda run, done, of: None), (lambda run, made: None)
    elif not sys.stderr.isatty():
        yield (lambda run, done, of: None), (lambda run, made: print(line(made), file=sys.stderr))
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        # Lines are printed past rich: it would wrap the paths in them.
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            whole = bar.add_task("", total=len(runs))
            begun = dict[Path, float]()
            over = 0

            def progress(run: Run, done: int, of: int) -> None:
                begun[run.outputs[0]] = done / of
                count = f"{over + 1}/{len(runs)}  " if len(runs) > 1 else ""
                bar.update(whole, description=count + run.config, completed=sum(begun.values()))

            def told(run: Run, made: Rendered) -> None:
                nonlocal over
                over += 1
                begun[run.outputs[0]] = 1.0
                bar.console.print(line(made), soft_wrap=True, highlight=False, markup=False)

            yield progress, told


def line(made: Rendered) -> str:
    """A result in a line, and one more for each path that diverged."""
    width, height = made.size
    frames = f"{made.frames} frames, {made.seconds:.1f} s" if made.frames > 1 else "a still"
    sizes = " + ".join(f"{path.stat().st_size / 1000:.0f}" for path in made.paths)
    names = ", ".join(map(str, made.paths))
    lines = [f"{names}  {width}×{height}, {frames}, {sizes} kB, made in {made.took:.2f} s"]
    lines += [f"  {path.label} diverged at step {path.steps + 1}" for path in _diverged(made)]
    return "\n".join(lines)


def closing(outcome: Outcome, took: float) -> str:
    """What became of a batch, in a few lines: how many were made, diverged, and were not made.

    Args:
        outcome: of the batch.
        took: seconds for all of it.
    """
    size = sum(path.stat().st_size for made in outcome.made for path in made.paths)
    rows = [("made", len(outcome.made), f"{size / 1e6:.1f} MB in {took:.1f} s")]
    for name, found in (
        ("diverged", [made.paths[0] for made in outcome.made if _diverged(made)]),
        ("wrong", [problem.place for problem in outcome.problems]),
        ("failed", [problem.place for problem in outcome.failures]),
    ):
        if found:
            rows.append((name, len(found), ", ".join(map(str, dict.fromkeys(found)))))
    wide = max(len(str(count)) for _, count, _ in rows)
    return "\n".join(f"{name:8}  {count:>{wide}}  {text}" for name, count, text in rows)


def _diverged(made: Rendered) -> list[Trajectory]:
    return [path for path in made.trajectories if path.status == "diverged"]


def facts(results: Sequence[Rendered]) -> str:
    """The results as JSON."""
    return json.dumps(
        [
            {
                "paths": [str(path) for path in made.paths],
                "bytes": [path.stat().st_size for path in made.paths],
                "frames": made.frames,
                "seconds": round(made.seconds, 6),
                "size": made.size,
                "took": round(made.took, 3),
                "alt": made.alt,
                "optimizers": [
                    {
                        "label": path.label,
                        "status": path.status,
                        "steps": path.steps,
                        "end": path.points[:, -1].tolist(),
                        "loss": float(path.values[-1]),
                    }
                    for path in made.trajectories
                ],
            }
            for made in results
        ],
        indent=2,
    )
