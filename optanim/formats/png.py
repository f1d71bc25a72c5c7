from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image

from optanim.timeline import Frame


def png(frames: Sequence[Frame], file: BinaryIO) -> None:
    """PNG: a still of the last frame, for a poster or for print.

    Reference: ISO/IEC 15948, written by Pillow.
    """
    Image.fromarray(frames[len(frames) - 1].pixels[..., :3].copy()).save(file, "PNG", optimize=True)
