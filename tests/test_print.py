"""Stills for print: SVG and PDF show what the picture of a step shows, at the same places."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import numpy as np
import numpy.typing as npt
import pytest
import yaml
from matplotlib.path import Path as MplPath
from PIL import Image

import optanim
from optanim.cli.snippet import Files, embedded
from optanim.config.dump import as_data, as_yaml
from optanim.config.json_schema import schema
from optanim.drawing.painter import Painter
from optanim.drawing.path_simplification import simplified
from optanim.encoding.film import Film
from optanim.encoding.metadata import comment_in
from optanim.encoding.write import write
from optanim.errors import ConfigError, Place
from optanim.experiment.trials import trajectories_of
from optanim.formulas.plain_text import plain
from optanim.pipeline.provenance import config_of, stale_files, with_frames
from optanim.scene.compose import compose_scene
from optanim.scene.timeline import Moment
from optanim.schema.catalogue import catalogue
from tests.browser import Page, browser
from tests.command import optanim_
from tests.needs import uses_chromium, uses_pdftoppm
from tests.painters import SMALL
from tests.test_formats import TEXTS

Picture = npt.NDArray[np.uint8]

ROSENBROCK = "surface: rosenbrock\nstart: [-1.2, 1]\noptimizers: [momentum, adam]\nsteps: 40\n"
QUADRATIC = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 20\n"

CONFIGS = {
    "contour": ROSENBROCK,
    "two panels": ROSENBROCK + "panels: [contour, loss]\nfigure: {theme: dark}\n",
    "another unit, twice as dense": QUADRATIC + "figure: {size: [300, 260], scale: 2}\n",
    "large": QUADRATIC + "figure: {size: [1100, 900]}\n",
    "Korean": ROSENBROCK + "lang: ko\ntitle: 경사하강법과 관성\nfigure: {legend: box}\n",
    "maths": QUADRATIC + r"title: 'Adam, $\alpha_1 + \frac{x^2}{\sqrt{2}}$ and more'" + "\n",
    "landscape": QUADRATIC + "panels: [surface3d]\n",
    "swarm": "surface: himmelblau\nstart: {grid: [12, 9]}\noptimizer: adam\nsteps: 20\n",
    "basins": QUADRATIC + "panels: [basins]\n",
    "map": "surface: {name: quadratic, b: 4}\nstart: [-4, 3]\noptimizer: momentum\nsteps: 30\n"
    "panels: [{name: map, cells: 20}]\nmap: {x: optimizer.lr, y: optimizer.momentum, of: loss}\n",
    "column of a paper": QUADRATIC + "figure: {size: [8.5cm, 6.5cm], legend: box}\n",
}  # fmt: skip
"""Figures of every kind, by what is special in them."""


@lru_cache(32)
def painter_of(config: str, *sets: str) -> Painter:
    """The painter of a config, with its header."""
    run = optanim.loads(config, set=sets)
    return Painter(compose_scene(run, tuple(trajectories_of(run))))


def film_of(config: str, *sets: str, comment: str = "") -> Film:
    """The last frame of a config."""
    painter = painter_of(config, *sets)
    last = Moment(painter.scene.moments[-1].step, 1.0)
    return Film(painter.paint, [last], painter=painter, comment=comment, alt="What it shows.")


@lru_cache(64)
def file_of(name: str, config: str, *sets: str, comment: str = "", **options: str) -> bytes:
    """The bytes of a file of the last frame of a config in a format."""
    file = io.BytesIO()
    format = partial(catalogue("formats")[name].function, **options)
    write(film_of(config, *sets, comment=comment), [(format, file)])
    return file.getvalue()


def pixels_of(config: str, *sets: str) -> Picture:
    """The pixels of the same frame, (height, width, 3)."""
    film = film_of(config, *sets)
    return film[0].pixels[..., :3].copy()


def from_pdf(data: bytes, folder: Path, resolution: int) -> Picture:
    """The page of a PDF, (height, width, 3), as poppler draws it."""
    (folder / "a.pdf").write_bytes(data)
    command = ["pdftoppm", "-r", str(resolution), "-png", "-singlefile", "a.pdf", "a"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    assert not done.stderr
    return np.asarray(Image.open(folder / "a.png").convert("RGB"))


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as opened:
        yield opened


def from_svg(page: Page, data: bytes, folder: Path, density: int) -> Picture:
    """An SVG as an image of a page, (height, width, 3), as Chromium draws it."""
    (folder / "a.svg").write_bytes(data)
    (folder / "a.html").write_text(
        "<!doctype html><style>body { margin: 0 } img { display: block }</style>"
        "<img src=a.svg><script>window.ready = new Promise(done => addEventListener('load',"
        " () => done([document.images[0].width, document.images[0].height])))</script>"
    )
    width, height = page.open((folder / "a.html").as_uri())
    size = {"width": width, "height": height, "deviceScaleFactor": density, "mobile": False}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    return np.asarray(Image.open(io.BytesIO(page.picture())).convert("RGB"))


NEW_MATPLOTLIB = version("matplotlib") >= "3.11"

MAX_MOVED = 10 if NEW_MATPLOTLIB else 100
"""Pixels: where two lines meet, a few have no like. Before 3.11, matplotlib rounds the places of
letters in a picture twice, so that some are elsewhere by a pixel and a half."""


def moved_pixels(picture: Picture, other: Picture) -> npt.NDArray[np.bool_]:
    """The pixels of either picture that have no like in the other one, (height, width).

    It is looked for at the same place and in the eight pixels around. A line may be one pixel wide
    in a picture, and two pixels wide and half as dark in the other one.
    """
    moved = np.zeros(picture.shape[:2], bool)
    for channel in range(3):
        a, b = (pixels[..., channel].astype(float) for pixels in (picture, other))
        for one, two in ((a, b), (b, a)):
            contrast = around(one, 2, np.max) - around(one, 2, np.min)
            slack = 0.6 * contrast + 15
            low, high = around(two, 1, np.min) - slack, around(two, 1, np.max) + slack
            moved |= (one < low) | (one > high)
    return moved


def around(
    values: npt.NDArray[np.float64], reach: int, pick: Callable[..., npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """The largest or smallest value around each pixel."""
    padded, (height, width) = np.pad(values, reach, mode="edge"), values.shape
    side = range(2 * reach + 1)
    return pick([padded[i : i + height, j : j + width] for i in side for j in side], axis=0)


def check_is_the_same(picture: Picture, other: Picture, max_moved: int = MAX_MOVED) -> None:
    """Nothing is elsewhere by more than a pixel, or missing, and no area has another color."""
    assert moved_pixels(picture, other).sum() <= max_moved
    away = np.abs(picture.astype(int) - other).max(axis=2)
    assert away.mean() < 5 and np.median(away) <= 1


@uses_pdftoppm
@pytest.mark.parametrize("name", CONFIGS)
def test_a_pdf_is_as_the_picture(name: str, tmp_path: Path) -> None:
    config = CONFIGS[name]
    scale = painter_of(config).scene.figure.scale
    shown = from_pdf(file_of("pdf", config), tmp_path, 96 * scale)
    # poppler lets an image span all pixels that it touches: here those of the frame below it.
    max_moved = MAX_MOVED + (50 if name == "map" else 0)
    check_is_the_same(pixels_of(config), fitted(shown, pixels_of(config)), max_moved)


@uses_chromium
@pytest.mark.parametrize("name", CONFIGS)
def test_an_svg_is_as_the_picture(name: str, page: Page, tmp_path: Path) -> None:
    config = CONFIGS[name]
    scale = painter_of(config).scene.figure.scale
    shown = from_svg(page, file_of("svg", config), tmp_path, scale)
    check_is_the_same(pixels_of(config), fitted(shown, pixels_of(config)))


def fitted(picture: Picture, other: Picture) -> Picture:
    """A picture without the row and the column that a length of half a pixel may add."""
    height, width = other.shape[:2]
    assert abs(picture.shape[0] - height) <= 1 and abs(picture.shape[1] - width) <= 1
    rows = [(0, max(0, height - picture.shape[0])), (0, max(0, width - picture.shape[1])), (0, 0)]
    return np.pad(picture, rows, mode="edge")[:height, :width]


def test_what_moves_by_two_pixels_is_seen() -> None:
    picture = pixels_of(CONFIGS["contour"])
    for axis in (0, 1):
        assert not moved_pixels(picture, np.roll(picture, 1, axis)).any()
        assert moved_pixels(picture, np.roll(picture, 2, axis)).sum() > 1000
    title_moved = picture.copy()
    title_moved[:30] = np.roll(picture[:30], 2, axis=1)
    assert moved_pixels(picture, title_moved).sum() > 50
    without = picture.copy()
    without[200:230, 40:200] = picture[200, 300]
    assert moved_pixels(picture, without).sum() > 50


# What is in a file.


def text_in(data: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(data)
    command = ["pdftotext", "-layout", "a.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.decode()


def fonts_in(data: bytes, folder: Path) -> list[list[str]]:
    """The rows of the fonts of a PDF; the last columns say: embedded, a subset, as text."""
    (folder / "a.pdf").write_bytes(data)
    done = subprocess.run(["pdffonts", "a.pdf"], cwd=folder, capture_output=True, check=True)
    assert not done.stderr
    return [row.split() for row in done.stdout.decode().splitlines()[2:]]


@uses_pdftoppm
def test_the_text_of_a_pdf_is_text(tmp_path: Path) -> None:
    data = file_of("pdf", CONFIGS["Korean"])
    text = text_in(data, tmp_path)
    for part in ("경사하강법과 관성", "Adam, η = 0.1", "f(x, y) = (1 − x)", "−1", "40걸음"):
        assert part in text
    fonts = fonts_in(data, tmp_path)
    assert fonts and all(font[-5:-2] == ["yes"] * 3 for font in fonts)
    assert all("TrueType" in font for font in fonts)


@uses_pdftoppm
def test_text_in_a_font_with_outlines_of_postscript_is_text_too(tmp_path: Path) -> None:
    from pylopdf_fonts_ko import __file__ as package  # of the extra `dev`

    font = Path(package).parent / "NotoSansKR-Regular.otf"
    data = file_of("pdf", CONFIGS["Korean"], f"figure.font={font}")
    # Programs refuse such a font as TrueType; outlines as Type 3 are drawn by every one.
    fonts = fonts_in(data, tmp_path)
    assert fonts and all("Type 3" in " ".join(font) for font in fonts)
    if NEW_MATPLOTLIB:  # older ones draw letters beyond Latin 1 as shapes
        assert "경사하강법과 관성" in text_in(data, tmp_path)
    shown = from_pdf(data, tmp_path, 96)
    check_is_the_same(pixels_of(CONFIGS["Korean"], f"figure.font={font}"), shown)


@uses_pdftoppm
@pytest.mark.parametrize(
    ("size", "points"),
    [("[640, 480]", (480, 360)), ("[12cm, 9cm]", (340.157, 255.118)), ("[5in, 3.5in]", (360, 252))],
)
@pytest.mark.parametrize("scale", [1, 2])
def test_a_page_has_its_exact_size(
    size: str, points: tuple[float, float], scale: int, tmp_path: Path
) -> None:
    data = file_of("pdf", QUADRATIC, f"figure.size={size}", f"figure.scale={scale}")
    (tmp_path / "a.pdf").write_bytes(data)
    said = subprocess.run(["pdfinfo", tmp_path / "a.pdf"], capture_output=True, check=True).stdout
    found = re.search(rb"Page size: +([\d.]+) x ([\d.]+) pts", said)
    assert found and tuple(map(float, found.groups())) == points
    assert b"CreationDate" not in said and b"Pages:           1\n" in said


SVG = "{http://www.w3.org/2000/svg}"


def elements_of(data: bytes) -> list[ElementTree.Element]:
    return [*ElementTree.fromstring(data).iter()]


@pytest.mark.parametrize("text", ["paths", "text"])
@pytest.mark.parametrize("name", ["maths", "landscape"])
def test_an_svg_is_safe_in_a_page(name: str, text: str) -> None:
    """No script, style or address; names that are used once; and what it shows, in words."""
    data = file_of("svg", CONFIGS[name], comment="<a> & ]]>", text=text)
    root, *others = elements_of(data)
    assert root.get("role") == "img"
    assert [(e.tag.removeprefix(SVG), e.text) for e in others[:3]] == [
        ("title", plain(painter_of(CONFIGS[name]).scene.title)),
        ("desc", "What it shows."),
        ("metadata", "<a> & ]]>"),
    ]
    tags = {element.tag.removeprefix(SVG) for element in others}
    assert tags <= {"title", "desc", "metadata", "g", "path", "use", "defs", "clipPath", "rect",
                    "image", "text", "tspan"}  # fmt: skip
    assert ("text" in tags) == (text == "text") and ("image" in tags) == (name == "landscape")
    names = [name for element in others if (name := element.get("id"))]
    assert len(names) == len({*names})
    for element in others:
        assert not {key for key in element.attrib if key.startswith("on") or key == "style"}
        for key, value in element.items():
            if key.endswith("href"):
                assert value.startswith(("#", "data:image/png;base64,"))
                assert not value.startswith("#") or value[1:] in names
            elif "url(" in value:
                assert re.fullmatch(r"url\(#(.+)\)", value)[1] in names  # type: ignore[index]
    assert b"://" not in re.sub(rb'xmlns(:xlink)?="[^"]*"', b"", data)


@uses_chromium
def test_the_text_of_an_svg_is_text_if_asked(page: Page, tmp_path: Path) -> None:
    data = file_of("svg", CONFIGS["contour"], text="text")
    said = " ".join("".join(element.itertext()) for element in elements_of(data)
                    if element.tag == f"{SVG}text")  # fmt: skip
    assert "Rosenbrock" in said and "diverged" in said
    # A font of the reader's machine has the same width.
    shown = from_svg(page, data.replace(b"DejaVu Sans", b"Liberation Sans"), tmp_path, 1)
    picture = pixels_of(CONFIGS["contour"])
    rows = slice(8, 26)
    ends = [
        np.flatnonzero((part[rows] < 128).any(axis=(0, 2)))[[0, -1]] for part in (picture, shown)
    ]
    assert np.abs(ends[0] - ends[1]).max() <= 2


def test_the_same_bytes_in_another_process_on_another_day() -> None:
    code = (
        "import sys, time; now = time.time(); time.time = lambda: now + 4e8\n"
        "from tests.test_print import CONFIGS, file_of\n"
        "for name, options in (('svg', {}), ('svg', {'text': 'text'}), ('pdf', {})):\n"
        "    data = file_of(name, CONFIGS['Korean'], comment='{}', **options)\n"
        "    sys.stdout.buffer.write(data + b'\\nnext')"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "86400"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    assert not done.stderr
    files = [
        file_of(name, CONFIGS["Korean"], comment="{}", **options)
        for name, options in (("svg", {}), ("svg", {"text": "text"}), ("pdf", {}))
    ]
    assert done.stdout.split(b"\nnext")[:-1] == files
    assert not re.search(rb"Date|(19|20)[0-9]{2}-[0-9]{2}", b"".join(files))


@pytest.mark.parametrize("name", ["svg", "pdf"])
def test_a_comment_comes_back_whole_or_not_at_all(name: str) -> None:
    for text in TEXTS:
        data = file_of(name, QUADRATIC, SMALL, comment=text)
        assert comment_in(data) == text
        for length in range(0, len(data), len(data) // 50):
            assert comment_in(data[:length]) in ("", text)
    # The title of another person's figure is no comment.
    title = "title=/Comment (no) <metadata>no</metadata>"
    assert comment_in(file_of(name, QUADRATIC, SMALL, title, comment="yes")) == "yes"


def test_a_simplified_path_is_where_it_was() -> None:
    angle = np.linspace(0, 2 * np.pi, 500)
    circle = np.stack([300 + 200 * np.cos(angle), 200 + 100 * np.sin(angle)], axis=1)
    codes = np.full(1000, MplPath.LINETO, MplPath.code_type)
    codes[[0, 500]], codes[[499, 999]] = MplPath.MOVETO, MplPath.CLOSEPOLY
    path = MplPath(np.concatenate([circle, circle[::-1] / 2]), codes)
    thin = simplified(path, 0.05)
    assert len(thin) < 0.6 * len(path)
    assert np.count_nonzero(thin.codes == MplPath.CLOSEPOLY) == 2
    radii = np.hypot((thin.vertices[:, 0] - 300) / 200, (thin.vertices[:, 1] - 200) / 100)
    first = radii[: np.flatnonzero(thin.codes == MplPath.MOVETO)[1]]
    assert np.abs(first - 1).max() < 2 * 0.05 / 100
    for kept in (MplPath.unit_circle(), MplPath(circle[:9]), MplPath(circle * [np.nan, 1])):
        assert simplified(kept, 0.05) is kept


# What commands write.


CONFIG = """
surface: quadratic
start: [-4, 3]
optimizer: gd
steps: 8
figure: {size: [8cm, 6cm], legend: none}
output: a.gif
formats: [png, {name: svg, text: text}, pdf]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stamp_of(path: Path) -> dict[str, Any]:
    stamp: dict[str, Any] = json.loads(comment_in(path.read_bytes()))
    return stamp


def test_a_still_beside_an_animation_is_its_last_step(folder: Path) -> None:
    optanim.render(optanim.load("a.yaml"))
    files = {path.suffix: path.read_bytes() for path in folder.iterdir()}
    assert b"<text" in files[".svg"] and b'width="8cm" height="6cm"' in files[".svg"]
    for suffix in (".svg", ".pdf"):
        stamp = stamp_of(folder / f"a{suffix}")
        assert stamp["frame"] == -1 and stamp["config"]["figure"]["size"] == ["8cm", "6cm"]
        # The config that it has makes the same file.
        shown = config_of(folder / f"a{suffix}")
        assert "# a still: optanim render --frame last" in shown and "size: [8cm, 6cm]" in shown
        result = optanim.render(optanim.loads(shown), output=f"b{suffix}")
        assert (folder / f"b{suffix}").read_bytes() == files[suffix] and result.frames == 1
    assert not stale_files(optanim.load("a.yaml"))
    for path, still in with_frames(optanim.load("a.yaml"), None):
        assert (still is None) == (path.suffix == ".gif")


def test_a_still_of_a_step(folder: Path) -> None:
    done = optanim_("render", "a.yaml", "--frame", "3", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == {"a.yaml", "a.png", "a.svg", "a.pdf"}
    assert stamp_of(folder / "a.pdf")["frame"] == 3
    third = (folder / "a.pdf").read_bytes()
    run = optanim.load("a.yaml")
    for frame in (3, None, -1):
        optanim.render(run, output=f"{frame}.pdf", frame=frame)
    assert Path("3.pdf").read_bytes() == third != Path("None.pdf").read_bytes()
    assert Path("None.pdf").read_bytes() == Path("-1.pdf").read_bytes()
    twins = ["output=a.svg", "formats=[pdf]", "themes=[light, dark]"]
    optanim.render(optanim.load("a.yaml", set=twins))
    assert Path("a-light.svg").read_bytes() != Path("a-dark.svg").read_bytes()
    assert Path("a-dark.pdf").exists()


def test_a_post_shows_an_svg_and_no_pdf() -> None:
    def files(*names: str) -> Files:
        return embedded([Path(name) for name in names], (640, 480), "alt").light

    assert files("a.gif", "a.svg", "a.pdf") == Files("a.gif", still="a.svg")
    assert files("a.svg", "a.pdf") == files("a.pdf", "a.svg") == Files("a.svg")


def test_a_pdf_alone_is_no_picture_of_a_post(folder: Path) -> None:
    done = optanim_("embed", "a.yaml", "-s", "output=a.pdf", "-s", "formats=[pdf]", cwd=folder)
    assert done.returncode == 2 and b"a post cannot show a PDF" in done.stderr


# Sizes on paper.


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ("[12cm, 9cm]", (454, 340)),
        ("[5in, 3.5in]", (480, 336)),
        ("[8.5 cm, .8in]", (321, 77)),
        ("[640, 480]", (640, 480)),
    ],
)
def test_a_size_is_pixels_or_lengths(size: str, pixels: tuple[int, int]) -> None:
    run = optanim.loads(QUADRATIC, set=[f"figure.size={size}"])
    assert run.figure.size == pixels
    again = optanim.loads(as_yaml(run))
    assert again.figure.size == pixels == pickle.loads(pickle.dumps(run.figure.size))
    # What is written as a number is that of the pixels, as the width in a page.
    assert f"{run.figure.size}" == f"{pixels}"
    written = yaml.safe_load(size.replace(" cm", "cm").replace(" .", " 0."))
    assert as_data(run)["figure"]["size"] == as_data(again)["figure"]["size"] == written
    jsonschema.validate(as_data(run), schema())


@pytest.mark.parametrize(
    ("size", "column", "rule", "help"),
    [
        ("[12km, 9cm]", 14, "must be pixels, or a length in cm or in, got '12km'", "'12cm'?"),
        ("[85mm, 9cm]", 14, "must be pixels, or a length in cm or in, got '85mm'", "write 8.5cm"),
        ("[640px, 9cm]", 14, "must be pixels, or a length in cm or in", "write 640"),
        ("[9cm, 0cm]", 19, "must be from 0.43cm to 216cm, got '0cm'", "96 pixels"),
        ("[1000in, 9cm]", 14, "must be from 0.17in to 85in, got '1000in'", "96 pixels"),
        ("[12cm, 300]", 13, "must be two numbers of pixels, or two lengths", ""),
        ("[8.5, 90]", 14, "must be at least 16 pixels, or have a unit, got 8.5", "write 8.5cm or"),
        ("['12cm ', -9cm]", 23, "must be a whole number, got '-9cm'", ""),
    ],
)
def test_a_wrong_length_has_its_message(size: str, column: int, rule: str, help: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(QUADRATIC, set=[f"figure.size={size}"])
    (problem,) = caught.value.problems
    assert rule in problem.message and help in problem.help
    assert isinstance(problem.place, Place) and problem.place.column == column
