"""Whole commands in turn, ours and matplotlib's: time and size, as medians of pairs.

python benchmarks/bench.py [PAIRS]

Prints a table and writes it, with every reading, to benchmarks/result.json.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIG = str(ROOT / "configs" / "momentum_optimization.yaml")
OURS = [sys.executable, "-m", "optanim", "render", "-q", CONFIG]
THEIRS = [sys.executable, str(ROOT / "benchmarks" / "with_matplotlib.py"), CONFIG]


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - began


def measure(filled: str, pairs: int, folder: Path) -> dict[str, object]:
    """Ours and theirs in turn, on the same scene."""
    ours_file, theirs_file = folder / "ours.gif", folder / "theirs.gif"
    ours = [*OURS, "-o", str(ours_file), "-s", f"view.filled={filled}"]
    theirs = [*THEIRS, str(theirs_file), f"view.filled={filled}"]
    readings = [(seconds(ours), seconds(theirs)) for _ in range(pairs)]
    sizes = ours_file.stat().st_size, theirs_file.stat().st_size
    return {
        "scene": "filled contours" if filled == "true" else "contour lines",
        "seconds": readings,
        "ours_s": statistics.median(a for a, _ in readings),
        "theirs_s": statistics.median(b for _, b in readings),
        "times_faster": statistics.median(b / a for a, b in readings),
        "bytes": sizes,
        "times_smaller": sizes[1] / sizes[0],
    }


def main(pairs: int = 3) -> None:
    with tempfile.TemporaryDirectory() as name:
        rows = [measure(filled, pairs, Path(name)) for filled in ("true", "false")]
    print("| scene | optanim | FuncAnimation + PillowWriter | faster | smaller |")
    print("|---|---|---|---|---|")
    for row in rows:
        ours, theirs = row["bytes"]  # type: ignore[misc]
        print(
            f"| {row['scene']} | {row['ours_s']:.2f} s, {ours / 1000:.0f} kB "
            f"| {row['theirs_s']:.1f} s, {theirs / 1000:.0f} kB "
            f"| {row['times_faster']:.1f} times | {row['times_smaller']:.1f} times |"
        )
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    print(f"\nMedians of {pairs} pairs, start-up included, {machine}.")
    out = ROOT / "benchmarks" / "result.json"
    out.write_text(json.dumps({"machine": machine, "pairs": pairs, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
