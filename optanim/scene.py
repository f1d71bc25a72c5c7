"""The scene: what a figure shows, in words and numbers and without a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Len

from optanim.catalogue import Chosen
from optanim.expression import name_in_tex
from optanim.option import Option
from optanim.rules import Color, Levels, Marker, Range, Scale, Size, Start, Text
from optanim.simulation import Trajectory
from optanim.surface import Surface

MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X", "h")


@dataclass(frozen=True, kw_only=True)
class Look:
    """Keys that may stand beside an optimizer's options.

    Attributes:
        label: its name in the figure.
        color: of its path; by default the next one of the theme.
        marker: at its head; by default the next one.
        start: its own start.
    """

    label: Text | None = None
    color: Color | None = None
    marker: Marker | None = None
    start: Start | None = None


@dataclass(frozen=True, kw_only=True)
class View:
    """What is seen of the surface.

    Attributes:
        x: the window's sides; by default they follow from the paths.
        y: the same, for the second parameter.
        levels: how many contour levels; by default 25, or fewer where they would crowd.
        scale: how they are spaced; by default whichever shows the descent best.
        contours: bands between the levels, lines on them, or both.
        minimum: mark the known minima.
    """

    x: Range | None = None
    y: Range | None = None
    levels: Levels | None = None
    scale: Literal["linear", "log", "sqrt"] | None = None
    contours: Literal["both", "bands", "lines"] = "both"
    minimum: bool = True


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The picture as an object on a page.

    Attributes:
        size: width and height in pixels, before `scale`.
        scale: everything so many times larger, for high-density screens.
        theme: the colors.
        legend: a box of names, or none; by default a box when there are several paths.
    """

    size: Size = (640, 480)
    scale: Scale = 1
    theme: Text = "light"
    legend: Literal["box", "none"] | None = None


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colors, as `#RRGGBB`.

    Attributes:
        background: around the axes.
        ink: titles and numbers.
        faint: captions and ticks.
        bands: the contour bands run from the first at the lowest loss to the last at the highest.
        contour: the lines between the bands.
        halo: around paths and marks, so that they stand off the bands.
        alarm: the word "diverged".
        paths: one for each optimizer in turn.
    """

    background: Color
    ink: Color
    faint: Color
    bands: Annotated[list[Color], Len(2, 8)]
    contour: Color
    halo: Color
    alarm: Color
    paths: Annotated[list[Color], Len(1, 16)]


@dataclass(frozen=True)
class Path:
    """A trajectory as it is drawn."""

    trajectory: Trajectory
    label: str
    color: str
    marker: str


@dataclass(frozen=True)
class Scene:
    """Everything that a painter needs to know."""

    surface: Surface
    paths: tuple[Path, ...]
    title: str
    caption: tuple[str, ...]
    panels: tuple[Chosen, ...]
    view: View
    figure: Figure
    theme: Theme
    trail: int = -1

    @property
    def steps(self) -> int:
        """The last step of the longest path."""
        return max(path.trajectory.steps for path in self.paths)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, height = self.figure.size
        return width * self.figure.scale, height * self.figure.scale

    @property
    def colors(self) -> tuple[str, ...]:
        """Colors that must come out exactly: those that tell the paths apart."""
        return (self.theme.background, *(path.color for path in self.paths))

    @property
    def unit(self) -> float:
        """How many pixels a pixel of the default figure of 640 × 480 is: for lines and letters.

        Larger figures have larger letters, though not in proportion: there is more to read, too.
        """
        width, height = self.figure.size
        return self.figure.scale * min(max(min(width / 640, height / 480) ** 0.5, 0.75), 2.0)

    @property
    def legend(self) -> bool:
        wanted = self.figure.legend
        return len(self.paths) > 1 if wanted is None else wanted == "box"


def paths_of(
    trajectories: Sequence[Trajectory],
    looks: Sequence[Look],
    chosen: Sequence[Chosen],
    theme: Theme,
) -> tuple[Path, ...]:
    """The trajectories with the labels, colors and markers they asked for.

    Else with the next free ones; in a race a label then tells the rate, too.
    """
    free = [color for color in theme.paths if color not in {look.color for look in looks}]
    free = free or theme.paths
    return tuple(
        Path(
            trajectory,
            look.label or (f"{trajectory.label}, {_rate(entry)}" if len(looks) > 1 else ""),
            look.color or free[i % len(free)],
            look.marker or MARKERS[i % len(MARKERS)],
        )
        for i, (trajectory, look, entry) in enumerate(zip(trajectories, looks, chosen, strict=True))
    )


def formula(surface: Surface) -> str:
    """The surface's equation, between dollar signs; its left-hand side if there is no other."""
    equals = f" = {surface.formula}" if surface.formula else ""
    return f"$f({', '.join(map(name_in_tex, surface.axes))}){equals}$"


def hyperparameters(chosen: Chosen) -> str:
    """The options of an optimizer in maths; one that says nothing new is left out."""
    shown = []
    for option in chosen.entry.options.values():
        value = chosen.options.get(option.name, option.default)
        if not (option.minor and value == option.default):
            shown.append(_equation(chosen, option))
    return "   ".join(shown)


def _rate(chosen: Chosen) -> str:
    lr = chosen.entry.options.get("lr")
    return _equation(chosen, lr) if lr else ""


def _equation(chosen: Chosen, option: Option) -> str:
    return rf"${option.symbol} = {_tex(chosen.options.get(option.name, option.default))}$"


def _tex(value: Any) -> str:
    if isinstance(value, Chosen):
        options = value.entry.options.values()
        inner = ", ".join(_tex(value.options.get(o.name, o.default)) for o in options)
        return rf"\mathrm{{{value.entry.name}}}({inner})"
    if isinstance(value, float | int) and not isinstance(value, bool):
        digits = f"{value:g}"
        mantissa, _, exponent = digits.partition("e")
        if not exponent:
            return digits
        power = rf"10^{{{int(exponent)}}}"
        return power if mantissa == "1" else rf"{mantissa}\times {power}"
    return rf"\mathrm{{{value}}}"
