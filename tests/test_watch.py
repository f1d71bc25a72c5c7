"""Saves as editors make them, and what becomes of each; the page that shows it."""

from __future__ import annotations

import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import optanim
from optanim.cli.preview_board import Board
from optanim.cli.preview_server import start_server
from optanim.pipeline import watch
from optanim.pipeline.watch import (
    ConfigFailed,
    ConfigRemoved,
    FigureRendered,
    WatchEvent,
    watch_configs,
)
from tests.browser import browser
from tests.command import optanim_
from tests.needs import uses_chromium

CONFIG = (
    "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: adam, lr: 0.1}\nsteps: 3\n"
    "figure: {size: [160, 120]}\nanimation: {steps_per_second: 10, hold_end: 0}\n"
)
LINE = (
    "surface: {regression: {data: ../data/b.csv, model: w*x + b}}\nstart: [0, 0]\n"
    "optimizer: gd\nsteps: 2\nfigure: {size: [160, 120]}\npanels: [loss]\n"
)


class Desk:
    """Somebody who edits configs while they are watched."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.events = watch_configs(names or ("figures",))

    def until_done(self) -> list[WatchEvent]:
        """What happens until all is done again."""
        events: list[WatchEvent] = []
        for event in self.events:
            if event is None:
                return events
            events.append(event)
        raise AssertionError("it ended")

    def save(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    def bytes(self, name: str) -> bytes:
        return (self.folder / "output" / name).read_bytes()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(watch, "CHECK_INTERVAL", 0.1)
    # Nothing is so slow that it would need a draft.
    monkeypatch.setattr(watch, "DRAFT_THRESHOLD", 1e9)
    desk = Desk(tmp_path)
    desk.save("figures/a.yaml", CONFIG)
    return desk


def kinds(events: list[WatchEvent]) -> list[tuple[type, str]]:
    return [(type(event), event.config.removeprefix("figures/")) for event in events]


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def by_renaming(path: Path, text: str) -> None:
    other = path.with_name(".a.yaml.swp")
    other.write_text(text)
    other.replace(path)


def by_deleting(path: Path, text: str) -> None:
    path.unlink()

    def later() -> None:
        time.sleep(0.03)
        path.write_text(text)

    threading.Thread(target=later).start()


def in_two_steps(path: Path, text: str) -> None:
    path.write_text("")

    def later() -> None:
        time.sleep(0.1)
        path.write_text(text)

    threading.Thread(target=later).start()


@pytest.mark.parametrize("how", [in_place, by_renaming, by_deleting, in_two_steps])
def test_every_way_to_save(how: Callable[[Path, str], None], desk: Desk) -> None:
    assert kinds(desk.until_done()) == [(FigureRendered, "a.yaml")]
    before = desk.bytes("a.gif")
    how(desk.folder / "figures/a.yaml", CONFIG.replace("0.1", "0.9"))
    assert kinds(desk.until_done()) == [(FigureRendered, "a.yaml")]
    optanim.render(optanim.load("figures/a.yaml"), output="fresh.gif")
    assert desk.bytes("a.gif") == Path("fresh.gif").read_bytes() != before


def test_a_wrong_config_keeps_its_picture(desk: Desk) -> None:
    desk.until_done()
    before = desk.bytes("a.gif")
    desk.save("figures/a.yaml", CONFIG.replace("adam", "adma"))
    (wrong,) = desk.until_done()
    assert isinstance(wrong, ConfigFailed)
    assert str(wrong.problems[0]).startswith("figures/a.yaml:3:19: error: no optimizer is called")
    assert desk.bytes("a.gif") == before
    desk.save("figures/a.yaml", CONFIG)
    (made,) = desk.until_done()
    assert isinstance(made, FigureRendered) and made.again and not made.draft
    # What only the drawing finds out, and a file that cannot be written.
    desk.save("figures/a.yaml", CONFIG.replace("figure: {", "figure: {font: None, "))
    (wrong,) = desk.until_done()
    assert isinstance(wrong, ConfigFailed) and "no font here" in str(wrong.problems[0])
    assert desk.bytes("a.gif") == before
    (desk.folder / "file").write_text("")
    desk.save("figures/a.yaml", CONFIG + "output: file/{config}.gif\n")
    (wrong,) = desk.until_done()
    assert isinstance(wrong, ConfigFailed) and "is not a folder" in str(wrong.problems[0])


def test_files_that_a_config_reads(desk: Desk) -> None:
    desk.save("figures/b.yaml", LINE)
    assert sorted(kinds(desk.until_done()), key=lambda kind: kind[1]) == [
        (FigureRendered, "a.yaml"),
        (ConfigFailed, "b.yaml"),
    ]
    # It is nowhere yet, and its folder neither; it is found when it comes.
    desk.save("data/b.csv", "x,y\n1,2\n2,3\n")
    (made,) = desk.until_done()
    assert isinstance(made, FigureRendered) and made.config == "figures/b.yaml" and made.again
    before = desk.bytes("b.gif")
    desk.save("data/b.csv", "x,y\n1,2\n2,9\n")
    assert kinds(desk.until_done()) == [(FigureRendered, "b.yaml")]
    assert desk.bytes("b.gif") != before
    desk.save("data/b.csv", "x,y\n1,2\n2,nine\n")
    (wrong,) = desk.until_done()
    assert isinstance(wrong, ConfigFailed) and "data/b.csv:3:3: error:" in str(wrong.problems[0])


def test_configs_come_and_go(desk: Desk) -> None:
    desk.until_done()
    desk.save("figures/한글.yaml", CONFIG)
    desk.save("figures/notes.txt", "no config")
    assert kinds(desk.until_done()) == [(FigureRendered, "한글.yaml")]
    (desk.folder / "figures/한글.yaml").unlink()
    desk.save("figures/b.yaml", CONFIG)
    assert kinds(desk.until_done()) == [(ConfigRemoved, "한글.yaml"), (FigureRendered, "b.yaml")]
    assert desk.bytes("한글.gif")


def test_two_configs_of_one_file(desk: Desk) -> None:
    desk.until_done()
    desk.save("figures/b.yaml", CONFIG + "output: output/a.gif\n")
    (wrong,) = desk.until_done()
    assert isinstance(wrong, ConfigFailed) and "as figures/a.yaml does" in str(wrong.problems[0])
    (desk.folder / "figures/a.yaml").unlink()
    assert kinds(desk.until_done()) == [(ConfigRemoved, "a.yaml"), (FigureRendered, "b.yaml")]


def test_pictures_among_configs_are_no_saves(desk: Desk) -> None:
    desk.save("figures/a.yaml", CONFIG + "output: figures/{config}.gif\nformats: [png]\n")
    assert kinds(desk.until_done()) == [(FigureRendered, "a.yaml")]
    for _ in range(2):
        os.utime(desk.folder / "figures/a.yaml")
        assert kinds(desk.until_done()) == [(FigureRendered, "a.yaml")]


def test_a_draft_comes_first_where_the_whole_takes_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = CONFIG.replace("steps: 3", "steps: 20") + "formats: [png]\n"
    desk.save("figures/a.yaml", slow)
    assert kinds(desk.until_done()) == [(FigureRendered, "a.yaml")]
    monkeypatch.setattr(watch, "DRAFT_THRESHOLD", 0)
    monkeypatch.setattr(watch, "MAX_DRAFT_FRAMES", 5)
    desk.save("figures/a.yaml", slow.replace("0.1", "0.2"))
    draft = next(desk.events)
    assert isinstance(draft, FigureRendered) and draft.draft and 2 <= draft.rendered.frames <= 6
    assert draft.rendered.paths == (Path("output/a.gif"),)
    with Image.open("output/a.gif") as image:
        assert image.n_frames <= 6
    # Were it all there ever is, make would know that it is not.
    assert Path("output/a.gif").stat().st_mtime < Path("figures/a.yaml").stat().st_mtime
    # Saved while the whole is rendered: that ends, and the new one is rendered.
    desk.save("figures/a.yaml", slow.replace("0.1", "0.3"))
    again, whole = desk.until_done()
    assert isinstance(again, FigureRendered) and again.draft
    assert isinstance(whole, FigureRendered) and whole.rendered.frames == 41 and not whole.draft
    assert whole.run.trials[0].chosen.options["lr"] == 0.3
    assert abs(whole.rendered.seconds - again.rendered.seconds) < 1
    assert Path("output/a.gif").stat().st_mtime > Path("figures/a.yaml").stat().st_mtime


def command(*arguments: str, cwd: Path, **more: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(Path(optanim.__file__).parents[1]), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "optanim", "watch", *arguments],
        cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_quietly(number: int, code: int, desk: Desk) -> None:
    running = command("figures", cwd=desk.folder)
    assert running.stderr
    lines = iter(running.stderr.readline, "")
    assert next(lines).startswith("output/a.gif  160×120, 7 frames")
    assert next(lines) == "watching; press Ctrl-C to stop\n"
    desk.save("figures/a.yaml", "surface: beal\nstart: [1, 1]\noptimizer: gd\n")
    assert "no surface is called 'beal'" in next(lines)
    time.sleep(0.2)
    running.send_signal(number)
    out, err = running.communicate(timeout=20)
    assert running.returncode == code and "Traceback" not in err and out == ""


def test_without_watchfiles_the_extra_is_named(desk: Desk) -> None:
    (desk.folder / "watchfiles.py").write_text("raise ImportError\n")
    running = command("figures", cwd=desk.folder, PYTHONPATH=str(desk.folder))
    _, err = running.communicate(timeout=20)
    assert running.returncode == 2 and "pip install 'watchfiles" in err
    assert not (desk.folder / "output").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-",), "standard input cannot be watched"),
        (("empty",), "there is no .yaml file in this folder"),
        (("figures", "--port", "99999"), "--port"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str, desk: Desk) -> None:
    (desk.folder / "empty").mkdir()
    done = optanim_("watch", *arguments, cwd=desk.folder)
    said = done.stderr.decode()
    assert done.returncode == 2 and message in said and "Traceback" not in said


@pytest.fixture
def served(desk: Desk) -> tuple[Desk, Board, str]:
    board = Board()
    for event in desk.until_done():
        board.update(event)
    return desk, board, start_server(board, 0)


def ask(address: str, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    port = int(address.rstrip("/").rpartition(":")[2])
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, headers={"Host": f"127.0.0.1:{port}", **headers})
        with connection.getresponse() as answer:
            return answer.status, answer.read()


def test_only_pictures_are_served_and_only_here(served: tuple[Desk, Board, str]) -> None:
    desk, _, address = served
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    assert ask(address, "/picture/1") == (200, desk.bytes("a.gif"))
    status, page = ask(address, "/")
    assert status == 200 and b"http" not in page.replace(b"<!doctype html>", b"")
    for path in (
        "/picture/2", "/picture/", "/picture/../../figures/a.yaml", "/output/a.gif", "/figures/",
        "/picture/..%2f..%2fetc%2fpasswd", "//etc/passwd", "/picture/²", "/picture/1/../1",
    ):  # fmt: skip
        assert ask(address, path.replace("²", "%C2%B2"))[0] == 404
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80"):
        assert ask(address, "/picture/1", Host=host)[0] == 421
    assert ask(address, "/picture/1", "POST")[0] == 405
    Path("output/a.gif").unlink()
    assert ask(address, "/picture/1")[0] == 404


def test_a_port_that_is_taken(served: tuple[Desk, Board, str]) -> None:
    _, _, address = served
    port = int(address.rstrip("/").rpartition(":")[2])
    with pytest.raises(
        optanim.ConfigError, match=f"--port {port}: error: cannot listen on this port"
    ):
        start_server(Board(), port)


def test_the_page_is_told_what_happens(served: tuple[Desk, Board, str]) -> None:
    desk, board, _ = served
    version, (shown,) = board.wait(0, 0)
    assert (shown.config, shown.title, shown.size) == ("figures/a.yaml", "Adam", (160, 120))
    assert shown.version == 1 and shown.alt.startswith("Adam is still moving") and not shown.wrong
    assert board.wait(version, 0)[0] == version
    desk.save("figures/a.yaml", CONFIG + "steps: 5\n")
    for event in desk.until_done():
        board.update(event)
    version, (shown,) = board.wait(version, 0)
    assert shown.version == 1 and "'steps' is set twice" in shown.wrong
    board.update(ConfigRemoved("figures/a.yaml"))
    assert board.wait(version, 0)[1] == [] and board.path("1") is None


@contextmanager
def watched(folder: Path) -> Iterator[str]:
    """A watch of its own, which serves its page at this address."""
    running = command("figures", "--serve", cwd=folder)
    assert running.stderr
    try:
        address = running.stderr.readline().rpartition(" ")[2].strip()
        while "watching" not in running.stderr.readline():
            pass
        yield address
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)


SEEN = """(() => {
  const card = [...document.querySelectorAll('figure')].find(
    card => card.querySelector('.config').textContent === 'figures/나.yaml')
  const image = card && card.querySelector('img')
  return card ? {
    version: Number(card.dataset.version), wrong: card.querySelector('pre').innerText,
    title: card.querySelector('b').textContent, width: image && image.naturalWidth,
    complete: image && image.complete, top: document.title, count: document.images.length,
    mark: window.mark || 0
  } : null
})()"""


@uses_chromium
def test_the_page_renews_itself_in_a_browser(desk: Desk) -> None:
    korean = CONFIG + "title: '경사 <b>하강</b> $\\eta$'\n"
    desk.save("figures/나.yaml", korean)
    with watched(desk.folder) as address, browser() as page:

        def seen(what: Callable[[dict[str, object]], object]) -> dict[str, object]:
            for _ in range(200):
                found = page.evaluate(SEEN)
                if found and what(found):
                    return found  # type: ignore[no-any-return]
                time.sleep(0.1)
            raise AssertionError(f"not in 20 seconds: {json.dumps(found)}")

        page.call("Page.navigate", url=address)
        first = seen(lambda found: found["version"] == 1 and found["width"])
        assert first["width"] == 160 and first["wrong"] == "" and first["count"] == 2
        assert first["title"] == "경사 <b>하강</b> η" and "경사" in str(first["top"])
        page.evaluate("window.mark = 7")
        desk.save("figures/나.yaml", korean.replace("[160, 120]", "[240, 160]"))
        second = seen(lambda found: found["version"] == 2)
        # The same page: nothing was loaded but the picture.
        assert second["width"] == 240 and second["mark"] == 7
        desk.save("figures/나.yaml", korean.replace("adam", "adma"))
        wrong = seen(lambda found: found["wrong"])
        assert "나.yaml:3:19: error: no optimizer is called 'adma'" in str(wrong["wrong"])
        assert wrong["version"] == 2 and wrong["width"] == 240
        assert str(wrong["top"]).startswith("✗")
        desk.save("figures/나.yaml", korean)
        right = seen(lambda found: found["version"] == 3)
        assert right["wrong"] == "" and right["width"] == 160 and right["mark"] == 7


@uses_chromium
def test_a_page_is_shown_in_a_frame_of_its_own(desk: Desk) -> None:
    """It is drawn there: its own policy and that of the server let it run."""
    desk.save("figures/a.yaml", CONFIG + "output: '{config}.html'\n")
    with watched(desk.folder) as address, browser() as page:
        page.call("Page.navigate", url=address)
        while not page.evaluate("document.querySelector('iframe')?.title"):
            time.sleep(0.1)
        color = np.array([0xC0, 0x3B, 0x07])  # of the first trace
        for _ in range(300):
            pixels = np.asarray(Image.open(io.BytesIO(page.picture())).convert("RGB"), int)
            if (np.abs(pixels - color).max(axis=2) < 8).sum() > 20:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("no trace is seen in 30 seconds")
        sandbox = page.evaluate("document.querySelector('iframe').getAttribute('sandbox')")
        assert sandbox == "allow-scripts"
        assert page.evaluate("document.querySelector('iframe').title").startswith("Adam")
