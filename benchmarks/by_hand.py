"""The same animation as a good programmer writes it by hand: restored background, piped to ffmpeg.

python benchmarks/by_hand.py SCENE.npz OUT.gif

The scene is drawn as in `with_matplotlib.py`. What stands still is drawn once and restored in each
frame; only what moves is drawn on it. ffmpeg chooses a palette of all frames, writes changed
rectangles, and does not dither, which is smaller and truer here. Prints the seconds that the frames
took, without imports and figure, until ffmpeg has written the file.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import numpy as np
from with_matplotlib import drawn

PALETTE = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none"


def main(scene: Any, out: str) -> None:
    figure, update = drawn(scene)
    began = time.perf_counter()
    moving = update(0)
    for artist in moving:
        artist.set_animated(True)
    canvas: Any = figure.canvas
    canvas.draw()
    background = canvas.copy_from_bbox(figure.bbox)
    width, height = canvas.get_width_height()
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba",
               "-s", f"{width}x{height}", "-r", str(scene["fps"]), "-i", "-",
               "-filter_complex", PALETTE, out]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin
        for step in scene["steps"]:
            canvas.restore_region(background)
            for artist in update(step):
                figure.draw_artist(artist)
            ffmpeg.stdin.write(canvas.buffer_rgba())
    if ffmpeg.returncode:
        raise SystemExit("ffmpeg failed")
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main(np.load(sys.argv[1]), sys.argv[2])
