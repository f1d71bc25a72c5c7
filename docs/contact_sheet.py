"""Every surface of the catalogue in one picture, and every theme in another.

python docs/contact_sheet.py

Writes docs/surfaces.png and docs/themes.png. Adam starts in the same corner of every surface's
window, at a rate that is a fiftieth of it.
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
from optanim.drawing.pixels import pack_rgb
from optanim.encoding.film import Frame
from optanim.encoding.palette import choose_palette
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Choice

HERE = Path(__file__).parent
SIZE = (320, 240)
THEME = catalogue("themes")["light"].function()

TYPED = {
    "expression": {"expr": "sin(3*x) + x**2 + y**2"},
    "regression": {"regression": {"points": [[1, 12], [2, 19], [3, 33], [4, 38], [5, 52]],
                                  "model": "w*x + b"}},
}  # fmt: skip
"""What those surfaces are shown with that cannot do without an option."""


def shown() -> Iterator[tuple[dict[str, Any], optanim.Surface]]:
    """What a config says of each entry, and what that makes; two parameters first."""
    found = []
    for entry in catalogue("surfaces").values():
        said = {"name": entry.name} | TYPED.get(entry.name, {})
        chosen = Choice("surfaces").choose(said)
        found.append((said, entry.function(**chosen.options)))
    yield from sorted(found, key=lambda one: -one[1].dimensions)


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
    return last_frame(config)


def themed(theme: str) -> Image.Image:
    """The last frame of a race of eight in a theme."""
    config = {
        "surface": {"name": "quadratic", "b": 5},
        "start": [-4, 3],
        "optimizers": [{"name": "gd", "lr": 0.004 * 1.6**i, "start": [-4, 3 - 0.8 * i],
                        "label": f"{i + 1}"} for i in range(8)],
        "steps": 30,
        "title": theme,
        "figure": {"size": [480, 360], "theme": theme},
    }  # fmt: skip
    return last_frame(config)


def last_frame(config: dict[str, Any]) -> Image.Image:
    run = optanim.loads(json.dumps(config))
    painter = Painter(compose_scene(run, trajectories_of(run)))
    return Image.fromarray(painter.paint(run.steps)[..., :3])


def save(pictures: list[Image.Image], across: int, path: Path) -> None:
    """Rows of pictures of one size, as a PNG of 255 colors, those that an animation would get."""
    width, height = pictures[0].size
    sheet = Image.new("RGB", (across * width, -(-len(pictures) // across) * height), "white")
    for i, one in enumerate(pictures):
        sheet.paste(one, (i % across * width, i // across * height))
    pixels = np.array(sheet.convert("RGBA"))
    palette = choose_palette([Frame(pixels, 1.0)], THEME.paths)
    image = Image.fromarray(palette.index(pack_rgb(pixels)) - 1)
    image.putpalette(palette.colors.tobytes())
    image.save(path, optimize=True)


def main() -> None:
    save([picture(said, surface) for said, surface in shown()], 5, HERE / "surfaces.png")
    save([themed(theme) for theme in catalogue("themes")], 2, HERE / "themes.png")


if __name__ == "__main__":
    main()
