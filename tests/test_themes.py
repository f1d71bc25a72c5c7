"""Every theme, for every kind of color vision: what must be told apart is far enough apart.

Distances are those of CAM02-UCS (Luo, Cui & Li 2006), the least of normal vision and of full
deuteranopia, protanopia and tritanopia (Machado et al. 2009). Two areas differ from 2 or so on; as
thin lines, colors less than about 10 apart are hard to tell. Contrasts are WCAG 2.2's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import colorspacious
import numpy as np
import pytest

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing.painter import Painter
from optanim.experiment.trials import trajectories_of
from optanim.scene.color_scale import ramp_colors
from optanim.scene.compose import compose_scene
from optanim.scene.scene import MARKERS
from optanim.schema.catalogue import catalogue
from optanim.schema.figure import Theme

THEMES = {name: entry.function() for name, entry in catalogue("themes").items()}
BLIND = ("deuteranomaly", "protanomaly", "tritanomaly")
CONFIG = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\n"

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


def rgb(colors: Iterable[str]) -> np.ndarray:
    """Colors as (n, 3), 0 to 1."""
    return np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colors])


def seen(colors: np.ndarray) -> np.ndarray:
    """Colors (n, 3) as they look to each kind of vision, (4, n, 3) in CAM02-UCS."""
    spaces = [{"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100} for kind in BLIND]
    every = [colors, *(colorspacious.cspace_convert(colors, s, "sRGB1") for s in spaces)]
    return np.stack([colorspacious.cspace_convert(np.clip(c, 0, 1), "sRGB1", "CAM02-UCS")
                     for c in every])  # fmt: skip


def apart(a: Sequence[str] | np.ndarray, b: Sequence[str] | np.ndarray) -> float:
    """The distance of the nearest pair between two groups of colors, to whom it is least."""
    x, y = (seen(g if isinstance(g, np.ndarray) else rgb(g)) for g in (a, b))
    return float(np.sqrt(((x[:, :, None] - y[:, None]) ** 2).sum(-1)).min())


def luminance(colors: np.ndarray) -> np.ndarray:
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(color: str, on: np.ndarray) -> float:
    """The least contrast of a color with others, 1 to 21."""
    own, other = luminance(rgb([color])), luminance(on)
    high, low = np.maximum(own, other), np.minimum(own, other)
    return float(((high + 0.05) / (low + 0.05)).min())


def bands(theme: Theme) -> np.ndarray:
    """Every color between the bands' own, as more levels would show them."""
    stops = rgb(theme.bands)
    at = np.linspace(0, len(stops) - 1, 24)
    return np.stack([np.interp(at, range(len(stops)), part) for part in stops.T], axis=1)


FIRST = np.round(255 * rgb(THEMES["light"].paths[:1])[0]).astype(np.uint8)
"""The color of the first trace of a figure, as painted."""


@themes
def test_eight_paths_are_told_apart_and_the_first_ones_with_ease(theme: Theme) -> None:
    assert len(theme.paths) == len(MARKERS) == 8
    for count, least in ((2, 45), (4, 11.5), (8, 10.9)):
        pairs = combinations(theme.paths[:count], 2)
        assert min(apart([a], [b]) for a, b in pairs) >= least


@themes
def test_a_path_stands_off_what_lies_under_it(theme: Theme) -> None:
    assert apart(theme.paths, bands(theme)) >= 13
    # A curve and a path on it are drawn as thick as each other.
    assert apart(theme.paths, [theme.faint]) >= 9
    # A contour is less than half as wide as a path, which has the halo between itself and it.
    assert apart(theme.paths, [theme.contour]) >= 7.5
    assert apart(theme.paths, [theme.halo, theme.background]) >= 25


@themes
def test_a_contour_is_seen_on_every_band_and_is_quiet(theme: Theme) -> None:
    assert apart([theme.contour], bands(theme)) >= 7
    assert contrast(theme.contour, rgb([theme.background])) >= 1.7
    assert contrast(theme.contour, bands(theme)) < contrast(theme.ink, bands(theme)) / 4


@themes
def test_text_and_minima_have_contrast(theme: Theme) -> None:
    ground = rgb([theme.background])
    assert contrast(theme.ink, ground) >= 7
    assert contrast(theme.faint, ground) >= 4.5 and contrast(theme.alarm, ground) >= 4.5
    assert contrast(theme.ink, bands(theme)) >= 4.5  # the star at a minimum
    assert apart([theme.alarm], [theme.ink, theme.faint]) >= 15


@themes
def test_every_path_has_the_contrast_of_a_graphic(theme: Theme) -> None:
    assert min(contrast(path, bands(theme)) for path in theme.paths) >= 3
    assert min(contrast(color, bands(theme)) for color in ramp_colors(theme.ramp)) >= 3


@themes
def test_the_names_of_paths_can_be_set_in_their_colors(theme: Theme) -> None:
    # The steps of lightness of paper leave room for that of large text only.
    least = 3 if theme is THEMES["paper"] else 4.5
    assert min(contrast(path, rgb([theme.background])) for path in theme.paths) >= least


def lightness_in_grey(colors: Sequence[str]) -> np.ndarray:
    """J' of the grey that a printer without color makes of each color."""
    y = luminance(rgb(colors))
    grey = np.where(y <= 0.0031308, 12.92 * y, 1.055 * y ** (1 / 2.4) - 0.055)
    return colorspacious.cspace_convert(np.repeat(grey[:, None], 3, 1), "sRGB1", "CAM02-UCS")[:, 0]


def test_paper_in_grey() -> None:
    paper = THEMES["paper"]
    paths = lightness_in_grey(paper.paths)
    for count, least in ((2, 45), (4, 17), (8, 8)):
        assert np.diff(np.sort(paths[:count])).min() >= least
    ground = lightness_in_grey([*paper.bands, paper.contour, paper.halo])
    assert ground.min() - paths.max() >= 10


def greys(colors: Iterable[str], *, coded: bool) -> np.ndarray:
    """Colors as greys of 8 bits, (n, 3), 0 to 1.

    By luminance, as e-ink and the filters of systems do; or, `coded`, by the weights of ITU-R
    BT.601 on the coded values, as image programs and many printers do.
    """
    if coded:
        grey = rgb(colors) @ [0.299, 0.587, 0.114]
    else:
        y = luminance(rgb(colors))
        grey = np.where(y <= 0.0031308, 12.92 * y, 1.055 * y ** (1 / 2.4) - 0.055)
    return np.repeat(np.round(255 * grey)[:, None] / 255, 3, axis=1)


@themes
@pytest.mark.parametrize(("coded", "least"), [(False, 2.97), (True, 2.85)])
def test_traces_are_seen_in_grey_and_their_markers_differ(
    theme: Theme, coded: bool, least: float
) -> None:
    # 2.97: a grey of 8 bits is up to 1 % off the luminance of its color.
    ground = np.round(255 * bands(theme)) @ [256**2, 256, 1]
    shown = greys([f"#{int(color):06X}" for color in ground], coded=coded)
    traces = luminance(greys([*theme.paths, *ramp_colors(theme.ramp)], coded=coded))
    low, high = (
        np.minimum.outer(traces, luminance(shown)),
        np.maximum.outer(traces, luminance(shown)),
    )
    assert ((high + 0.05) / (low + 0.05)).min() >= least
    # Several paths have one grey: 1, 2, 3 and 7 of `light`, 3, 4 and 5 of `dark`.
    assert len(set(MARKERS[: len(theme.paths)])) == len(theme.paths)


def test_the_bands_fall_or_rise_without_a_turn() -> None:
    for theme in THEMES.values():
        steps = np.diff(luminance(bands(theme)))
        assert (steps > 0).all() or (steps < 0).all()


@themes
def test_a_theme_is_what_is_painted(theme: Theme) -> None:
    (name,) = [name for name, known in THEMES.items() if known is theme]
    run = optanim.loads(CONFIG + f"figure: {{theme: {name}}}\npanels: [contour, loss]\n")
    picture = Painter(compose_scene(run, trajectories_of(run))).paint(100)[..., :3] / 255
    for color in (theme.background, theme.paths[0]):
        assert (np.abs(picture - rgb([color])[0]) < 1 / 300).all(axis=-1).any()
    # Outside the panels and in the one without bands the ground is the theme's.
    assert np.allclose(picture[0], rgb([theme.background]))
    ground = (np.abs(picture[200:380] - rgb([theme.background])[0]) < 1 / 300).all(axis=-1)
    assert ground[:, 500:860].mean() > 0.8


def test_one_color_of_a_theme_said_otherwise() -> None:
    text = CONFIG + "figure: {theme: {name: dark, alarm: '#f80', paths: ['#FFFFFF']}}\n"
    run = optanim.loads(text + "output: '{theme}.gif'\n")
    assert (run.theme.alarm, run.theme.paths) == ("#FF8800", ["#FFFFFF"])
    assert run.theme.ink == THEMES["dark"].ink and str(run.outputs[0]) == "dark.gif"
    assert as_yaml(optanim.loads(as_yaml(run))) == as_yaml(run)
    assert optanim.loads(CONFIG).theme == THEMES["light"]
    assert optanim.loads(text, set=["figure.theme.ink='#000'"]).theme.ink == "#000000"
