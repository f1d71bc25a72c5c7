"""The page of `optanim explore` in a browser: what a visitor does, and what comes of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from optanim.cli.explorer_server import start_explorer
from optanim.pipeline.edited_config import EditedConfig
from optanim.pipeline.exploration import Exploration
from optanim.surfaces import Array
from tests.browser import Page, browser
from tests.command import optanim_
from tests.needs import AXE, uses_axe, uses_chromium
from tests.test_exploration import points_of, traced

pytestmark = uses_chromium

RACE = """\
surface: {name: quadratic, b: 2}
start: [-4, 3]
optimizers:
- {name: momentum, lr: 0.001}
- {name: gd, lr: 0.2}
steps: 40
figure: {size: [320, 240]}
animation: {steps_per_second: 10, hold_end: 0}
# The article says so.
claims:
- {faster: [gd, momentum]}
"""

REMEMBER = """
  const ask = window.fetch;
  window.fetch = async (address, request) => {
    const answer = await ask(address, request);
    if (address === "figure") window.last = await answer.clone().json();
    return answer;
  };
  ask("catalogue").then(() => true);
"""
"""Keeps the last answer of the engine, so that a test can compare."""

YAML = r"(document.querySelector('#yaml').innerText + '\n')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The working folder, with a config."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("explored")
        patch.chdir(folder)
        (folder / "race.yaml").write_text(RACE)
        yield folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The address of the page: one server for all tests, as matplotlib is not for two threads."""
    server = start_explorer(Exploration(EditedConfig(Path("race.yaml"))), 0)
    threading.Thread(target=server.work, daemon=True).start()
    yield server.page_address
    server.stop()


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with browser() as page:
        page.resize(1400, 900)
        yield page


@pytest.fixture
def page(address: str, tab: Page) -> Iterator[Page]:
    """The page with the figure of the config; it must leave no message in the console."""
    assert tab.open(f"{address}?{next(VISITS)}") is True
    tab.evaluate(REMEMBER)
    yield tab
    assert tab.messages == []


VISITS = count()
"""Numbers of the visits: a page with another address is loaded again."""


def center(page: Page, selector: str) -> tuple[float, float]:
    """The middle of an element, in pixels of the page."""
    x, y, width, height = page.evaluate(
        f"(({{x, y, width, height}}) => [x, y, width, height])"
        f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
    )
    return x + width / 2, y + height / 2


def click(page: Page, selector: str) -> None:
    page.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView()")
    x, y = center(page, selector)
    page.point("Pressed", x, y)
    page.point("Released", x, y)


def write(page: Page, selector: str, text: str) -> None:
    """Type a text in place of that of a box, and press Enter."""
    page.evaluate(f"document.querySelector({json.dumps(selector)}).select()")
    page.call("Input.insertText", text=text)
    page.press("Enter")


def drag(page: Page, right: float, down: float) -> None:
    """Drag the start and keep it held."""
    x, y = center(page, ".start-handle")
    page.point("Pressed", x, y)
    for share in (0.25, 0.5, 0.75, 1):
        page.point("Moved", x + share * right, y + share * down)


def shown(page: Page) -> list[Array]:
    """The points (d, T + 1) of each trial of the last figure."""
    traces = json.loads(page.evaluate("JSON.stringify(window.last.figure.traces)"))
    return [points_of(trace["series"]) for trace in traces]


def test_the_start_is_dragged(page: Page) -> None:
    before, place = page.evaluate(YAML), center(page, ".start-handle")
    ground = "document.querySelector('canvas.ground').toDataURL()"
    still = page.evaluate(ground)
    drag(page, 60, -30)
    assert "start: [-4, 3]" in before
    page.until(f"{YAML} !== {json.dumps(before)}")
    held = center(page, ".start-handle")
    np.testing.assert_allclose(held, (place[0] + 60, place[1] - 30), atol=1.5)
    # Nothing but the paths moves until the start is let go.
    assert page.evaluate(ground) == still
    assert page.evaluate("document.querySelector('#undo').disabled")
    page.point("Released", *held)
    page.until("!document.querySelector('#undo').disabled && window.last?.figure.version")
    dragged = page.evaluate(YAML)
    start = json.loads(dragged.split("start: ")[1].split("\n")[0])
    for points in shown(page):
        np.testing.assert_allclose(points[:, 0], start, rtol=1e-6)
    # The handle is where the start is in the new window.
    panel, size = page.evaluate("[window.last.figure.panels[0], window.last.figure.size]")
    left, top, width, height = panel["box"]
    x = left + width * (start[0] - panel["x"]["low"]) / (panel["x"]["high"] - panel["x"]["low"])
    y = top + height * (panel["y"]["high"] - start[1]) / (panel["y"]["high"] - panel["y"]["low"])
    stage = page.evaluate(
        "(r => [r.x, r.y, r.width])(document.querySelector('.stage').getBoundingClientRect())"
    )
    scale = stage[2] / size[0]
    expected = (stage[0] + scale * x, stage[1] + scale * y)
    np.testing.assert_allclose(center(page, ".start-handle"), expected, atol=0.6)
    # A whole drag is one step.
    click(page, "#undo")
    page.until(f"{YAML} === {json.dumps(before)}")
    page.press("KeyZ", "Control", "Shift")
    page.until(f"{YAML} === {json.dumps(dragged)}")
    page.press("KeyZ", "Control")
    page.until(f"{YAML} === {json.dumps(before)}")


def test_keys_move_the_start(page: Page) -> None:
    page.evaluate("document.querySelector('.start-handle').focus()")
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label) == "Start at -4, 3; the arrow keys move it"
    page.press("ArrowRight", "Shift")
    page.until(f"{YAML}.includes('start: [-4, 3]') === false")
    page.until("!document.querySelector('#undo').disabled")
    x, y = json.loads(page.evaluate(YAML).split("start: ")[1].split("\n")[0])
    assert x > -4 and y == 3
    assert page.evaluate(label) == f"Start at {x}, {y}; the arrow keys move it"


def test_a_rate_is_changed(page: Page) -> None:
    before = page.evaluate(YAML)
    page.evaluate("document.getElementById('optimizers[1].lr:slider').focus()")
    for _ in range(3):
        page.press("ArrowRight")
    rate = page.evaluate("document.getElementById('optimizers[1].lr').value")
    assert 0.2 < float(rate) < 0.3
    page.until(f"{YAML}.includes('{{name: gd, lr: {rate}}}')")
    # An empty box is the default, which the config leaves out.
    write(page, "[id='optimizers[1].lr']", "")
    page.until(f"{YAML}.includes('- gd\\n')")
    for _ in range(4):
        click(page, "#undo")
    page.until(f"{YAML} === {json.dumps(before)}")


def test_a_schedule_is_chosen(page: Page) -> None:
    page.evaluate("document.getElementById('optimizers[1].lr:schedule').focus()")
    page.press("ArrowDown")
    page.until(f"{YAML}.includes('constant')")
    page.press("ArrowDown")
    page.until(f"{YAML}.includes('cosine')")
    assert "{name: cosine, start: 0.2}" in page.evaluate(YAML)
    write(page, "[id='optimizers[1].lr.end']", "0.01")
    page.until(f"{YAML}.includes('end: 0.01')")
    # The name of a schedule is a schedule, too.
    write(page, "[id='optimizers[0].momentum']", "exponential")
    page.until("document.getElementById('optimizers[0].momentum.gamma') !== null")
    write(page, "[id='optimizers[0].momentum.gamma']", "0.5")
    page.until(f"{YAML}.includes('momentum: {{name: exponential, gamma: 0.5}}')")


def test_another_surface_has_its_start_and_its_panels(page: Page) -> None:
    surfaces = page.evaluate("fetch('catalogue').then((answer) => answer.json())")["surfaces"]
    names = [entry["name"] for entry in surfaces if entry["start"]]
    start = next(entry["start"] for entry in surfaces if entry["name"] == "parabola")
    page.evaluate("document.querySelector('#surface').focus()")
    for _ in range(names.index("quadratic") - names.index("parabola")):
        page.press("ArrowUp")
    page.until(f"{YAML}.includes('surface: parabola\\nstart: {start}\\n')")
    assert page.evaluate("document.activeElement.id") == "surface"
    panels = "[...document.querySelectorAll('[id^=\"panels:\"]')].map(({id}) => id)"
    assert {"panels:curve"} == {*page.evaluate(panels)} & {"panels:curve", "panels:contour"}
    # The handle is on the axis of the curve.
    place = center(page, ".start-handle")
    drag(page, 30, 50)
    page.until(f"!{YAML}.includes('start: {start}')")
    np.testing.assert_allclose(center(page, ".start-handle"), (place[0] + 30, place[1]), atol=1.5)
    page.point("Released", place[0] + 30, place[1] + 50)


def test_a_formula_is_typed(page: Page) -> None:
    page.evaluate("document.querySelector('#surface').focus()")
    names = page.evaluate("[...document.querySelector('#surface')].map(({value}) => value)")
    for _ in range(names.index("quadratic") - names.index("expression")):
        page.press("ArrowUp")
    page.until("document.getElementById('surface.expr') !== null")
    write(page, "[id='surface.expr']", "x**2 + 3*y**2")
    write(page, "[id='surface.minima']", "[[0, 0]]")
    page.until(f"{YAML}.includes('expr: x**2 + 3*y**2')")


def test_optimizers_are_ordered_and_removed(page: Page) -> None:
    names = "[...document.querySelectorAll('.trial > legend')].map((name) => name.textContent)"
    assert page.evaluate(names) == ["momentum", "gd"]
    page.evaluate("document.getElementById('optimizers[1]:move_up').focus()")
    page.press("Enter")
    assert page.evaluate(names) == ["gd", "momentum"]
    page.evaluate("document.getElementById('optimizers[0]:remove').focus()")
    page.press("Enter")
    assert page.evaluate(names) == ["momentum"]
    assert page.evaluate("document.activeElement.id") == "add"
    # The claim is about an optimizer that is gone.
    page.until("document.querySelector('#problems').textContent.includes('gd')")
    click(page, "#problems button")
    page.until("!document.querySelector('#problems').textContent")
    page.until(f"!{YAML}.includes('gd')")
    assert "claims" not in page.evaluate(YAML)


def test_an_optimizer_is_added_saved_and_rendered(page: Page, folder: Path) -> None:
    page.evaluate("document.querySelector('#add').focus()")
    page.press("Enter")
    page.until("document.querySelector('#picker').open")
    page.call("Input.insertText", text="nest")
    page.press("Enter")
    page.until(f"{YAML}.includes('- nesterov')")
    page.until("window.last?.figure?.traces.length === 3")
    # The config that was opened has a comment, which would be lost.
    click(page, "#save")
    click(page, "#confirm")
    page.until(
        "document.querySelector('#question').textContent === 'race.yaml exists. Replace it?'"
    )
    assert (folder / "race.yaml").read_text() == RACE
    write(page, "#file-name", "tried.yaml")
    page.until("document.querySelector('#status').textContent === 'Saved as tried.yaml'")
    assert (folder / "tried.yaml").read_text() == page.evaluate(YAML)
    assert optanim_("check", "tried.yaml").returncode == 0
    expected = traced("tried.yaml")
    assert list(expected) == ["Momentum", "Gradient descent", "Nesterov"]
    for points, trial in zip(shown(page), expected.values(), strict=True):
        np.testing.assert_allclose(points, trial, rtol=1e-6)
    click(page, "#render")
    page.until("document.querySelector('#rendered img')?.complete")
    name, width = page.evaluate(
        "(p => [p.querySelector('a').textContent, p.querySelector('img').naturalWidth])"
        "(document.querySelector('#rendered'))"
    )
    with Image.open(folder / name) as picture:
        assert picture.width == width and picture.n_frames > 1  # type: ignore[attr-defined]


def test_a_mistake_is_shown_where_it_is(page: Page) -> None:
    before = page.evaluate(YAML)
    write(page, "[id='optimizers[0].lr']", "fast")
    note = page.until("document.querySelector('.problem')?.firstChild.textContent")
    assert note == "no schedule is called 'fast'"
    described = "document.getElementById('optimizers[0].lr').getAttribute('aria-describedby')"
    assert page.evaluate(f"document.getElementById({described}).firstChild.textContent") == note
    assert page.evaluate(YAML) == before
    write(page, "[id='optimizers[0].lr']", "0.002")
    page.until("!document.querySelector('.problem')")
    page.until(f"{YAML}.includes('lr: 0.002')")


def test_claims_follow_the_figure(page: Page) -> None:
    verdict = "document.querySelector('#claims li').className"
    assert page.evaluate(verdict) == "holds"
    write(page, "[id='optimizers[1].lr']", "0.0001")
    page.until(f"{verdict} === 'fails'")


@uses_axe
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (360, "dark")])
def test_the_page_is_accessible(width: int, scheme: str, page: Page) -> None:
    page.resize(width, 900)
    page.call(
        "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(Path(AXE).read_text("utf-8") + ";0")
    look = "axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))"
    assert page.evaluate(look) == []
    page.evaluate("document.querySelector('#add').click()")
    assert page.evaluate(look) == []
    page.evaluate("document.querySelector('#picker .cancel').click()")
    page.resize(1400, 900)
