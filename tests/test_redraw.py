"""What stands still is drawn once: the pixels are those that drawing everything gives."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox

from optanim.drawing.frame_exit import outside
from optanim.drawing.marks import MANY_DOTS, Dots
from optanim.drawing.pixel_boxes import ALL_PIXELS, NO_PIXELS, PixelBox, bands_of
from optanim.drawing.trail import Trail
from optanim.drawing.trail_bundle import MIN_TRAILS, TrailBundle, bundled
from optanim.encoding.film import Film
from optanim.encoding.formats.gif import gif
from optanim.encoding.write import write
from optanim.scene.line_style import LineStyle
from tests.painters import SMALL, painter_of


def canvas(seed: int) -> tuple[RendererAgg, np.ndarray]:
    """A renderer whose picture is noise, and its pixels."""
    renderer = RendererAgg(160, 120, 72)
    pixels = np.asarray(renderer.buffer_rgba())
    pixels[:] = np.random.default_rng(seed).integers(0, 256, pixels.shape)
    pixels[..., 3] = 255
    return renderer, pixels


@pytest.mark.parametrize(("color", "halo"), [("#0b2545", "#ffffff"), ("#f0c808", "#101010")])
@pytest.mark.parametrize("radius", [0.6, 1.8, 5.0])
def test_settled_dots_are_those_that_agg_draws(color: str, halo: str, radius: float) -> None:
    # A dense cloud, dots alone around it, and some at the edge of the picture and beyond it.
    points = np.random.default_rng(3).normal([80, 60], [30, 9], (6000, 2))
    points[:300] = np.random.default_rng(4).uniform(-9, 170, (300, 2))
    assert len(points) > MANY_DOTS
    still = Dots(points, color, halo, radius=radius)
    moving = Dots(lambda step: points, color, halo, radius=radius)
    for seed in (1, 2):
        (first, expected), (second, painted) = canvas(seed), canvas(seed)
        ground = painted.copy()
        moving.draw(first, 0)
        still.draw(second, 0)
        assert (painted == expected).all() and (painted != ground).any()
    assert still._settled and 0 < len(still._settled.loose) < len(points)


START = "start: [-1.2, 1]\nsteps: 30\nsurface: rosenbrock\n"
RACE = (
    START
    + "optimizers: [{name: gd, lr: 4e-4}, {name: adam, lr: 0.2}, {name: momentum, lr: 1e-4}]\n"
)
SCENES = {
    "race": RACE + "panels: [contour, loss]\n",
    "arrows": START + "optimizer: {name: gd, lr: 2e-4}\nview: {arrows: [gradient, step]}\n",
    "leaves": RACE + "view: {x: [-1, 0.4], y: [0, 0.7]}\nanimation: {trail: last 6}\n",
    "diverges": START + "optimizers: [{name: gd, lr: 0.01}, adam]\npanels: [contour, loss]\n",
    "note": START
    + "optimizer: adam\nview: {notes: [{step: 9, text: nine}]}\nfigure: {result: true}\n",
    "crowd": START + "optimizers: [{name: cma_es}, {name: nelder_mead}]\n",
    "values": RACE + "panels: [rates, schedule]\n",
    "landscape": RACE + "panels: [surface3d]\n",
    "turning": RACE + "panels: [surface3d]\nview: {camera: {turn: 40}}\n",
    "overlay": START + "optimizer: gd\nmatrix: {optimizer.lr: ['1e-5..2e-3 by 1e-5']}\n"
    "layout: overlay\npanels: [contour, loss]\n",
    "curve": "surface: wave\nstart: [9]\noptimizers: [gd, momentum]\nsteps: 30\npanels: [curve]\n",
}
ORDER = (0, 30, 7.5, 8.25, 9, 29.5, 12, 12.5, 3, 30, 0, 18)


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_does_not_depend_on_those_before_it(name: str) -> None:
    made = painter_of(SCENES[name], SMALL)
    before: np.ndarray | None = None
    shown = None
    for step in ORDER:
        pixels, changes, shown = made.repaint(step, shown)
        now = pixels.copy()
        if before is not None:
            assert changes is not None
            same = np.ones(now.shape[:2], bool)
            for band in changes:
                same[band.part] = False
            assert (now == before)[same].all()
        # The same, with everything restored.
        made._drawn = made._past_boxes = [ALL_PIXELS]
        made._pasts = []
        assert (made.paint(step) == now).all()
        before = now
    assert (made.paint(0) != made.paint(18)).any()


def walks(count: int, steps: int) -> list[Trail]:
    """Plain trails of one color, some of which end earlier, leave the panel or have gaps."""
    random, clip = np.random.default_rng(5), Bbox([[20, 15], [140, 105]])
    pen = LineStyle(2.0, 0.0, 1.0, 4.0, dots=False)
    trails = []
    for i in range(count):
        moves = random.normal(0, 0.3 if i % 3 else 6, (steps + 1 - i % 5, 2))
        points = np.cumsum(moves, axis=0) + np.array([80, 60])
        points[7 if i % 11 == 4 else len(points) :] = np.nan
        trails.append(Trail(points, "#104080", "#ffffff", "o", clip=clip, unit=1.0, pen=pen))
    return trails


def test_the_lines_of_many_trails_are_those_of_each() -> None:
    trails = walks(MIN_TRAILS, 40)
    (bundle,) = bundled(trails)
    assert isinstance(bundle, TrailBundle) and bundled(trails[1:]) == trails[1:]
    for step in (0, 0.5, 9, 23.75, 40):
        renderers = [RendererAgg(160, 120, 72) for _ in range(2)]
        for trail in trails:
            trail.draw_past(renderers[0], trail.past(step))
            trail.draw(renderers[0], step)
        bundle.draw_past(renderers[1], 0, bundle.whole(step))
        box = bundle.draw(renderers[1], step)
        alone, together = (
            np.asarray(renderer.buffer_rgba())[..., 3].astype(int) for renderer in renderers
        )
        # One color, so that the order does not matter: the same ink, but for joints of pieces.
        assert alone.any() and (np.abs(alone - together) > 100).mean() < 0.01
        assert abs(alone.sum() / together.sum() - 1) < 0.04
        heads = np.array([trail.position(step) for trail in trails])
        heads = heads[np.isfinite(heads).all(axis=1) & ~outside(heads, bundle.clip)]
        assert (heads >= box[:2]).all() and (heads <= box[2:]).all()


def test_only_what_moves_is_restored() -> None:
    made = painter_of(SCENES["note"], SMALL)
    made.repaint(12.5)
    changes = made.repaint(12.6, len(made._changes)).changes
    assert changes
    area = sum((band.bottom - band.top) * (band.right - band.left) for band in changes)
    assert 0 < area < 0.5 * made._pixels[..., 0].size


def test_a_mark_that_does_not_say_where_it_draws_may_draw_anywhere() -> None:
    class Corner:
        """As a panel of a plug-in may have it."""

        def draw(self, renderer: RendererAgg, step: float) -> None:
            np.asarray(renderer.buffer_rgba())[int(step)] = 7

    made = painter_of(SCENES["race"], SMALL)
    alone = made.paint(5)
    made._marks.append(Corner())
    assert (made.paint(9)[9] == 7).all() and not (made.paint(5)[9] == 7).all()
    made._marks.pop()
    assert (made.paint(5) == alone).all()


def test_a_gif_is_the_same_whether_its_frames_are_copies() -> None:
    made = painter_of(SCENES["race"], SMALL)
    moments, files = made.scene.moments[::4], []
    for repaint in (None, made.repaint):
        files.append(io.BytesIO())
        write(Film(made.paint, moments, repaint=repaint), [(gif, files[-1])])
    assert files[0].getvalue() == files[1].getvalue()


def test_bands_contain_their_boxes_and_share_no_row() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        low = random.uniform(-9, 60, (6, 2))
        boxes = [PixelBox(*corner, *(corner + random.uniform(0, 20, 2))) for corner in low.tolist()]
        boxes += [NO_PIXELS, PixelBox(np.nan, 0, np.nan, 9)]
        bands = bands_of(boxes, 40, 50)
        assert all(a.bottom <= b.top for a, b in pairwise(bands))
        covered = np.zeros((40, 50), bool)
        for band in bands:
            covered[band.part] = True
        rows, columns = np.mgrid[:40, :50]
        for left, bottom, right, top in boxes[:6]:
            inside = (columns + 1 > left) & (columns < right)
            inside &= (40 - rows > bottom) & (40 - rows - 1 < top)
            assert covered[inside].all()
    assert bands_of([ALL_PIXELS], 40, 50) == ((0, 40, 0, 50),) and bands_of([NO_PIXELS], 4, 5) == ()


def test_a_picture_of_a_film_stays_while_another_is_painted() -> None:
    """A format that looks at samples after the first frame has come still has that frame."""
    painter = painter_of(SCENES["race"], SMALL)
    first = painter.paint(0.0)
    pixels, _, shown = painter.repaint(0.0, None)
    painter.paint(2.0)
    assert (pixels == first).all()
    pixels, changes, _ = painter.repaint(2.0, shown)
    assert (pixels == painter.paint(2.0)).all() and changes
