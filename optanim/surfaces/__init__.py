"""Loss surfaces: each file is an entry, a function that returns a `Surface`.

A module whose name begins with `_` is not an entry; the names that other rooms need are here.
"""

from optanim.surfaces._noise import drawn, minibatch, noisy
from optanim.surfaces._requirements import Needs
from optanim.surfaces._surface import Array, Data, Surface
from optanim.surfaces._window import Window, comparable, given, off_map, readable

__all__ = [
    "Array", "Data", "Needs", "Surface", "Window",
    "comparable", "drawn", "given", "minibatch", "noisy", "off_map", "readable",
]  # fmt: skip
