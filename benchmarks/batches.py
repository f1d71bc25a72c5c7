"""Many figures: configs to render in one command, and a sweep."""

from __future__ import annotations

from pathlib import Path

NAMES = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")


def configs(folder: Path, count: int) -> list[str]:
    """Configs such as the article's, each with a start of its own."""
    folder.mkdir(exist_ok=True)
    files = [folder / f"c{i}.yaml" for i in range(count)]
    for i, file in enumerate(files):
        file.write_text(
            f"surface: quadratic\nstart: [{-4 + i / 100}, 3]\noptimizer: {NAMES[i % len(NAMES)]}\n"
            "steps: 100\nanimation: {steps_per_second: 15}\n"
        )
    return list(map(str, files))


def sweep(folder: Path, count: int) -> list[str]:
    """A sweep of so many walks of 100 steps, as the arguments of a command."""
    (config,) = configs(folder, 1)
    rates = ",".join(f"{10 ** (-3 + 2.6 * i / (count - 1)):.5g}" for i in range(count))
    return ["sweep", "-q", config, "-x", f"optimizer.lr={rates}", "--layout", "overlay",
            "--frame", "last", "-o", str(folder / "sweep.png")]  # fmt: skip
