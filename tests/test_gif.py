"""The encoder: what other programs decode is what was painted, when it was meant."""

from __future__ import annotations

import io
import subprocess
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from optanim.drawing.pixels import pack_rgb
from optanim.encoding.film import Film
from optanim.encoding.formats.gif import gif
from optanim.encoding.formats.png import png
from optanim.encoding.formats.webp import webp
from optanim.encoding.frame_diff import FrameBox, split_box
from optanim.encoding.palette import MAX_SQUARED_DISTANCE, Palette, choose_palette
from optanim.encoding.write import Writer, write
from optanim.scene.timeline import Moment
from tests import strict_gif
from tests.needs import FFMPEG, GIFSICLE, uses_ffmpeg, uses_gifsicle

Pixels = npt.NDArray[np.uint8]


def film(pictures: Sequence[Pixels], seconds: Sequence[float], **options: object) -> Film:
    moments = [Moment(i, s) for i, s in enumerate(seconds)]
    return Film(lambda step: pictures[int(step)], moments, **options)  # type: ignore[arg-type]


def written(made: Film, format: Callable[..., Writer] = gif) -> bytes:
    file = io.BytesIO()
    write(made, [(format, file)])
    return file.getvalue()


compact = partial(gif, compact=True)


def pictures(seed: int, count: int, colors: int, size: tuple[int, int] = (30, 40)) -> list[Pixels]:
    """Pictures that change in a random box from one to the next."""
    random = np.random.default_rng(seed)
    palette = random.integers(0, 256, (colors, 3), dtype=np.uint8)
    height, width = size
    now = np.full((height, width, 4), 255, np.uint8)
    now[..., :3] = palette[random.integers(0, colors, size)]
    made = [now]
    for _ in range(count - 1):
        now = now.copy()
        top, left = random.integers(0, height), random.integers(0, width)
        box = now[top : top + random.integers(1, 12), left : left + random.integers(1, 12), :3]
        box[:] = palette[random.integers(0, colors, box.shape[:2])]
        made.append(now)
    return made


def by_pillow(data: bytes) -> tuple[list[Pixels], list[int]]:
    """Every frame as RGB, and how long each stays in ms."""
    image = Image.open(io.BytesIO(data))
    frames, stays = [], []
    for i in range(image.n_frames):
        image.seek(i)
        frames.append(np.asarray(image.convert("RGB")))
        stays.append(image.info["duration"])
    return frames, stays


def by_ffmpeg(data: bytes, size: tuple[int, int], tmp_path: Path) -> Pixels:
    """Every frame as RGB, repeated at 100 a second."""
    file = tmp_path / "a.gif"
    file.write_bytes(data)
    done = subprocess.run(
        [FFMPEG, "-v", "error", "-ignore_loop", "1", "-i", str(file), "-vf", "fps=100",
         "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert not done.stderr
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, *size, 3)


def by_gifsicle(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "a.gif"
    file.write_bytes(data)
    done = subprocess.run(
        [GIFSICLE, "--info", str(file)], capture_output=True, text=True, check=True
    )
    assert not done.stderr  # where it warns of a damaged file
    return done.stdout


@settings(max_examples=40)
@given(
    seed=st.integers(0, 999),
    colors=st.integers(1, 255),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    seconds=st.lists(st.floats(0.02, 1.5), min_size=1, max_size=12),
)
def test_exact_up_to_255_colors(
    seed: int, colors: int, size: tuple[int, int], seconds: list[float]
) -> None:
    # Fours apart: of nearer colors one may stand for another, where that makes codes shorter.
    shown = [picture & 0xFC for picture in pictures(seed, len(seconds), colors, size)]
    frames, stays = by_pillow(written(film(shown, seconds)))
    # Equal neighbours are one frame; the others are all there, in order.
    different = [p for i, p in enumerate(shown) if i == 0 or (p != shown[i - 1]).any()]
    assert len(frames) == len(different)
    assert all((a == b[..., :3]).all() for a, b in zip(frames, different, strict=True))
    assert sum(stays) == 10 * round(100 * sum(seconds))
    assert min(stays) >= 10 * int(100 * min(seconds))


@uses_ffmpeg
@uses_gifsicle
def test_a_second_decoder_sees_the_same(tmp_path: Path) -> None:
    shown = pictures(3, 12, 200)
    seconds = [0.07, 0.05, 0.033, 0.1, 0.041, 0.06, 0.02, 0.5, 0.04, 0.04, 0.04, 0.2]
    data = written(film(shown, seconds, loop=3))
    ends = np.round(100 * np.cumsum(seconds)).astype(int)
    decoded = by_ffmpeg(data, (30, 40), tmp_path)
    for picture, begin, end in zip(shown, [0, *ends[:-1]], ends, strict=True):
        part = decoded[begin : min(end, len(decoded))]
        assert (part == picture[..., :3]).all()
    info = by_gifsicle(data, tmp_path)
    assert "12 images" in info and "logical screen 40x30" in info and "loop count 2" in info
    delays = [f"delay {delay / 100:.2f}s" for delay in np.diff([0, *ends])]
    assert [line.split("asis ")[1] for line in info.splitlines() if "delay" in line] == delays


@uses_gifsicle
@pytest.mark.parametrize(
    ("loop", "says"),
    [(0, "loop forever"), (1, None), (2, "loop count 1"), (65536, "loop count 65535")],
)
def test_loops(loop: int, says: str | None, tmp_path: Path) -> None:
    info = by_gifsicle(written(film(pictures(1, 3, 9), [0.1] * 3, loop=loop)), tmp_path)
    assert says in info if says else "  loop" not in info


@uses_gifsicle
def test_long_stays_and_equal_frames(tmp_path: Path) -> None:
    one, two = pictures(5, 2, 40)
    data = written(film([one, one, two, two], [300.0, 400.0, 0.1, 0.1]))
    assert sum(by_pillow(data)[1]) == 700_200
    assert "damaged" not in by_gifsicle(data, tmp_path)


def test_no_delay_that_browsers_would_stretch() -> None:
    shown = pictures(8, 4, 30)
    stays = by_pillow(written(film(shown, [0.001, 0.004, 0.2, 0.1])))[1]
    assert min(stays) >= 20 and sum(stays) == 310  # what a frame took too much, a later one gives
    made = by_pillow(written(film(shown[:2], [655.36, 0.05])))[1]
    assert min(made) >= 20 and sum(made) == 655_410


def test_first_frame_whole_then_small_ones_over_it() -> None:
    data = written(film(pictures(4, 6, 100), [0.1] * 6))
    assert data[-1] == 0x3B and data[:6] == b"GIF89a" and data[13:16] == bytes(3)
    image = Image.open(io.BytesIO(data))
    assert "transparency" not in image.info and image.dispose_extent == (0, 0, 40, 30)
    for i in range(1, 6):
        image.seek(i)
        assert image.disposal_method == 1
        left, top, right, bottom = image.dispose_extent
        assert right - left < 13 and bottom - top < 13


def test_bridges_over_short_gaps_change_no_pixel() -> None:
    one = np.full((20, 40, 4), 255, np.uint8)
    two = one.copy()
    two[5, [3, 5, 9, 17], :3] = 7  # gaps that the background fills
    three = two.copy()
    three[5, 2:20, :3] = 7  # and gaps of the color itself
    shown = [one, two, three, one]
    frames, _ = by_pillow(written(film(shown, [0.1] * 4)))
    assert all((a == b[..., :3]).all() for a, b in zip(frames, shown, strict=True))


def test_very_many_colors_are_chosen_soon() -> None:
    noise = np.full((200, 200, 4), 255, np.uint8)
    noise[..., :3] = np.random.default_rng(1).integers(0, 256, (200, 200, 3))
    palette = choose_palette(film([noise], [0.1]))
    chosen = palette.colors[palette.index(pack_rgb(noise)).astype(int) - 1]
    assert len(palette.colors) <= 255
    assert 10 * np.log10(255**2 / np.square(chosen.astype(float) - noise[..., :3]).mean()) > 24


def test_more_colors_than_a_palette_come_out_close_and_the_kept_ones_exactly() -> None:
    ramp = np.zeros((64, 64, 4), np.uint8)
    ramp[..., 0], ramp[..., 1], ramp[..., 3] = np.arange(64) * 4, np.arange(64)[:, None] * 2, 255
    marked = ramp.copy()
    marked[10:12, 10:12, :3] = (0xD5, 0x5E, 0x00)
    made = film([ramp, marked], [0.1, 0.1], colors=["#D55E00"])
    first, second = by_pillow(written(made))[0]
    assert (second[10:12, 10:12] == (0xD5, 0x5E, 0x00)).all()
    error = np.square(first.astype(float) - ramp[..., :3]).mean()
    assert 10 * np.log10(255**2 / error) > 35


def test_the_palette_counts_what_stays() -> None:
    random = np.random.default_rng(0)
    flash = np.full((40, 40, 4), 255, np.uint8)
    flash[..., :3] = random.integers(0, 256, (40, 40, 3))
    calm = np.full((40, 40, 4), 255, np.uint8)
    calm[..., :3] = np.repeat(random.integers(0, 256, (100, 3)), 16, axis=0).reshape(40, 40, 3)
    palette = choose_palette(film([flash] + [calm] * 50, [0.1] * 51))
    shown = palette.colors[palette.index(pack_rgb(calm)).astype(int) - 1]
    assert len(palette.colors) <= 255 and (shown == calm[..., :3]).all()


def test_shorter_codes_for_colors_that_look_the_same() -> None:
    shades = np.arange(255, dtype=np.uint8)
    palette = Palette(np.stack([shades % 85 * 3, shades // 85, np.full(255, 7, np.uint8)], axis=1))
    near = np.array([1, 86, 171], np.uint8)  # one color and its neighbours, a step of green apart
    far = np.array([1, 86, 200], np.uint8)
    assert palette.with_short_codes(near).max() <= 15
    for indices in (near, far, np.arange(1, 256, dtype=np.uint8)):
        shorter = palette.with_short_codes(indices)
        moved = palette.colors[shorter - 1].astype(int) - palette.colors[indices - 1]
        assert (moved**2).sum(axis=1).max() <= MAX_SQUARED_DISTANCE
    assert palette.with_short_codes(far).max() <= 127


def test_only_a_film_that_moves_all_the_time_has_fewer_colors() -> None:
    noise = np.random.default_rng(0).integers(0, 8, (30, 30, 4), np.uint8)
    noise[..., 3] = 255
    rolled = [np.roll(noise, i, axis=1) for i in range(12)]
    counts = [
        len(choose_palette(film(pictures, [0.1] * 12)).colors)
        for pictures in (rolled, [noise, *[rolled[1]] * 11], [noise] * 12)
    ]
    assert counts[0] < 100 and counts[1:] == [255, 255]


def test_frames_are_painted_and_let_go() -> None:
    alive = 0
    most = 0

    def paint(step: float) -> Pixels:
        nonlocal alive, most
        picture = np.full((8, 8, 4), 255, np.uint8)
        picture[int(step) % 8, :, 0] = int(step)
        alive += 1
        most = max(most, alive)

        def gone() -> None:
            nonlocal alive
            alive -= 1

        weakref.finalize(picture, gone)
        return picture

    made = Film(paint, [Moment(i, 0.05) for i in range(200)])
    write(made, [(gif, io.BytesIO()), (png, io.BytesIO()), (webp, io.BytesIO())])
    assert most <= 3


@pytest.mark.parametrize("bits", range(3, 9))
def test_a_strict_decoder_finds_each_end_code(bits: int) -> None:
    """Of some hundred images one fills the table, and its last byte, just before the end code."""
    random = np.random.default_rng(bits)
    palette = random.integers(0, 256, ((1 << bits) - 1, 3), dtype=np.uint8)
    shown = np.full((1, 600, 4), 255, np.uint8)
    shown[..., :3] = palette[random.integers(0, len(palette), (1, 600))]
    noisy = [shown]
    for length in range(1, 600):
        noisy.append(noisy[-1].copy())
        noisy[-1][0, :length, :3] = palette[random.integers(0, len(palette), length)]
    made = film(noisy, [0.1] * len(noisy))
    decoded = [strict_gif.indices(*image) for image in strict_gif.images(written(made))]
    assert len(decoded) >= len(noisy) and len(decoded[0]) == 600


def laid(boxes: Sequence[FrameBox], screen: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A screen of indices after boxes were laid over it."""
    screen = screen.copy()
    for box in boxes:
        height, width = box.indices.shape
        part = screen[box.top : box.top + height, box.left : box.left + width]
        part[box.indices > 0] = box.indices[box.indices > 0]
    return screen


def around(changed: npt.NDArray[np.bool_]) -> int:
    """The area of the smallest rectangle that has all changed pixels; 0 if there is none."""
    rows, columns = np.nonzero(changed)
    return int(np.ptp(rows) + 1) * int(np.ptp(columns) + 1) if len(rows) else 0


@given(
    data=st.data(),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    rare=st.integers(1, 12),
    falls=st.booleans(),
)
def test_two_boxes_change_the_same_pixels_in_the_least_area(
    data: st.DataObject, height: int, width: int, rare: int, falls: bool
) -> None:
    cells = st.integers(-rare, 3).map(lambda i: max(i, 0))
    drawn = data.draw(st.lists(cells, min_size=height * width, max_size=height * width))
    indices = np.array(drawn, np.uint8).reshape(height, width)
    # A box begins and ends where something changes, as at two of its corners.
    indices[0, 0 if falls else -1] = 4
    indices[-1, -1 if falls else 0] = 5
    box = FrameBox(2, 3, indices, 7)
    cuts = [around(indices[:i] > 0) + around(indices[i:] > 0) for i in range(1, height)]
    cuts += [around(indices[:, :i] > 0) + around(indices[:, i:] > 0) for i in range(1, width)]
    parts = split_box(box, 2)
    if parts is None:
        assert min(cuts, default=indices.size) >= indices.size
        return
    assert sum(part.indices.size for part in parts) == min(cuts) < indices.size
    assert [part.delay for part in parts] == [2, 5]
    screen = np.full((15, 14), 9, np.uint8)
    assert (laid(parts, screen) == laid([box], screen)).all()
    assert (laid(parts[::-1], screen) == laid([box], screen)).all()


def moved(count: int, size: tuple[int, int] = (90, 120)) -> list[Pixels]:
    """A head that moves at one corner, and a number of three strokes that changes at another."""
    made = []
    for i in range(count):
        picture = np.full((*size, 4), 255, np.uint8)
        picture[70 - i : 76 - i, 5 + 2 * i : 11 + 2 * i, :3] = (213, 94, 0)
        for stroke in range(3):
            picture[3:9, 100 + 5 * stroke : 102 + 5 * stroke + (i + stroke) % 3, :3] = 40
        made.append(picture)
    return made


def at_frame_ends(data: bytes, stays: Sequence[int]) -> list[Pixels]:
    """What Pillow shows just before the end of each frame, whose durations are in ms."""
    frames, delays = by_pillow(data)
    ends = np.cumsum(delays)
    return [frames[int(np.searchsorted(ends, end - 5))] for end in np.cumsum(stays)]


@settings(max_examples=25)
@given(
    seed=st.integers(0, 999),
    colors=st.integers(2, 60),
    delays=st.lists(st.integers(2, 30), min_size=2, max_size=8),
)
def test_a_compact_gif_ends_each_frame_with_the_same_pixels_at_the_same_time(
    seed: int, colors: int, delays: list[int]
) -> None:
    # Two boxes far apart change in each frame.
    upper, lower = (pictures(seed + i, len(delays), colors, (30, 40)) for i in (0, 1000))
    room = np.full((60, 40, 4), 255, np.uint8)
    shown = [np.concatenate([a, room, b]) for a, b in zip(upper, lower, strict=True)]
    made = film(shown, [delay / 100 for delay in delays])
    plain, smaller = written(made), written(made, compact)
    assert len(smaller) <= len(plain)
    stays = by_pillow(plain)[1]
    assert sum(by_pillow(smaller)[1]) == sum(stays) and min(by_pillow(smaller)[1]) >= 20
    pairs = zip(at_frame_ends(plain, stays), at_frame_ends(smaller, stays), strict=True)
    assert all((a == b).all() for a, b in pairs)


def test_only_a_frame_with_the_time_is_two_images() -> None:
    shown = moved(6)
    for fps, images in ((50, 6), (30, 8), (25, 11), (20, 11), (4, 11)):
        made = film(shown, [1 / fps] * 6)
        frames, stays = by_pillow(written(made, compact))
        # At 30 a second every third frame has 4 hundredths.
        assert len(frames) == images and min(stays) >= 20, fps
        assert sum(stays) == 10 * round(100 * 6 / fps)
    assert len(by_pillow(written(film(shown, [0.05] * 6)))[0]) == 6
    assert len(written(film(shown, [0.05] * 6), compact)) < 0.9 * len(
        written(film(shown, [0.05] * 6))
    )


def test_a_frame_whose_changes_are_in_one_place_is_one_image() -> None:
    shown = moved(6)
    for picture in shown:
        picture[:20, 90:] = 255
    made = film(shown, [0.05] * 6)
    assert written(made, compact) == written(made)


@uses_ffmpeg
@uses_gifsicle
def test_a_second_decoder_sees_both_images(tmp_path: Path) -> None:
    shown = moved(8)
    data = written(film(shown, [0.05] * 8), compact)
    decoded = by_ffmpeg(data, (90, 120), tmp_path)
    info = by_gifsicle(data, tmp_path)
    assert "15 images" in info and info.count("disposal asis") == 15
    assert info.count("delay 0.02s") == info.count("delay 0.03s") == 7
    frames, stays = by_pillow(data)
    assert sum(stays) == 400
    for i, picture in enumerate(shown):
        at_end = decoded[min(5 * i + 4, len(decoded) - 1)]
        assert (at_end == picture[..., :3]).all()
    ends = [0, *np.cumsum(stays)]
    for frame, begin in zip(frames, ends, strict=False):  # every image, the first of two as well
        assert (decoded[begin // 10] == frame).all()
