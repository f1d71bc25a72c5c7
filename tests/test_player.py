"""The player in a headless Chromium: by what is on its screen, and what its reader can do."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from PIL import Image

import optanim
from optanim.experiment.trials import trajectories_of
from optanim.player.page import inlined
from tests.browser import Page, browser
from tests.needs import uses_chromium

pytestmark = uses_chromium

HEADS = """
surface: quadratic
start: [-4, 3]
optimizers: [{name: gd, lr: 0.05}, {name: adam, lr: 0.3}]
steps: 40
figure: {size: [400, 300], legend: none}
animation: {trail: none}
panels: [contour]
"""
RACE = HEADS.replace("trail: none", "hold_start: 0").replace("[contour]", "[contour, loss]")
LONG = HEADS.replace("steps: 40", "steps: 700")
FEW = HEADS.replace("steps: 40", "steps: 4")
ONCE = FEW.replace("trail: none", "loop: 1, hold_start: 0, hold_end: 0")
STEPS = [1, 2, 3, 5, 8, 13, 20, 27, 33, 40]
LABELS = ["Gradient descent, η = 0.05", "Adam, η = 0.3"]
DENSITY = 2
"""Pixels of the screen per pixel of the page."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Page]:
    with browser() as page:
        yield page


@pytest.fixture
def page(chromium: Page) -> Iterator[Page]:
    """A tab, in which nothing may be said on the console."""
    chromium.resize(460, 700, DENSITY)
    yield chromium
    assert chromium.messages == []


@lru_cache
def html_of(config: str) -> str:
    """The page of a config."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "figure.html")
        optanim.render(optanim.loads(config), output=path)
        return path.read_text("utf-8")


def data_of(config: str) -> dict:
    """The data of the page of a config."""
    (found,) = re.findall(r'id="figure">(.*?)</script>', html_of(config))
    return json.loads(found)


def opened(page: Page, config: str, folder: Path, **media: str) -> dict:
    """Open the page of a config; its data."""
    path = folder / "figure.html"
    path.write_text(html_of(config), "utf-8")
    page.load(path.as_uri(), **media)
    return data_of(config)


def click(page: Page, selector: str) -> None:
    page.evaluate(f"document.querySelector({json.dumps(selector)}).click()")


def text(page: Page, selector: str) -> str:
    return str(page.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


def step(page: Page) -> int:
    return int(text(page, ".readout").split(" / ")[0])


def canvas(page: Page) -> np.ndarray:
    """The pixels of the figure on the screen, (height, width, 3)."""
    box = page.evaluate(
        "(({x, y, width, height}) => ({x, y, width, height}))"
        "(document.querySelector('.stage').getBoundingClientRect())"
    )
    image = Image.open(io.BytesIO(page.picture())).convert("RGB")
    left, top, right, bottom = box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
    assert image.width == 460 * DENSITY
    return np.asarray(image.crop([round(DENSITY * side) for side in (left, top, right, bottom)]))


def of_color(picture: np.ndarray, color: str) -> np.ndarray:
    """Whether each pixel has a color, (height, width)."""
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return np.abs(picture.astype(int) - wanted).max(axis=2) < 12


def on_screen(data: dict, panel: int, point: np.ndarray, width: int) -> np.ndarray:
    """The pixel of the screen of a point, by the axes of a panel alone."""
    axes = data["panels"][panel]
    (left, top, w, h), (x, y) = axes["box"], (axes["x"], axes["y"])
    across = (point[0] - x["low"]) / (x["high"] - x["low"])
    up = (point[1] - y["low"]) / (y["high"] - y["low"])
    return np.array([left + across * w, top + (1 - up) * h]) * width / data["size"][0]


@pytest.mark.parametrize("trace", [0, 1])
def test_heads_are_where_the_trajectory_is(page: Page, tmp_path: Path, trace: int) -> None:
    data = opened(page, HEADS, tmp_path, prefers_reduced_motion="reduce")
    click(page, f".name:nth-child({2 - trace})")
    page.press("Home")
    color, before = data["traces"][trace]["color"], canvas(page)
    points = trajectories_of(optanim.loads(HEADS))[trace].points
    at = 0
    for number in STEPS:
        for _ in range(number - at):
            page.press("ArrowRight")
        at = number
        assert step(page) == number
        picture = canvas(page)
        head = of_color(picture, color) & ~of_color(before, color)
        rows, columns = np.nonzero(head)
        assert len(rows) > 40
        center = np.array([columns.mean(), rows.mean()]) + 0.5
        expected = on_screen(data, 0, points[:, number], picture.shape[1])
        # Half a pixel of the figure.
        half = 0.5 * picture.shape[1] / data["size"][0]
        assert np.abs(center - expected).max() < half, number


def test_a_name_hides_its_path_and_shows_it_again(page: Page, tmp_path: Path) -> None:
    data = opened(page, RACE, tmp_path, prefers_reduced_motion="reduce")
    color, name = data["traces"][1]["color"], ".name:nth-child(2)"
    assert text(page, name) == LABELS[1]
    shown = of_color(canvas(page), color).sum()
    click(page, name)
    assert page.evaluate(f"document.querySelector('{name}').ariaPressed") == "false"
    assert of_color(canvas(page), color).sum() == 0 < shown
    assert "Adam" not in text(page, ".numbers tbody")
    click(page, name)
    assert of_color(canvas(page), color).sum() == shown


def test_the_live_numbers_of_a_long_run_are_those_of_each_step(page: Page, tmp_path: Path) -> None:
    opened(page, LONG, tmp_path)
    page.press("Home")
    headers = set[bytes]()
    for _ in range(4):
        page.press("ArrowRight")
        headers.add(canvas(page)[: 30 * DENSITY].tobytes())
    assert len(headers) == 4


def test_keys_go_to_steps(page: Page, tmp_path: Path) -> None:
    opened(page, RACE, tmp_path)
    page.press("End")
    assert step(page) == 40
    page.press("ArrowLeft")
    page.press("ArrowLeft")
    assert step(page) == 38
    page.press("Home")
    assert step(page) == 0
    page.press("ArrowRight")
    assert step(page) == 1
    page.evaluate("document.querySelector('.scrubber').focus()")
    page.press("ArrowRight")
    assert step(page) == 2
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "step 2 of 40"
    page.evaluate("document.querySelector('.speed').focus()")
    page.press("End")
    assert step(page) == 2


def test_it_plays_and_the_space_bar_stops_it(page: Page, tmp_path: Path) -> None:
    opened(page, RACE, tmp_path)
    button = "document.querySelector('.buttons button:nth-child(3)').title"
    assert page.evaluate(button) == "Pause"
    for _ in range(200):
        if step(page) > 2:
            break
        time.sleep(0.02)
    page.press("Space")
    stopped = step(page)
    assert stopped > 2
    assert page.evaluate(button) == "Play"
    time.sleep(0.3)
    assert step(page) == stopped


def test_it_stops_after_its_rounds(page: Page, tmp_path: Path) -> None:
    opened(page, ONCE, tmp_path)
    button = "document.querySelector('.buttons button:nth-child(3)').title"
    page.evaluate("{ const s = document.querySelector('.speed'); s.value = 4;"
                  " s.dispatchEvent(new Event('change')); }")  # fmt: skip
    for _ in range(400):
        if page.evaluate(button) == "Play":
            break
        time.sleep(0.02)
    assert (page.evaluate(button), step(page)) == ("Play", 4)


def test_with_reduced_motion_it_waits_at_the_last_step(page: Page, tmp_path: Path) -> None:
    opened(page, RACE, tmp_path, prefers_reduced_motion="reduce")
    time.sleep(0.3)
    assert text(page, ".readout") == "40 / 40"


def test_numbers_near_the_pointer_are_those_of_the_trajectory(page: Page, tmp_path: Path) -> None:
    data = opened(page, RACE, tmp_path, prefers_reduced_motion="reduce")
    trajectory = trajectories_of(optanim.loads(RACE))[0]
    width = page.evaluate("document.querySelector('.stage').clientWidth")
    for number in (1, 3, 6):
        x, y = on_screen(data, 0, trajectory.points[:, number], width)
        page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x + 1, y=y)
        cells = text(page, ".numbers tr.chosen").split("\t")
        name = cells[0].replace("\N{NO-BREAK SPACE}", " ")
        assert name == f"{LABELS[0]} (Step {number})"
        shown = [float(part.replace("−", "-")) for cell in cells[1:] for part in cell.split(", ")]
        expected = [
            *trajectory.points[:, number], trajectory.values[number],
            *trajectory.gradients[:, trajectory.gradient_numbers[number]],
            *trajectory.rates[:, number],
        ]  # fmt: skip
        np.testing.assert_allclose(shown, expected, rtol=5e-4)
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
    assert page.evaluate("document.querySelector('.numbers tr.chosen')") is None


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_cut_off_or_covered(page: Page, tmp_path: Path, width: int) -> None:
    opened(page, RACE, tmp_path)
    page.resize(width, 800, 1)
    sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scrolled, client = page.evaluate(sizes)
    assert scrolled == client == width
    boxes = page.evaluate(
        "[...document.querySelectorAll('button, input, select, summary, .readout, .stage')]"
        ".map(e => { const b = e.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom]; })"
    )
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 and right <= width + 0.5
        assert i == 0 or right - left >= 24
        for x0, y0, x1, y1 in boxes[:i]:
            assert min(right, x1) - max(left, x0) <= 0.5 or min(bottom, y1) - max(top, y0) <= 0.5


def test_the_figure_has_a_name_and_a_description(page: Page, tmp_path: Path) -> None:
    data = opened(page, RACE, tmp_path)
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    figures = [node for node in tree if node.get("role", {}).get("value") == "image"]
    assert len(figures) == 1
    assert data["alt"] in figures[0]["description"]["value"]
    names = {
        node["name"]["value"] for node in tree if node.get("role", {}).get("value") == "button"
    }
    assert {"First step", "Pause", "Last step", *LABELS} <= names


def test_a_draft_and_another_figure_keep_what_is_hidden(page: Page) -> None:
    configs = RACE, RACE.replace("[-4, 3]", "[3, 2]")
    page.load("about:blank")
    shown = page.evaluate(
        f"(async () => {{ {inlined('player.js')}\n"
        f"const [one, other] = {json.dumps([*map(data_of, configs)])};"
        """
        const root = document.body.appendChild(document.createElement("div"));
        const player = new Player(root, one);
        let count = 0;
        root.addEventListener("optanim:shown", () => { count += 1; });
        root.querySelector(".name").click();
        player.pause();
        player.seek(10);
        const loss = () => root.querySelector(".numbers tr:nth-child(2) td:nth-child(3)").innerText;
        const texts = [loss()];
        const { steps, moments, marks } = other;
        const series = other.traces.map((trace) => trace.series);
        const trails = marks.filter(({ kind }) => kind === "trail");
        player.draft({ steps, moments, series, marks: trails });
        texts.push(loss());
        player.seek(20);
        await player.show(one);
        return [count, player.step, texts, root.querySelector(".name").ariaPressed];
        })()"""
    )
    losses = [trajectories_of(optanim.loads(config))[1].values[10] for config in configs]
    assert shown[:2] == [2, 20]
    assert [float(text) for text in shown[2]] == pytest.approx(losses, rel=5e-4)
    assert shown[3] == "false"
