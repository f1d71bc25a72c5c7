from typing import BinaryIO

from PIL import Image

from optanim.timeline import Film


def png(film: Film, file: BinaryIO) -> None:
    """PNG: a still of the last frame, for a poster or for print.

    Reference: ISO/IEC 15948, written by Pillow.
    """
    Image.fromarray(film[-1].pixels[..., :3].copy()).save(file, "PNG", optimize=True)
