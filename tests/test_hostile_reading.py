"""Files that a config of somebody else names: regular ones are read, up to a limit, unquoted."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import optanim
from optanim.cli.completion import config_files
from optanim.config.extends import figure_configs
from optanim.config.loader import load, load_runs
from optanim.errors import PROBLEM_FORMATS, ClaimError, ConfigError
from optanim.files import UnsuitableFileError, is_inside, read_file, read_start, read_stream
from optanim.pipeline.loading import configs_in, load_all
from optanim.pipeline.provenance import config_of, stale_files
from optanim.pipeline.render import render
from tests.needs import uses_posix

SECRET = "ghp_S3CRET"

NAMED_BY = {
    "extends": "extends: {}\nstart: [3, 1]\noptimizer: gd\n",
    "data": "surface: {{regression: {{data: {}, model: w*x + b}}}}\nstart: [0, 0]\noptimizer: gd\n",
    "font": "surface: quadratic\nstart: [3, 1]\noptimizer: gd\nfigure: {{font: {}}}\n",
}
"""A config for each key that names a file."""

SUFFIX = {"extends": "yaml", "data": "csv", "font": "ttf"}


def special(kind: str, at: Path) -> Path:
    """A path to something that is no regular file, or too large a one."""
    if kind == "pipe":
        os.mkfifo(at)
    elif kind == "link to a pipe":
        os.mkfifo(at.with_name("pipe"))
        at.symlink_to("pipe")
    elif kind == "link to a device":
        at.symlink_to("/dev/zero")
    elif kind == "link to a terminal":
        at.symlink_to("/dev/tty")
    elif kind == "link to itself":
        at.symlink_to(at.name)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(at))
    elif kind == "folder":
        at.mkdir()
    elif kind == "40 GB":
        with at.open("wb") as file:
            file.truncate(40_000_000_000)
    elif kind == "/dev/zero":
        return Path("/dev/zero")
    elif kind == "long name":
        return at.with_name("a" * 300 + at.suffix)
    elif kind == "unreadable name":
        return at.with_name("a\0b" + at.suffix)
    elif kind == "half of a pair":
        return at.with_name("\ud800" + at.suffix)
    return at


KINDS = [
    "pipe", "link to a pipe", "link to a device", "link to a terminal", "link to itself", "socket",
    "folder", "40 GB", "/dev/zero", "long name", "unreadable name",
    "half of a pair",
]  # fmt: skip


@uses_posix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", NAMED_BY)
def test_no_config_makes_optanim_wait_or_swell(
    key: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = special(kind, Path(f"a.{SUFFIX[key]}"))
    escaped = str(named).replace("\0", "\\0").replace("\ud800", "\\ud800")
    Path("c.yaml").write_text(NAMED_BY[key].format(f'"{escaped}"'))
    with pytest.raises(ConfigError) as raised:
        load("c.yaml")
    (problem,) = raised.value.problems
    assert str(problem.place).startswith("c.yaml:"), problem


@uses_posix
@pytest.mark.parametrize("kind", KINDS)
def test_a_config_that_is_no_file(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = str(special(kind, Path("a.yaml")))
    with pytest.raises(ConfigError):
        load_runs(named)
    assert figure_configs([named, "other.yaml"])
    assert load_all([named])[1]
    assert kind == "40 GB" or "a.yaml" not in config_files("")


@uses_posix
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_no_file(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = special(kind, Path("a.gif"))
    with pytest.raises(ConfigError):
        config_of(named)
    Path("c.yaml").write_text(NAMED_BY["font"].format("null") + "output: a.gif\n")
    (run,) = load_runs("c.yaml")
    assert stale_files(run)


@uses_posix
def test_a_folder_of_links_has_the_configs_that_are_files(tmp_path: Path) -> None:
    for kind in ("link to a device", "link to itself"):
        special(kind, tmp_path / f"{kind}.yaml")
    (tmp_path / "c.yaml").write_text(NAMED_BY["font"].format("null"))
    assert configs_in([str(tmp_path)]) == [str(tmp_path / "c.yaml")]


@uses_posix
def test_a_pipe_that_the_shell_opens_is_a_config() -> None:
    reader, writer = os.pipe()
    os.write(writer, NAMED_BY["font"].format("null").encode())
    os.close(writer)
    try:
        assert load(f"/dev/fd/{reader}").steps
    finally:
        os.close(reader)


def test_at_most_one_byte_more_than_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 1000)
    assert len(read_file(file, 1000)) == 1000
    assert read_start(file, 4) == b"xxxx"
    with pytest.raises(UnsuitableFileError, match="is larger than"):
        read_file(file, 999)


@pytest.mark.parametrize(
    "text", ['title: "\\ud800"', '"\\udfff": 1', 'extends: "\\udc80"', 'a: ["\\ud83d\\ude00"]']
)
def test_half_a_character_is_no_text(text: str, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(text)
    with pytest.raises(ConfigError, match="is no character") as raised:
        load(config)
    for form in PROBLEM_FORMATS.values():
        assert form(raised.value.problems).encode()


@uses_posix
def test_a_file_with_nothing_to_read_yet_is_not_waited_for() -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    with os.fdopen(reader, "rb") as file, pytest.raises(UnsuitableFileError):
        read_stream(file, 1000)
    os.close(writer)


@uses_posix
def test_a_font_that_became_a_pipe_is_not_opened(tmp_path: Path) -> None:
    # In a process of its own: to open a pipe waits for ever.
    os.mkfifo(tmp_path / "a.ttf")
    code = (
        "import sys\nfrom optanim.drawing.fonts import _family_of_file\n"
        "try: _family_of_file(sys.argv[1])\nexcept Exception as error: print(error)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.ttf")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "is not a regular file" in done.stdout


def foreign(folder: Path, via: str, name: str, text: str) -> str:
    """Write a file outside the working folder `folder/here`; return a name that leads to it."""
    (folder / "there").mkdir()
    (folder / "there" / name).write_text(text)
    (folder / "here").mkdir()
    if via == "a link to the folder":
        (folder / "here" / "link").symlink_to("../there")
        return f"link/{name}"
    if via == "a link to the file":
        (folder / "here" / name).symlink_to(f"../there/{name}")
        return name
    return str(folder / "there" / name) if via == "its absolute path" else f"../there/{name}"


FOREIGN = {
    "a token": ("extends", f"github.com:\n  oauth_token: {SECRET}\n"),
    "a line that is no YAML": ("extends", f'"{SECRET}": [}}\n'),
    "a text": ("extends", f"{SECRET}\n"),
    "a tab": ("extends", f"a:\n\t{SECRET}: 1\n"),
    "a tag": ("extends", f"a: !{SECRET} 1\n"),
    "a key that is set twice": ("extends", f"{SECRET}: 1\n{SECRET}: 2\n"),
    "a base of a base": ("extends", f"extends: [{SECRET}]\n"),
    "a wrong value": ("extends", f"surface: {SECRET}\n"),
    "a value of a section": ("extends", f"figure: {{theme: {SECRET}, size: {SECRET}}}\n"),
    "a wrong formula": ("extends", f"surface: {{expr: x + {SECRET}(y)}}\n"),
    "passwords": ("data", f"root:x:0:0:{SECRET}:/root:/bin/sh\ndaemon:{SECRET}\n"),
    "names of columns": ("data", f"{SECRET},b,c\n1,2,3\n"),
    "two equal names": ("data", f"x,y,{SECRET},{SECRET}\n1,2,3,4\n"),
    "a cell": ("data", f"x,y\n1,2\n3,{SECRET}\n"),
    "a quote": ("data", f'x,y\n1,"{SECRET}\n'),
    "text after a quote": ("data", f'x,y\n1,"2"{SECRET}\n'),
    "one column": ("data", f"{SECRET}\n1\n2\n"),
    "a private key": ("data", f"-----BEGIN KEY-----\n{SECRET}\n-----END KEY-----\n"),
    "a font": ("font", SECRET),
}


@uses_posix
@pytest.mark.parametrize(
    "via", ["a link to the folder", "a link to the file", "its absolute path", "a way up"]
)
@pytest.mark.parametrize("name", FOREIGN)
def test_no_text_of_a_file_elsewhere_is_quoted(
    name: str, via: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, text = FOREIGN[name]
    path = foreign(tmp_path, via, f"a.{SUFFIX[key]}", text)
    monkeypatch.chdir(tmp_path / "here")
    Path("c.yaml").write_text(NAMED_BY[key].format(path))
    with pytest.raises(ConfigError) as raised:
        load("c.yaml")
    for form in PROBLEM_FORMATS.values():
        said = form(raised.value.problems)
        assert "S3CRET" not in said and f"a.{SUFFIX[key]}" in said


def test_a_file_beside_the_config_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"{SECRET}: 1\n")
    (tmp_path / "c.yaml").write_text("extends: base.yaml\n")
    with pytest.raises(ConfigError, match=SECRET):
        load(tmp_path / "c.yaml")


def test_at_most_a_thousand_columns(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(NAMED_BY["data"].format("a.csv"))
    names = ",".join(f"c{i}" for i in range(1001))
    (tmp_path / "a.csv").write_text(f"{names}\n")
    with pytest.raises(ConfigError, match="at most 1000 are read") as raised:
        load(config)
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "," * 1_000_001,
        "x,y\n" + "1," * 500_001,
        "x,y\n1,2\n" + "," * 1_000_001 + "\n3,4\n",
        "x;y\n1;2\n" + ";" * 1_000_001,
        "x,y\n" + ('"a\n",' * 300_000),
    ],
    ids=["header", "row", "later row", "semicolons", "quoted cells over many lines"],
)
def test_a_row_of_a_million_cells_is_refused_before_it_is_built(text: str, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(NAMED_BY["data"].format("a.csv"))
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ConfigError, match="a row has more than 1000000 characters") as raised:
        load(config)
    assert len(str(raised.value)) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "a: [" + "{a: 1}, " * 110_000 + "]\n",
        "a: [" + "{}," * 300_000 + "]",
        "".join(f"k{i}: {{}}\n" for i in range(80_000)),
        "a: " + "[" * 400_000,
        "- " * 400_000,
        "? " * 400_000,
        "{" * 400_000,
    ],
    ids=[
        "small mappings",
        "empty mappings",
        "keys",
        "brackets",
        "dashes",
        "question marks",
        "braces",
    ],
)
def test_a_large_config_is_refused_before_it_is_built(text: str, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(text)
    with pytest.raises(
        ConfigError, match=r"more than 20000 values|nested deeper than 32"
    ) as raised:
        load(config)
    assert len(str(raised.value)) < 1000


@uses_posix
def test_inside_is_where_the_links_lead(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "out").symlink_to("..")
    (tmp_path / "here" / "loop").symlink_to("loop")
    assert is_inside(tmp_path / "here" / "a" / "b", tmp_path / "here")
    assert not is_inside(tmp_path / "here" / "out" / "b", tmp_path / "here")
    assert not is_inside(tmp_path / "hereabouts", tmp_path / "here")
    assert is_inside(tmp_path / "here" / "loop", tmp_path / "here")


READERS = {"open", "fdopen", "read_text", "read_bytes", "fromfile", "loadtxt", "genfromtxt"}
"""Names of functions that read files."""

MAY_READ = {
    "files.py": "the one opener",
    "scene/themes/__init__.py": "themes of packages",
    "schema/catalogue.py": "what the optimizers were verified against",
    "pipeline/notebook.py": "files that were just written",
    "cli/starter.py": "our templates",
    "cli/preview_server.py": "our page",
    "cli/explorer_server.py": "our page",
    "cli/figures.py": "a file that was just written",
    "pipeline/jobs.py": "files that were just written",
    "pipeline/atomic_file.py": "files that are written",
    "encoding/ffmpeg.py": "the log of ffmpeg",
    "encoding/png_image.py": "bytes in memory",
    "player/page.py": "our pages",
    "drawing/isolation.py": "a folder",
    "extras.py": "the settings of this environment",
    "cli/app.py": "the null device",
    "cli/streams.py": "standard output and error",
    "surfaces/_regression/plain_numbers.py": "bytes in memory",
}
"""The modules that may use them, and what they read."""


def test_every_other_file_goes_through_the_one_opener() -> None:
    home = Path(optanim.__file__).parent
    found = set()
    for file in home.rglob("*.py"):
        calls = [n for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Call)]
        names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
        if names & READERS:
            found.add(file.relative_to(home).as_posix())
    assert found <= {*MAY_READ}


@uses_posix
def test_a_config_that_is_a_link_out_is_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = foreign(tmp_path, "a link to the file", "a.yaml", f"{SECRET}\n")
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(ConfigError) as raised:
        load(name)
    assert "S3CRET" not in str(raised.value)


@pytest.mark.parametrize(
    ("base", "own"),
    [
        (f"figure: {{font: {SECRET}}}\n", ""),
        (f"title: '${SECRET} \\{SECRET}$'\n", ""),
        (f"optimizer: {{name: gd, label: {SECRET}}}\n", "claims: [{arrives: zzz}]\n"),
        (f"optimizer: {{name: gd, label: {SECRET}}}\n", f"claims: [{{diverges: {SECRET}}}]\n"),
    ],
    ids=["font", "title", "labels", "claim"],
)
def test_no_value_of_a_base_elsewhere_is_quoted_later(
    base: str, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = "surface: quadratic\nstart: [3, 1]\n" + "optimizer: gd\n" * ("optimizer" not in base)
    name = foreign(tmp_path, "a way up", "a.yaml", base + rest)
    monkeypatch.chdir(tmp_path / "here")
    Path("c.yaml").write_text(f"extends: {name}\n{own}")
    with pytest.raises((ConfigError, ClaimError)) as raised:
        render(load("c.yaml"))
    assert "S3CRET" not in str(raised.value)


@pytest.mark.parametrize("text", ['"\\U00110000"', '"\\UFFFFFFFF": 1', 'a: "\\U7FFFFFFF"'])
def test_an_escape_of_no_character(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(ConfigError, match="an escape of a character"):
        load(tmp_path / "c.yaml")


def test_a_comment_of_a_picture_has_a_limit(tmp_path: Path) -> None:
    head = b"GIF89a\1\0\1\0\0\0\0\x21\xfe"
    (tmp_path / "a.gif").write_bytes(head + b"\1A" * 1_500_000 + b"\0;")
    with pytest.raises(ConfigError, match="does not contain its config"):
        config_of(tmp_path / "a.gif")
