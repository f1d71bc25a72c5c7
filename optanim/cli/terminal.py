"""What a person reads while figures are made: a progress bar, a line for each figure, a summary."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from optanim.config.run import Run
from optanim.experiment.results import Result
from optanim.formulas.plain_text import plain
from optanim.pipeline.batch import BatchResult
from optanim.pipeline.render import RenderResult
from optanim.schema.rate_grid import Search

OnProgress = Callable[[Run, int, int], None]
"""Called with a run, the number of its painted frames, and the number of its frames."""

OnDone = Callable[[Run, RenderResult], None]
"""Called with a run and its figure."""

MAX_LISTED_TRIALS = 16
"""In a figure with more trials, the diverged ones are counted, not listed."""


@contextmanager
def progress_report(runs: Sequence[Run], *, quiet: bool) -> Iterator[tuple[OnProgress, OnDone]]:
    """Callbacks that report on stderr: a bar on a terminal, and a line for each finished figure.

    Args:
        runs: all of the batch.
        quiet: report nothing.
    """
    if quiet:
        yield (lambda run, done, total: None), (lambda run, rendered: None)
    elif not sys.stderr.isatty():
        yield (
            lambda run, done, total: None,
            lambda run, rendered: print(figure_lines(rendered), file=sys.stderr),
        )
    else:
        with _progress_bar(runs) as callbacks:
            yield callbacks


@contextmanager
def _progress_bar(runs: Sequence[Run]) -> Iterator[tuple[OnProgress, OnDone]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    layout = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*layout, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(runs))
        fractions = dict[Path, float]()
        done_count = 0

        def on_progress(run: Run, done: int, total: int) -> None:
            fractions[run.outputs[0]] = done / total
            count = f"{done_count + 1}/{len(runs)}  " if len(runs) > 1 else ""
            bar.update(task, description=count + run.config, completed=sum(fractions.values()))

        def on_done(run: Run, rendered: RenderResult) -> None:
            nonlocal done_count
            done_count += 1
            fractions[run.outputs[0]] = 1.0
            # Without the layout of rich, which would wrap the paths.
            text = figure_lines(rendered)
            bar.console.print(text, soft_wrap=True, highlight=False, markup=False)

        yield on_progress, on_done


def figure_lines(rendered: RenderResult) -> str:
    """A line about a figure, and one for each rate that was searched and each diverged trial."""
    width, height = rendered.size
    still = rendered.frames == 1
    frames = "still image" if still else f"{rendered.frames} frames, {rendered.seconds:.1f} s"
    sizes = " + ".join(f"{path.stat().st_size / 1000:.0f}" for path in rendered.paths)
    names = ", ".join(map(str, rendered.paths))
    lines = [f"{names}  {width}×{height}, {frames}, {sizes} kB, made in {rendered.took:.2f} s"]
    lines += [f"  {search_line(search)}" for search in rendered.searches]
    diverged = _diverged(rendered)
    if len(rendered.results) > MAX_LISTED_TRIALS and diverged:
        lines.append(f"  {len(diverged)} of {len(rendered.results)} diverged")
    else:
        lines += [f"  {result.label} {result.status}" for result in diverged]
    return "\n".join(lines)


def batch_summary(outcome: BatchResult, seconds: float) -> str:
    """A few lines about a batch: number of figures, outcomes of trials, and what went wrong.

    Args:
        outcome: of the batch.
        seconds: time that the whole batch took.
    """
    size = sum(path.stat().st_size for rendered in outcome.made for path in rendered.paths)
    rows = [("made", len(outcome.made), f"{size / 1e6:.1f} MB in {seconds:.1f} s")]
    trials = [result for rendered in outcome.made for result in rendered.results]
    if counts := Counter(trial.status.partition(" at step")[0] for trial in trials):
        text = ", ".join(f"{count} {status}" for status, count in counts.most_common())
        rows.append(("trials", len(trials), text))
    if outcome.fresh:
        rows.append(("skipped", outcome.fresh, "up to date"))
    for name, places in (
        ("diverged", [rendered.paths[0] for rendered in outcome.made if _diverged(rendered)]),
        ("errors", [problem.place for problem in outcome.problems]),
        ("failed", [problem.place for problem in outcome.failures]),
    ):
        if places:
            rows.append((name, len(places), ", ".join(map(str, dict.fromkeys(places)))))
    width = max(len(str(count)) for _, count, _ in rows)
    return "\n".join(f"{name:8}  {count:>{width}}  {text}" for name, count, text in rows)


def _diverged(rendered: RenderResult) -> list[Result]:
    return [result for result in rendered.results if result.diverged]


def search_line(search: Search) -> str:
    """The best rate of an optimizer, and a warning if it is an end of the grid."""
    text = f"{plain(search.label)}: lr {search.rate:g} has the lowest final loss, {search.loss:.4g}"
    text += f", of {search.budget}" + (f"; {search.diverged} diverged" if search.diverged else "")
    return f"{text}; it is {grid_end_warning(search)}" if search.end else text


def grid_end_warning(search: Search) -> str:
    """Words for a best rate that is the smallest or the largest of the grid."""
    beyond = {"smallest": "below tuning.low", "largest": "above tuning.high"}[search.end]
    return f"the {search.end} rate of the grid; a better one may lie {beyond}"
