"""Maps of two keys in colors: steps, losses and rates on a ramp, and what became of the trials."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from optanim.experiment.outcome_map import OutcomeMap
from optanim.experiment.stability import FORMULAS, stability_line
from optanim.scene.color_scale import ColorScale, ramp_colors
from optanim.scene.map_picture import (
    LATE_STATUSES,
    WAITING_INK,
    Indices,
    KeyBar,
    KeyLine,
    MapPicture,
    other_statuses,
    part_label,
    status_colors,
)
from optanim.scene.outcome_groups import mixed
from optanim.schema.figure import Theme
from optanim.schema.parameter_map import MapMeasure
from optanim.schema.words import Words
from optanim.surfaces import Array

SHADE_COUNT = 24
"""Shades of the ramp of a map; more would make a larger file."""

PALE = 0.82
"""The part of the background in the palest shade."""

MIN_LOSS_PART = 1e-16
"""Losses below this part of the largest are rounding; they have the last shade."""

LOG_STEPS = 20
"""Numbers of steps that differ by more than this factor are on a logarithmic scale."""


@dataclass(frozen=True)
class MeasuredPicture(MapPicture):
    """A map whose cells change at each shown step.

    Attributes:
        frames: (F, H, W), of each cell the index of its color at each shown step.
    """

    frames: Indices = None  # type: ignore[assignment]

    def at(self, step: float) -> Indices:
        """The index of the color of each cell at the last shown step until a step, (H, W)."""
        shown = self.outcomes.grid.shown
        i = int(np.searchsorted(shown, step + 1e-9, side="right")) - 1
        return np.asarray(self.frames[max(i, 0)])


def key_picture(
    outcomes: OutcomeMap, of: MapMeasure, theme: Theme, words: Words,
    beside: Collection[OutcomeMap] = (),
) -> MapPicture:  # fmt: skip
    """A map of two keys.

    Args:
        outcomes: of its trials.
        of: what is shown.
        theme: that has the colors.
        words: of the figure.
        beside: all maps of a grid, which have one key; () for a map with its own.
    """
    if of == "status":
        picture = _status_picture(outcomes, theme, words, beside)
    elif of == "steps":
        picture = _steps_picture(outcomes, theme, words, beside)
    else:
        picture = _measured_picture(outcomes, of, theme, words, beside)
    grid = outcomes.grid
    line = stability_line(grid)
    if line is None:
        return picture
    name = KeyLine((theme.ink,), f"${FORMULAS[grid.trial.name]}$", dashed=True)
    lines = picture.key if beside else (*picture.key, name)
    return replace(picture, lines=(line,), key=lines)


def map_ramp(theme: Theme) -> tuple[str, ...]:
    """The colors of values on a map: the lowest stands out, the highest is pale."""
    stops = [mixed(theme.ramp[0], theme.background, PALE), *theme.ramp]
    colors = ramp_colors(stops[::-1])
    last = len(colors) - 1
    return tuple(colors[round(i * last / (SHADE_COUNT - 1))] for i in range(SHADE_COUNT))


def _with_statuses(
    outcomes: OutcomeMap, theme: Theme, words: Words, beside: Collection[OutcomeMap],
    colors: tuple[str, ...], arrived: Indices,
) -> MapPicture:  # fmt: skip
    """A picture of the colors of what arrived, and those of the other statuses.

    Args:
        outcomes: of the trials.
        theme: that has the colors.
        words: of the figure.
        beside: as for `key_picture`.
        colors: of the cells that have arrived.
        arrived: (H, W), of each an index of `colors`.
    """
    waiting = mixed(theme.background, theme.ink, WAITING_INK)
    palette, key = [waiting, *colors], list[KeyLine]()
    final = (1 + arrived).astype(np.uint8)
    maps = beside or (outcomes,)
    for name, text in other_statuses(words).items():
        cells = outcomes.is_status(name)
        final[cells] = len(palette)
        palette.append(status_colors(theme)[name])
        if any(shown.is_status(name).any() for shown in maps):
            key.append(KeyLine((palette[-1],), part_label(text, cells, beside)))
    steps = outcomes.grid.trial.steps
    known_from = np.where(outcomes.since >= 0, outcomes.since, steps)
    known_from = np.where(np.isin(outcomes.status, LATE_STATUSES), steps, known_from)
    return MapPicture(
        outcomes, tuple(palette), final, known_from.astype(np.int32), 0, tuple(key), ""
    )


def _status_picture(
    outcomes: OutcomeMap, theme: Theme, words: Words, beside: Collection[OutcomeMap]
) -> MapPicture:
    """What became of each trial."""
    color = theme.paths[0]
    zeros = np.zeros(outcomes.grid.shape, np.uint8)
    picture = _with_statuses(outcomes, theme, words, beside, (color,), zeros)
    line = KeyLine((color,), part_label(words.arrived, outcomes.is_status("arrived"), beside))
    return replace(picture, key=(line, *picture.key))


def _steps_picture(
    outcomes: OutcomeMap, theme: Theme, words: Words, beside: Collection[OutcomeMap]
) -> MapPicture:
    """The number of steps until each trial arrived."""
    counts = [
        np.maximum(shown.since[shown.is_status("arrived")], 1) for shown in beside or (outcomes,)
    ]
    together = np.concatenate(counts) if any(map(len, counts)) else np.array([1])
    low, high = float(together.min()), float(together.max())
    scale = ColorScale(low, high, high > LOG_STEPS * low)
    ramp = map_ramp(theme)
    shade = _shades(np.maximum(outcomes.since, 1).astype(np.float64), scale, len(ramp))
    picture = _with_statuses(outcomes, theme, words, beside, ramp, shade)
    bar = KeyBar(ramp, scale, words.steps_to_arrive)
    return replace(picture, bar=bar if any(map(len, counts)) else None)


def _measured_picture(
    outcomes: OutcomeMap, of: MapMeasure, theme: Theme, words: Words,
    beside: Collection[OutcomeMap],
) -> MapPicture:  # fmt: skip
    """The loss of each trial, or the factor of its distance to the minimum, at each shown step."""
    ramp = map_ramp(theme)
    heights = [_heights(shown, of) for shown in beside or (outcomes,)]
    scale = _loss_scale(heights) if of == "loss" else _rate_scale(heights)
    none = np.zeros(outcomes.grid.shape, np.uint8)
    picture = _with_statuses(outcomes, theme, words, beside, ramp, none)
    values, failing = _heights(outcomes, of), status_colors(theme)["diverged"]
    frames = 1 + _shades(values, scale, len(ramp))
    diverged, undefined = (
        picture.palette.index(status_colors(theme)[name]) for name in ("diverged", "undefined")
    )
    if of == "rate":
        frames[values >= 1] = diverged
    for i, step in enumerate(outcomes.grid.shown):
        known = (outcomes.since >= 0) & (outcomes.since <= step)
        frames[i, np.isnan(values[i])] = 0
        frames[i, known & outcomes.is_status("diverged")] = diverged
        frames[i, known & outcomes.is_status("undefined")] = undefined
    names = (words.diverged, words.undefined)
    key = tuple(line for line in picture.key if line.label.startswith(names))
    if of == "rate" and not key and (frames == diverged).any():
        key = (KeyLine((failing,), words.diverged),)
    title = words.loss if of == "loss" else words.factor_per_step
    return MeasuredPicture(
        outcomes, picture.palette, frames[-1], np.zeros_like(picture.known_from), 0, key, "",
        KeyBar(ramp, scale, title), (), frames,
    )  # fmt: skip


def _heights(outcomes: OutcomeMap, of: MapMeasure) -> Array:
    """The values of a map; losses are heights above the known minimum where they may be below 0."""
    values = outcomes.values
    if of != "loss" or not (values <= 0).any():
        return values
    surface = outcomes.grid.trial.surface
    known = [float(surface.value(np.array(minimum))) for minimum in surface.minima]
    return np.asarray(values - min([float(np.nanmin(values)), *known]))


def _loss_scale(heights: list[Array]) -> ColorScale:
    """The scale of losses: whole powers of ten."""
    finite = np.concatenate([h[np.isfinite(h) & (h > 0)] for h in heights])
    if not finite.size:
        return ColorScale(1e-16, 1.0, True)
    high = float(np.quantile(finite, 0.995))
    low = max(float(finite.min()), MIN_LOSS_PART * high)
    first = int(np.floor(np.log10(low)))
    return ColorScale(10.0**first, 10.0 ** max(int(np.ceil(np.log10(high))), first + 1), True)


def _rate_scale(heights: list[Array]) -> ColorScale:
    """The scale of factors, up to 1, where nothing is won."""
    finite = np.concatenate([h[np.isfinite(h) & (h < 1)] for h in heights])
    low = float(np.quantile(finite, 0.002)) if finite.size else 0.0
    return ColorScale(min(max(0.0, np.floor(low * 20) / 20), 0.95), 1.0, False)


def _shades(values: Array, scale: ColorScale, count: int) -> Indices:
    """The index of the shade of each value, of the shape of the values; 0 is the lowest."""
    with np.errstate(all="ignore"):
        if scale.log:
            place = np.log(values / scale.low) / np.log(scale.high / scale.low)
        else:
            place = (values - scale.low) / (scale.high - scale.low)
    place = np.nan_to_num(place, nan=0.0, posinf=1.0, neginf=0.0)
    return np.clip(np.floor(place * count), 0, count - 1).astype(np.uint8)
