"""Every surface of the catalogue in one picture, and a page that says what each is.

python docs/contact_sheet.py

Writes docs/surfaces.png and docs/surfaces.md. Adam walks from the same corner of every window, at a
rate that is a fiftieth of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import optanim
from optanim.drawing.painter import Painter
from optanim.drawing.pixels import packed
from optanim.encoding.film import Frame
from optanim.encoding.palette import choose_palette
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import scene
from optanim.schema.catalogue import Entry, catalogue
from optanim.schema.choice import Choice

HERE = Path(__file__).parent
ACROSS, SIZE = 5, (320, 240)
THEME = catalogue("themes")["light"].function()

TYPED = {
    "expression": {"expr": "sin(3*x) + x**2 + y**2"},
    "regression": {"regression": {"points": [[1, 12], [2, 19], [3, 33], [4, 38], [5, 52]],
                                  "model": "w*x + b"}},
}  # fmt: skip
"""What those surfaces are shown with that cannot do without an option."""


PAGE = """# Surfaces

What `optanim list surfaces` lists, with Adam on each, from the same corner of its window.
`make surfaces` writes this page from the catalogue.

![All surfaces, each with a path](surfaces.png)

"""


def shown() -> Iterator[tuple[Entry, dict[str, Any], optanim.Surface]]:
    """Each entry with what a config says of it and what that makes; two parameters first."""
    found = []
    for entry in catalogue("surfaces").values():
        said = {"name": entry.name} | TYPED.get(entry.name, {})
        chosen = Choice("surfaces").choose(said)
        found.append((entry, said, entry.function(**chosen.options)))
    yield from sorted(found, key=lambda one: -one[2].dimensions)


def picture(said: dict[str, Any], surface: optanim.Surface) -> Image.Image:
    """The last frame of a walk on a surface."""
    low, extent = np.array(surface.domain)[:, 0], np.ptp(surface.domain, axis=1)
    start = low + np.array([0.15, 0.8])[: len(low)] * extent
    config = {
        "surface": said,
        "start": start.round(3).tolist(),
        "optimizer": {"name": "adam", "lr": float(extent.min() / 50)},
        "steps": 150,
        "panels": ["curve" if surface.dimensions == 1 else "contour"],
        "title": said["name"],
        "view": dict(zip("xy", map(list, surface.domain), strict=False)),
        "figure": {"size": list(SIZE)},
    }
    run = optanim.loads(json.dumps(config))
    painter = Painter(scene(run, trajectories_of(run)))
    return Image.fromarray(painter.paint(150)[..., :3])


def save(sheet: Image.Image, path: Path) -> None:
    """A PNG of 255 colors, those that an animation would get."""
    pixels = np.array(sheet.convert("RGBA"))
    palette = choose_palette([Frame(pixels, 1.0)], THEME.paths)
    image = Image.fromarray(palette.index(packed(pixels)) - 1)
    image.putpalette(palette.colors.tobytes())
    image.save(path, optimize=True)


def main() -> None:
    surfaces = list(shown())
    down = -(-len(surfaces) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * SIZE[0], down * SIZE[1]), "white")
    rows = ["| | what it is | source |", "|---|---|---|"]
    for i, (entry, said, surface) in enumerate(surfaces):
        sheet.paste(picture(said, surface), (i % ACROSS * SIZE[0], i // ACROSS * SIZE[1]))
        what = " ".join(line.strip() for line in entry.equation.splitlines()[:1])
        cells = (f"`{entry.name}`", f"{entry.summary}<br>{what}", entry.reference)
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    save(sheet, HERE / "surfaces.png")
    page = PAGE + "\n".join(rows)
    (HERE / "surfaces.md").write_text(page + "\n", "utf-8")


if __name__ == "__main__":
    main()
