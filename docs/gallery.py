"""A page of the gallery: each config with its picture and where it is from.

python docs/gallery.py

Writes docs/gallery.md from configs/gallery; `make gallery` renders the pictures first.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CONFIGS = sorted(HERE.parent.joinpath("configs", "gallery").glob("*.yaml"))

HEAD = """# Gallery

Published experiments, each beside its config. The numbers that their sources print are tested.
`make gallery` renders the pictures and writes this page. `optanim embed` wrote the alt texts.
"""


def told(text: str) -> tuple[str, list[str], str]:
    """What a config's first comment says, the ends that it states, and the config without it."""
    comment = re.match(r"(?:#.*\n)+", text)
    assert comment, "a config of the gallery begins with its source"
    lines = [line.removeprefix("#").strip() for line in comment[0].splitlines()]
    ends = [line.split(": ", 1)[1] for line in lines if re.match(r"end \d+:", line)]
    words = " ".join(line for line in lines if not re.match(r"end \d+:", line))
    return words, ends, text[comment.end() :]


def picture(file: Path) -> str:
    """The Markdown of a config's picture, with the alt text that is written from its run."""
    command = [sys.executable, "-m", "optanim", "embed", str(file), "--format", "markdown"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return re.sub(r"]\([^()]*\)\s*$", f"](../output/gallery/{file.stem}.gif)", said.stdout)


def main() -> None:
    parts = [HEAD]
    for file in CONFIGS:
        words, ends, config = told(file.read_text("utf-8"))
        printed = f" Printed there: {', '.join(ends)}." if ends else ""
        name = file.stem
        parts.append(
            f"## {name.replace('_', ' ').capitalize()}\n\n{words}{printed}\n\n"
            f'<div class="pair" markdown>\n\n{picture(file)}\n\n```yaml\n{config}```\n\n</div>\n'
        )
    (HERE / "gallery.md").write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
