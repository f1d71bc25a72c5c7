"""Nothing is cut and nothing collides, at any size: the extents of all that stands in a figure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import optanim
from optanim.drawing.fonts import is_maths
from optanim.drawing.live_numbers import LiveNumber
from optanim.drawing.painter import Painter
from optanim.drawing.text_fit import (
    fit_text,
    keep_apart,
    line_breaks,
    shortened_texts,
    text_width,
)
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene
from optanim.schema.catalogue import catalogue
from optanim.schema.choice import Chosen
from optanim.schema.figure import MIN_LETTERS
from optanim.surfaces import Data

LONG = "A title that goes on and on, and says what a caption should, until nobody reads it any more"
RATES = (4e-3, 1e-3, 1e-3, 0.5, 3e-2, 0.1, 0.05, 2e-3)
NAMES = ("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "gd")


MATHS = r"$\eta_t = \eta_0 \sum_{k=1}^{t} \beta^k / \sqrt{t} + \lambda w_t$, and more"


def race(count: int = 8, label: str = "") -> str:
    said = f", label: '{label}'" if label else ""
    pairs = list(zip(NAMES * 2, RATES * 2, strict=True))[:count]
    rows = "".join(f"  - {{name: {name}, lr: {lr}{said}}}\n" for name, lr in pairs)
    return "surface: {name: rosenbrock, b: 20}\nstart: [-1.2, 1]\nsteps: 40\noptimizers:\n" + rows


def typed(expr: str, start: str, lr: float) -> str:
    return (
        f"surface: {{expr: {expr}}}\nstart: {start}\noptimizer: {{name: gd, lr: {lr}}}\nsteps: 9\n"
        "panels: [contour, loss]\n"
    )


SINGLE = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: momentum, lr: 0.1}\nsteps: 40\n"
CURVE = "surface: wave\nstart: [9]\noptimizer: {name: gd, lr: 2}\nsteps: 20\n"
GOLD = "surface: goldstein_price\nstart: [-1, 1]\nsteps: 30\noptimizer: {name: gd, lr: 1e-6}\n"
CONFIGS = {
    "single": SINGLE,
    "long title": SINGLE + f"title: '{LONG}'\n",
    "long title in maths": SINGLE + rf"title: 'On {MATHS}, or {LONG}'" + "\n",
    "long word": SINGLE + f"title: '{'W' * 400}'\n",
    "long formula": GOLD,
    "long formula and losses": GOLD + "panels: [contour, loss]\n",
    "diverges": SINGLE.replace("0.1}", "40}").replace("40\n", "400\n"),
    "race": race(),
    "race of sixteen": race(16),
    "race of long labels": race(8, LONG),
    "race of maths": race(8, MATHS),
    "race and losses": race(4) + "panels: [contour, loss]\n",
    "race in three panels": race(8) + "panels: [loss, contour, loss]\n",
    "race that diverges": race(4).replace("0.004", "4"),
    "three panels": SINGLE + "panels: [loss, contour, loss]\n",
    "curve": CURVE + "panels: [curve, loss]\n",
    "arrows": SINGLE.replace("momentum", "nesterov", 1)
    + "view: {arrows: [gradient, step, lookahead]}\npanels: [contour, rates]\n",
    "tiny numbers": typed("1e-7*x**2 + 1e-9*y", "[1e-4, 1e-5]", 0.1),
    "large numbers": typed("1e9*x**2 + 1e8*y**2 - 3e12", "[1e4, 1e5]", 1e-11),
}
SMALL = ("[320, 240]", "[480, 200]")
OTHERS = {
    "[640, 480]": (
        "single",
        "race",
        "race of sixteen",
        "race of maths",
        "long formula",
        "diverges",
    ),
    "[360, 640]": ("single", "race of long labels", "race and losses"),
    "[1920, 1080]": ("race in three panels", "long title in maths"),
}
WIDE = ("three panels", "race in three panels", "race and losses", "long formula and losses")
# The small sizes take turns, as both have little room; what needs most of it has both.
CASES = [
    (name, size)
    for i, name in enumerate(CONFIGS)
    for j, size in enumerate(SMALL)
    if i % 2 == j or name in WIDE
]
CASES += [(name, size) for size, names in OTHERS.items() for name in names]


def painter(text: str, size: str, more: str = "") -> Painter:
    run = optanim.loads(text + f"figure: {{size: {size}{more}}}\n")
    return Painter(compose_scene(run, trajectories_of(run)))


def words(made: Painter) -> dict[str, Bbox]:
    """The boxes of all texts and legend signs outside the axes, from the bottom left."""
    figure, found = made.axes[0].figure, {}
    for i, artist in enumerate(figure.texts + figure.artists + figure.lines):
        if isinstance(artist, Text) and artist.get_text():
            found[f"{i} {artist.get_text()[:30]}"] = artist.get_window_extent(made._renderer)
        elif isinstance(artist, Line2D) and artist.get_marker() not in ("None", None, ""):
            found[f"{i} sign"] = artist.get_window_extent(made._renderer)
    height = figure.bbox.height
    for i, mark in enumerate(m for m in made._marks if isinstance(m, LiveNumber)):
        said = {text for text in map(mark.text, (0, 1, made.scene.steps)) if text}
        if said:
            wide = max(map(mark.cells.width, said))
            left = mark.left if mark.left is not None else mark.right - wide
            top = height - mark.baseline + 0.8 * mark.cells.ascent
            place = [[left, height - mark.baseline], [left + wide, top]]
            found[f"reading {i} {min(said)}"] = Bbox(place)
    return found


def inner(box: Bbox) -> Bbox:
    """A box without its rim: the extent of a text is rounded up, and has room below."""
    return Bbox([[box.x0 + 1, box.y0 + 0.15 * box.height], [box.x1 - 1, box.y1 - 0.1 * box.height]])


def faults(made: Painter) -> list[str]:
    """Everything in a figure that is cut or lies on something else."""
    page, found = made.axes[0].figure.bbox, []
    boxes, panels = words(made), dict[str, Bbox]()
    for i, axes in enumerate(made.axes):
        name = axes.yaxis.label
        boxes |= {f"name {i}": name.get_window_extent(made._renderer)}
        # The name stands beside a header; the box of both would contain it.
        name.set_visible(False)
        panels[f"panel {i}"] = axes.get_tightbbox(made._renderer)
        name.set_visible(True)
    boxes = {key: box for key, box in boxes.items() if box.width}
    for name, box in {**boxes, **panels}.items():
        if box.x0 < 1 or box.y0 < 0 or box.x1 > page.x1 - 1 or box.y1 > page.y1:
            found.append(f"{name} is cut: {box.extents.round()} of {page.extents}")
    for (a, x), (b, y) in combinations(boxes.items(), 2):
        # Of a loss and its divergence only one is shown.
        either = "diverged" in a + b and a[:7] == b[:7] == "reading" and x.y0 == y.y0
        if inner(x).overlaps(inner(y)) and not either:
            found.append(f"{a} on {b}")
    found += [f"{a} on {p}" for a, x in boxes.items() for p, y in panels.items()
              if inner(x).overlaps(Bbox([[y.x0 + 1, y.y0 + 1], [y.x1 - 1, y.y1 - 1]]))
              and a[-1] + a[:4] != p[-1] + "name"]  # fmt: skip
    found += [f"{a} on {b}" for (a, x), (b, y) in combinations(panels.items(), 2) if x.overlaps(y)]
    for i, axes in enumerate(made.axes):
        for axis in (axes.xaxis, axes.yaxis):
            labels = [t for t in axis.get_ticklabels() if t.get_text() and t.get_visible()]
            low, high = sorted(axis.get_view_interval())
            side = int(axis is axes.yaxis)
            labels = [t for t in labels if low <= t.get_position()[side] <= high]
            shown = [t.get_window_extent(made._renderer) for t in labels]
            if side and f"name {i}" in boxes:
                name, others = inner(boxes[f"name {i}"]), list(shown)
                if axis.get_offset_text().get_text():
                    others.append(axis.get_offset_text().get_window_extent(made._renderer))
                found += [f"name {i} on a number" for box in others if name.overlaps(inner(box))]
            found += ["ticks touch" for a, b in pairwise(shown) if inner(a).overlaps(inner(b))]
    return found


@pytest.mark.parametrize(("name", "size"), CASES)
def test_nothing_is_cut_and_nothing_collides(name: str, size: str) -> None:
    assert faults(painter(CONFIGS[name], size)) == []


@pytest.mark.parametrize("name", ["race of long labels", "three panels"])
def test_twice_the_pixels_are_the_same_layout(name: str) -> None:
    assert faults(painter(CONFIGS[name], "[320, 240]", ", scale: 2")) == []


def test_no_theme_moves_anything() -> None:
    places = []
    for theme in catalogue("themes"):
        made = painter(race(2) + "panels: [contour, loss]\n", "[480, 240]", f", theme: {theme}")
        places.append({name: box.extents.tolist() for name, box in words(made).items()})
        places[-1] |= {str(i): axes.bbox.bounds for i, axes in enumerate(made.axes)}
    assert all(place == places[0] for place in places)


def labels(made: Painter) -> list[Text]:
    figure = made.axes[0].figure
    return [a for a in figure.texts + figure.artists if isinstance(a, Text)]


def test_what_fits_is_neither_smaller_nor_shorter() -> None:
    made = painter(race(3), "[640, 480]", ", legend: box")
    said = {label.get_text(): label.get_fontsize() for label in labels(made)}
    assert said["Rosenbrock"] == 17 and said[r"Momentum, $\eta = 0.001$"] == 13
    assert not any("…" in text for text in said)


def test_what_does_not_fit_is_smaller_then_shorter_and_all_labels_of_a_size() -> None:
    made = painter(race(8, LONG), "[640, 480]")
    rows = [label for label in labels(made) if label.get_text().startswith("A title")]
    assert {(row.get_text(), row.get_fontsize()) for row in rows} == {(rows[0].get_text(), 11)}
    assert rows[0].get_text().endswith("…") and len(rows[0].get_text()) > 20
    made = painter(
        GOLD + "title: 'A bit longer than there is any room for on that line'\n", "[480, 320]"
    )
    title = [label for label in labels(made) if label.get_text() in
             ("A bit longer than there is", "any room for on that line")]  # fmt: skip
    assert [line.get_fontsize() for line in title] == [17, 17]


LABELS = {
    "commas": (
        "Adam with a long explanation, η = 0.1", "Adam with a long explanation, η = 0.2",
        "Adam with a long explanation, η = 0.3",
    ),
    "words": (
        "A label that says a great deal before one end",
        "A label that says a great deal before one more end",
        "A label that says a great deal before two",
    ),
    "letters": (
        "Donaudampfschifffahrtsgesellschaftskapitaenskajuetentuereins",
        "Donaudampfschifffahrtsgesellschaftskapitaenskajuetentuerzwei",
        "Donaudampfschifffahrtsgesellschaftskapitaenskajuetentuer",
    ),
    "maths": (
        r"Momentum with maths $\mu = 0.9$ and $\eta = 0.1$ of more",
        r"Momentum with maths $\mu = 0.9$ and $\eta = 0.2$ of more",
        r"Momentum with maths $\mu = 0.8$ and $\eta = 0.2$ of more",
    ),
    "a dollar": (
        r"A prize of \$5 for what is long, and one", r"A prize of \$5 for what is long, and two",
        r"A prize of \$6 for what is long, and two",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LABELS)
def test_labels_that_are_cut_keep_what_differs(name: str) -> None:
    figure = Figure(dpi=100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    for width in (120, 180, 240):
        texts = [Text(text=label, size=13, figure=figure) for label in LABELS[name]]
        for text in texts:
            fit_text(text, renderer, width, np.inf, 10)
        keep_apart(texts, LABELS[name], renderer, width)
        said = [text.get_text() for text in texts]
        assert len(set(said)) == 3, said
        assert max(text_width(text, renderer) for text in texts) <= width
        for whole, short in zip(LABELS[name], said, strict=True):
            assert re.split(r"…| ?\\ldots", short.removeprefix("… "))[0] in whole


def test_cells_of_a_grid_whose_titles_are_cut_keep_what_differs() -> None:
    rows = "".join(f"  - {{name: gd, label: '{label}'}}\n" for label in LABELS["words"])
    text = f"surface: quadratic\nstart: [-4, 3]\nsteps: 1\nlayout: grid\noptimizers:\n{rows}"
    said = [label.get_text() for label in labels(painter(text, "[480, 320]"))]
    assert [text for text in said if "…" in text] == ["… one end", "… one more end", "… two"]


def test_a_figure_without_room_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"no room for a panel\n.*fewer panels"):
        painter(race() + "panels: [loss, contour, loss, loss]\n", "[240, 160]")


def test_cuts_grow_and_are_whole_tex() -> None:
    words = r"On $f(x) = \left(x + 1\right)^2 + \frac{x + 1}{2} - 3$ at \$5, done"
    cuts = list(shortened_texts(words))
    assert cuts[0] == "O…" and cuts[-1].startswith(words[:-1])
    assert [cut for cut in cuts if cut.endswith(r"\ldots$")] == [
        r"On $f(x) = \ldots$",
        r"On $f(x) = \left(x + 1\right)^2 + \ldots$",
        r"On $f(x) = \left(x + 1\right)^2 + \frac{x + 1}{2} - \ldots$",
    ]
    parser = MathTextParser("agg")
    for cut in cuts:
        assert cut.replace(r"\$", "").count("$") % 2 == 0 and not cut.endswith("\\…")
        parser.parse(cut)


@pytest.mark.parametrize("text", [
    r"On $f(x) = (a + 1)^2 - \frac{x + 1}{2} - 3$ at \$5, done", "costs $5, $6, or $7", "one two",
])  # fmt: skip
def test_lines_break_between_words_and_terms(text: str) -> None:
    breaks = list(line_breaks(text))
    assert breaks
    for first, second in breaks:
        joined = (
            f"{first} {second}".replace("$ $", " ").replace("\\ ", " ")
            if is_maths(text)
            else f"{first} {second}"
        )
        assert joined == text
        assert is_maths(text) or not (is_maths(first) or is_maths(second))
        assert first.count("(") == first.count(")") and first.count("{") == first.count("}")


def test_letters_without_spaces_between_words_break_anywhere() -> None:
    assert list(line_breaks("最適化")) == [("最", "適化"), ("最適", "化")]
    assert list(line_breaks("경사하강법")) == list(line_breaks("word")) == []


TALL = r"$\min_{x,y}\; \sum_{i=1}^{n} \frac{1}{n}(y_i - w x_i - b)^2$ by descent"


@pytest.mark.parametrize("size", ["[320, 240]", "[640, 480]", "[360, 640]"])
@pytest.mark.parametrize("title", [LONG, TALL, f"{TALL}, and by other ways of going down"])
def test_no_title_is_smaller_than_its_caption_and_none_lies_on_it(title: str, size: str) -> None:
    made = painter(SINGLE + f"title: '{title}'\n", size)
    assert faults(made) == []
    *title_lines, caption = labels(made)
    assert len(title_lines) <= 2
    assert min(line.get_fontsize() for line in title_lines) >= caption.get_fontsize() >= MIN_LETTERS
    boxes = [line.get_window_extent(made._renderer) for line in labels(made)]
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))


def test_a_tall_formula_has_a_taller_line_and_letters_of_the_usual_size() -> None:
    caption = r"$f(x) = \frac{\sum_{i=1}^{n} x_i^{2^k}}{\sqrt{n}} + e^{x^{2^2}}$"
    run = optanim.loads(SINGLE)
    scene = compose_scene(run, trajectories_of(run))
    plain, tall = Painter(scene), Painter(replace(scene, caption=(caption,)))
    (line,) = (label for label in labels(tall) if "sum" in label.get_text())
    assert line.get_fontsize() == 13 and faults(tall) == []
    assert tall.axes[0].bbox.y1 < plain.axes[0].bbox.y1 - 8


@pytest.mark.parametrize("words", ["costs $5, $6, or $7", "a" * 30, "", "경사하강법"])
def test_plain_text_stays_plain(words: str) -> None:
    cuts = list(shortened_texts(words))
    assert len(cuts) >= len(words) / 2 and not any(is_maths(cut) for cut in cuts)
    assert all(cut.endswith("…") and words.startswith(cut[:-1]) for cut in cuts)


def test_long_names_of_columns() -> None:
    name = "the hours that somebody has studied before the exam, as they remember them"
    data = Data(
        np.arange(4.0)[None], np.arange(4.0), lambda p, x: p[0] * x[0], (name, name), lambda p, i: p
    )
    text = "surface: {expr: (W - 1)**2}\nstart: [0]\noptimizer: gd\nsteps: 9\n"
    run = optanim.loads(text + "figure: {size: [320, 240]}\n")
    shown = compose_scene(run, trajectories_of(run))
    panels = (Chosen(catalogue("panels")["fit"]),)
    shown = replace(shown, panels=panels, surface=replace(shown.surface, data=data))
    assert faults(Painter(shown)) == []
