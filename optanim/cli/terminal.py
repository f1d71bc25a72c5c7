"""What a person or a program is told while files are made: a bar, a line a file, JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from math import isfinite
from pathlib import Path

from optanim.config.run import Run
from optanim.errors import columns
from optanim.experiment.results import Result
from optanim.experiment.tuning import Best
from optanim.formulas.plain_text import plain
from optanim.pipeline.batch import BatchResult
from optanim.pipeline.render import Rendered
from optanim.schema.rate_grid import Search

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


MANY = 16
"""Of more trials it is not said which diverged."""


def line(made: Rendered) -> str:
    """A result in a line, and more for rates that were found and paths that diverged."""
    width, height = made.size
    frames = f"{made.frames} frames, {made.seconds:.1f} s" if made.frames > 1 else "a still"
    sizes = " + ".join(f"{path.stat().st_size / 1000:.0f}" for path in made.paths)
    names = ", ".join(map(str, made.paths))
    lines = [f"{names}  {width}×{height}, {frames}, {sizes} kB, made in {made.took:.2f} s"]
    lines += [f"  {found(search)}" for search in made.searches]
    lost = _diverged(made)
    if len(made.results) > MANY and lost:
        lines.append(f"  {len(lost)} of {len(made.results)} diverged")
    else:
        lines += [f"  {result.label} {result.status}" for result in lost]
    return "\n".join(lines)


def closing(outcome: BatchResult, took: float) -> str:
    """What became of a batch, in a few lines: how many were made, of how many trials; and the rest.

    Args:
        outcome: of the batch.
        took: seconds for all of it.
    """
    size = sum(path.stat().st_size for made in outcome.made for path in made.paths)
    rows = [("made", len(outcome.made), f"{size / 1e6:.1f} MB in {took:.1f} s")]
    trials = [result for made in outcome.made for result in made.results]
    if ended := Counter(trial.status.partition(" at step")[0] for trial in trials):
        said = ", ".join(f"{count} {status}" for status, count in ended.most_common())
        rows.append(("trials", len(trials), said))
    if outcome.fresh:
        rows.append(("fresh", outcome.fresh, "left as they are"))
    for name, found in (
        ("diverged", [made.paths[0] for made in outcome.made if _diverged(made)]),
        ("wrong", [problem.place for problem in outcome.problems]),
        ("failed", [problem.place for problem in outcome.failures]),
    ):
        if found:
            rows.append((name, len(found), ", ".join(map(str, dict.fromkeys(found)))))
    wide = max(len(str(count)) for _, count, _ in rows)
    return "\n".join(f"{name:8}  {count:>{wide}}  {text}" for name, count, text in rows)


def _diverged(made: Rendered) -> list[Result]:
    return [result for result in made.results if result.diverged]


def found(search: Search) -> str:
    """How the rate of an optimizer was found, in a line; and whether the grid was too small."""
    said = f"{plain(search.label)}: lr {search.rate:g} has the lowest final loss, {search.loss:.4g}"
    said += f", of {search.budget}" + (f"; {search.diverged} diverged" if search.diverged else "")
    return f"{said}; it is {beyond(search)}" if search.end else said


def beyond(search: Search) -> str:
    """That the grid ends at the best rate."""
    key = {"smallest": "low", "largest": "high"}[search.end]
    return f"the {search.end} rate of the grid: a better may lie beyond tuning.{key}"


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
                        "label": result.label,
                        "status": "diverged" if result.diverged else "finished",
                        "steps": result.steps,
                        "end": end,
                        "loss": result.loss,
                        "optimizer": result.optimizer,
                        "rate": result.rate,
                        "outcome": result.status,
                        "within": result.within,
                        "overshoots": result.overshoots,
                        "length": _finite(result.length),
                    }
                    for result, end in zip(made.results, made.ends, strict=True)
                ],
                "claims": [asdict(verdict) for verdict in made.verdicts],
            }
            for made in results
        ],
        indent=2,
    )


def aligned(bests: Sequence[Best]) -> str:
    """The best rates as a table for a terminal."""
    head = ("optimizer", "best lr", "final loss", "own lr", "its loss", "diverged")
    lines = [head, *(_cells(best) for best in bests)]
    wide = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    padded = (
        (cell + " " * (width - columns(cell)) for cell, width in zip(line, wide, strict=True))
        for line in lines
    )
    return "\n".join("  ".join(line).rstrip() for line in padded)


def _cells(best: Best) -> tuple[str, ...]:
    own, loss = best.own_rate, best.own_loss
    return (
        plain(best.label),
        f"{best.rate:g}",
        f"{best.loss:.4g}",
        "–" if own is None else f"{own:g}",
        "–" if loss is None else f"{loss:.4g}" if isfinite(loss) else "diverged",
        f"{best.diverged} of {best.rates}",
    )


def as_json(bests: Sequence[Best], searches: Sequence[Search]) -> str:
    """The best rates as JSON, with the final loss of every rate; null where it diverged."""
    rows = [
        {name: _finite(value) for name, value in asdict(best).items()}
        | {"tried": [[r, _finite(v)] for r, v in zip(search.rates, search.losses, strict=True)]}
        for best, search in zip(bests, searches, strict=True)
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _finite(value: object) -> object:
    """JSON has no infinity."""
    return None if isinstance(value, float) and not isfinite(value) else value
