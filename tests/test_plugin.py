"""`optanim.plugin` is complete, and the package of docs/plugins.md works as a real distribution."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import optanim
from optanim import plugin
from optanim.schema.catalogue import FOLDERS
from tests.command import optanim_, start_warm

HOME = Path(optanim.__file__).parent
PAGE = (HOME.parent / "docs" / "plugins.md").read_text("utf-8")
BLOCKS = re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```', PAGE, re.S | re.M)


def test_every_name_is_there_and_on_the_page() -> None:
    assert sorted(plugin.__all__) == sorted(set(plugin.__all__))
    for name in plugin.__all__:
        assert getattr(plugin, name) is not None
        assert f"`{name}`" in PAGE.split("## What `optanim.plugin` has")[1], name


# What formulas of an author need, a pipe to ffmpeg, the cells of maps, and the parts that searches
# and populations share are not for others to build on.
OWN = (
    "optanim.surfaces._user_defined", "optanim.formulas.expression", "optanim.encoding.ffmpeg",
    "optanim.drawing.cell_map", "optanim.drawing.map_key", "optanim.schema.cell_types",
    "optanim.optimizers._line_search", "optanim.optimizers._newton_step",
    "optanim.optimizers._population", "optanim.optimizers._ratio",
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FOLDERS.keys() - {"commands"}))
def test_a_plugin_may_import_what_two_bundled_entries_import(kind: str) -> None:
    users: dict[str, set[str]] = defaultdict(set)
    for file in HOME.joinpath(*FOLDERS[kind].split(".")).glob("[!_]*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("optanim."):
                for alias in node.names:
                    users[f"{node.module}.{alias.name}"].add(file.stem)
    shared = {name for name, files in users.items() if len(files) > 1 and not name.startswith(OWN)}
    assert {name.rpartition(".")[2] for name in shared} <= {*plugin.__all__}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's files, and `site`, into which pip has installed them."""
    folder = tmp_path_factory.mktemp("optanim-extra")
    for name, text in BLOCKS:
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--no-build-isolation", "--disable-pip-version-check", "--target", "site", "."],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return folder


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run optanim as a user who has installed the distribution."""
    path = f"{folder / 'site'}{os.pathsep}{HOME.parent}"
    start_warm(dict(os.environ, PYTHONPATH=path))
    done = optanim_(*arguments, cwd=folder, PYTHONPATH=path)
    out, err = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def test_the_page_shows_an_entry_of_each_kind() -> None:
    groups = set(re.findall(r'entry-points\."optanim\.(\w+)"', PAGE))
    assert groups == set(FOLDERS)


def test_the_package_of_the_page_renders(installed: Path) -> None:
    done = command(installed, "render", "extra.yaml", "-q", "-s", "steps=10")
    assert done.returncode == 1
    assert "claim fails: clipped_descent ends within 0.2 of (0, 0)" in done.stderr
    done = command(installed, "render", "extra.yaml", "-s", "animation.duration=1s")
    assert done.returncode == 0, done.stderr
    assert (installed / "output/extra.gif").read_bytes()[:6] == b"GIF89a"
    assert (installed / "output/extra.ppm").read_bytes()[:3] == b"P6 "


def test_the_package_of_the_page_is_listed_and_shown(installed: Path) -> None:
    for kind, name in (("surfaces", "dune"), ("themes", "sepia"), ("claims", "ends_near")):
        lines = command(installed, "list", kind).stdout.splitlines()
        assert lines[-1].split()[0] == name
    shown = command(installed, "show", "clipped_descent").stdout
    assert (
        "w ← w − ηg · min(1, most/‖g‖)" in shown
        and "Family: first order\n" in shown
        and "number > 0" in shown
    )
    wrong = command(installed, "check", "extra.yaml", "-s", "surface.a=0")
    assert wrong.returncode == 2 and "must be greater than 0" in wrong.stderr


def test_the_languages_and_commands_of_the_page_work(installed: Path) -> None:
    page = command(installed, "embed", "extra.yaml", "--lang", "fr").stdout
    assert "Descente bornée va de (−4, 3) à (" in page
    assert "Gradient descent va de" in page  # it has no French name
    printed = command(installed, "losses", "extra.yaml")
    assert printed.returncode == 0 and printed.stdout.count("\n") == 2
