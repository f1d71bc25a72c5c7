"""Pages: one file that asks for nothing, small, and with the stamp of its config."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import lru_cache
from html import unescape
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.encoding.metadata import read_comment
from optanim.player.page import inlined
from tests.command import optanim_

ARTICLE = sorted(Path("configs").glob("*.yaml"))

HOSTILE = """
surface: {expr: x**2 + y**2}
start: [1, 1]
optimizer: {name: gd, label: '</script><b>&"'}
title: '</script><script>alert(1)</script><!--'
steps: 3
formats: [html]
"""


@lru_cache
def page_of(text: str, folder: Path) -> str:
    path = folder / "x.html"
    optanim.render(optanim.loads(text), output=path)
    return path.read_text("utf-8")


def data_of(text: str) -> dict:
    (found,) = re.findall(r'<script type="application/json" id="figure">(.*?)</script>', text, re.S)
    return json.loads(found)


@pytest.mark.parametrize("config", ARTICLE, ids=lambda path: path.stem)
def test_a_figure_of_the_article_is_below_150_kb(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    optanim.render(optanim.load(config), output=path)
    assert path.stat().st_size < 150_000
    assert "optimizer" in read_comment(path)


def test_the_policy_allows_its_own_script_and_style_alone(tmp_path: Path) -> None:
    text = page_of(HOSTILE, tmp_path)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    for tag in ('script type="module"', "style"):
        name = tag.split()[0]
        (content,) = re.findall(f"<{tag}>(.*?)</{name}>", text, re.S)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_asks_for_nothing(tmp_path: Path) -> None:
    text = page_of(HOSTILE, tmp_path)
    addresses = re.findall(r"\b(?:src|href|srcset|action)=\"([^\"]*)", text.split("<script", 1)[0])
    assert {*addresses} <= {"data:,"}
    script = inlined("page.js")
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", script, flags=re.S)
    assert not re.search(r"fetch\(|XMLHttpRequest|https?://(?!www\.w3\.org)", script)


def test_texts_of_a_config_are_data(tmp_path: Path) -> None:
    text = page_of(HOSTILE, tmp_path)
    assert text.count("<script") == 2
    assert "<b>" not in text
    data = data_of(text)
    assert data["title"] == "</script><script>alert(1)</script><!--"
    assert data["traces"][0]["label"] == '</script><b>&"'


def test_numbers_are_those_of_the_trajectory(tmp_path: Path) -> None:
    run = optanim.loads(HOSTILE)
    (series,) = [trace["series"] for trace in data_of(page_of(HOSTILE, tmp_path))["traces"]]
    np.testing.assert_allclose(series["loss"], [2, 1.28, 0.8192, 0.524288], rtol=1e-8)
    np.testing.assert_allclose(series["points"][0], [1, 0.8, 0.64, 0.512], rtol=1e-8)
    np.testing.assert_allclose(series["gradients"][1], [2, 1.6, 1.28, 1.024], rtol=1e-8)
    assert run.trials[0].name == "gd"


def test_a_still_is_a_page_that_begins_at_its_step(tmp_path: Path) -> None:
    run, path = optanim.loads(HOSTILE), tmp_path / "x.html"
    optanim.render(run, output=path, frame=-2)
    assert data_of(path.read_text("utf-8"))["start"] == 2
    optanim.render(run, output=path)
    assert data_of(path.read_text("utf-8"))["start"] is None


def test_the_same_config_is_the_same_page(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(HOSTILE)
    pages = []
    for name in ("a.html", "b.html"):
        assert not optanim_("render", str(config), "-o", str(tmp_path / name)).returncode
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_show_reads_the_config_of_a_page(tmp_path: Path) -> None:
    page_of(HOSTILE, tmp_path)
    path = tmp_path / "x.html"
    optanim.render(optanim.loads(HOSTILE), output=path)
    assert b"optimizer" in optanim_("show", str(path)).stdout
