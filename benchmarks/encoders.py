"""Other ways to a GIF from the same frames, and how true each is to them."""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import Image

from optanim.encoding.film import Film

Rgb = npt.NDArray[np.uint8]


def rgb(film: Film, index: int) -> Rgb:
    return np.ascontiguousarray(film[index].pixels[..., :3])


class Result:
    """A GIF of a film: `size` in bytes, `psnr` in dB over all frames as ffmpeg decodes them."""

    def __init__(self, data: bytes, film: Film) -> None:
        self.data, self.film, self.size = data, film, len(data)

    @cached_property
    def psnr(self) -> float:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "a.gif")
            file.write_bytes(self.data)
            # A hundred a second is the clock of a GIF: every frame is seen, however long it stays.
            command = ["ffmpeg", "-v", "error", "-ignore_loop", "1", "-i", str(file), "-vf",
                       "fps=100", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]  # fmt: skip
            with subprocess.Popen(command, stdout=subprocess.PIPE) as decoding:
                assert decoding.stdout
                error = self._error(decoding.stdout)
            if decoding.returncode:
                raise SystemExit("ffmpeg could not decode a GIF")
        return 10 * float(np.log10(255**2 / max(error, 1e-9)))

    def _error(self, decoded: IO[bytes]) -> float:
        """The mean squared error of what was decoded, a hundred pictures a second."""
        shown = rgb(self.film, 0)
        error, clock, seen = 0.0, 0.0, 0
        for index in range(len(self.film)):
            # In the middle of its time a frame is there, in whatever way its ends are rounded.
            seconds = min(self.film[index].seconds, 0.05)
            until = round(100 * (clock + seconds / 2)) + 1
            while seen < until:
                data = decoded.read(shown.nbytes)
                if len(data) < shown.nbytes:  # ffmpeg cuts the stay of the last frame short
                    break
                shown, seen = np.frombuffer(data, np.uint8).reshape(shown.shape), seen + 1
            difference = shown.astype(np.float32) - rgb(self.film, index)
            error += float((difference * difference).mean())
            clock += seconds
        while decoded.read(shown.nbytes):  # the rest of the last frame's stay
            pass
        return error / len(self.film)


def pillow(film: Film) -> bytes:
    """Pillow's plain save, as PillowWriter calls it."""
    file = io.BytesIO()
    frames = [Image.fromarray(rgb(film, i)) for i in range(len(film))]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=50, loop=0)
    return file.getvalue()


def ffmpeg(film: Film) -> bytes:
    """One palette for all and no dithering, which is smaller here and truer than its default."""
    height, width, _ = rgb(film, 0).shape
    graph = "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none"
    command = ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24",
               "-s", f"{width}x{height}", "-r", "20", "-i", "-", "-filter_complex", graph,
               "-f", "gif", "-"]  # fmt: skip
    raw = b"".join(rgb(film, i).tobytes() for i in range(len(film)))
    return subprocess.run(command, input=raw, capture_output=True, check=True).stdout


def gifsicle(film: Film) -> bytes:
    """ffmpeg's, then gifsicle's best."""
    command = ["gifsicle", "-O3"]
    return subprocess.run(command, input=ffmpeg(film), capture_output=True, check=True).stdout


ENCODERS: dict[str, Callable[[Film], bytes]] = {
    "file against Pillow's plain save": pillow,
    "file against ffmpeg's palette pipeline": ffmpeg,
    "file against ffmpeg, then gifsicle -O3": gifsicle,
}
