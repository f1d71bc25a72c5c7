"""A viewpoint: from where most of the descent is seen."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import numpy as np

from optanim.drawing.landscape.height_field import Terrain
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.visibility import Rect, Sight
from optanim.surfaces import Array

AZIMUTHS = (-60.0, -30.0, -120.0, -150.0, 30.0, 60.0, 120.0, 150.0)
"""In degrees, the most familiar first; none shows a side of the block end on."""

ELEVATIONS = (35.0, 45.0, 60.0)
"""In degrees: a landscape looks like one from low, and hides less from high."""

ENOUGH = 0.9
"""A view that shows so much is not left for a steeper one."""

COARSE = 120
"""Pixels of the pictures that are tried."""


def viewpoint(
    terrain: Terrain,
    tracks: Sequence[Array],
    ends: Sequence[Array],
    *,
    azimuth: float | None,
    elevation: float | None,
    turn: float,
) -> tuple[float, float]:
    """Azimuth and elevation, in degrees: those asked for, else those that show most.

    What is shown is counted from 0 to 1: half for the tracks, and half for their ends. Among
    views as good as each other, the first in the order above.

    Args:
        terrain: what stands in the way.
        tracks: the points of each path on it, (3, N).
        ends: the points that matter most of each, (3, M).
        azimuth: as asked for; else, if the camera turns, the first one.
        elevation: as asked for.
        turn: degrees that the camera turns by.
    """  # fmt: skip
    azimuths = AZIMUTHS[:1] if turn else AZIMUTHS
    azimuths = azimuths if azimuth is None else (azimuth,)
    elevations = ELEVATIONS if elevation is None else (elevation,)
    if len(azimuths) * len(elevations) == 1:
        return azimuths[0], elevations[0]
    best = -1.0, (azimuths[0], elevations[0])
    for high in elevations:
        for around in azimuths:
            stops = [around + part * turn for part in (0, 0.25, 0.5, 0.75, 1)] if turn else [around]
            shown = float(np.mean([_shown(terrain, a, high, tracks, ends) for a in stops]))
            # As good is as good to the eye: no choice hangs on the last digit.
            if shown > best[0] + 0.02:
                best = shown, (around, high)
        if best[0] >= ENOUGH:
            break
    return best[1]


def _shown(
    terrain: Terrain, azimuth: float, elevation: float, tracks: Sequence[Array],
    ends: Sequence[Array],
) -> float:  # fmt: skip
    projection = Projection(azimuth, elevation, COARSE / 1.6, (COARSE / 2, COARSE / 2))
    sight = Sight(terrain, projection, Rect(0, 0, COARSE, COARSE), fine=1, samples=COARSE)
    parts = [float(sight.seen(points, 0.0).mean()) for points in (*tracks, *ends)]
    return fsum(parts) / len(parts) if parts else 1.0
