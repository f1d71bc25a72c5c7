"""The commands, run as people run them."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import optanim
from optanim.cli.commands.list import KINDS
from optanim.cli.terminal import LONG_FILM, figure_lines
from optanim.experiment.trials import trajectories_of
from optanim.pipeline.render import RenderResult
from optanim.scene.timeline import timeline
from optanim.schema.catalogue import by_family, catalogue
from tests.command import begin, optanim_
from tests.test_processes import wait_for

TEMPLATES = sorted(
    file.stem for file in Path(optanim.__file__).parent.joinpath("cli/templates").glob("*.yaml")
)
CONFIG = "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: adam, lr: 1e-1}\nsteps: 8\n"
SMALL = (
    CONFIG
    + "figure: {size: [160, 120]}\nanimation: {fps: 12, steps_per_second: 10, hold_end: 0.5}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(SMALL)
    return tmp_path


def test_render_says_what_it_made(folder: Path) -> None:
    done = optanim_("render", "a.yaml", cwd=folder)
    assert done.returncode == 0 and done.stdout == b""
    made = folder / "output" / "a.gif"
    assert done.stderr.decode().startswith(f"output{os.sep}a.gif  160×120, 11 frames, 1.4 s, ")
    with Image.open(made) as image:
        stays = []
        for i in range(image.n_frames):
            image.seek(i)
            stays.append(image.info["duration"])
        # 8 steps at 10 a second and 12 frames a second, and the hold.
        assert sum(stays) == round(100 * (11 / 12 + 0.5)) * 10
        assert set(stays[:-1]) == {80, 90} and image.size == (160, 120) and image.info["loop"] == 0


def test_many_configs_one_of_them_wrong(folder: Path) -> None:
    (folder / "b.yaml").write_text("surface: beal\n")
    (folder / "c.yaml").write_text(SMALL)
    done = optanim_("render", ".", "-q", "--frame", "last", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.decode().split() == ["output/a.png", "output/c.png"]
    assert b"b.yaml:1:10: error: no surface is called 'beal'" in done.stderr
    assert optanim_("render", "b.yaml", cwd=folder).returncode == 2


def test_json_stdout_and_stdin(folder: Path) -> None:
    done = optanim_("render", "a.yaml", "--json", "-o", "x/{config}-{optimizer}.gif", cwd=folder)
    (made,) = json.loads(done.stdout)
    assert made["paths"] == ["x/a-adam.gif"] and made["frames"] == 11
    assert made["optimizers"][0]["status"] == "finished"
    piped = optanim_("render", "-", "-o", "-", cwd=folder, input=SMALL.encode())
    assert piped.returncode == 0
    assert piped.stdout == (folder / "x/a-adam.gif").read_bytes()


def test_frames_by_number(folder: Path) -> None:
    pictures = []
    for frame in ("first", "0", "last", "8", "3"):
        done = optanim_("render", "a.yaml", "--frame", frame, "-o", f"{frame}.png", cwd=folder)
        assert done.returncode == 0
        with Image.open(folder / f"{frame}.png") as image:
            pictures.append(image.tobytes())
    assert pictures[0] == pictures[1] and pictures[2] == pictures[3] != pictures[4]
    for frame in ("9", "middle"):
        assert optanim_("render", "a.yaml", "--frame", frame, cwd=folder).returncode == 2


def test_formats_beside_the_output(folder: Path) -> None:
    (folder / "a.yaml").write_text(SMALL + "formats: [png]\n")
    assert optanim_("render", "a.yaml", cwd=folder).returncode == 0
    with Image.open(folder / "output/a.gif") as gif, Image.open(folder / "output/a.png") as png:
        gif.seek(gif.n_frames - 1)
        difference = np.abs(np.asarray(gif.convert("RGB"), int) - np.asarray(png, int))
    assert difference.mean() < 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("render", "a.yaml", "-o", "a.gfi"), "no format is called '.gfi'"),
        (("render", "a.yaml", "-o", "folder.gif"), "is a folder, not a file"),
        (("render", "a.yaml", "b.yaml", "-o", "x.gif"), "would write x.gif, as a.yaml does"),
        (("render", "nothing.yaml"), "there is no such file"),
        (("render", "empty"), "there is no .yaml file in this folder"),
        (("render", "a.yaml", "b.yaml", "-o", "-"), "standard output takes only one figure"),
        (("trace", "a.yaml", "-o", "a.xls"), "no table format is called '.xls'"),
        (("show", "adm"), "did you mean 'adam'?"),
        (("list", "optimisers"), "did you mean 'optimizers'?"),
        (("init", "a.yaml"), "exists already, so it is not overwritten"),
        (("init", "n.yaml", "--template", "rase"), "did you mean 'race'?"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str, folder: Path) -> None:
    (folder / "b.yaml").write_text(SMALL)
    (folder / "folder.gif").mkdir()
    (folder / "empty").mkdir()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    done = optanim_(*arguments, cwd=folder)
    assert message in done.stderr.decode() and b"Traceback" not in done.stderr
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    assert done.returncode == 2 and after == before


def test_a_folder_that_cannot_be_written_costs_nothing(folder: Path) -> None:
    (folder / "output").write_bytes(b"a file where the folder should be")
    done = optanim_("render", "a.yaml", cwd=folder)
    assert done.returncode == 2 and b"is not a folder" in done.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_stopped_render_leaves_the_old_file(number: int, code: int, folder: Path) -> None:
    (folder / "a.yaml").write_text(SMALL.replace("steps: 8", "steps: 2000"))
    target = folder / "a.gif"
    target.write_bytes(b"old")
    running = begin("render", "a.yaml", "-o", "a.gif", cwd=folder)
    wait_for(lambda: list(folder.glob(".a.gif.*.tmp")) or running.poll() is not None)
    running.send_signal(number)
    _, said = running.communicate()
    assert running.returncode == code and b"Traceback" not in said
    assert target.read_bytes() == b"old"
    if number != signal.SIGKILL:
        assert not list(folder.glob(".a.gif.*"))


def test_the_users_settings_change_no_byte(folder: Path) -> None:
    plain = optanim_("render", "a.yaml", "-o", "a.gif", cwd=folder)
    assert plain.returncode == 0
    other = folder / "other"
    other.mkdir()
    (other / "matplotlibrc").write_text("axes.facecolor: red\nfont.size: 30\nlines.linewidth: 9\n")
    env = dict(os.environ, MPLBACKEND="nonsense", PYTHONHASHSEED="7", LC_ALL="C", HOME="/nowhere",
               MATPLOTLIBRC=str(other / "matplotlibrc"))  # fmt: skip
    env["PYTHONPATH"] = str(Path(optanim.__file__).parents[1])
    done = optanim_("render", "../a.yaml", "-o", "a.gif", cwd=other, **env)
    assert done.returncode == 0, done.stderr
    assert (other / "a.gif").read_bytes() == (folder / "a.gif").read_bytes()


def test_trace_reads_back_the_same_numbers(folder: Path) -> None:
    (path,) = trajectories_of(optanim.load(folder / "a.yaml"))
    rows = list(
        csv.DictReader(io.StringIO(optanim_("trace", "a.yaml", cwd=folder).stdout.decode()))
    )
    assert list(rows[0]) == ["label", "step", "x", "y", "loss", "evaluations"]
    names = ("x", "y", "loss", "evaluations")
    numbers = np.array([[float(row[name]) for name in names] for row in rows])
    assert np.array_equal(numbers.T, [*path.points, path.values, path.evaluations])
    for suffix in ("json", "npz"):
        assert optanim_("trace", "a.yaml", "-o", f"t.{suffix}", cwd=folder).returncode == 0
    (stored,) = json.loads((folder / "t.json").read_text())
    assert stored["label"] == "Adam" and stored["x"] == path.points[0].tolist()
    assert stored["evaluations"] == path.evaluations.tolist() == list(range(9))
    with np.load(folder / "t.npz") as arrays:
        assert np.array_equal(arrays["points_0"], path.points)
        assert np.array_equal(arrays["loss_0"], path.values)
        assert np.array_equal(arrays["evaluations_0"], path.evaluations)
        assert "crowd_0" not in arrays


def test_check_in_every_format(folder: Path) -> None:
    (folder / "b.yaml").write_text("surface: beal\nstart: [1, 1]\noptimizer: gd\n")
    good = optanim_("check", "a.yaml", cwd=folder)
    assert good.returncode == 0 and b"1 config checked" in good.stderr
    said = {
        form: optanim_("check", "a.yaml", "b.yaml", "--format", form, cwd=folder).stdout.decode()
        for form in ("short", "json", "github")
    }
    assert said["short"] == "b.yaml:1:10: error: no surface is called 'beal'\n"
    assert json.loads(said["json"])[0]["line"] == 1
    assert said["github"].startswith("::error file=b.yaml,line=1,col=10::no surface is called")


def test_init_writes_what_renders(folder: Path) -> None:
    help = optanim_("init", "--help", cwd=folder).stdout.decode()
    for template in TEMPLATES:
        assert template in help
        name = f"new/{template}.yaml"
        assert optanim_("init", name, "--template", template, cwd=folder).returncode == 0
    small = ("-s", "figure.size=[320, 240]")
    done = optanim_("render", "new", "--frame", "last", "-q", *small, cwd=folder)
    assert done.returncode == 0, done.stderr
    made = done.stdout.decode().split()
    # A template with a matrix makes several figures.
    assert all(any(Path(file).stem.startswith(name) for file in made) for name in TEMPLATES)


def test_list_and_show(folder: Path) -> None:
    listed = optanim_("list", "optimizers", cwd=folder).stdout.decode()
    lines = listed.splitlines()
    families = by_family(catalogue("optimizers").values())
    assert [line[:-1] for line in lines if line[0] != " "] == [*families]
    names = [entry.name for group in families.values() for entry in group]
    assert [line.split()[0] for line in lines if line[0] == " "] == names
    shown = optanim_("show", "adam", cwd=folder).stdout.decode()
    assert "m ← β₁m + (1 − β₁)g" in shown and "Kingma & Ba 2015" in shown
    assert "Family: adaptive\n" in shown and "\nVerified: torch.optim.Adam 2" in shown
    theme = optanim_("show", "dark", cwd=folder).stdout.decode()
    assert theme.startswith("dark (theme)\nDark: ") and "background  color, default #" in theme
    resolved = optanim_("show", "a.yaml", cwd=folder).stdout.decode()
    assert "beta2: 0.999" in resolved
    (folder / "r.yaml").write_text(resolved)
    assert optanim_("show", "r.yaml", cwd=folder).stdout.decode() == resolved


def test_list_and_show_as_json(folder: Path) -> None:
    listed = json.loads(optanim_("list", "--json", cwd=folder).stdout)
    assert {kind: [one["name"] for one in listed[kind]] for kind in listed} == {
        kind: [*catalogue(kind)] for kind in KINDS
    }
    assert all(one["family"] for one in listed["optimizers"])
    (adam,) = json.loads(optanim_("show", "adam", "--json", cwd=folder).stdout)
    assert adam["verified"]["oracles"][0]["difference"] <= 1e-10 and adam["family"] == "adaptive"
    refused = optanim_("show", "a.yaml", "--json", cwd=folder)
    assert refused.returncode == 2 and b"'a.yaml' is not an entry" in refused.stderr


def test_the_python_api(folder: Path) -> None:
    run = optanim.load(folder / "a.yaml", set=["steps=3"])
    made = optanim.render(run, output=folder / "n.gif")
    assert made.paths == (folder / "n.gif",) and made.results[0].steps == 3
    from optanim.optimizers.gd import gd
    from optanim.surfaces.beale import beale

    assert optanim.simulate(beale(), gd, [1, 1], steps=2).steps == 2
    with pytest.raises(AttributeError):
        _ = optanim.nothing


@pytest.mark.parametrize(("name", "size", "says"), [
    ("a.gif", 1_000_001, True), ("a.GIF", 3_400_000, True), ("a.gif", 999_999, False),
    ("a.mp4", 9_000_000, False),
])  # fmt: skip
def test_a_gif_larger_than_the_readme_promises_says_so(
    name: str, size: int, says: bool, tmp_path: Path
) -> None:
    rendered = optanim.render(optanim.loads(SMALL), output=tmp_path / "b.gif", frame=0)
    with (tmp_path / name).open("wb") as file:
        file.truncate(size)
    for seconds, frames, key in (
        (20.0, 300, "duration: 10s"), (8.1, 120, "fps: 10"), (7.8, 57, "duration: 5s"),
    ):  # fmt: skip
        film = replace(rendered, paths=(tmp_path / name,), seconds=seconds, frames=frames)
        lines = figure_lines(film)
        assert (f"is large for a post; animation: {{{key}}}" in lines) == says


@pytest.mark.parametrize(
    ("seconds", "frames", "says"),
    [(30.0, 600, False), (30.4, 600, True), (35.2, 700, True), (35.2, 1, False), (5.0, 90, False)],
)
def test_a_long_film_says_what_makes_it_shorter(
    seconds: float, frames: int, says: bool, tmp_path: Path
) -> None:
    file = tmp_path / "a.gif"
    file.touch()
    made = RenderResult((file,), frames, seconds, (640, 480), 1.0, (), (), (), "")
    notes = figure_lines(made).splitlines()[1:]
    note = f"  the film takes {seconds:.0f} s; animation: {{duration: 10s}} makes it shorter"
    assert notes == [note] * says


def test_the_key_that_the_note_names_makes_the_film_shorter() -> None:
    text = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 20000\nanimation: {%s}\n"
    for keys, is_long in (("steps_per_second: 100", True), ("duration: 10s", False)):
        run = optanim.loads(text % keys)
        film = timeline(run.steps, run.animation)
        assert (sum(moment.seconds for moment in film) > LONG_FILM) is is_long
