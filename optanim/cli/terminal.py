"""What a person reads while figures are made: a progress bar, a line for each figure, a summary."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from optanim.cli.streams import unguarded
from optanim.config.run import Run
from optanim.experiment.results import Result
from optanim.formulas.plain_text import plain
from optanim.pipeline.batch import BatchResult
from optanim.pipeline.render import RenderResult
from optanim.printable import one_line, printable
from optanim.schema.rate_grid import Search

OnProgress = Callable[[Run, int, int], None]
"""Called with a run, the number of its painted frames, and the number of its frames."""

OnDone = Callable[[Run, RenderResult], None]
"""Called with a run and its figure."""

LONG_FILM = 30
"""Seconds of a film beyond which a note names the key that makes it shorter."""

SLOW_FILM = 12
"""Seconds of a film with its holds: `duration: 10s` makes a longer one shorter."""

FEW_FRAMES = 11
"""Number of frames a second, of which fewer do not make a GIF much smaller."""

LARGE_GIF = 1_000_000
"""Bytes of a GIF. The README promises less for usual figures; of a larger one we say so."""

MAX_LISTED_TRIALS = 16
"""In a figure with more trials, those that fail are counted, not listed."""


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
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    layout = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*layout, console=Console(file=unguarded(sys.stderr)), transient=True) as bar:
        task = bar.add_task("", total=len(runs))
        fractions = dict[Path, float]()
        done_count = 0

        def on_progress(run: Run, done: int, total: int) -> None:
            fractions[run.outputs[0]] = done / total
            count = f"{done_count + 1}/{len(runs)}  " if len(runs) > 1 else ""
            name = escape(count + one_line(run.config))
            bar.update(task, description=name, completed=sum(fractions.values()))

        def on_done(run: Run, rendered: RenderResult) -> None:
            nonlocal done_count
            done_count += 1
            fractions[run.outputs[0]] = 1.0
            # Without the layout of rich, which would wrap the paths.
            text = printable(figure_lines(rendered))
            bar.console.print(text, soft_wrap=True, highlight=False, markup=False)

        yield on_progress, on_done


def figure_lines(rendered: RenderResult) -> str:
    """A line about a figure, and one for each searched rate, each trial that fails, each remark."""
    width, height = rendered.size
    still = rendered.frames == 1
    is_page = all(path.suffix.lower() == ".html" for path in rendered.paths)
    one = "paused page" if is_page else "still image"
    frames = one if still else f"{rendered.frames} frames, {rendered.seconds:.1f} s"
    sizes = " + ".join(f"{path.stat().st_size / 1000:.0f}" for path in rendered.paths)
    names = ", ".join(one_line(str(path)) for path in rendered.paths)
    lines = [f"{names}  {width}×{height}, {frames}, {sizes} kB, made in {rendered.took:.2f} s"]
    if not still and rendered.seconds > LONG_FILM:
        help = "animation: {duration: 10s} makes it shorter"
        lines.append(f"  the film takes {rendered.seconds:.0f} s; {help}")
    lines += [f"  {line}" for path in rendered.paths if (line := _size_line(path, rendered))]
    lines += [f"  {search_line(search)}" for search in rendered.searches]
    for word, failed in _failed(rendered).items():
        if len(rendered.results) > MAX_LISTED_TRIALS:
            lines.append(f"  {len(failed)} of {len(rendered.results)} {word}")
        else:
            lines += [f"  {result.label} {result.status}" for result in failed]
    if len(rendered.results) <= MAX_LISTED_TRIALS:
        lines += [f"  {remark}" for remark in rendered.remarks]
    return "\n".join(lines)


def _size_line(path: Path, rendered: RenderResult) -> str:
    """What makes a GIF smaller that a page should not load; "" for another file.

    Args:
        path: of the file.
        rendered: with the duration and the number of frames of its film.
    """
    size = path.stat().st_size
    if path.suffix.lower() != ".gif" or size <= LARGE_GIF:
        return ""
    few = rendered.frames <= FEW_FRAMES * rendered.seconds
    fewer = (
        "duration: 10s" if rendered.seconds > SLOW_FILM else "duration: 5s" if few else "fps: 10"
    )
    help = f"animation: {{{fewer}}}, a smaller figure.size or formats: [webp, mp4] makes less"
    return f"a GIF of {size / 1e6:.1f} MB is large for a post; {help}"


def batch_summary(outcome: BatchResult, seconds: float) -> str:
    """A few lines about a batch: number of figures, outcomes of trials, and what went wrong.

    Args:
        outcome: of the batch.
        seconds: time that the whole batch took.
    """
    size = sum(path.stat().st_size for rendered in outcome.made for path in rendered.paths)
    rows = [("made", len(outcome.made), f"{size / 1e6:.1f} MB in {seconds:.1f} s")]
    trials = [result for rendered in outcome.made for result in rendered.results]
    statuses = [
        "with many starts" if trial.is_swarm else re.split(" (?:at|from) step", trial.status)[0]
        for trial in trials
    ]
    if counts := Counter(statuses):
        text = ", ".join(f"{count} {status}" for status, count in counts.most_common())
        rows.append(("trials", len(trials), text))
    if outcome.fresh:
        rows.append(("skipped", outcome.fresh, "up to date"))
    failed = [(rendered.paths[0], _failed(rendered)) for rendered in outcome.made]
    for name, places in (
        ("diverged", [path for path, trials in failed if "diverged" in trials]),
        ("undefined", [path for path, trials in failed if "undefined" in trials]),
        ("errors", [problem.place for problem in outcome.problems]),
        ("failed", [problem.place for problem in outcome.failures]),
    ):
        if places:
            rows.append((name, len(places), ", ".join(map(str, dict.fromkeys(places)))))
    width = max(len(str(count)) for _, count, _ in rows)
    indent = max(8, *(len(name) for name, _, _ in rows))
    return "\n".join(f"{name:{indent}}  {count:>{width}}  {text}" for name, count, text in rows)


def _failed(rendered: RenderResult) -> dict[str, list[Result]]:
    """The trials that diverged, and those that became undefined; neither key without a trial."""
    results = rendered.results
    groups = {
        "diverged": [result for result in results if result.diverged],
        "undefined": [result for result in results if result.undefined],
    }
    return {word: group for word, group in groups.items() if group}


def search_line(search: Search) -> str:
    """The best values of an optimizer, and a warning if its rate is an end of the grid."""
    best = ", ".join(f"{name} {value:g}" for name, value in (search.best or {}).items())
    has = "have" if search.others else "has"
    loss = "final loss" if search.seeds == 1 else "median of the final losses"
    text = f"{plain(search.label)}: {best} {has} the lowest {loss}, {search.loss:.4g}"
    text += f", of {search.budget}"
    text += f"; {search.diverged} diverged" if search.diverged else ""
    text += f"; {search.undefined} became undefined" if search.undefined else ""
    if not search.end:
        return text
    subject = f"lr {search.rate:g}" if search.others else "it"
    return f"{text}; {subject} is {grid_end_warning(search)}"


def grid_end_warning(search: Search) -> str:
    """Words for a best rate that is the smallest or the largest of the grid."""
    beyond = {"smallest": "below tuning.low", "largest": "above tuning.high"}[search.end]
    if search.stated:
        beyond = f"{beyond.split()[0]} those of tuning.over"
    return f"the {search.end} rate of the grid; a better one may lie {beyond}"


def budget_lines(searches: Sequence[Search]) -> str:
    """What was tried: one line, or one for each optimizer if they differ."""
    if len({search.budget for search in searches}) == 1:
        return searches[0].budget
    return "\n".join(f"{plain(search.label)}: {search.budget}" for search in searches)
