"""Framing: the window of a surface that a panel shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from optanim.scene.poles import trimmed
from optanim.schema.view import View
from optanim.surfaces import Array, Surface, Window, map_of, points_on_map, similar_sides

FILL = 0.65
"""The part of a window that its contents take, along the axis where they take most."""

MIN_PART_OF_DOMAIN = 0.4
"""The domain is shown if the contents take this part of the window along an axis, or more."""

DOMAIN_MARGIN = 0.1
"""The margin around the contents, as a part of the domain, without which it is not shown."""

NEAREST_GOAL = 0.05
"""The nearest minimum is shown if the paths still take this part of what must be visible."""

OTHER_GOALS = 0.25
"""Other minima and landmarks are shown if the paths still take this part."""

MAX_STRETCH = 1.6
"""The window becomes at most this much longer along one axis to have equal scales."""

MAX_UNIT_RATIO = 1.6
"""A unit of one axis of a map of starts is at most this many times as long as one of the other."""

MAX_SHAPE = 30
"""Sides of a path that differ by more than this have different units, if nobody stated a domain."""

MIN_EXTENT = 1e-10
"""The smallest extent of a window, relative to its coordinates, which have 16 digits."""

Scales = Literal["equal", "auto"] | None


def contour_window(
    view: View, surface: Surface, trajectories: Sequence[Array], aspect: float
) -> tuple[Window, float]:
    """The window of a contour panel, and the width of its axes divided by their height.

    The sides that the config sets stand exactly; the others are fitted. The axes become shorter or
    narrower if the window would be stretched too much to have equal scales.

    Args:
        view: the section `view` of the config.
        surface: the surface that is drawn.
        trajectories: points, (2, T) each.
        aspect: the width divided by the height of the room for the axes, in pixels.
    """
    shown = _Shown(surface, trajectories, view.aspect)
    if not (view.x or view.y):
        box = shown.window(aspect, MAX_STRETCH)
        return _window(box), float(np.divide(*np.ptp(box, axis=1))) if shown.equal else aspect
    box = shown.window(aspect)
    if view.aspect == "equal":
        # What is set stands exactly; only the other side can give way. The check refuses both.
        set_side, other = (0, 1) if view.x else (1, 0)
        box[set_side] = view.x or view.y
        length = float(np.ptp(box[set_side])) * (aspect if other == 0 else 1 / aspect)
        needed = max(float(np.ptp(shown.box()[other])), float(np.ptp(box[set_side])))
        half = min(length, MAX_STRETCH * needed) / 2
        box[other] = box[other].mean() + np.array([-half, half])
        return _window(box), float(np.divide(*np.ptp(box, axis=1)))
    x, y = _window(box)
    return (view.x or x, view.y or y), aspect


def fit_window(
    surface: Surface, trajectories: Sequence[Array], aspect: float, scales: Scales = None
) -> Window:
    """The window, a (low, high) for each coordinate, that shows the trajectories and a minimum.

    It is the domain of the surface if that contains them and they fill enough of it; otherwise it
    is a box around them, of which they take about 60 %. In two dimensions, it may then be widened
    until both axes have the same scale, so that gradients are perpendicular to contours.

    Args:
        surface: the surface that is drawn.
        trajectories: points, (d, T) each; those that are off the map are left out.
        aspect: the width of the axes divided by their height, in pixels.
        scales: "equal": the same scale in any case. "auto": the window is not widened for it.
            None: the same scale if the sides of the domain are comparable.
    """
    return _window(_Shown(surface, trajectories, scales).window(aspect))


def domain_window(view: View, domain: Array, aspect: float) -> tuple[Window, float]:
    """The window of a map of starts, and the width of its axes divided by their height.

    It is the domain, or the sides that the config sets, so that the parts of the map that reach
    each minimum do not depend on the size of the picture. The axes fill their room; they are
    narrower or lower where a unit would be much longer on one of them, or where the config asks
    for equal scales.

    Args:
        view: the section `view` of the config.
        domain: (d, 2), of the surface.
        aspect: the width divided by the height of the room for the axes, in pixels.
    """
    box = domain.copy()
    for i, side in enumerate((view.x, view.y)):
        box[i] = side or box[i]
    sides = np.ptp(box, axis=1)
    equal = float(sides[0] / sides[1])
    if view.aspect == "equal":
        aspect = equal
    elif view.aspect is None and similar_sides(sides):
        aspect = min(max(aspect, equal / MAX_UNIT_RATIO), equal * MAX_UNIT_RATIO)
    return _window(box), aspect


def _window(box: Array) -> Window:
    return tuple((float(low), float(high)) for low, high in box)


class _Shown:
    """The points that a window must show.

    Attributes:
        points: of the paths, with minima and landmarks, (d, n).
        equal: whether both axes have the same scale.
        units: of length along each axis, (d,).

    Args:
        surface: the surface.
        trajectories: points, (d, T) each.
        scales: as for `fit_window`.
    """

    def __init__(self, surface: Surface, trajectories: Sequence[Array], scales: Scales) -> None:
        self._surface, self._domain = surface, np.array(surface.domain, np.float64)
        parts = [points[:, : points_on_map(points, surface)] for points in trajectories]
        points = np.concatenate(parts, axis=1)
        units = _units(surface, points, np.ptp(self._domain, axis=1))
        self.equal = len(units) == 2 and (
            scales == "equal" or (scales is None and similar_sides(units))
        )
        self.units = np.ones(2) if self.equal else units
        ends = np.stack([part[:, -1] for part in parts], axis=1)
        self.points = _with_goals(surface, points, ends, self.units)
        self._low, self._high = self.points.min(axis=1), self.points.max(axis=1)
        self._sides = self._high - self._low
        self._size = float((self._sides / self.units).max())
        self._limits = _limits(surface, trajectories, parts)

    def window(self, aspect: float, max_stretch: float = np.inf) -> Array:
        """The domain if the points take enough of it, else the box; with equal scales if asked."""
        domain = trimmed(self._surface, self._domain, self.points)
        margin = DOMAIN_MARGIN * np.ptp(domain, axis=1)
        if (self._low - margin >= domain[:, 0]).all() and (
            self._high + margin <= domain[:, 1]
        ).all():
            window = self._scaled(domain, aspect, max_stretch)
            if self._still or (self._sides / np.ptp(window, axis=1)).max() >= MIN_PART_OF_DOMAIN:
                return window
        return self._scaled(self.box(), aspect, max_stretch)

    def box(self) -> Array:
        """The points with margins, (d, 2)."""
        margin = self._size * self.units * (1 / FILL - 1) / 2
        if self._still:
            margin = np.ptp(self._domain, axis=1) / 2
        low = np.minimum(self._low, np.maximum(self._low - margin, self._limits[:, 0]))
        high = np.maximum(self._high, np.minimum(self._high + margin, self._limits[:, 1]))
        box = np.stack([low, high], axis=1)
        return trimmed(self._surface, box, self.points)

    @property
    def _still(self) -> bool:
        """Whether no window can be as small as the points, which have 16 digits."""
        return self._size <= MIN_EXTENT * float(
            (np.abs(self.points).max(axis=1) / self.units).max()
        )

    def _scaled(self, box: Array, aspect: float, max_stretch: float) -> Array:
        """A box, made wider or higher until both axes have the same scale, or up to a limit.

        A wide window is more usual than a high one: the limit is one of the larger side in width,
        and in height one of the height, or of eight tenths of the width.
        """
        if not self.equal:
            return box
        width, height = np.ptp(box, axis=1)
        longer = max(width, height)
        sides = np.array([
            min(max(width, height * aspect), max_stretch * longer),
            min(max(height, width / aspect), max_stretch * max(height, 0.8 * longer)),
        ])  # fmt: skip
        middle = box.mean(axis=1)
        wide = np.stack([middle - sides / 2, middle + sides / 2], axis=1)
        # What was widened may be without values at one side: the window moves to the other.
        lack = trimmed(self._surface, wide, self.points) - wide
        return np.asarray(wide + np.where((lack != 0).all(axis=1), 0, lack.sum(axis=1))[:, None])


def _limits(surface: Surface, trajectories: Sequence[Array], parts: Sequence[Array]) -> Array:
    """Where the window ends, (d, 2): at the edge of the map that a trajectory crosses."""
    limits = np.array([[-np.inf, np.inf]] * surface.dimensions)
    for points, part in zip(trajectories, parts, strict=True):
        if part.shape[1] < points.shape[1]:
            low, high = map_of(points, surface).T
            left = points[:, part.shape[1]]
            limits[:, 0] = np.maximum(limits[:, 0], np.where(left < low, low, -np.inf))
            limits[:, 1] = np.minimum(limits[:, 1], np.where(left > high, high, np.inf))
    return limits


def _units(surface: Surface, points: Array, extent: Array) -> Array:
    """The units of length along each axis, (d,): the sides of the domain, or else of the paths.

    A guessed domain knows nothing of the units. Those of the paths (d, n) are taken if their sides
    are not comparable at all, and both matter to the loss.
    """
    sides = np.ptp(points, axis=1)
    if not surface.guessed or len(sides) == 1 or not sides.all():
        return extent
    shape = sides / extent
    if shape.max() <= MAX_SHAPE * shape.min():
        return extent
    start, far = points[:, :1], [[row[np.abs(row - row[0]).argmax()]] for row in points]
    with np.errstate(all="ignore"):
        # Column i is the start, moved along axis i alone.
        moved = np.where(np.eye(2, dtype=bool), far, start)
        rises = np.abs(surface.value(moved) - surface.value(start))
    return sides if rises.min() > 0.01 * rises.max() else extent


def _with_goals(surface: Surface, points: Array, ends: Array, units: Array) -> Array:
    """The points (d, n) of paths, with the minima and landmarks that are near enough to be shown.

    Args:
        surface: the surface.
        points: of all paths.
        ends: of each path, (d, m).
        units: of length along each axis, (d,).
    """

    def size(shown: Array) -> float:
        return float((np.ptp(shown, axis=1) / units).max())

    def distance(goal: Array) -> float:
        return float(np.linalg.norm((ends - goal) / units[:, None], axis=0).min())

    goals = [np.array(m, np.float64)[:, None] for m in (*surface.minima, *surface.landmarks)]
    if not goals:
        return points
    nearest = min(goals[: len(surface.minima)] or goals, key=distance)
    shown = np.concatenate([points, nearest], axis=1)
    # One that does not move is seen best beside its goal.
    hardly_moves = size(points) <= 1e-3 * size(shown)
    if hardly_moves or size(points) >= NEAREST_GOAL * size(shown):
        points = shown
    largest = size(points) / OTHER_GOALS
    for goal in sorted(goals, key=distance):
        shown = np.concatenate([points, goal], axis=1)
        if size(shown) <= largest:
            points = shown
    return points
