"""A picture as PNG, for a file or for an address in a page."""

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
