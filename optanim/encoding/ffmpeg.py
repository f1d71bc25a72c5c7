"""Video: raw frames stream into ffmpeg, which writes the file."""

from __future__ import annotations

import errno
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import BinaryIO

import numpy as np

from optanim.encoding.film import Film
from optanim.encoding.write import Writer
from optanim.errors import ConfigError, Problem

SLOWEST = 10
"""A film of fewer frames a second shows each several times: players seek and start badly else."""

# Half of the colors' resolution and BT.709, as every player and browser expects.
COLORS = (
    "-vf", "scale=out_color_matrix=bt709:out_range=tv:"
           "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    "-color_range", "tv",
)  # fmt: skip

# The same bytes on any number of cores, at any time.
REPEATABLE = ("-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact")


def ffmpeg() -> str:
    """The program: that on PATH, else that of the extra `video`.

    Raises:
        ConfigError: there is none.
    """
    if found := shutil.which("ffmpeg"):
        return found
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        help = "install ffmpeg, or its copy with pip install 'optanim[video]'"
        raise ConfigError([Problem("mp4 and webm need ffmpeg: none on PATH", "", help)]) from None


def video(film: Film, file: BinaryIO, options: Sequence[str]) -> Writer:
    """A video of a film, in a named file.

    A frame that stays longer is repeated: every player understands that, and repetitions cost a
    few bytes. Sides are even: what is odd repeats its last row or column.

    Args:
        film: the film.
        file: only its name is used: ffmpeg goes back in what it wrote.
        options: ffmpeg's, for codec and container.

    Raises:
        OSError: ffmpeg failed, with the last line that it said.
    """
    rate = _rate(film)
    frame = yield
    assert frame
    height, width = (side + side % 2 for side in frame.pixels.shape[:2])
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        metadata = Path(folder, "metadata")
        metadata.write_text(_metadata(film.comment), "utf-8", newline="\n")
        command = [
            ffmpeg(), "-v", "error", "-nostdin", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb0", "-s", f"{width}x{height}",
            "-framerate", str(rate), "-i", "pipe:0",
            "-f", "ffmetadata", "-i", str(metadata), "-map", "0:v", "-map_metadata", "1",
            *COLORS, *REPEATABLE, *options, f"file:{file.name}",
        ]  # fmt: skip
        with Path(folder, "said").open("w+b") as said:
            # In a session of its own: what interrupts us is ours to tell it.
            process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=said, stderr=said, start_new_session=True
            )
            assert process.stdin
            try:
                elapsed, shown = 0.0, 0
                # Where ffmpeg has ended, its code says whether that was right.
                with suppress(BrokenPipeError), process.stdin:
                    while frame:
                        elapsed += frame.seconds
                        count = round(elapsed * rate) - shown
                        shown += count
                        odd = [(0, side % 2) for side in frame.pixels.shape[:2]]
                        data = np.pad(frame.pixels, [*odd, (0, 0)], "edge").data
                        for _ in range(count):
                            process.stdin.write(data)
                        frame = yield
                if process.wait():
                    said.seek(0)
                    raise OSError(errno.EIO, f"ffmpeg: {_reason(said.read())}")
            finally:
                process.kill()
                process.wait()


def _rate(film: Film) -> Fraction:
    """Frames a second, a whole number of times that of the film's shortest stay."""
    rate = 1 / min(moment.seconds for moment in film.moments)
    return Fraction(rate * ceil(SLOWEST / rate)).limit_denominator(1000)


def _metadata(comment: str) -> str:
    """A file of ffmpeg's metadata with this text; what means something there is escaped."""
    escaped = "".join(f"\\{char}" if char in "=;#\\\n" else char for char in comment)
    return ";FFMETADATA1\n" + (f"comment={escaped}\n" if comment else "")


def _reason(said: bytes) -> str:
    """The last line that ffmpeg said."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it failed without a word"
