"""Figures that a browser shows, compared with those that optanim has painted."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.browser import Page
from tests.firefox import FirefoxPage

Tab = Page | FirefoxPage
Pixels = npt.NDArray[np.float64]

BLOCK = 8
"""Pixels of a side of the blocks whose colors are compared: letters have other edges there."""


def pixels(png: bytes) -> Pixels:
    """The pixels of a PNG, (height, width, 3), from 0 to 255."""
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.float64)


def difference(seen: Pixels, painted: Pixels) -> float:
    """The largest difference between the colors of blocks of two pictures, from 0 to 255.

    Args:
        seen: (h, w, 3); it is scaled to the size of the other.
        painted: (height, width, 3).
    """
    height, width = (side // BLOCK for side in painted.shape[:2])
    both = [
        Image.fromarray(picture.astype(np.uint8))
        .resize(painted.shape[1::-1])
        .resize((width, height), Image.Resampling.BOX)
        for picture in (seen, painted)
    ]
    first, second = (np.asarray(picture).astype(np.float64) for picture in both)
    return float(np.abs(first - second).max())


STAGE = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => document.querySelector('.stage').getBoundingClientRect())
  .then(({ left, top, right, bottom }) => [left, top, right, bottom])"""


def drawn(tab: Tab) -> Pixels:
    """The pixels of the figure on the screen: of the page, or of the frame at its corner."""
    place = {"frame": tab.frames[-1]} if isinstance(tab, Page) and tab.frames else {}
    left, top, right, bottom = map(round, tab.evaluate(STAGE, **place))
    return pixels(tab.picture())[top:bottom, left:right]


def stop_at_the_end(tab: Page) -> None:
    """Stop the player in a frame, to which wishes for less motion are not passed on, at its end."""
    while not tab.frames:
        tab.evaluate("new Promise(done => setTimeout(done, 20))")
    buttons = "[...document.querySelectorAll('.buttons button')]"
    while tab.evaluate(f"{buttons}.length", tab.frames[-1]) != 5:
        pass
    tab.evaluate(f"{buttons}[2].click()", tab.frames[-1])
    tab.evaluate(f"{buttons}[4].click()", tab.frames[-1])
