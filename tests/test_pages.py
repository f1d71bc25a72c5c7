"""Pages in Chromium and Firefox: as painted, strict, quiet, and without faults of accessibility."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import optanim
from optanim.cli.snippet import embedded, html
from optanim.config.run import Run
from optanim.player.page import height_below
from tests.browser import Page, browser
from tests.firefox import FirefoxPage, firefox
from tests.needs import AXE, uses_axe, uses_chromium, uses_firefox
from tests.pages import ROOT
from tests.pictures import Pixels, Tab, difference, drawn, pixels, stop_at_the_end

ARTICLE = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))

GALLERY = """
    basins_of_adam best_momentum d2l_gradient_descent landscape rates_of_descent simplex
    swarm_of_adam
""".split()
"""A map, a grid, a curve, a landscape, a sweep, a population, a swarm."""

LIMIT = 75
"""The largest difference of a block. Letters and dots at other fractions of a pixel come to 59 in
all figures of the article and the gallery; a head that is one step away to 77 to 178."""

MANY = """
surface: rosenbrock
start: [-1.2, 1]
optimizers: [gd, momentum, nesterov, adagrad, rmsprop, adam, adamw, lion, nadam, radam, adamax,
             yogi, adabound, adabelief, qhm, lbfgs]
steps: 20
panels: [contour, loss]
"""

LEAVING = """
surface: saddle
start: [1.1, 0.7]
optimizer: adam
figure: {scale: 2, theme: dark}
"""
"""Its head leaves the panel, where a triangle with a halo marks the place."""

ENDED = """
surface: plateau
start: [0, 0]
optimizers: [adam, newton, trust_region, gd]
steps: 20
panels: [contour, surface3d]
figure: {scale: 2}
"""
"""Trials that end before their first update: their heads stay side by side up to the last frame."""

KOREAN = (ROOT / "configs" / "momentum_optimization.yaml").read_text("utf-8") + "\nlang: ko\n"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Page]:
    with browser() as tab:
        tab.call("Emulation.setScrollbarsHidden", hidden=True)
        yield tab


@pytest.fixture(scope="module")
def fox() -> Iterator[FirefoxPage]:
    with firefox() as tab:
        yield tab


@lru_cache
def rendered(config: str) -> tuple[Run, str, Pixels]:
    """The run of a config by its name or its text, its page, and the pixels of its last frame."""
    names = [ROOT / "configs" / f"{config}.yaml", ROOT / "configs" / "gallery" / f"{config}.yaml"]
    file = next((name for name in names if "\n" not in config and name.is_file()), None)
    run = optanim.load(file) if file else optanim.loads(config, folder=ROOT / "configs")
    with TemporaryDirectory() as folder:
        page, still = Path(folder, "figure.html"), Path(folder, "figure.png")
        run = replace(run.in_themes()[0], outputs=(page, still), formats=(), output_named=True)
        optanim.render(run)
        return run, page.read_text("utf-8"), pixels(still.read_bytes())


def open_figure(tab: Tab, config: str, folder: Path, **media: str) -> Pixels:
    """Open the page of a config in a window of the size of its figure; the painted pixels."""
    run, page, painted = rendered(config)
    file = folder / "figure.html"
    file.write_text(page, "utf-8")
    assert run.figure.size
    width, height = run.figure.size
    tab.resize(width, height + 400)
    tab.load(file.as_uri(), **media)
    return painted


def least_difference(tab: Tab, painted: Pixels) -> float:
    """The difference between what is seen and what was painted, when images have been decoded."""
    for _ in range(20):
        if (found := difference(drawn(tab), painted)) < LIMIT:
            break
    return found


CALM = {"prefers_reduced_motion": "reduce"}


@uses_chromium
@pytest.mark.parametrize("config", [*ARTICLE, *GALLERY, LEAVING, ENDED],
                         ids=[*ARTICLE, *GALLERY, "leaving", "ended"])  # fmt: skip
def test_a_page_shows_what_is_painted(config: str, chromium: Page, tmp_path: Path) -> None:
    painted = open_figure(chromium, config, tmp_path, **CALM)
    assert least_difference(chromium, painted) < LIMIT
    assert chromium.messages == []


@uses_chromium
def test_another_step_is_another_picture(chromium: Page, tmp_path: Path) -> None:
    painted = open_figure(chromium, ARTICLE[0], tmp_path, **CALM)
    chromium.press("Home")
    assert least_difference(chromium, painted) > LIMIT
    chromium.press("End")
    assert least_difference(chromium, painted) < LIMIT


@uses_firefox
@pytest.mark.parametrize("config", ["landscape", "swarm_of_adam", KOREAN],
                         ids=["landscape", "swarm", "korean"])  # fmt: skip
def test_firefox_shows_what_is_painted(config: str, fox: FirefoxPage, tmp_path: Path) -> None:
    painted = open_figure(fox, config, tmp_path)
    assert least_difference(fox, painted) < LIMIT
    assert fox.messages == []


@uses_firefox
def test_keys_in_firefox(fox: FirefoxPage, tmp_path: Path) -> None:
    painted = open_figure(fox, "momentum_optimization", tmp_path)
    readout = "document.querySelector('.readout').innerText"
    assert fox.evaluate(readout) == "100 / 100"
    fox.press("Home")
    fox.press("ArrowRight")
    assert fox.evaluate(readout) == "1 / 100"
    assert least_difference(fox, painted) > LIMIT
    fox.press("Space")
    for _ in range(500):
        if not fox.evaluate(readout).startswith("1 "):
            break
    assert fox.evaluate(readout) != "1 / 100"
    fox.press("Space")
    fox.press("End")
    assert least_difference(fox, painted) < LIMIT
    assert fox.messages == []


AUDIT = """axe.run().then(({ violations }) => violations.map(({ id, help, nodes }) =>
  `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`))"""

THEMES = {
    "light": "momentum_optimization", "korean": KOREAN, "many": MANY, "swarm": "swarm_of_adam",
    "dark": MANY + "figure: {theme: dark}\n",
}  # fmt: skip


@uses_chromium
@uses_axe
@pytest.mark.parametrize(
    ("config", "width"), [*((name, 360) for name in THEMES), ("many", 1400), ("light", 1400)]
)
def test_axe_finds_no_fault(config: str, width: int, chromium: Page, tmp_path: Path) -> None:
    open_figure(chromium, THEMES[config], tmp_path, **CALM)
    chromium.resize(width, 800)
    # All that can be opened is open, and one path is hidden.
    chromium.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    chromium.evaluate("document.querySelector('.name').click()")
    chromium.evaluate(Path(AXE).read_text("utf-8"))
    assert chromium.evaluate(AUDIT) == []
    # Nothing is wider than the page.
    assert chromium.evaluate("document.documentElement.scrollWidth") == width
    assert chromium.messages == []


@uses_chromium
@uses_axe
def test_axe_would_find_a_fault(chromium: Page, tmp_path: Path) -> None:
    open_figure(chromium, "momentum_optimization", tmp_path, **CALM)
    chromium.evaluate("document.querySelector('.scrubber').removeAttribute('aria-label')")
    chromium.evaluate("document.documentElement.lang = ''")
    chromium.evaluate(Path(AXE).read_text("utf-8"))
    assert any("html-has-lang" in fault for fault in chromium.evaluate(AUDIT))


def policy_of(page: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return unescape(found[1])


@pytest.fixture
def served() -> Iterator[tuple[str, list[str]]]:
    """The address of a page with a policy in its header, and the paths that were asked for."""
    page = rendered("momentum_optimization")[1]
    asked = list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", f"{policy_of(page)}; sandbox allow-scripts")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/figure.html", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@uses_chromium
def test_a_strict_server_in_chromium(chromium: Page, served: tuple[str, list[str]]) -> None:
    strict(chromium, *served, **CALM)


@uses_firefox
def test_a_strict_server_in_firefox(fox: FirefoxPage, served: tuple[str, list[str]]) -> None:
    strict(fox, *served)


def strict(tab: Tab, address: str, asked: list[str], **media: str) -> None:
    """A page with the same policy in a header, and in a sandbox: it draws, and asks for nothing."""
    _, _, painted = rendered("momentum_optimization")
    tab.resize(640, 880)
    tab.load(address, **media)
    assert least_difference(tab, painted) < LIMIT
    assert tab.messages == [] and asked == ["/figure.html"]


POST = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A post</title>' \
       '<style>body {{ margin: 0 }} iframe {{ display: block; border: 0 }}</style>{}'  # fmt: skip


def post(folder: Path) -> Path:
    """A post with the page and the picture that `optanim embed` would name."""
    run, page, _ = rendered("momentum_optimization")
    (folder / "a.html").write_text(page, "utf-8")
    (folder / "a.gif").write_bytes((ROOT / "output" / "momentum_optimization.gif").read_bytes())
    assert run.figure.size
    figure = embedded([folder / "a.html", folder / "a.gif"], run.figure.size, "Momentum", below=176)
    file = folder / "post.html"
    file.write_text(POST.format(html(figure)), "utf-8")
    return file


@uses_chromium
def test_the_frame_of_a_post(chromium: Page, tmp_path: Path) -> None:
    _, _, painted = rendered("momentum_optimization")
    file = post(tmp_path)
    chromium.resize(640, 1200)
    chromium.load(file.as_uri(), **CALM)
    stop_at_the_end(chromium)
    assert least_difference(chromium, painted) < LIMIT
    # The picture is not even asked for.
    assert chromium.evaluate("document.images.length") == 0
    assert chromium.messages == []


@uses_chromium
def test_a_post_without_scripts(chromium: Page, tmp_path: Path) -> None:
    file = post(tmp_path)
    chromium.resize(640, 1200)
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.load(file.as_uri(), **CALM)
        (place,) = chromium.evaluate(
            "[...document.images].map(one => one.getBoundingClientRect().top)"
        )
        assert place == 656 and chromium.evaluate("document.images[0].naturalWidth") == 640
        chromium.load((tmp_path / "a.html").as_uri(), **CALM)
        words = chromium.evaluate("document.querySelector('main').innerText")
        assert "needs JavaScript" in words and "Momentum overshoots the minimum" in words
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)


@uses_chromium
def test_korean_words_are_not_broken_on_a_telephone(chromium: Page, tmp_path: Path) -> None:
    file = tmp_path / "figure.html"
    file.write_text(rendered(KOREAN)[1], "utf-8")
    chromium.resize(360, 700)
    chromium.load(file.as_uri(), **CALM)
    words = "[...document.querySelectorAll('.numbers thead :is(th, td)')]"
    heights = chromium.evaluate(f"{words}.map(word => word.offsetHeight)")
    texts = chromium.evaluate(f"{words}.map(word => word.innerText)")
    assert "유효 학습률" in texts and max(heights) < 3 * 20


@uses_chromium
@pytest.mark.parametrize("config", ["momentum_optimization", "d2l_gradient_descent",
                                    "adamw_optimization", "swarm_of_adam"])  # fmt: skip
def test_a_frame_has_room_for_all_of_its_page(
    config: str, chromium: Page, tmp_path: Path
) -> None:  # fmt: skip
    run, page, _ = rendered(config)
    file = tmp_path / "figure.html"
    file.write_text(page, "utf-8")
    assert run.figure.size
    width, height = run.figure.size
    chromium.resize(width, height + height_below(run))
    chromium.load(file.as_uri(), **CALM)
    lower = "document.querySelector('.player').getBoundingClientRect().height"
    room = height + height_below(run) - chromium.evaluate(lower)
    assert 0 <= room < 32
    assert chromium.evaluate("document.querySelector('.stage').clientWidth") == width


@uses_firefox
def test_a_narrow_frame_in_firefox(fox: FirefoxPage, tmp_path: Path) -> None:
    _, page, painted = rendered("momentum_optimization")
    (tmp_path / "a.html").write_text(page, "utf-8")
    frame = (
        '<iframe src="a.html" width="360" height="600" sandbox="allow-scripts" title="A"></iframe>'
    )
    (tmp_path / "post.html").write_text(POST.format(frame + "<style>iframe { border: 0 }</style>"))
    fox.resize(700, 800)
    fox.load((tmp_path / "post.html").as_uri())
    for _ in range(20):
        seen = pixels(fox.picture())[:270, :360]
        if (found := difference(seen, painted)) < 2 * LIMIT:
            break
        fox.evaluate("new Promise(done => setTimeout(done, 50))")
    # It is smaller: letters and lines are coarser.
    assert found < 2 * LIMIT
    assert fox.messages == []
