"""Notebooks: one is executed in a kernel, and what it shows is looked at in a browser."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import time
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import optanim
from optanim.cli.cell_magic import render_cell
from optanim.pipeline.jobs import Job, render_job
from optanim.pipeline.provenance import config_of
from optanim.player.page import height_below
from tests.browser import browser
from tests.needs import uses_chromium
from tests.pages import ROOT
from tests.pictures import difference, drawn, pixels, stop_at_the_end

SMALL = """
surface: quadratic
start: [-4, 3]
optimizer: {name: momentum, lr: 0.1}
steps: 8
figure: {size: [320, 240]}
"""

FAILING = {
    "typo": "%%optanim\nsurface: quadratic\nstart: [-4, 3]\noptimizer: adm\n",
    "option": "%%optanim -x 3\nsurface: quadratic\n",
    "quotation": "%%optanim -o 'a.gif\nsurface: quadratic\n",
    "claim": "%%optanim\nsurface: quadratic\nstart: [-4, 3]\noptimizer: gd\nsteps: 2\n"
    "claims: [{arrives: gd}]\n",
    "function": "def lost(f, w):\n    yield w\n    raise RuntimeError('<b>lost</b>')\n\n"
    "optanim.animate('x**2 + y**2', lost, [1, 1])",
    "variable": "lr = 0.25",
    "written": "%%optanim -o small.gif -s steps=3 -s optimizer.lr=$lr\nsurface: quadratic\n"
    "start: [-4, 3]\noptimizer: gd\n",
}
"""Cells after those of the notebook, most of which fail."""

Outputs = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outputs, Path]:
    """The outputs of each cell by its name, and the folder of the notebook."""
    import nbformat
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    for name, source in FAILING.items():
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=name))
    client = NotebookClient(
        notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of packages of Jupyter
        asyncio.run(client.async_execute())
    return {cell.id: cell.get("outputs", []) for cell in notebook.cells}, folder


def shown(outputs: Outputs, name: str) -> dict[str, str]:
    """The contents that the only output of a cell has, by their MIME types."""
    (output,) = outputs[name]
    assert output["output_type"] in ("execute_result", "display_data"), output
    return dict(output["data"])


FIGURES = ("config", "run", "animate", "written")


def test_the_notebook_shows_players(executed: tuple[Outputs, Path]) -> None:
    outputs, folder = executed
    for name in FIGURES:
        data = shown(outputs, name)
        assert {*data} == {"text/plain", "text/html", "image/png"} and len(data["text/plain"]) < 200
        assert len(data["text/html"]) < 320_000 and "\n" not in data["text/html"]
        with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
            size = outputs[name][0]["metadata"]["image/png"]
            assert picture.size == (size["width"], size["height"])
    assert "adam" in shown(outputs, "results")["text/plain"]
    # Only -o writes a file.
    assert [path.name for path in folder.iterdir()] == ["small.gif"]
    assert "small.gif" in shown(outputs, "written")["text/plain"]
    assert "lr: 0.25" in config_of(folder / "small.gif")


def messages(outputs: Outputs, name: str) -> str:
    """What a cell that fails prints, without colors."""
    (output,) = outputs[name]
    assert output["output_type"] == "error"
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output["traceback"]))


def test_a_wrong_cell_has_a_message_at_its_line_and_no_traceback(
    executed: tuple[Outputs, Path],
) -> None:
    outputs, _ = executed
    typo = messages(outputs, "typo")
    assert (
        "cell:4:12: error: no optimizer is called 'adm'" in typo and "did you mean 'adam'" in typo
    )
    assert "%%optanim: error: unrecognized arguments: -x 3" in messages(outputs, "option")
    assert "-o FILE" in messages(outputs, "option")
    assert "%%optanim: error: No closing quotation" in messages(outputs, "quotation")
    for name in ("typo", "option", "quotation"):
        assert "Traceback" not in messages(outputs, name)
    # What fails only when it is drawn is told in place of the figure.
    for name, message in (("claim", "ClaimError:\n"), ("function", "RuntimeError: ")):
        data = shown(outputs, name)
        assert {*data} == {"text/plain", "text/html"} and data["text/plain"].startswith(message)
        assert "Traceback" not in data["text/plain"]
    assert "&lt;b&gt;lost" in shown(outputs, "function")["text/html"]


def test_the_first_theme_and_the_step_of_a_still_are_shown(tmp_path: Path) -> None:
    run = optanim.loads(SMALL + "themes: [dark, light]\nformats: [png]\n")
    assert '"dark":true' in run._repr_mimebundle_()[0]["text/html"]
    result = optanim.render(run, output=tmp_path / "x.png", frame=3)
    assert '"start":3' in result._repr_mimebundle_()[0]["text/html"]


def test_another_process_sends_no_run_back(tmp_path: Path) -> None:
    result = render_job(Job(optanim.loads(SMALL, output=str(tmp_path / "a.gif"))))
    assert result.run is None
    assert result._repr_mimebundle_() == ({"text/plain": repr(result)}, {})


def test_the_extension_is_that_of_the_package() -> None:
    assert optanim.load_ipython_extension.__module__ == render_cell.__module__
    assert "load_ipython_extension" not in optanim.__all__


class Sanitizer(HTMLParser):
    """HTML as GitHub shows it: without frames, scripts and styles."""

    KEPT = ("src", "width", "height", "alt", "title")

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("iframe", "script", "style"):
            kept = "".join(f' {name}="{value}"' for name, value in attrs if name in self.KEPT)
            self.text += f"<{tag}{kept}>"


def page(html: str, folder: Path) -> str:
    """The address of a page with an output and a text below it."""
    file = folder / "page.html"
    style = "<style>body { margin: 0 } #below { height: 20px; background: #f0f }</style>"
    file.write_text(
        f'<!doctype html><meta charset="utf-8">{style}{html}<div id="below"></div>', "utf-8"
    )
    return file.as_uri()


@uses_chromium
def test_an_output_in_a_browser(executed: tuple[Outputs, Path], tmp_path: Path) -> None:
    outputs, _ = executed
    data = shown(outputs, "run")
    still = pixels(base64.b64decode(data["image/png"]))
    height, width = still.shape[:2]
    with browser() as tab:
        below = height_below(optanim.loads(SMALL))
        tab.resize(width, height + below + 20)
        # It plays in its frame, which covers the still and hides nothing of the page.
        tab.load(page(data["text/html"], tmp_path))
        place = "document.querySelector('#below').getBoundingClientRect().top"
        assert tab.evaluate(place) == height + below
        while not tab.frames:
            tab.evaluate("new Promise(done => setTimeout(done, 20))")
        step = "Number(document.querySelector('input[type=range]').value)"
        assert tab.evaluate("self.origin", tab.frames[0]) == "null"
        begin = time.monotonic()
        while not tab.evaluate(f"{step} > 1", tab.frames[0]):
            assert time.monotonic() - begin < 60, "the player does not start"
        stop_at_the_end(tab)
        assert difference(drawn(tab), still) < 75
        assert tab.messages == []
        # Where frames are removed, the still is seen.
        cleaner = Sanitizer()
        cleaner.feed(data["text/html"])
        tab.load(page(cleaner.text, tmp_path))
        assert not tab.frames
        assert np.array_equal(pixels(tab.picture())[:height, :width], still)


def test_the_notebook_has_no_outputs() -> None:
    """So that it stays small, and true."""
    notebook = json.loads((ROOT / "docs" / "notebook.ipynb").read_text("utf-8"))
    assert not any(cell.get("outputs") for cell in notebook["cells"])
