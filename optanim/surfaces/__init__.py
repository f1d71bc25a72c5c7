"""Loss surfaces: each file is an entry, a function that returns a `Surface`.

A module whose name begins with `_` is not an entry; the names that other rooms need are here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optanim.surfaces._noise import (
    CHANCE_STREAM,
    START_STREAM,
    ManyGradients,
    minibatch,
    noisy,
    random_stream,
    stochastic,
)
from optanim.surfaces._regression.sentinels import sentinel_in
from optanim.surfaces._requirements import Needs
from optanim.surfaces._surface import Array, Data, DataNote, Surface
from optanim.surfaces._window import (
    Window,
    configured_window,
    domain_of,
    map_around,
    map_of,
    off_map,
    outside,
    points_on_map,
    run_away,
    similar_sides,
)

if TYPE_CHECKING:
    from optanim.surfaces._callable import surface_of_function
    from optanim.surfaces._columns import read_columns

__all__ = [
    "CHANCE_STREAM",
    "START_STREAM",
    "Array",
    "Data",
    "DataNote",
    "ManyGradients",
    "Needs",
    "Surface",
    "Window",
    "configured_window",
    "domain_of",
    "map_around",
    "map_of",
    "minibatch",
    "noisy",
    "off_map",
    "outside",
    "points_on_map",
    "random_stream",
    "read_columns",
    "run_away",
    "sentinel_in",
    "similar_sides",
    "stochastic",
    "surface_of_function",
]  # fmt: skip


_LATER = {"read_columns": "_columns", "surface_of_function": "_callable"}
"""Names that are imported on first use: most configs need none of them."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'optanim.surfaces' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"optanim.surfaces.{_LATER[name]}"), name)
