"""Loss surfaces: each file is an entry, a function that returns a `Surface`.

A module whose name begins with `_` is not an entry; the names that other rooms need are here.
"""

from optanim.surfaces._noise import CHANCE_STREAM, minibatch, noisy, random_stream, stochastic
from optanim.surfaces._regression.sentinels import sentinel_in
from optanim.surfaces._requirements import Needs
from optanim.surfaces._surface import Array, Data, DataNote, Surface
from optanim.surfaces._window import (
    Window,
    configured_window,
    domain_of,
    map_of,
    off_map,
    points_on_map,
    similar_sides,
)

__all__ = [
    "CHANCE_STREAM",
    "Array",
    "Data",
    "DataNote",
    "Needs",
    "Surface",
    "Window",
    "configured_window",
    "domain_of",
    "map_of",
    "minibatch",
    "noisy",
    "off_map",
    "points_on_map",
    "random_stream",
    "sentinel_in",
    "similar_sides",
    "stochastic",
]  # fmt: skip
