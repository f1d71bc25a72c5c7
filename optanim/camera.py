"""The camera: from where a landscape is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from optanim.rules import Real


@dataclass(frozen=True, kw_only=True)
class Camera:
    """From where a landscape is seen, in degrees.

    Attributes:
        azimuth: where the camera stands, from x towards y: at -90, x points to the right and y
            away; by default where most of the paths is seen.
        elevation: how high it stands above the horizon; 90 looks straight down. By default as
            low as shows most of the paths.
        turn: how far it turns around the surface until the last step; 0 stands still.
    """

    azimuth: Annotated[Real, Ge(-360), Le(360)] | None = None
    elevation: Annotated[Real, Ge(5), Le(90)] | None = None
    turn: Annotated[Real, Ge(-720), Le(720)] = 0.0
