"""A picture as PNG, for an address in a page or in a notebook."""

from __future__ import annotations

import base64
import io

import numpy as np
import numpy.typing as npt


def png_address(pixels: npt.NDArray[np.uint8]) -> str:
    """Pixels (height, width, 4) RGBA as an address that contains them."""
    from PIL import Image  # a config is checked without it

    file = io.BytesIO()
    picture = Image.fromarray(pixels)
    if (pixels[..., 3] == 255).all():
        picture = picture.convert("RGB")
        if picture.getcolors(256):
            picture = picture.quantize(256, dither=Image.Dither.NONE)
    picture.save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def reduced_png(content: bytes) -> bytes:
    """A still as PNG of at most 256 colors: less than half as large, for where nobody zooms in."""
    from PIL import Image  # a config is checked without it

    file = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        reduced = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    reduced.save(file, "PNG", optimize=True)
    return file.getvalue()
