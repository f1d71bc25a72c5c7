"""Figures and their goals: optanim and the others in turn, medians of pairs.

python benchmarks/bench.py [--pairs N] [--only PART] [--docs]

Prints a table, writes it with every reading to benchmarks/result.json, and with --docs puts it
into docs/benchmarks.md. What an absent program or package would have measured is named as missing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

# As the command does, before numpy is imported: more threads only wait for each other.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import batches
import encoders
import scenes

from optanim.pipeline.edited_config import DEFAULT, EditedConfig
from optanim.pipeline.exploration import Exploration

OPTANIM = [sys.executable, "-m", "optanim"]
OTHERS = [sys.executable, str(scenes.ROOT / "benchmarks" / "with_matplotlib.py")]
BY_HAND = [sys.executable, str(scenes.ROOT / "benchmarks" / "by_hand.py")]


@dataclass
class Row:
    """A line of the table: how many times less (or more) than the other, and the goal for that."""

    what: str
    ours: str
    theirs: str
    ratio: float
    goal: float
    note: str = ""
    readings: list[object] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.ratio >= self.goal:
            return f"{self.goal:g}: met"
        return f"{self.goal:g}: {1 - self.ratio / self.goal:.0%} short"


@dataclass
class Missing:
    """A line that could not be measured here."""

    what: str
    needs: str


PEAK = """
import os, sys
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
sys.exit(status != 0)
"""

# Python keeps what it compiled, as it does for everybody who installs a package.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def said(command: list[str]) -> str:
    """What a whole process prints on stdout."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=scenes.ROOT, env=ENVIRONMENT)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def peak(command: list[str]) -> float:
    """The memory of a whole process at its peak, in MB.

    Started by a small process: a child counts what its parent held when it was started.
    """
    return int(said([sys.executable, "-S", "-c", PEAK, *command]).split()[-1]) / 1e6


def timed(work: Callable[..., object], *arguments: object) -> float:
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def several(times: int, work: Callable[..., object], *arguments: object) -> float:
    """The mean of several readings of what is short, beside one of what is long."""
    return sum(timed(work, *arguments) for _ in range(times)) / times


def median(values: list[float]) -> float:
    return statistics.median(values)


def compared(what: str, pairs: list[tuple[float, float]], unit: str, goal: float) -> Row:
    """A row of paired readings, whose ratio is the median of theirs over ours."""
    scale, digits = {"ms": (1e3, 2), "s": (1, 2)}[unit]
    ours, theirs = (median([pair[i] for pair in pairs]) * scale for i in (0, 1))
    ratio = median([b / a for a, b in pairs])
    shown = f"{ours:.{digits}f} {unit}", f"{theirs:.{digits}f} {unit}"
    return Row(what, *shown, ratio, goal, readings=list(pairs))


def against_matplotlib(folder: Path, pairs: int) -> Iterator[Row]:
    """(1) a frame, (2) the whole command, and sizes, against FuncAnimation and PillowWriter."""
    for contours, smaller in (("both", 30), ("bands", 4.5), ("lines", 0)):
        for frames in (100, 400):
            made = scenes.momentum(folder, contours, frames)
            ours_file, theirs_file = folder / "ours.gif", folder / "theirs.gif"
            ours = [*OPTANIM, "render", "-q", str(made.config), "-o", str(ours_file)]
            theirs = [*OTHERS, str(made.numbers), str(theirs_file)]
            made.encoded()  # once for the letters that are drawn at their first use
            a_frame, whole = [], []
            for _ in range(pairs):
                # Several times ours is still a fraction of the time that theirs takes.
                one = several(5, made.encoded) / len(made.film)
                began = time.perf_counter()
                a_frame.append((one, float(said(theirs)) / len(made.film)))
                other = time.perf_counter() - began
                whole.append((several(2, said, ours), other))
            yield compared(f"time a frame, {made.name}", a_frame, "ms", 50)
            yield compared(f"whole command, {made.name}", whole, "s", 8)
            yield of_sizes(f"file, {made.name}", ours_file, theirs_file, smaller)


def against_by_hand(folder: Path, pairs: int) -> Iterator[Row | Missing]:
    """(2b) the same, against a background that is restored and frames that are piped to ffmpeg."""
    if not shutil.which("ffmpeg"):
        yield Missing("against 25 lines by hand", "ffmpeg")
        return
    ours_file, theirs_file = folder / "ours.gif", folder / "theirs.gif"
    for theme in ("light", "viridis"):
        made = scenes.momentum(folder, "both", 100, theme)
        ours = [*OPTANIM, "render", "-q", str(made.config), "-o", str(ours_file)]
        theirs = [*BY_HAND, str(made.numbers), str(theirs_file)]
        made.encoded()  # once for the letters that are drawn at their first use
        a_frame, whole = [], []
        for _ in range(2 * pairs + 1):
            one = several(3, made.encoded) / len(made.film)
            a_frame.append((one, float(said(theirs)) / len(made.film)))
            whole.append((timed(said, ours), timed(said, theirs)))
        yield compared(f"time a frame, by hand, {made.name}", a_frame, "ms", 2.5)
        yield compared(f"whole command, by hand, {made.name}", whole, "s", 0)
        yield of_sizes(f"file, by hand, {made.name}", ours_file, theirs_file, 0)
    said([*OTHERS, str(made.numbers), str(theirs_file)])
    yield of_sizes(f"file, {made.name}", ours_file, theirs_file, 4.5)


def of_sizes(what: str, ours: Path, theirs: Path, goal: float) -> Row:
    """A row of the sizes of two files."""
    sizes = ours.stat().st_size, theirs.stat().st_size
    return Row(what, *[f"{size / 1000:.0f} kB" for size in sizes], sizes[1] / sizes[0], goal)


def seven_figures(folder: Path, pairs: int) -> Iterator[Row]:
    """(3) the article's figures in one command, against seven scripts."""
    made = scenes.article(folder)
    configs = [str(one.config) for one in made]
    scripts = [[*OTHERS, str(one.numbers), str(folder / f"{one.name}.gif")] for one in made]
    ours = [*OPTANIM, "render", "-q", *configs, "-o", str(folder / "{config}.gif")]
    readings = [
        (several(3, said, ours), sum(timed(said, script) for script in scripts))
        for _ in range(max(1, pairs // 2))
    ]
    yield compared("the article's seven figures, one command against seven scripts",
                   readings, "s", 25)  # fmt: skip


def against_encoders(folder: Path, pairs: int) -> Iterator[Row | Missing]:
    """(4) size and fidelity on the same frames, decoded by ffmpeg."""
    needed = [name for name in ("ffmpeg", "gifsicle") if not shutil.which(name)]
    for contours in ("both", "bands", "lines"):
        made = scenes.momentum(folder, contours, 100)
        if needed:
            yield Missing(f"encoders, {made.name}", " and ".join(needed))
            continue
        ours = encoders.Result(made.encoded(), made.film)
        for name, encode in encoders.ENCODERS.items():
            theirs = encoders.Result(encode(made.film), made.film)
            shown = [f"{r.size / 1000:.1f} kB, {r.psnr:.1f} dB" for r in (ours, theirs)]
            goal = 1.0 if "gifsicle" in name else 0.0
            row = Row(f"{name}, {made.name}", *shown, theirs.size / ours.size, goal)
            row.note = "" if ours.psnr >= theirs.psnr else "at a lower fidelity"
            yield row
        compact = encoders.Result(made.encoded(compact=True), made.film)
        shown = [f"{r.size / 1000:.1f} kB, {r.psnr:.1f} dB" for r in (compact, ours)]
        ratio = ours.size / compact.size
        yield Row(f"compact file against the usual one, {made.name}", *shown, ratio, 0)


def memory(folder: Path, pairs: int) -> Iterator[Row]:
    """(5) the peak of whole commands; the goal is 110 MB, however long."""
    peaks = {}
    for frames in (100, 400, 2000):
        made = scenes.momentum(folder, "both", frames)
        command = [*OPTANIM, "render", "-q", str(made.config), "-o", str(folder / "m.gif")]
        peaks[frames] = median([peak(command) for _ in range(pairs)])
        if frames == 100:
            other = peak([*OTHERS, str(made.numbers), str(folder / "m.gif")])
        shown = f"{peaks[frames]:.1f} MB", f"{other:.0f} MB at 101 frames"
        yield Row(f"peak memory, {frames + 1} frames", *shown, 110 / peaks[frames], 1)
    shown = f"{peaks[100]:.1f} MB", f"{peaks[2000]:.1f} MB"
    yield Row("101 frames against 2001: within 2 %", *shown, 1.02 * peaks[100] / peaks[2000], 1)


def steps_a_second(folder: Path, pairs: int) -> Iterator[Row | Missing]:
    """(6) simulated steps, against torch.optim with autograd on the same surface."""
    if not find_spec("torch"):
        yield Missing("simulated steps, against torch.optim", "torch")
        return
    import walks

    for name in ("gd", "momentum", "adam"):
        walks.ours(name), walks.torchs(name)
        readings = [(walks.ours(name), walks.torchs(name)) for _ in range(2 * pairs + 1)]
        per_step = [(a / walks.STEPS, b / walks.STEPS) for a, b in readings]
        row = compared(f"a simulated step, {name}, against torch.optim", per_step, "ms", 8)
        row.ours, row.theirs = (f"{median([p[i] for p in per_step]) * 1e6:.1f} µs" for i in (0, 1))
        yield row
    for name in ("gd", "momentum", "adam"):
        for how, by_hand in (("its gradient by hand", True), ("autograd", False)):
            theirs = partial(walks.torchs_thousand, name, by_hand=by_hand)
            walks.our_thousand(name), theirs()
            readings = [(walks.our_thousand(name), theirs()) for _ in range(2 * pairs + 1)]
            what = f"{walks.MANY:,} walks at once, {name}, against torch.optim, {how}"
            row = compared(what, readings, "s", 1)
            row.ours, row.theirs = (
                f"{walks.MANY * walks.MANY_STEPS / median([r[i] for r in readings]) / 1e6:.1f} "
                "million steps a second" for i in (0, 1)
            )  # fmt: skip
            yield row


def against_scan(folder: Path, pairs: int) -> Iterator[Row | Missing]:
    """(6b) the same against JAX, which compiles the whole walk before it walks."""
    if not (find_spec("torch") and find_spec("jax")):
        yield Missing("simulated steps, against lax.scan", "jax, or torch")
        return
    import scans
    import walks

    for name in ("gd", "momentum", "adam"):
        for many in (False, True):
            ours = partial(walks.our_thousand if many else walks.ours, name)
            theirs = scans.walk(name, many=many)
            compilation = theirs()
            ours()
            steps = walks.MANY * walks.MANY_STEPS if many else walks.STEPS
            readings = [(ours() / steps, theirs() / steps) for _ in range(2 * pairs + 1)]
            words = f"{walks.MANY:,} walks at once" if many else "a simulated step"
            row = compared(f"{words}, {name}, against lax.scan, compiled", readings, "ms", 0)
            row.ours, row.theirs = (
                f"{median([r[i] for r in readings]) * 1e9:,.0f} ns a step" for i in (0, 1)
            )
            row.note = f"and {compilation:.2f} s to compile"
            yield row


def start_up(folder: Path, pairs: int) -> Iterator[Row]:
    """(7) what a person waits for before anything is drawn; the goals are seconds."""
    config = str(scenes.momentum(folder, "both", 100).config)
    for what, arguments, goal in (("--help", ["--help"], 0.3), ("check", ["check", config], 0.6)):
        seconds = [timed(said, [*OPTANIM, *arguments]) for _ in range(2 * pairs + 1)]
        took = median(seconds)
        yield Row(f"optanim {what}", f"{took:.2f} s", f"goal {goal} s", goal / took, 1,
                  readings=list(seconds))  # fmt: skip


def many_figures(folder: Path, pairs: int) -> Iterator[Row]:
    """(8) a batch: two processes against one, one command against forty, memory, a sweep."""
    files = batches.configs(folder / "forty", 40)
    out = ["-o", str(folder / "{config}.gif")]
    commands = {jobs: [*OPTANIM, "render", "-q", *files, "-j", jobs, *out] for jobs in "12"}
    readings = [(timed(said, commands["2"]), timed(said, commands["1"])) for _ in range(pairs)]
    yield compared("40 figures, two processes against one", readings, "s", 1.67)
    single = [[*OPTANIM, "render", "-q", file, *out] for file in files]
    whole = timed(lambda: [said(command) for command in single])
    alone = [(a, whole) for _, a in readings]
    yield compared("40 figures, one process, against a command for each", alone, "s", 2.86)
    many = batches.configs(folder / "many", 300)
    peaks = [peak([*OPTANIM, "render", "-q", *f, "-j1", *out]) for f in (files, many)]
    shown = [f"{value:.1f} MB" for value in peaks]
    yield Row("memory, 40 figures against 300: within 5 %", *shown, 1.05 * peaks[0] / peaks[1], 1)
    took = median([timed(said, [*OPTANIM, *batches.sweep(folder, 1000)]) for _ in range(pairs)])
    yield Row("a sweep of 1,000 walks in one picture", f"{took:.1f} s", "goal 20 s", 20 / took, 1)
    hundred = [*OPTANIM, "render", "-q", *batches.configs(folder / "hundred", 100), *out]
    said(hundred)
    took = median([timed(said, [*hundred, "--if-changed"]) for _ in range(pairs)])
    yield Row("100 fresh figures with --if-changed", f"{took:.2f} s", "goal 1.5 s", 1.5 / took, 1)


def pages(folder: Path, pairs: int) -> Iterator[Row]:
    """(9) a page beside a GIF of the same config, and a move on the page of `optanim explore`."""
    made = scenes.momentum(folder, "both", 100)
    files = [folder / f"p.{format}" for format in ("html", "gif")]
    commands = [[*OPTANIM, "render", "-q", str(made.config), "-o", str(file)] for file in files]
    whole = [(timed(said, commands[0]), timed(said, commands[1])) for _ in range(2 * pairs + 1)]
    yield compared(f"whole command, a page beside a GIF, {made.name}", whole, "s", 1)
    yield of_sizes(f"file, a page beside a GIF, {made.name}", *files, 0)
    session = Exploration(EditedConfig())
    session.figure(DEFAULT, 1, None)
    moves = list[float]()
    for i in range(40 * pairs):
        start = [-1.2 + 0.01 * i, 1.0]
        moves.append(timed(session.figure, {**DEFAULT, "start": start}, i + 2, 1))
    took = median(moves)
    what = "answer to a move, 3 optimizers × 100 steps"
    yield Row(what, f"{1000 * took:.1f} ms", "goal 50 ms", 0.05 / took, 1)


PARTS = (
    against_matplotlib, against_by_hand, seven_figures, against_encoders, memory, steps_a_second,
    against_scan, start_up, many_figures, pages,
)  # fmt: skip


def table(rows: list[Row | Missing]) -> str:
    lines = ["| | optanim | the other | ratio | goal |", "|---|---|---|---|---|"]
    for row in rows:
        if isinstance(row, Missing):
            lines.append(f"| {row.what} | not measured: {row.needs} missing | | | |")
            continue
        verdict = ", ".join(filter(None, [row.verdict if row.goal else "", row.note]))
        digits = 3 if row.ratio < 0.1 else 2 if row.ratio < 3 else 1
        lines.append(
            f"| {row.what} | {row.ours} | {row.theirs} | {row.ratio:.{digits}f} | {verdict} |"
        )
    return "\n".join(lines)


def machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("matplotlib", "pillow", "numpy"))
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", action="append", choices=[part.__name__ for part in PARTS])
    parser.add_argument("--docs", action="store_true", help="put the table into docs/benchmarks.md")
    asked = parser.parse_args()
    rows: list[Row | Missing] = []
    with tempfile.TemporaryDirectory() as name:
        for part in PARTS:
            if asked.only and part.__name__ not in asked.only:
                continue
            for row in part(Path(name), asked.pairs):
                rows.append(row)
                print(table([row]).splitlines()[-1], file=sys.stderr, flush=True)
    words = f"Medians of {asked.pairs} pairs, ours and theirs in turn; {machine()}."
    text = f"{table(rows)}\n\n{words}"
    print(text)
    result = {"machine": machine(), "pairs": asked.pairs, "rows": [asdict(row) for row in rows]}
    out = scenes.ROOT / "benchmarks" / "result.json"
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if asked.docs:
        page = scenes.ROOT / "docs" / "benchmarks.md"
        marked = re.compile(r"(?<=<!-- bench -->\n).*(?=\n<!-- /bench -->)", re.DOTALL)
        page.write_text(marked.sub(lambda _: text, page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
