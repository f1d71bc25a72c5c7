"""Standard output that is not in UTF-8: each command prints, with stand-ins that can be read."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

import optanim
from optanim.cli import app as cli
from optanim.cli.stand_ins import encodable, with_stand_ins
from optanim.cli.streams import _GuardedStream, guard_streams, unguarded
from optanim.config.dump import as_yaml
from optanim.schema.catalogue import catalogue

ENCODINGS = ("cp949", "cp932", "cp1252", "ascii", "latin-1", "utf-16", "cp437", "utf-8")

CONFIG = Path(__file__).parent / "cases" / "05-other-encodings.yaml"

CALLS = {
    "batch": [("c.yaml", "--optimizers", "gd,momentum", "--frame", "first", "-j", "1"),
              ("c.yaml", "--check")],
    "check": [("c.yaml",), ("wrong.yaml",), ("wrong.yaml", "--format", "json")],
    "deps": [("c.yaml",)],
    "doctor": [(), ("--json",)],
    "embed": [("c.yaml",), ("c.yaml", "--lang", "ko", "--format", "markdown")],
    "init": [("new.yaml",)],
    "list": [(), *((kind,) for kind in ("surfaces", "optimizers", "themes", "claims"))],
    "render": [("c.yaml", "--frame", "last"), ("c.yaml", "--frame", "last", "--json"),
               ("c.yaml", "--frame", "last", "--table", "markdown"), ("wrong.yaml",)],
    "schema": [()],
    "show": [("c.yaml",), ("adam",), ("quadratic",), ("rosenbrock",), ("faster",), ("…",)],
    "sweep": [("c.yaml", "-x", "steps=5,10", "--frame", "first", "-j", "1")],
    "trace": [("c.yaml",)],
    "tune": [("c.yaml",), ("c.yaml", "--json"), ("c.yaml", "--table", "csv")],
    "watch": [("-",)],
}  # fmt: skip
"""What each command is called with, beside `--help`. A new command is tested with `--help`."""

WRONG = (
    "surface: quadratic\nstart: [−4, 3]\ntitle: '모멘텀 – η × x²'\nsteps: '十'\noptimizer: 아담\n"
)


@dataclass
class Printed:
    out: bytes
    err: bytes
    code: int


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("c.yaml").write_bytes(CONFIG.read_bytes() + b"figure: {size: [160, 120]}\n")
    Path("wrong.yaml").write_text(WRONG, "utf-8")
    return tmp_path


def printed(arguments: tuple[str, ...], encoding: str, monkeypatch: pytest.MonkeyPatch) -> Printed:
    """What `main` prints to files or pipes in an encoding, with strict errors."""
    streams = io.BytesIO(), io.BytesIO()
    for name, stream in zip(("stdout", "stderr"), streams, strict=True):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(stream, encoding, "strict"))
    monkeypatch.setattr(sys, "argv", ["optanim", *arguments])
    monkeypatch.setattr(cli, "_open_standard_streams", lambda: None)
    monkeypatch.setattr(cli, "stop_on_signals", lambda: None)
    monkeypatch.setattr(cli.app, "registered_commands", [])
    for name in ("freeze", "set_threshold"):
        monkeypatch.setattr(cli.gc, name, lambda *_: None)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    code = stop.value.code
    assert isinstance(code, int)
    return Printed(streams[0].getvalue(), streams[1].getvalue(), code)


def is_bug(text: str) -> bool:
    return "Traceback" in text or "bug in optanim" in text


@pytest.mark.parametrize(("number", "command"), [*enumerate(catalogue("commands"))])
def test_every_command_prints_in_every_encoding(
    number: int, command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call is made in one of the encodings; then what it printed is printed in all of them."""
    texts = list[str]()
    write = _GuardedStream.write_unchanged

    def noted(stream: _GuardedStream, text: str) -> int:
        texts.append(text)
        return write(stream, text)

    monkeypatch.setattr(_GuardedStream, "write_unchanged", noted)
    for i, arguments in enumerate((("--help",), *CALLS.get(command, []))):
        lacking = [name for name in ENCODINGS if not i or not name.startswith("utf")]
        encoding = lacking[(number + i) % len(lacking)]
        done = printed((command, *arguments), encoding, monkeypatch)
        for output in (done.out, done.err):
            assert not is_bug(output.decode(encoding, "replace")), arguments
        assert done.code in ((0,) if arguments == ("--help",) else (0, 1, 2)), arguments
    assert texts
    for encoding in ENCODINGS:
        guarded = _GuardedStream(io.TextIOWrapper(io.BytesIO(), encoding, "strict"))
        for text in texts:
            write(guarded, text)
        guarded.flush()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_help_without_a_command_prints_in_every_encoding(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (("--help",), (), ("--version",), ("−",)):
        done = printed(arguments, encoding, monkeypatch)
        assert not is_bug(done.err.decode(encoding)) and not is_bug(done.out.decode(encoding))


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("160×120 – 12 frames…", "ascii", "160x120 - 12 frames..."),
        ("160×120 – 12 frames…", "cp949", "160×120 - 12 frames…"),
        ("160×120 – 12 frames…", "cp1252", "160×120 – 12 frames…"),
        ("x² − 10⁻⁵y ≤ √(θ₁)", "ascii", "x^2 - 10^(-5)y <= sqrt(theta_1)"),
        ("x² − 10⁻⁵y", "cp1252", "x² - 10^(-5)y"),
        ("∇f → η, Δ and λ", "latin-1", "grad f -> eta, Delta and lambda"),
        ("a ← b ⇒ c ∞", "ascii", "a <- b => c inf"),
        ("Schrödinger’s “½”", "ascii", "Schrodinger's \"1/2\""),
        ("Schrödinger’s “½”", "latin-1", "Schrödinger's \"½\""),
        ("모멘텀 10 %", "cp949", "모멘텀 10 %"),
        ("모멘텀", "cp1252", r"\ubaa8\uba58\ud140"),
        ("\N{GRINNING FACE} あ", "ascii", r"\U0001f600 \u3042"),
        ("┏━┓┃╭╮│", "ascii", "+-+|++|"),
        ("█▓░", "latin-1", "###"),
        ("모멘텀 x⁻² …", "utf-16", "모멘텀 x⁻² …"),
    ],
)  # fmt: skip
def test_what_stands_for_what(text: str, encoding: str, shown: str) -> None:
    assert with_stand_ins(text, encoding) == shown


@given(st.text(), st.sampled_from(ENCODINGS))
def test_any_text_can_be_encoded(text: str, encoding: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    shown = with_stand_ins(text, encoding)
    assert encodable(shown, encoding)
    assert shown == text or not encodable(text, encoding)


def own_symbols() -> set[str]:
    """The symbols in our own code, except letters of languages."""
    package = Path(cli.__file__).parents[1]
    files = [path for ending in ("py", "yaml") for path in package.rglob(f"*.{ending}")]
    letters = set("".join(path.read_text("utf-8") for path in files))
    return {letter for letter in letters if not letter.isalpha() and letter != "\u0302"}


def test_each_symbol_of_our_own_has_a_stand_in() -> None:
    assert {symbol for symbol in own_symbols() if "\\u" in with_stand_ins(symbol, "ascii")} == set()


@pytest.mark.parametrize("encoding", ["cp949", "cp1252", "ascii", "utf-16"])
def test_json_reads_back_in_every_encoding(
    encoding: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = printed(("tune", "c.yaml", "--json"), encoding, monkeypatch)
    assert [row["label"] for row in json.loads(done.out.decode(encoding))][1] == "모멘텀"
    done = printed(("check", "wrong.yaml", "--format", "json"), encoding, monkeypatch)
    rows = json.loads(done.out.decode(encoding))
    assert any("아담" in row["message"] for row in rows) and done.code == 2


@pytest.mark.parametrize("encoding", ["cp949", "cp1252", "ascii", "utf-16"])
def test_yaml_reads_back_in_every_encoding(
    encoding: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = optanim.load("c.yaml")
    text = printed(("show", "c.yaml"), encoding, monkeypatch).out.decode(encoding)
    assert as_yaml(optanim.loads(text)) == as_yaml(run)
    text = printed(("tune", "c.yaml"), encoding, monkeypatch).out.decode(encoding)
    assert "모멘텀" in str(yaml.safe_load(text[text.index("optimizers:") :]))


def test_ascii_is_guarded_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click writes in UTF-8, and around our guard, to a stream that says that it is ASCII."""
    done = printed(("show", "\x1b[2J모"), "ascii", monkeypatch)
    assert rb"\x1b[2J\ubaa8" in done.err and b"\x1b" not in done.err
    done = printed(("tune", "c.yaml"), "ascii", monkeypatch)
    assert done.out.isascii() and rb"\ubaa8\uba58\ud140" in done.out


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_tables_of_rich_are_drawn_in_every_encoding(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    guard_streams()
    table = Table("η", "…")
    table.add_row("모멘텀", "–")
    Console(file=unguarded(sys.stdout), force_terminal=True).print(table)
    sys.stdout.flush()
    text = raw.getvalue().decode(encoding)
    assert text.count("\n") >= 4
    if encoding == "ascii":
        assert "eta" in text and "..." in text and text.count("\\u") == 3
