"""Every format: what other programs decode is what was painted, when it was meant."""

from __future__ import annotations

import io
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from optanim.encoding import ffmpeg
from optanim.encoding.film import Film
from optanim.encoding.metadata import comment_in, read_comment
from optanim.encoding.write import check_format, needs, takes_frames, write
from optanim.errors import ConfigError
from optanim.scene.timeline import Moment
from optanim.schema.catalogue import catalogue
from tests.command import begin, optanim_
from tests.needs import FFMPEG, FRAME_FORMATS, WRITABLE, uses_av1, uses_ffmpeg, uses_posix
from tests.painters import painter_of

Pixels = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 96, 64
SECONDS = [0.55, *[0.05] * 17, 0.35, 1.05]
"""Twenty frames a second with holds; the last but one stays longer, too."""


def picture(step: float) -> Pixels:
    """A disc that moves over bands of grey, in far fewer colors than a palette has."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    pixels[..., :3] = (230 - y // 16 * 8)[..., None]
    pixels[np.hypot(x - 10 - 4 * step, y - 30) < 9] = (0xD5, 0x5E, 0x00, 255)
    return pixels


def film(**options: object) -> Film:
    moments = [Moment(i, seconds) for i, seconds in enumerate(SECONDS)]
    return Film(picture, moments, **options)  # type: ignore[arg-type]


def written(folder: Path, name: str, made: Film | None = None, **options: object) -> Path:
    path = folder / f"a.{name}"
    with path.open("wb") as file:
        format = partial(catalogue("formats")[name].function, **options)
        write(made or film(), [(format, file)])
    return path


def opened(path: Path | str) -> Image.Image:
    """A picture that keeps no file open."""
    return Image.open(io.BytesIO(Path(path).read_bytes()))


def by_pillow(path: Path) -> tuple[list[Pixels], list[float]]:
    """Every frame as RGB, and when it is shown until; libwebp decodes WebP."""
    image, frames, clock, ends = opened(path), [], 0.0, []
    for i in range(image.n_frames):
        image.seek(i)
        frames.append(np.asarray(image.convert("RGB")))
        clock += image.info["duration"] / 1000
        ends.append(clock)
    return frames, ends


def by_ffmpeg(path: Path) -> tuple[list[Pixels], list[float]]:
    """The same of a video; equal neighbours, which only repeat, become one."""
    packets = told(path, "-map", "0:v", "-c", "copy", "-copyts", "-f", "framecrc")
    width, height = map(int, re.findall(r"^#dimensions 0: (\d+)x(\d+)$", packets, re.M)[0])
    unit = Fraction(re.findall(r"^#tb 0: (\S+)$", packets, re.M)[0])
    rows = re.findall(r"^0, +-?\d+, +(-?\d+), +(\d+), ", packets, re.M)
    ends = sorted(float((int(time) + int(duration)) * unit) for time, duration in rows)
    matrix = "scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int"
    return pictures(path, (height, width), "-vf", matrix), ends


def pictures(path: Path, size: tuple[int, int], *options: str) -> list[Pixels]:
    """Every frame as RGB, as ffmpeg decodes it."""
    command = [FFMPEG, "-v", "error", "-i", path, *options, "-fps_mode", "passthrough",
               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return [*np.frombuffer(done.stdout, np.uint8).reshape(-1, *size, 3)]


def told(path: Path, *options: str) -> str:
    """What ffmpeg tells of a file in one of its formats of text."""
    command = [FFMPEG, "-v", "error", "-i", path, *options, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


DECODERS = {
    "gif": by_pillow, "png": by_pillow, "webp": by_pillow, "mp4": by_ffmpeg, "webm": by_ffmpeg
}  # fmt: skip
"""Another program for each format, which decodes what was written."""


DECODED = [format for format in FRAME_FORMATS if format.values[0] in DECODERS]


def test_every_format_has_a_decoder() -> None:
    assert {*DECODERS} == {format.values[0] for format in FRAME_FORMATS}


@pytest.mark.parametrize("name", DECODED)
def test_pictures_and_times(name: str, tmp_path: Path) -> None:
    check_pictures_and_times(written(tmp_path, name), DECODERS[name])


def check_pictures_and_times(
    path: Path, decoder: Callable[[Path], tuple[list[Pixels], list[float]]]
) -> None:
    """What is shown at the begin and at the end of each frame of `film` is its picture."""
    frames, ends = decoder(path)
    until = np.cumsum(SECONDS)
    assert abs(ends[-1] - until[-1]) < 0.001
    for i, end in enumerate(until):
        # What is shown just before the frame ends, and just after it began.
        for moment in (end - 0.01, end - SECONDS[i] + 0.01):
            shown = frames[int(np.searchsorted(ends, moment))].astype(int)
            away = np.abs(shown - picture(i)[..., :3])
            if decoder is not by_ffmpeg:
                assert not away.any(), f"frame {i} differs"
            else:
                # Half of the color's resolution blurs edges; areas keep their color.
                assert away.mean() < 3 and away[2, 2].max() <= 2
                assert away[30, 10 + 4 * i].max() <= 4, f"the disc of frame {i} is elsewhere"


@pytest.mark.parametrize("name", FRAME_FORMATS)
def test_a_film_that_is_painted_into_one_picture(name: str, tmp_path: Path) -> None:
    """Formats sample other frames for their palette while they have the first one."""
    painter = painter_of(
        "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 9\n",
        "figure.size=[160, 120]",
    )  # fmt: skip
    moments = painter.scene.moments
    made = Film(painter.paint, moments, repaint=painter.repaint)
    copies = written(tmp_path, name, Film(painter.paint, moments)).read_bytes()
    assert written(tmp_path, name, made).read_bytes() == copies


@uses_av1
def test_webm_may_be_av1(tmp_path: Path) -> None:
    path = written(tmp_path, "webm", film(comment="a text"), codec="av1")
    first = path.read_bytes()
    assert b"V_AV1" in first and read_comment(path) == "a text"
    check_pictures_and_times(path, by_ffmpeg)
    assert written(tmp_path, "webm", film(comment="a text"), codec="av1").read_bytes() == first
    assert b"V_VP9" in written(tmp_path, "webm", codec="vp9").read_bytes()
    assert written(tmp_path, "webm", codec="vp9").read_bytes() == (
        written(tmp_path, "webm").read_bytes()
    )


@uses_posix
def test_an_ffmpeg_without_av1_is_told_before_anything_is_drawn(folder: Path) -> None:
    path = path_with(folder, "echo \"Codec 'libsvtav1' is not recognized by FFmpeg.\"")
    config = CONFIG + "output: a.gif\nformats: [{name: webm, codec: av1}]\n"
    (folder / "a.yaml").write_text(config)
    for command in ("check", "render"):
        done = optanim_(command, "a.yaml", cwd=folder, PATH=path)
        said = done.stderr.decode()
        assert done.returncode == 2 and "this ffmpeg has no encoder libsvtav1" in said
        assert "help: write codec: vp9, or install an ffmpeg from 5.1 on with SVT-AV1" in said
    assert {p.name for p in folder.iterdir()} == {"a.yaml", "bin"}


@uses_ffmpeg
def test_a_second_decoder_of_apng_sees_the_same(tmp_path: Path) -> None:
    frames, _ = by_pillow(written(tmp_path, "png"))
    decoded = pictures(tmp_path / "a.png", (HEIGHT, WIDTH))
    assert all((a == b).all() for a, b in zip(decoded, frames, strict=True))


@pytest.mark.parametrize("name", DECODED)
@pytest.mark.parametrize("size", [(17, 16), (16, 17), (33, 35)])
def test_odd_sizes_stills_and_many_colors(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    noise = np.full((*size, 4), 255, np.uint8)
    noise[..., :3] = np.random.default_rng(1).integers(0, 256, (*size, 3)) // 32 * 32
    noise[::2] = noise[1::2] if len(noise) % 2 == 0 else 90
    still = Film(lambda step: noise, [Moment(0, 1.0)])
    path = written(tmp_path, name, still)
    if DECODERS[name] is by_ffmpeg:
        frames, ends = by_ffmpeg(path)
        assert frames[0].shape == (size[0] + size[0] % 2, size[1] + size[1] % 2, 3)
        assert abs(ends[-1] - 1) < 0.001
        return
    image = opened(path)
    assert image.size == size[::-1] and getattr(image, "n_frames", 1) == 1
    away = np.abs(np.asarray(image.convert("RGB"), int) - noise[..., :3])
    assert not away.any() if name != "gif" else away.mean() < 8


@pytest.fixture(scope="module")
def beside_others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of each format, all written at once."""
    painted: list[float] = []

    def paint(step: float) -> Pixels:
        painted.append(step)
        return picture(step)

    moments = [Moment(i, seconds) for i, seconds in enumerate(SECONDS)]
    folder = tmp_path_factory.mktemp("beside")
    names = [name for name in WRITABLE if takes_frames(catalogue("formats")[name].function)]
    paths = [folder / f"b.{name}" for name in names]
    files = [path.open("wb") for path in paths]
    functions = [catalogue("formats")[name].function for name in names]
    write(Film(paint, moments, comment="a text"), list(zip(functions, files, strict=True)))
    # Once for all, and once more for the samples of the palette that some share.
    assert len(painted) <= 2 * len(SECONDS)
    for file in files:
        file.close()
    return {name: path.read_bytes() for name, path in zip(names, paths, strict=True)}


@pytest.mark.parametrize("name", FRAME_FORMATS)
def test_the_same_bytes_alone_twice_and_beside_others(
    name: str, beside_others: dict[str, bytes], tmp_path: Path
) -> None:
    for _ in range(2):
        alone = written(tmp_path, name, film(comment="a text")).read_bytes()
        assert beside_others[name] == alone


@pytest.mark.parametrize("loop", [0, 1, 3])
@pytest.mark.parametrize("name", ["png", "webp"])
def test_loops(name: str, loop: int, tmp_path: Path) -> None:
    assert opened(written(tmp_path, name, film(loop=loop))).info["loop"] == loop


TEXTS = [
    "",
    "one",
    "it's \"x\" = y; # 경사하강법 \\ {} <a href='b'>&amp;</a> ]]>\n\n\ttab \n",
    "\n".join(f"line {i}: 학습률 \\eta = 0.1; # η" for i in range(1000)),
]


@pytest.mark.parametrize("text", TEXTS, ids=["none", "short", "marks", "long"])
@pytest.mark.parametrize("name", DECODED)
def test_a_text_comes_back(name: str, text: str, tmp_path: Path) -> None:
    still = Film(picture, [Moment(0, 0.1)], comment=text)
    for made in (film(comment=text), still):
        path = written(tmp_path, name, made)
        assert read_comment(path) == text
    if not text:
        assert b"omment" not in path.read_bytes() and b"COMMENT" not in path.read_bytes()
    elif DECODERS[name] is by_ffmpeg:
        (comment,) = re.findall(r"^comment=((?:\\.|[^\\\n])*)$", told(path, "-f", "ffmetadata"),
                                re.M | re.S | re.I)  # fmt: skip
        assert re.sub(r"\\(.)", r"\1", comment, flags=re.S) == text
    else:
        info = opened(path).info
        said = {"gif": info.get("comment"), "png": info.get("Comment"), "webp": info.get("xmp")}
        held = said.get(name, text)  # of a format that is not known here
        held = held.decode() if isinstance(held, bytes) else held
        if name == "webp":
            held = "".join(ElementTree.fromstring(held).itertext())
        assert held == text


def test_line_breaks_are_those_of_unix() -> None:
    assert Film(picture, [], comment="a\r\nb\rc\n").comment == "a\nb\nc\n"


SIGNATURES = [
    b"<!doctype html><!-- A figure of optanim -->", b"<svg><metadata>", b"%PDF-1.4\n/Comment (",
    b"GIF89a\1\0\1\0\x80", b"\x89PNG\r\n\x1a\n", b"RIFF    WEBP", b"    ftyp", b"\x1aE\xdf\xa3"
]  # fmt: skip


@given(st.sampled_from(SIGNATURES), st.binary(max_size=200))
def test_any_bytes_have_a_text_or_none(head: bytes, body: bytes) -> None:
    assert isinstance(comment_in(head + body), str)


@pytest.mark.parametrize("name", FRAME_FORMATS)
def test_a_cut_file_has_a_text_or_none(name: str, tmp_path: Path) -> None:
    data = written(tmp_path, name, film(comment="whole")).read_bytes()
    for length in range(0, len(data), max(1, len(data) // 50)):
        (tmp_path / "cut").write_bytes(data[:length])
        assert "whole".startswith(read_comment(tmp_path / "cut"))


MEMORY = """
import resource, sys
import numpy as np
from optanim.schema.catalogue import catalogue
from optanim.encoding.film import Film
from optanim.scene.timeline import Moment
from optanim.encoding.write import write

def paint(step):
    pixels = np.full((240, 320, 4), 255, np.uint8)
    pixels[int(step) % 200 : int(step) % 200 + 30, 40:90, :3] = (213, 94, int(step) % 40)
    return pixels

def peak(count):
    made = Film(paint, [Moment(i, 0.02) for i in range(count)])
    with open(sys.argv[1], "wb") as file:
        write(made, [(catalogue("formats")[sys.argv[2]].function, file)])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

few = peak(30)
print(peak(270) - few)
"""


@uses_posix
@pytest.mark.parametrize("name", FRAME_FORMATS)
def test_memory_is_flat(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEMORY, str(tmp_path / f"a.{name}"), name]
    grown = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    # 240 frames of 300 kB are 72 MB; the peak is in kB, on macOS in bytes.
    assert grown / (1024 if sys.platform == "darwin" else 1) < 20_000


# Programs in place of ffmpeg.

CONFIG = """
surface: quadratic
start: [-4, 3]
optimizer: gd
steps: 10
figure: {size: [320, 240]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(CONFIG)
    return tmp_path


def path_with(folder: Path, script: str) -> str:
    """A PATH on which the only ffmpeg is a script."""
    (folder / "bin").mkdir()
    program = folder / "bin" / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return f"{folder / 'bin'}:/usr/bin:/bin"


@uses_posix
@pytest.mark.parametrize("script", ["echo first >&2; echo No such thing >&2; exit 1", "exit 3"])
def test_a_failing_ffmpeg_is_told_in_a_line(script: str, folder: Path) -> None:
    (folder / "a.mp4").write_bytes(b"old")
    (folder / "a.gif").write_bytes(b"old")
    arguments = ("render", "a.yaml", "-o", "a.gif", "-s", "formats=[mp4]")
    done = optanim_(*arguments, cwd=folder, PATH=path_with(folder, script))
    reason = "No such thing" if "No such" in script else "it failed without a message"
    assert done.returncode == 1 and done.stdout == b""
    (said,) = done.stderr.decode().strip().splitlines()
    assert said == f"a.yaml: error: cannot write {folder.resolve()}/a.mp4: ffmpeg: {reason}"
    assert {p.name for p in folder.iterdir()} == {"a.yaml", "a.mp4", "a.gif", "bin"}
    assert (folder / "a.mp4").read_bytes() == (folder / "a.gif").read_bytes() == b"old"


@uses_posix
@pytest.mark.parametrize(
    ("number", "code", "waits"),
    [
        (signal.SIGTERM, 143, "sleep 60"),
        (signal.SIGINT, 130, "sleep 60"),
        (9, -9, "cat"),  # who is killed cannot kill: ffmpeg's input ends, and so does it
    ],
)
def test_an_interrupted_run_leaves_no_ffmpeg(
    number: int, code: int, waits: str, folder: Path
) -> None:
    told = folder / "pid"
    path = path_with(folder, f"echo $$ > {told}.tmp; mv {told}.tmp {told}; exec {waits}")
    process = begin("render", "a.yaml", "-o", "a.mp4", cwd=folder, PATH=path)
    while not told.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait() == code
    for _ in range(500):  # it is gone when the system has noticed
        try:
            os.kill(int(told.read_text()), 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        pytest.fail("ffmpeg lives on")
    assert not (folder / "a.mp4").exists()


def test_without_ffmpeg_nothing_is_rendered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ConfigError, match=r"need ffmpeg(.|\n)*pip install 'imageio-ffmpeg"):
        check_format(catalogue("formats")["mp4"].function)
    check_format(catalogue("formats")["gif"].function)

    import optanim

    (tmp_path / "a.yaml").write_text(CONFIG + "output: out/a.gif\nformats: [webm]\n")
    run = optanim.load(str(tmp_path / "a.yaml"))  # which is all that `check` does
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"a\.yaml: error: mp4 and webm need ffmpeg"):
        optanim.render(run)
    assert not (tmp_path / "out").exists()


def test_the_copy_of_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from imageio_ffmpeg import get_ffmpeg_exe

    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg.find_ffmpeg() == get_ffmpeg_exe()
    assert read_comment(written(tmp_path, "mp4", film(comment="from the copy"))) == "from the copy"


def test_one_that_fails_ends_the_others() -> None:
    ended: list[str] = []

    def format(name: str, fails: bool) -> Callable[..., object]:
        def writer(film: Film, file: io.BytesIO) -> object:
            try:
                yield
                yield
                if fails:
                    raise OSError(28, "No space left on device")
                while (yield):
                    pass
            finally:
                ended.append(name)

        return needs(lambda: None)(writer)  # type: ignore[arg-type]

    files = [(format("a", False), io.BytesIO()), (format("b", True), io.BytesIO())]
    with pytest.raises(OSError, match="No space"):
        write(film(), files)  # type: ignore[arg-type]
    assert sorted(ended) == ["a", "b"]


@pytest.mark.parametrize("name", [n for n, decoder in DECODERS.items() if decoder is by_pillow])
def test_output_moves_and_a_png_among_formats_is_the_poster(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import optanim

    monkeypatch.chdir(folder)
    run = optanim.load("a.yaml", set=[f"output=a.{name}", "formats=[gif, png, webp]"])
    made = optanim.render(run)
    for path in made.paths:
        still = path.suffix == ".png" and name != "png"
        assert (getattr(opened(path), "n_frames", 1) == 1) == still
    if name != "png":
        optanim.render(run, output="last.png", frame=-1)
        assert Path("last.png").read_bytes() == Path("a.png").read_bytes()
