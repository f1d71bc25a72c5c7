"""The annotated types of the cells of an outcome map."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Le

from optanim.schema.option import Description

CELL_SIZE, MAX_CELL_SIZE = 2, 64
"""The default of `CellSize`, and the largest one."""

CellSize = Annotated[
    int, Ge(1), Le(MAX_CELL_SIZE), Description("whole number of pixels from 1 to 64")
]
"""The side of a cell of a map, in pixels of the unscaled figure."""
