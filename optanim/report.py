"""What a person or a program is told while files are made: a bar, a line a file, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from optanim.config import Run
from optanim.rendering import Rendered

Progress = Callable[[Run, int, int], None]
Told = Callable[[Run, Rendered], None]


@contextmanager
def telling(*, quiet: bool, many: int) -> Iterator[tuple[Progress, Told]]:
    """Callbacks for a batch: a bar on a terminal, a line for each file made, all on stderr.

    Args:
        quiet: say nothing.
        many: how many runs there are.
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
            whole = bar.add_task("", total=many)
            begun = dict[str, float]()

            def progress(run: Run, done: int, of: int) -> None:
                begun[run.config] = done / of
                bar.update(whole, description=run.config, completed=sum(begun.values()))

            def told(run: Run, made: Rendered) -> None:
                bar.console.print(line(made), soft_wrap=True, highlight=False, markup=False)

            yield progress, told


MANY = 16
"""Of more walks it is not said which diverged."""


def line(made: Rendered) -> str:
    """A result in a line, and one more for each path that diverged; of many, for their count."""
    width, height = made.size
    frames = f"{made.frames} frames, {made.seconds:.1f} s" if made.frames > 1 else "a still"
    sizes = " + ".join(f"{path.stat().st_size / 1000:.0f}" for path in made.paths)
    names = ", ".join(map(str, made.paths))
    lines = [f"{names}  {width}×{height}, {frames}, {sizes} kB, made in {made.took:.2f} s"]
    lost = [path for path in made.trajectories if path.status == "diverged"]
    if len(made.trajectories) > MANY and lost:
        lines.append(f"  {len(lost)} of {len(made.trajectories)} diverged")
    else:
        lines += [f"  {path.label} diverged at step {path.steps + 1}" for path in lost]
    return "\n".join(lines)


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
