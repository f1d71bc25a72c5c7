"""Batches: the same files whoever renders them, and one that fails costs no other."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import optanim
from optanim.config.loader import load_pairs
from optanim.config.run import Run
from optanim.config.variants import catalogue_names
from optanim.errors import ConfigError
from optanim.pipeline import workers
from optanim.pipeline.batch import BatchResult, batch_workers, render_all
from optanim.pipeline.loading import configs_in
from optanim.schema.catalogue import by_family, catalogue
from tests.command import Fork, begin, optanim_
from tests.test_cli import SMALL
from tests.test_processes import wait_for

WRONG = {
    "w1": (SMALL.replace("quadratic", "beal"), "w1.yaml:1:10: error: no surface is called 'beal'"),
    "w2": (SMALL + "stepss: 3\n", "w2.yaml:7:1: error: "),
    "w3": (SMALL.replace("1e-1", "-1"), "w3.yaml:3:29: error: "),
}
LONG = SMALL.replace("steps: 8", "steps: 2000")


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven configs that are right, one of them with data, one with a formula; three are wrong."""
    folder = tmp_path_factory.mktemp("ten")
    for i in range(4):
        (folder / f"r{i}.yaml").write_text(SMALL.replace("-4", f"-{i + 1}"))
    (folder / "data.csv").write_text("x,y\n1,2\n2,4.5\n3,5\n")
    (folder / "글.yaml").write_text(
        "surface: {regression: {data: data.csv, model: w*x + b}, batch_size: 2}\nstart: [0, 0]\n"
        "optimizer: gd\nsteps: 8\nnoise: 0.1\nfigure: {size: [320, 160]}\n"
    )
    (folder / "formula.yaml").write_text(SMALL.replace("quadratic", "{expr: x**4 + 2*y**2}"))
    (folder / "diverges.yaml").write_text(SMALL.replace("adam, lr: 1e-1", "gd, lr: 1e200"))
    for name, (text, _) in WRONG.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def rendered(folder: Path, into: str, *more: str) -> dict[str, bytes]:
    """The files of the seven, rendered as is said; what is told of the three is checked."""
    done = optanim_("render", ".", "-o", f"{into}/{{config}}.gif", *more, cwd=folder)
    said = done.stderr.decode()
    assert done.returncode == 1 and "Traceback" not in said
    for _, message in WRONG.values():
        assert message in said
    assert re.search(r"^made +7  ", said, re.M) and re.search(r"^errors +3  w1.yaml", said, re.M)
    assert re.search(rf"^diverged +1  {into}/diverges.gif", said, re.M)
    return {file.name: file.read_bytes() for file in (folder / into).iterdir()}


@pytest.fixture(scope="module")
def one_by_one(ten: Path) -> dict[str, bytes]:
    return rendered(ten, "one", "-j1")


def test_processes_give_the_same_bytes(ten: Path, one_by_one: dict[str, bytes]) -> None:
    assert len(one_by_one) == 7
    assert rendered(ten, "two", "-j2") == one_by_one


def test_nothing_can_start(ten: Path) -> None:
    done = optanim_("render", *(f"{name}.yaml" for name in WRONG), "-j2", cwd=ten)
    assert done.returncode == 2
    assert json.loads(optanim_("render", "w1.yaml", "--json", cwd=ten).stdout) == []


def test_results_stand_in_the_order_of_the_configs(ten: Path) -> None:
    names = ["r3", "글", "r0"]
    done = optanim_("render", *(f"{n}.yaml" for n in names), "-q", "-j2", cwd=ten)
    assert done.stdout.decode().split() == [f"output/{name}.gif" for name in names]


@pytest.fixture
def long(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(LONG)
        (tmp_path / f"{name}.gif").write_bytes(b"old")
    (tmp_path / "c.yaml").write_text(SMALL)
    return tmp_path


def begun(folder: Path, *names: str) -> tuple[subprocess.Popen[bytes] | Fork, list[int]]:
    """A batch in a process group of its own, and the processes that write files of those names."""
    running = begin("render", ".", "-j2", "-o", "{config}.gif", cwd=folder)

    def writers() -> list[int]:
        found = [list(folder.glob(f".{name}.gif.*.tmp")) for name in names]
        return [int(some[0].name.split(".")[3].split("-")[0]) for some in found if some]

    wait_for(lambda: len(writers()) == len(names) or running.poll() is not None)
    return running, writers()


def gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_worker_costs_its_own_config(long: Path) -> None:
    (long / "b.yaml").write_text(SMALL)
    running, (worker,) = begun(long, "a")
    assert worker != running.pid
    os.kill(worker, signal.SIGKILL)
    said = running.communicate()[1].decode()
    assert running.returncode == 1
    assert "a.yaml: error: not rendered: its process was killed by SIGKILL" in said
    assert (long / "a.gif").read_bytes() == b"old"
    assert all((long / f"{name}.gif").read_bytes()[:6] == b"GIF89a" for name in "bc")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_stopped_batch_leaves_whole_files_and_no_process(
    number: int, code: int, long: Path
) -> None:
    running, _ = begun(long, "a", "b")
    # Ctrl-C reaches all of them, `kill` the first alone.
    (os.killpg if number == signal.SIGINT else os.kill)(running.pid, number)
    said = running.communicate()[1]
    assert running.returncode == code and b"Traceback" not in said
    wait_for(lambda: gone(running.pid))
    assert [(long / f"{name}.gif").read_bytes() for name in "ab"] == [b"old"] * 2
    assert not list(long.glob(".*.tmp"))


@pytest.mark.parametrize("stop_timeout", [0, 60])
def test_a_batch_ends_after_its_workers_and_without_their_temporary_files(
    stop_timeout: float, long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they have the time to clean up or are killed, as on a machine that is busy."""
    monkeypatch.setattr(workers, "STOP_TIMEOUT", stop_timeout)
    runs = [optanim.load(long / f"{name}.yaml", output=str(long / f"{name}.gif")) for name in "ab"]
    seen = set[str]()

    def interrupt(run: Run, done: int, total: int) -> None:
        seen.add(run.source or "")
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), batch_workers(2, None, 2) as execute:
        render_all(runs, BatchResult(), execute, progress=interrupt)
    assert not list(long.glob(".*"))
    assert [(long / f"{name}.gif").read_bytes() for name in "ab"] == [b"old"] * 2


def test_how_many_processes_a_batch_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optanim.pipeline.batch._core_count", lambda: 4)
    begun: list[int] = []
    monkeypatch.setattr(
        "optanim.pipeline.workers.worker_pool", lambda count, *_: begun.append(count) or 1 / 0
    )

    def taken(jobs: int | None, many: int) -> int:
        begun.clear()
        try:
            with batch_workers(jobs, None, many):
                return 1
        except ZeroDivisionError:
            return begun[0]

    monkeypatch.delenv("MAKEFLAGS", raising=False)
    assert [taken(None, many) for many in (1, 7, 8, 40)] == [1, 1, 2, 4]
    assert [taken(3, 2), taken(0, 40), taken(3, 40)] == [3, 4, 3]
    for flags in (" -j2 --jobserver-auth=3,4", "-j", "w -j8 --jobserver-auth=fifo:/tmp/x"):
        monkeypatch.setenv("MAKEFLAGS", flags)
        assert taken(None, 40) == 1 and taken(2, 40) == 2
    monkeypatch.setenv("MAKEFLAGS", "n --no-print-directory")
    assert taken(None, 40) == 4


RACE = """
surface: quadratic
start: [-4, 3]
optimizers: [{name: gd, lr: 0.02, label: slow, start: [1, 1]}, {name: adam, lr: 0.3}]
title: Two of them
view: {x: [-5, 5], levels: 12}
steps: 30
"""


def test_pairs_keep_what_the_config_says(tmp_path: Path) -> None:
    config = tmp_path / "race.yaml"
    config.write_text(RACE)
    names = catalogue_names("all", "optimizers", "--optimizers")
    runs = load_pairs(config, names, set=["steps=4"])
    assert all(isinstance(run, optanim.Run) for run in runs)
    by_name = {run.trials[0].name: run for run in runs if isinstance(run, optanim.Run)}
    assert list(by_name) == names
    slow, adam, other = by_name["gd"], by_name["adam"], by_name["rmsprop"]
    assert slow.trials[0].chosen.options == {"lr": 0.02} and slow.trials[0].start == (1, 1)
    assert adam.trials[0].chosen.options == {"lr": 0.3} and adam.trials[0].start == (-4, 3)
    assert other.trials[0].chosen.options == {} and other.view.x == (-5, 5)
    assert {run.title for run in by_name.values()} == {None}
    assert {run.steps for run in by_name.values()} == {4}
    assert adam.outputs == (Path("output/race-adam.gif"),)


def test_pairs_start_at_the_same_place_of_every_window(tmp_path: Path) -> None:
    config = tmp_path / "race.yaml"
    config.write_text(RACE)
    grounds = ["quadratic", "rosenbrock", "beale", "parabola"]
    runs = load_pairs(config, ["gd", "adam"], grounds, set=["optimizer.lr=1e-3"])
    own = np.array(optanim.load(config).surface.domain)
    place = (np.array([-4, 3]) - own[:, 0]) / np.ptp(own, axis=1)
    for run in runs:
        assert isinstance(run, optanim.Run)
        name, (trial,) = run.chosen.entry.name, run.trials
        assert run.outputs == (Path(f"output/{name}-{trial.name}.gif"),)
        assert trial.chosen.options == {"lr": 1e-3} and run.view.levels == 12
        assert (run.view.x is None) == (name != "quadratic")
        there = np.array(run.surface.domain)
        if name != "quadratic":
            found = (np.array(trial.start) - there[:, 0]) / np.ptp(there, axis=1)
            assert np.allclose(found, place[: len(found)], atol=1e-3)
    assert len(runs) == 8


def test_all_optimizers_are_those_that_are_not_as_printed() -> None:
    names = catalogue_names("all", "optimizers", "--optimizers")
    printed = {entry.name for entry in by_family(catalogue("optimizers").values())["as printed"]}
    assert printed and {*names} == {*catalogue("optimizers")} - printed - {"recorded"}
    asked = catalogue_names("adam,article_adam", "optimizers", "--optimizers")
    assert asked == ["adam", "article_adam"]


def test_every_surface_that_stands_alone_has_its_pairs(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(SMALL)
    names = catalogue_names("all", "surfaces", "--surfaces")
    runs = load_pairs(tmp_path / "c.yaml", ["adam"], names, output="{surface}.png")
    assert names == [name for name, entry in catalogue("surfaces").items() if not entry.lead]
    assert [run.outputs[0].stem for run in runs if isinstance(run, Run)] == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--optimizers", "gd,adm"), "--optimizers gd,adm: error: no optimizer is called 'adm'"),
        (("--surfaces", "none"), "--surfaces none: error: no surface is called 'none'"),
        (("-o", "x.gif"), "-o x.gif: error: all runs would write this file"),
        (("--surfaces", "beale,booth", "-o", "{optimizer}.gif"), "put {surface} into it"),
        (("-s", "optimizer.lrr=1", "--optimizers", "gd"), "gd has no option 'lrr'"),
        (("-j", "-1"), "Invalid value for '-j' / '--jobs'"),
        (("--scheduler", "tcp://127.0.0.1:9"), "no scheduler answers at 'tcp://127.0.0.1:9'"),
        (("--scheduler", "tcp://x:1", "-j2"), "--jobs: error: cannot be combined with --sched"),
        (("--scheduler", "nowhere://x"), "no scheduler answers at 'nowhere://x'"),
    ],
)
def test_wrong_batches(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.yaml").write_text(SMALL)
    done = optanim_("batch", "c.yaml", *arguments, cwd=tmp_path)
    said = done.stderr.decode()
    assert done.returncode == 2 and message in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == [tmp_path / "c.yaml"]


def test_a_batch_with_pairs_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(SMALL + "panels: [contour]\n")
    done = optanim_("batch", "c.yaml", "--surfaces", "parabola,booth", "--optimizers", "gd,adam",
                    cwd=tmp_path)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.decode().count("contour shows a surface of two parameters") == 2
    assert sorted(p.name for p in (tmp_path / "output").iterdir()) == [
        "booth-adam.gif",
        "booth-gd.gif",
    ]


CLUSTER = """
import os, sys
from distributed.cli.dask_scheduler import main as scheduler
from distributed.cli.dask_worker import main as worker
import optanim.pipeline.preload

local = ["--no-dashboard", "--scheduler-file", "scheduler.json"]
members = [(scheduler, ["--host", "127.0.0.1", "--port", "0", "--no-show"])]
members += [(worker, ["--no-nanny", "--nthreads", "2", "--local-directory", at]) for at in "ab"]
for main, arguments in members:
    if (member := os.fork()) == 0:
        main([*arguments, *local])
    print(member, flush=True)
sys.stdin.read()
"""
"""Forks a scheduler and two workers: the start of each alone takes three seconds."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[int]]]:
    """The address of a scheduler, and the processes of two workers with folders of their own."""
    folder = tmp_path_factory.mktemp("cluster")
    env = {**os.environ, "PYTHONPATH": str(Path(optanim.__file__).parents[1])}
    started = subprocess.Popen(
        [sys.executable, "-c", CLUSTER], cwd=folder, env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    known = folder / "scheduler.json"
    assert started.stdout
    members = [int(started.stdout.readline()) for _ in range(3)]
    try:
        wait_for(lambda: known.is_file() and known.read_text().rstrip().endswith("}"))
        yield json.loads(known.read_text())["address"], members[1:]
    finally:
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        started.communicate()


def test_a_cluster_gives_the_same_bytes(
    ten: Path, one_by_one: dict[str, bytes], cluster: tuple[str, list[int]]
) -> None:
    assert rendered(ten, "far", "--scheduler", cluster[0]) == one_by_one


def test_a_cluster_does_without_a_worker_that_is_killed(
    tmp_path: Path, cluster: tuple[str, list[int]]
) -> None:
    address, members = cluster
    for i in range(6):
        (tmp_path / f"c{i}.yaml").write_text(SMALL.replace("steps: 8", f"steps: {60 + i}"))
    running = begin("render", ".", "-q", "--scheduler", address, cwd=tmp_path)
    wait_for(lambda: list(tmp_path.glob("output/*.gif")) or running.poll() is not None)
    os.kill(members[0], signal.SIGKILL)
    paths, said = running.communicate()
    assert running.returncode == 0, said
    assert paths.decode().split() == [f"output/c{i}.gif" for i in range(6)]
    alone = optanim_("render", "c0.yaml", "-o", "alone.gif", cwd=tmp_path)
    assert alone.returncode == 0
    assert (tmp_path / "alone.gif").read_bytes() == (tmp_path / "output/c0.gif").read_bytes()


def test_hidden_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.yaml", ".draft.yaml", "._a.yaml", ".b.yml"):
        (tmp_path / name).write_text("surface: quadratic\n")
    assert configs_in([str(tmp_path)]) == [str(tmp_path / "a.yaml")]
    hidden = str(tmp_path / ".draft.yaml")
    assert configs_in([hidden]) == [hidden]
    (tmp_path / "a.yaml").unlink()
    with pytest.raises(ConfigError, match=r"there is no \.yaml file"):
        configs_in([str(tmp_path)])
