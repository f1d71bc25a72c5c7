"""The search for a camera that sees most of the trajectories."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import numpy as np

from optanim.drawing.landscape.height_field import HeightField
from optanim.drawing.landscape.projection import Projection
from optanim.drawing.landscape.visibility import Visibility
from optanim.drawing.pixel_boxes import Rect
from optanim.surfaces import Array

AZIMUTHS = (-60.0, -30.0, -120.0, -150.0, 30.0, 60.0, 120.0, 150.0)
"""In degrees, the most familiar first; at none of them is a side of the box edge-on."""

ELEVATIONS = (35.0, 45.0, 60.0)
"""In degrees, the lowest first: there the relief is clearest. From higher up, less is hidden."""

SUFFICIENT_SHARE = 0.9
"""With a visible share of this size no higher elevation is tried."""

MIN_GAIN = 0.02
"""A later camera must show so much more: smaller differences are not seen."""

PREVIEW_SIZE = 120
"""Width and height, in pixels, of the pictures for which visibility is computed."""


def choose_camera(
    field: HeightField, paths: Sequence[Array], key_points: Sequence[Array], *,
    azimuth: float | None, elevation: float | None, turn: float,
) -> tuple[float, float]:  # fmt: skip
    """Azimuth and elevation, in degrees: as asked for, otherwise those that show most.

    The score of a camera is the mean of the visible shares of all paths and all key points. A
    later camera in the order of `AZIMUTHS` and `ELEVATIONS` must be clearly better.

    Args:
        field: the surface.
        paths: the points of each trajectory on it, (3, N).
        key_points: the most important points of each trajectory, (3, M).
        azimuth: as asked for; by default, if the camera turns, the first of `AZIMUTHS`.
        elevation: as asked for.
        turn: degrees that the camera turns by.
    """
    azimuths = AZIMUTHS[:1] if turn else AZIMUTHS
    azimuths = azimuths if azimuth is None else (azimuth,)
    elevations = ELEVATIONS if elevation is None else (elevation,)
    if len(azimuths) * len(elevations) == 1:
        return azimuths[0], elevations[0]
    best_share, best = -1.0, (azimuths[0], elevations[0])
    for high in elevations:
        for around in azimuths:
            stops = [around + part * turn for part in (0, 0.25, 0.5, 0.75, 1)] if turn else [around]
            shares = [_visible_share(field, stop, high, [*paths, *key_points]) for stop in stops]
            share = float(np.mean(shares))
            if share > best_share + MIN_GAIN:
                best_share, best = share, (around, high)
        if best_share >= SUFFICIENT_SHARE:
            break
    return best


def _visible_share(
    field: HeightField, azimuth: float, elevation: float, groups: Sequence[Array]
) -> float:
    """The mean, over groups of points, (3, N) each, of the share that is visible."""
    middle = (PREVIEW_SIZE / 2, PREVIEW_SIZE / 2)
    projection = Projection(azimuth, elevation, PREVIEW_SIZE / 1.6, middle)
    rect = Rect(0, 0, PREVIEW_SIZE, PREVIEW_SIZE)
    view = Visibility(field, projection, rect, subpixels=1, samples=PREVIEW_SIZE)
    shares = [float(view.visible(points, 0.0).mean()) for points in groups]
    return fsum(shares) / len(shares) if shares else 1.0
