"""Videos: raw frames are piped to ffmpeg, which writes the file."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path
from typing import BinaryIO

import numpy as np

from optanim.encoding.film import Film
from optanim.encoding.write import Writer
from optanim.errors import ConfigError, Problem
from optanim.extras import install_extras

MIN_FPS = 10
"""A slower film repeats each frame: players seek and start badly at a lower rate."""

EXECUTABLE_SUFFIX = ".exe" if sys.platform == "win32" else ""

# Chroma at half resolution and BT.709, as every player and browser expects.
COLORS = (
    "-vf", "scale=out_color_matrix=bt709:out_range=tv:"
           "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    "-color_range", "tv",
)  # fmt: skip

# The same bytes for any number of cores and at any time.
REPRODUCIBLE = ("-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact")


def find_ffmpeg() -> str:
    """The path of ffmpeg: the program on PATH, otherwise the copy from the extra `video`.

    Only absolute folders of PATH count. Otherwise a program in the working folder could run.

    Raises:
        ConfigError: there is no ffmpeg.
    """
    for folder in filter(os.path.isabs, os.get_exec_path()):
        # With its folder, as Windows searches the working folder before PATH.
        if path := shutil.which(Path(folder, "ffmpeg" + EXECUTABLE_SUFFIX)):
            return str(path)
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        message = "mp4 and webm need ffmpeg, which is not on PATH"
        help = f"install ffmpeg, or run {install_extras('video')}"
        raise ConfigError([Problem(message, "", help)]) from None


def check_encoder(name: str, option: str, help: str) -> None:
    """Check that ffmpeg has an encoder.

    Args:
        name: its name in ffmpeg.
        option: an option of it, which old versions lack.
        help: what to do without it.

    Raises:
        ConfigError: there is no ffmpeg, or it does not have the encoder with the option.
    """
    if f"-{option} " not in _encoder_options(find_ffmpeg(), name):
        raise ConfigError([Problem(f"this ffmpeg has no encoder {name}", "", help)])


@cache
def _encoder_options(ffmpeg: str, name: str) -> str:
    """What ffmpeg says of the options of an encoder, or that it has none of that name."""
    command = [ffmpeg, "-v", "error", "-nostdin", "-h", f"encoder={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603


def write_video(film: Film, file: BinaryIO, options: Sequence[str]) -> Writer:
    """A writer of a film as a video.

    A frame with a longer duration is repeated: every player supports that, and a repetition costs
    a few bytes. Width and height become even: the last row or column is repeated.

    Args:
        film: the film.
        file: only its name is used, because ffmpeg seeks in the file that it writes.
        options: options of ffmpeg for codec and container.

    Raises:
        OSError: ffmpeg failed; the text is the last line of its error output.
    """
    rate = _frame_rate(film)
    frame = yield
    assert frame
    height, width = (side + side % 2 for side in frame.pixels.shape[:2])
    with tempfile.TemporaryDirectory(prefix="optanim-") as folder:
        metadata = Path(folder, "metadata")
        metadata.write_text(_metadata(film.comment), "utf-8", newline="\n")
        command = [
            find_ffmpeg(), "-v", "error", "-nostdin", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb0", "-s", f"{width}x{height}",
            "-framerate", str(rate), "-i", "pipe:0",
            "-f", "ffmetadata", "-i", str(metadata), "-map", "0:v", "-map_metadata", "1",
            *COLORS, *REPRODUCIBLE, *options, f"file:{file.name}",
        ]  # fmt: skip
        with Path(folder, "log").open("w+b") as log:
            # In a session of its own: Ctrl-C must not reach ffmpeg before this process ends it.
            process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
            assert process.stdin
            try:
                elapsed, written = 0.0, 0
                # If ffmpeg ends early, its exit code tells whether it failed.
                with suppress(BrokenPipeError), process.stdin:
                    while frame:
                        elapsed += frame.seconds
                        repeats = round(elapsed * rate) - written
                        written += repeats
                        padding = [(0, side % 2) for side in frame.pixels.shape[:2]]
                        data = np.pad(frame.pixels, [*padding, (0, 0)], "edge").data
                        for _ in range(repeats):
                            process.stdin.write(data)
                        frame = yield
                if process.wait():
                    log.seek(0)
                    raise OSError(errno.EIO, f"ffmpeg: {_last_line(log.read())}")
            finally:
                process.kill()
                process.wait()


def _frame_rate(film: Film) -> Fraction:
    """Frames per second: at least MIN_FPS, and a multiple of the rate of the shortest frame."""
    rate = 1 / min(moment.seconds for moment in film.moments)
    return Fraction(rate * ceil(MIN_FPS / rate)).limit_denominator(1000)


def _metadata(comment: str) -> str:
    """A metadata file for ffmpeg with a comment; its special characters are escaped."""
    escaped = "".join(f"\\{char}" if char in "=;#\\\n" else char for char in comment)
    return ";FFMETADATA1\n" + (f"comment={escaped}\n" if comment else "")


def _last_line(log: bytes) -> str:
    lines = log.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it failed without a message"
