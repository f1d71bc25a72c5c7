"""What authors state about a surface of their own, checked: formula, axes, minima and window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optanim.errors import OptionError, did_you_mean, quoted
from optanim.surfaces._surface import Array
from optanim.surfaces._window import Window

HALF = (5.0, 4.0)
"""Half the sides of the default window, those of `quadratic`."""


def ordered_axes(axes: tuple[str, ...] | None, free: tuple[str, ...]) -> tuple[str, ...]:
    """The free names in the order that `axes` states; as they are if it states none.

    Raises:
        OptionError: `axes` is not each of them once.
    """
    if axes is None or (len(axes) == len(free) and set(axes) == set(free)):
        return axes or free
    for i, name in enumerate(axes):
        if name not in free:
            help = did_you_mean(name, free, "free names")
            raise OptionError(f"{quoted(name)} is no free name", ("axes", i), help=help)
    message = f"axes must have each free name once: {', '.join(free)}"
    raise OptionError(message, ("axes",), help=f"axes: [{', '.join(free)}]")


def stated_window(domain: Window | None, count: int) -> Window | None:
    """The `domain`, if it is stated; for so many axes.

    Raises:
        OptionError: it has too many ranges, or too few.
    """
    if domain is not None and len(domain) != count:
        message = f"domain has {len(domain)} ranges, the axes are {count}"
        raise OptionError(message, ("domain",), help="a [low, high] for each axis")
    return domain


def window_around(minima: tuple[tuple[float, ...], ...], count: int) -> Window:
    """±5 by ±4 around the minima or the origin, larger where several minima need it."""
    points = np.array(minima or [(0.0,) * count])
    middle, reach = (points.min(0) + points.max(0)) / 2, 0.75 * np.ptp(points, axis=0)
    half = np.maximum(HALF[:count], reach)
    return tuple((float(m - h), float(m + h)) for m, h in zip(middle, half, strict=True))


def check_minima(
    value: Callable[[Array], Array],
    gradient: Callable[[Array], Array],
    minima: tuple[tuple[float, ...], ...],
    count: int,
) -> None:
    """Refuse a stated minimum that has a lower point right beside it.

    Raises:
        OptionError: there is one, or a minimum is no point of so many axes.
    """
    for i, minimum in enumerate(minima):
        if len(minimum) != count:
            message = f"a minimum of {len(minimum)} numbers, the axes are {count}"
            raise OptionError(message, ("minima", i))
    for i, minimum in enumerate(minima):
        _check_minimum(value, gradient, minimum, ("minima", i))


def _check_minimum(
    value: Callable[[Array], Array],
    gradient: Callable[[Array], Array],
    minimum: tuple[float, ...],
    path: tuple[str | int, ...],
) -> None:
    """One of them.

    A step of 0.02 against the gradient, or along an axis: an author who rounds to two digits
    passes. Where there is no gradient, as at the tip of sqrt(x**2 + y**2), the axes must do.
    """
    point = np.array(minimum)
    least = float(value(point))
    if not np.isfinite(least):
        raise OptionError(f"the formula has no finite value at {quoted(minimum)}", path)
    step = 0.02 * max(1.0, float(np.abs(point).max()))
    ways = [*np.eye(len(point)), *-np.eye(len(point))]
    slope = gradient(point)
    length = float(np.linalg.norm(slope))
    if np.isfinite(length) and length > 0:
        ways.append(-slope / length)
    beside = [point + step * way for way in ways]
    values = np.array([float(value(near)) for near in beside])
    if not np.isfinite(values).any():
        return
    low = int(np.nanargmin(values))
    if least - values[low] > 0.01 * np.nanmax(np.abs(values - least)):
        where = quoted([float(f"{part:.6g}") for part in beside[low]])
        message = f"{quoted(minimum)} is no minimum: the value is {least:.6g} there"
        help = f"it is {values[low]:.6g} at {where}; leave minima out if you do not know them"
        raise OptionError(message, path, help=help)
