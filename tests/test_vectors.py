"""Vectors: what a renderer without pixels is told to draw looks like the picture of Agg."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from PIL import Image

import optanim
from optanim.config.panels import panel_problems
from optanim.drawing.landscape.backdrop import BackdropArtist
from optanim.drawing.painter import Painter
from optanim.drawing.swarm_dots import StartMarks
from optanim.drawing.vector_page import svg_elements
from optanim.drawing.vectors import HaloText, Seams
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from tests.test_redraw import SCENES

CONFIGS = Path(__file__).parents[1] / "configs"
GALLERY = """
    article_adam basins_of_adam best_momentum covariance escape_from_a_saddle himmelblau_four_minima
    landscape nesterov_looks_ahead rate_and_momentum schedules six_ways swarm_of_adam two_swarms
    two_wells_shares valley_of_100
""".split()
FILES = sorted(CONFIGS.glob("*.yaml")) + [CONFIGS / "gallery" / f"{name}.yaml" for name in GALLERY]

BOWL = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\nsteps: 40\n"
WELLS = "surface: double_well\nstart: [1.9]\noptimizers: [gd, momentum]\nsteps: 40\n"
FIT = (
    "surface: {regression: {points: [[1, 2], [2, 3], [3, 5]], model: w*x + b}}\n"
    "start: [0, 0]\noptimizers: [gd, adam]\nsteps: 9\n"
)
MAP = BOWL + "map: {x: optimizer.lr, y: optimizer.momentum}\n"
SURFACES = (BOWL, WELLS, FIT, MAP)
"""A panel of the catalogue is drawn with the first of these that it can show."""

POINTS = [[round(0.01 * i, 2), round(0.02 * i + 0.001 * (i * 37 % 11), 4)] for i in range(400)]
MORE = {
    "cloud": f"surface: {{regression: {{points: {POINTS}, model: w*x + b}}}}\n"
    "start: [0, 0]\noptimizers: [gd, adam]\nsteps: 9\npanels: [fit, contour]\n",
    "bundle": BOWL + "noise: 2\nlayout: overlay\n"
    "matrix: {seed: [1..220]}\npanels: [contour, loss]\n",
    "grid": BOWL + "layout: grid\n"
    "matrix: {optimizer.lr: [1e-3, 1e-2, 2], optimizer.momentum: [0, 0.9]}\n",
    "row": BOWL.replace("optimizer: ", "optimizers: [").replace("}", "}, adam, gd]")
    + "figure: {legend: row}\n",
    "zoom": BOWL + "view: {x: [-6, 6], y: [-5, 5], zoom: {to: [0.2, -1.2], by: 100}}\n"
    "panels: [{name: basins, cells: 8}]\nanimation: {duration: 1s, fps: 4}\n",
    "swarm on a curve": WELLS.replace("[1.9]", "{grid: [40]}") + "panels: [curve, loss]\n",
    "swarm on a landscape": BOWL.replace("[-4, 3]", "{grid: [20, 20]}") + "panels: [surface3d]\n",
    "a landscape that turns": BOWL + "panels: [surface3d]\nview: {camera: {turn: 90}}\n",
    "swarm at double scale": BOWL.replace("[-4, 3]", "{grid: [20, 20]}") + "figure: {scale: 2}\n",
    "contour labels": BOWL + "view: {contours: labels, colorbar: true, field: true}\n",
}  # fmt: skip
TEXTS = SCENES | MORE

BLUR = 9
"""Pixels: the side of the square over which colors are averaged before they are compared."""

MAX_DIFFERENCE, MAX_DOT_DIFFERENCE, MAX_MEAN = 15.0, 60.0, 7.0
"""The largest difference of an averaged color, of 255, without and with dots of swarms, and that of
the mean of all pixels. Agg sets dots at whole pixels: where they are dense, others are seen."""

OLD_MATPLOTLIB = tuple(map(int, version("matplotlib").split(".")[:2])) < (3, 11)
MAX_TURNED_DIFFERENCE = 45.0
"""The same for landscapes with matplotlib before 3.11: its Agg sets a turned text a pixel aside."""

MIN_SEEN = 60
"""Pixels: of a mark that changes fewer of them, most is below others."""


class Vectors(RendererBase):
    """What marks may use of a renderer, drawn by Agg; there are no pixels to read or write.

    Args:
        made: for the size and the resolution.
        hidden: the names of groups that are not drawn.
        scales: whether images have any size.
    """

    def __init__(self, made: Painter, hidden: Container[str] = (), *, scales: bool = True) -> None:
        super().__init__()
        self.scales = scales
        self.width, self.height = made.scene.pixels
        self._agg = agg = RendererAgg(self.width, self.height, 72 * made.scene.unit)
        self.new_gc, self.points_to_pixels = agg.new_gc, agg.points_to_pixels
        self.get_text_width_height_descent = agg.get_text_width_height_descent
        self._open: list[tuple[str, str | None]] = []
        self._hidden = hidden

    def get_canvas_width_height(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def _shown(self) -> bool:
        return not any(gid in self._hidden for _, gid in self._open if gid)

    def draw_path(self, *shape: Any, **settings: Any) -> None:
        if self._shown:
            self._agg.draw_path(*shape, **settings)

    def draw_markers(self, *shapes: Any, **settings: Any) -> None:
        if self._shown:
            self._agg.draw_markers(*shapes, **settings)

    def option_scale_image(self) -> bool:
        return self.scales

    def draw_image(
        self, gc: Any, x: float, y: float, im: np.ndarray, transform: Any = None
    ) -> None:
        if self._shown:
            assert (transform is not None) == self.scales
            if transform is not None:
                size = [round(side) for side in np.diag(transform.get_matrix())[:2].tolist()]
                im = np.array(Image.fromarray(im).resize(size, Image.Resampling.BOX))
            self._agg.draw_image(gc, x, y, im)

    def draw_text(self, *text: Any, **settings: Any) -> None:
        # Agg draws a text with a halo as a path, too, whose letters are not at whole pixels.
        path = isinstance(settings.get("mtext"), HaloText)
        if self._shown:
            (super().draw_text if path else self._agg.draw_text)(*text, **settings)

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._open.append((s, gid))

    def close_group(self, s: str) -> None:
        assert self._open.pop()[0] == s

    def begin(self, picture: np.ndarray) -> None:
        """Draw over a picture."""
        np.asarray(self._agg.buffer_rgba())[:] = picture

    def picture(self) -> np.ndarray:
        """All that was drawn, (height, width, 4)."""
        assert not self._open
        return np.array(self._agg.buffer_rgba())


@lru_cache(64)
def painter_of(text: str) -> Painter:
    run = optanim.loads(text)
    return Painter(compose_scene(run, trajectories_of(run)))


@lru_cache(64)
def painter_of_file(path: Path) -> Painter:
    run = optanim.load(path)
    return Painter(compose_scene(run, trajectories_of(run)))


@lru_cache(4)
def still(made: Painter, hidden: frozenset[str] = frozenset()) -> np.ndarray:
    """What stands still, from vectors, without hidden groups."""
    renderer = Vectors(made, hidden)
    made.draw_still(renderer)
    return renderer.picture()


def vectors(made: Painter, step: float, *hidden: str) -> np.ndarray:
    """The picture of a step, from vectors, without hidden groups."""
    renderer = Vectors(made, frozenset(hidden))
    renderer.begin(still(made, frozenset(hidden)))
    made.draw_marks(renderer, step)
    return renderer.picture()


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """The largest difference of two pictures, where each color is that of a square of `BLUR`."""
    return float(np.abs(blurred(a) - blurred(b)).max())


def blurred(picture: np.ndarray) -> np.ndarray:
    """The averages of all squares of `BLUR` pixels, (…, 3)."""
    sums = np.pad(picture[..., :3].astype(float), ((1, 0), (1, 0), (0, 0))).cumsum(0).cumsum(1)
    ends = sums[BLUR:, BLUR:] - sums[:-BLUR, BLUR:] - sums[BLUR:, :-BLUR] + sums[:-BLUR, :-BLUR]
    return ends / BLUR**2


def bound(made: Painter) -> float:
    """How much vectors may differ from the pixels, apart from the dots of swarms."""
    turned = any(panel.entry.name == "surface3d" for panel in made.scene.panels)
    return MAX_TURNED_DIFFERENCE if OLD_MATPLOTLIB and turned else MAX_DIFFERENCE


def check(made: Painter) -> None:
    scene = made.scene
    assert difference(still(made), made._backdrop) < bound(made)
    limit = MAX_DOT_DIFFERENCE if scene.dots_by else bound(made)
    for step in (0, min(scene.steps // 2 + 0.5, scene.steps), scene.steps):
        shown, pixels = vectors(made, step), made.paint(step)
        assert (shown[..., 3] == 255).all()
        assert difference(shown, pixels) < limit, step
        assert np.abs(shown.astype(int) - pixels).mean() < MAX_MEAN


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_vectors_of_a_config_look_like_its_pixels(path: Path) -> None:
    check(painter_of_file(path))


@pytest.mark.parametrize("name", TEXTS)
def test_vectors_of_a_scene_look_like_its_pixels(name: str) -> None:
    check(painter_of(TEXTS[name]))


@pytest.mark.parametrize("name", catalogue("panels"))
def test_vectors_of_every_panel_look_like_its_pixels(name: str) -> None:
    for text in SURFACES:
        run = optanim.loads(text)
        surfaces = [trial.surface for trial in run.trials]
        chosen = [Chosen(catalogue("panels")[name])]
        if not [*panel_problems(chosen, run.surface, surfaces, map=run.map is not None)]:
            check(painter_of(f"{text}panels: [{name}]\n"))
            return
    pytest.fail("none of these surfaces is one that it can show")


LEFT_OUT = (
    "article_adam basins_of_adam covariance nesterov_looks_ahead swarm_of_adam "
    "cloud curve note overlay turning"
).split()


def test_a_mark_that_is_left_out_is_missed() -> None:
    kinds = set()
    for name in LEFT_OUT:
        gallery = CONFIGS / "gallery" / f"{name}.yaml"
        made = painter_of(TEXTS[name]) if name in TEXTS else painter_of_file(gallery)
        limit = MAX_DOT_DIFFERENCE if made.scene.dots_by else MAX_DIFFERENCE
        marks = made._marks
        # The last step has no arrows, and only it and the first have names.
        for step in (made.scene.steps // 2 + 0.5, made.scene.steps):
            whole = vectors(made, step)
            try:
                for i, mark in enumerate(marks):
                    made._marks = marks[:i] + marks[i + 1 :]
                    part = vectors(made, step)
                    if (part != whole).any(axis=2).sum() > MIN_SEEN:
                        assert difference(part, whole) > limit, (name, step, type(mark))
                        kinds.add(type(mark).__name__)
            finally:
                made._marks = marks
    assert kinds >= {
        "Appearing", "Arrows", "Backdrop", "Cells", "Dots", "Goals", "HeadNames", "LiveNumber",
        "StateMark", "Stroke", "SurfaceTrace", "SwarmDots", "Trail", "TrailBundle",
    }  # fmt: skip


@pytest.mark.parametrize("kind", [BackdropArtist, StartMarks, HaloText])
def test_an_artist_that_is_left_out_is_missed(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    text = {BackdropArtist: TEXTS["landscape"], StartMarks: TEXTS["swarm at double scale"],
            HaloText: BOWL + "view: {notes: [{at: [1, 1], text: here}]}\n"}[kind]  # fmt: skip
    made = painter_of(text)
    monkeypatch.setattr(kind, "draw", lambda self, renderer: None)
    assert difference(still.__wrapped__(made), made._backdrop) > MAX_DIFFERENCE


def test_bands_of_vectors_have_their_own_colors_below_their_edges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where two areas touch, a viewer of vectors shows what is below: here, nothing white is."""
    made = painter_of(BOWL + "view: {contours: bands}\n")
    bands: Any = next(one for one in made.axes[0].collections if one.get_zorder() == 1)
    bands.set_antialiased(True)
    left, bottom, _, top = (round(side) for side in made.axes[0].bbox.padded(-3).extents)
    above = made.scene.pixels[1]

    def lightest() -> int:
        still.cache_clear()
        return int(still(made)[above - top : above - bottom, left : left + 60, :3].max())

    least = lightest()
    monkeypatch.setattr(Seams, "draw", lambda self, renderer: None)
    assert least < lightest()


@pytest.mark.parametrize("name", ["zoom", "landscape", "turning"])
def test_images_have_the_size_of_the_picture_where_none_is_scaled(name: str) -> None:
    made = painter_of(TEXTS[name])
    renderer = Vectors(made, scales=False)
    made.draw_still(renderer)
    made.draw_marks(renderer, 1)
    assert difference(renderer.picture(), made.paint(1)) < bound(made)


@pytest.mark.parametrize(("name", "part"), [("race", "_trails"), ("overlay", "_bundles")])
def test_the_older_parts_of_trails_are_missed(
    name: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = painter_of(TEXTS[name])
    whole = vectors(made, 20)
    monkeypatch.setattr(made, part, [])
    assert difference(whole, vectors(made, 20)) > MAX_DIFFERENCE


@pytest.mark.parametrize("name", ["race", "diverges", "values", "curve", "landscape", "turning"])
def test_what_belongs_to_a_trace_is_in_its_groups(name: str) -> None:
    """Without these no pixel has its color, and no more of the other traces is covered."""
    made = painter_of(TEXTS[name])
    inks = [np.rint(np.array(to_rgb(trace.color)) * 255) for trace in made.scene.traces]

    def counts(*hidden: str) -> list[int]:
        picture = vectors(made, made.scene.steps, *hidden)[..., :3]
        return [int((picture == ink).all(axis=2).sum()) for ink in inks]

    whole = counts()
    for i in range(len(inks)):
        rest = counts(f"trace-{i}", f"legend-{i}")
        assert whole[i] > MIN_SEEN / 3 and rest[i] == 0
        assert all(rest[j] >= whole[j] for j in range(len(inks)) if j != i)


def test_a_point_alone_on_a_curve_is_no_dot() -> None:
    """As in the picture. The rate of a coordinate is unknown at each second step."""
    text = "surface: mccormick\nstart: [2, 0]\noptimizer: coordinate_descent\npanels: [rates]\n"
    run = optanim.loads(text)
    painter = Painter(compose_scene(run, trajectories_of(run)))
    elements = svg_elements(painter, 20, text_as_paths=True)
    assert not re.search(r"[ML] ([\d.]+ [\d.]+)\s+L \1\s", elements)
