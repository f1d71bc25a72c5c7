from collections.abc import Iterator
from typing import Annotated

import numpy as np

from optanim.errors import OptionError
from optanim.schema.option import Minor, Symbol
from optanim.schema.types import Positive, Real
from optanim.surfaces import Array, Surface

Scale = Annotated[Positive, Symbol("c"), Minor()]


def polyak(
    f: Surface, w: Array, *, target: Real | None = None, scale: Scale = 1.0
) -> Iterator[Array]:
    """Polyak's step: the rate at which the tangent reaches the lowest loss.

        η = c(f(w) − f*)/gᵀg, with the lowest loss f* and the scale c
        w ← w − ηg

    f* is the loss at a known minimum of the surface, or `target`, for −f where a run climbs.
    The method ends at a loss of f* or below.

    Names: ko 폴리악 스텝.

    Family: line search.

    Reference: Polyak 1987, "Introduction to Optimization", section 5.3; c = 1 there. With a target
    above the lowest loss it ends early, with one below it does not settle.
    """
    if target is None and not f.minima:
        message = "polyak needs the lowest loss: no minimum of this surface is known"
        raise OptionError(message, help="set its value: {name: polyak, target: 0}, for example")
    return _steps(f, w, target, scale)


def _steps(f: Surface, w: Array, target: float | None, scale: float) -> Iterator[Array]:
    lowest = float(f.value(np.array(f.minima[0]))) if target is None else target
    while True:
        above, g = float(f.value(w)) - lowest, f.gradient(w)
        if above <= 0 or not g.any():
            return
        w = w - scale * above / float(g @ g) * g
        yield w
