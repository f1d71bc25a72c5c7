"""The README and docs/: what they show is what the program does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import optanim
from optanim.experiment.trials import trajectories_of
from optanim.experiment.verdicts import verdicts_of
from tests.catalogue_tables import TABLES, in_pages
from tests.command import optanim_
from tests.pages import PAGES, ROOT, WRITTEN, YAML, anchors, blocks

ARTICLE = ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 200


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_those_of_today(table: str) -> None:
    assert in_pages(table).strip() == TABLES[table]().strip(), "python -m tests.catalogue_tables"


def test_every_figure_of_the_article_has_its_config_and_stands_in_its_page() -> None:
    page = (ROOT / "docs" / "article.md").read_text("utf-8")
    for name in ARTICLE:
        assert (ROOT / "configs" / f"{name}_optimization.yaml").is_file()
        assert f"(../output/{name}_optimization.gif)" in page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that configs of the pages read."""
    (tmp_path / "study_hours.csv").write_text("hours,mark\n1,12\n2,19\n4,41\n5,48\n")
    (tmp_path / "run.csv").write_text("x,y\n-1.5,1.5\n0,0\n0.5,0.25\n0.9,0.8\n")
    base = "surface: beale\nstart: [1, 1]\noptimizer: adam\ntitle: Adam\n"
    (tmp_path / "base.yaml").write_text(base)
    return tmp_path


@pytest.mark.parametrize("config", YAML)
def test_configs_are_right(config: str, folder: Path) -> None:
    if "matrix:" in config:
        file = folder / "sweep.yaml"
        file.write_text(config, "utf-8")
        assert optanim.load_runs(file)
    else:
        assert optanim.loads(config, folder=folder)


@pytest.mark.parametrize("config", [config for config in YAML if "claims:" in config])
def test_claims_hold(config: str, folder: Path) -> None:
    run = optanim.loads(config, folder=folder)
    verdicts = verdicts_of(run, trajectories_of(run))
    assert verdicts
    for claim, verdict in zip(run.claims, verdicts, strict=True):
        assert verdict.holds == claim.holds, verdict


@cache
def options(command: str) -> set[str]:
    """The options of a command, as its help has them; none for one that does not exist."""
    done = optanim_(*command.split(), "--help")
    pattern = r"(?<![\w-])--?[a-z-]+"
    return set() if done.returncode else set(re.findall(pattern, done.stdout.decode()))


def commands(text: str) -> list[tuple[str, str]]:
    """Each command of optanim in a page, with what follows it."""
    lines = [
        line.split("  #")[0]
        for language in ("sh", "console", "make")
        for block in blocks(language, text)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    lines += re.findall(
        r"`((?:uvx |pipx run )?optanim [^`]*)`", re.sub("```.*?```", "", text, flags=re.S)
    )
    return [
        found
        for line in lines
        for found in re.findall(r"(?<![\w/.])optanim (--?[a-z-]+|[a-z]+)((?: [^|;&]*)?)", line)
    ]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_commands_and_their_options_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    for command, rest in commands(text):
        if f"\n{command} = " in text:
            continue  # a command that the page itself adds
        known = options("") if command.startswith("-") else options(command)
        said = [command] if command.startswith("-") else re.findall(r"(?<=\s)--?[a-z-]{1,}", rest)
        assert known, f"optanim {command}"
        assert {*said} - {"-"} <= known, f"optanim {command}{rest}"


def test_the_page_of_commands_has_all_of_them() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    for name in (ROOT / "optanim" / "cli" / "commands").glob("[a-z]*.py"):
        assert f"| `{name.stem}` |" in page


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_links_lead_somewhere_and_pictures_have_an_alt_text(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for bang, words, target in re.findall(r"(!?)\[([^\]]*)\]\(([^\s)]+)\)", text):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        other = page.parent / file if file else page
        assert other.is_file(), target
        assert not anchor or anchor in anchors(other.read_text("utf-8")), target
        assert not bang or " " in words, f"{target} has no alt text"


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    text = (ROOT / "zensical.toml").read_text("utf-8")
    for page in PAGES[1:]:
        assert f'"{page.name}"' in text


def test_the_site_is_built_and_loads_nothing_from_the_network(tmp_path: Path) -> None:
    pytest.importorskip("zensical", reason="the extra 'docs' is not installed")
    for name in ("docs", "output", "configs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "zensical.toml"):
        shutil.copy(ROOT / name, tmp_path)
    script = [sys.executable, "docs/build_site.py"]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr
    for page in (tmp_path / "site").glob("*.html"):
        loads = re.findall(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="?(https?:[^" >]*)',
                           page.read_text("utf-8"))  # fmt: skip
        assert not loads, page.name


def test_each_promise_names_a_test_that_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    promises = re.findall(r"^\d\..*?(?=^\d\.|^#)", text, re.DOTALL | re.MULTILINE)
    tests = "".join(file.read_text("utf-8") for file in ROOT.glob("tests/test_*.py"))
    assert len(promises) == 9
    for promise in promises:
        named = re.findall(r"`(test_\w+)`", promise)
        assert named and all(f"def {name}(" in tests for name in named), promise
