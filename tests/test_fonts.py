"""Text in any language: which font is taken, and what is said where there is none.

The fonts are made here, so that it does not matter which ones a machine has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.mathtext import MathTextParser

import optanim
from optanim.config.dump import as_yaml
from optanim.drawing import fonts
from optanim.drawing.fonts import families
from optanim.drawing.isolation import figure_settings, forbid_missing_glyphs
from optanim.drawing.painter import Painter
from optanim.errors import ConfigError
from optanim.experiment.trials import trajectories_of
from optanim.scene.compose import compose_scene

CONFIG = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\nsteps: 3\n"
LATIN = "".join(map(chr, range(33, 127)))
KOREAN, JAPANESE, CHINESE = "경사하강법", "最急降下法の経路カナ", "梯度下降法优化"

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(family: str, letters: str, folder: str = "", size: int = 700) -> Path:
        """A font whose every letter is a box."""
        pen = TTGlyphPen(None)
        for i, corner in enumerate([(80, 0), (80, size), (size, size), (size, 0)]):
            (pen.lineTo if i else pen.moveTo)(corner)
        pen.closePath()
        box, names = pen.glyph(), {ord(c): f"u{ord(c):04X}" for c in sorted({*letters, " "})}
        builder = FontBuilder(1000, isTTF=True)
        order = [".notdef", *names.values()]
        builder.setupGlyphOrder(order)
        builder.setupCharacterMap(names)
        builder.setupGlyf(dict.fromkeys(order, box))
        builder.setupHorizontalMetrics(dict.fromkeys(order, (800, 80)))
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupNameTable({"familyName": family, "styleName": "Regular"})
        builder.setupOS2(sTypoAscender=800)
        builder.setupPost()
        path = tmp_path / folder / f"{family.replace(' ', '')}-Regular.ttf"
        path.parent.mkdir(exist_ok=True)
        builder.save(path)
        return path

    return make


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """A machine with matplotlib's own fonts, and those that are given to it.

    It has no packages of fonts but those in the test's own folder: `dev` installs one.
    """

    def own_spec(package: str) -> ModuleSpec | None:
        return find_spec(package) if (tmp_path / package).is_dir() else None

    monkeypatch.setattr(fonts, "find_spec", own_spec)

    def machine(*files: Path, hidden: tuple[Path, ...] = ()) -> None:
        own = [e for e in fontManager.ttflist if e.fname.startswith(str(DEJAVU.parent))]
        monkeypatch.setattr(fontManager, "ttflist", own)
        for file in files:
            fontManager.addfont(file)
        system = [str(file) for file in (*files, *hidden)]
        monkeypatch.setattr(fonts, "findSystemFonts", lambda: system)
        for cached in (fonts._font_entry, fonts._add_new_fonts, fonts._family_of_file):
            cached.cache_clear()

    machine()
    yield machine
    # matplotlib remembers the file of a family, too: other tests have the machine's own again.
    for cached in (
        fonts._font_entry,
        fonts._add_new_fonts,
        fonts._family_of_file,
        fontManager._findfont_cached,
    ):
        cached.cache_clear()


DEJAVU = Path(next(e.fname for e in fontManager.ttflist if e.name == "DejaVu Sans"))


def painter(*more: str, text: str = "") -> Painter:
    run = optanim.loads(CONFIG + text, set=more)
    return Painter(compose_scene(run, trajectories_of(run)))


def test_what_the_default_has_needs_no_other_font(make: Make, machine: Callable[..., None]) -> None:
    machine(make("Noto Sans KR", LATIN + KOREAN))
    assert families(["Adam", r"$\eta = 0.1$ − × ∇ Ω é"]) == ["DejaVu Sans"]


def test_a_font_of_the_language_comes_first(make: Make, machine: Callable[..., None]) -> None:
    everything = KOREAN + JAPANESE + CHINESE
    machine(*(make(name, everything) for name in ("A", "NanumGothic", "IPAexGothic", "SimHei")))
    taken = [families([text])[0] for text in (KOREAN, JAPANESE, CHINESE, KOREAN + "急降")]
    assert taken == ["NanumGothic", "IPAexGothic", "SimHei", "NanumGothic"]
    machine(make("A", KOREAN, "b"), make("NanumGothic", JAPANESE, "b"))
    assert families([JAPANESE]) == ["NanumGothic", "DejaVu Sans"]  # better than none
    assert families([KOREAN]) == ["A", "DejaVu Sans"]


def test_several_fonts_where_one_has_not_all(make: Make, machine: Callable[..., None]) -> None:
    machine(make("NanumGothic", LATIN + KOREAN), make("IPAexGothic", JAPANESE))
    assert families([KOREAN, JAPANESE]) == ["IPAexGothic", "NanumGothic", "DejaVu Sans"]
    # A text with maths has one font, which then comes first.
    assert families([KOREAN + r" $\eta$", JAPANESE])[0] == "NanumGothic"
    with pytest.raises(ConfigError, match="a text with maths is set in one font, and none here"):
        families([KOREAN + JAPANESE + r" $\eta$"])
    painter(text=f"title: '{KOREAN} {JAPANESE}'\n").paint(0)


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        (KOREAN, "no font here has 강 경 법 사 하", "install 'pylopdf-fonts-ko>=0.1.1', or set"),
        ("経路カ", "no font here has カ 経 路", "install 'pylopdf-fonts-jp>=0.1.1', or"),
        ("优化", "no font here has 优 化", "install 'pylopdf-fonts-zh-cn>=0.1.1', or"),
        ("경カ", "no font here has カ 경", "jp>=0.1.1' 'pylopdf-fonts-ko>=0.1.1', or"),
        ("🚀", "no font here has 🚀 (U+1F680)", "= help: set figure.font to a font file"),
        ("\U00013080", "no font here has \U00013080 (U+13080)", "help: set figure.font"),
    ],
)  # fmt: skip
def test_a_letter_that_no_font_has(text: str, message: str, help: str) -> None:
    with pytest.raises(ConfigError) as caught:
        painter(text=f"title: '{text}'\n")
    assert message in str(caught.value) and help in str(caught.value)


def test_the_language_is_told_by_the_letters_beside(
    make: Make, machine: Callable[..., None]
) -> None:
    machine(make("NanumGothic", JAPANESE.replace("経", "")))
    with pytest.raises(ConfigError, match=r"no font here has 経\n.*'pylopdf-fonts-jp"):
        families([JAPANESE])


def test_an_installed_package_of_fonts_is_found(
    make: Make, machine: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("Noto Serif KR", LATIN + KOREAN, "pylopdf_fonts_ko")
    file = make("Noto Sans KR", LATIN + KOREAN, "pylopdf_fonts_ko")
    # A package is not imported: this one could not be.
    (tmp_path / "pylopdf_fonts_ko" / "__init__.py").write_text("raise ImportError('distutils')")
    monkeypatch.syspath_prepend(tmp_path)
    (name, _) = families([KOREAN])
    assert Path(fontManager.findfont(name)).name == file.name
    painter(text=rf"title: '{KOREAN} $\eta$'").paint(0)
    machine(make("Malgun Gothic", LATIN + KOREAN))
    assert families([KOREAN])[0] == "Malgun Gothic"  # one that is installed comes before


def test_a_font_installed_since_matplotlib_made_its_list(
    make: Make, machine: Callable[..., None]
) -> None:
    machine(hidden=(make("NanumGothic", LATIN + KOREAN), DEJAVU))
    assert families([KOREAN])[0] == "NanumGothic"
    machine(hidden=(make("Special", LATIN),))
    assert families(["Adam"], "special") == ["Special", "DejaVu Sans"]


def test_a_family_by_name(make: Make, machine: Callable[..., None]) -> None:
    machine(make("Special Sans", LATIN), make("NanumGothic", LATIN + KOREAN))
    assert families(["Adam"], "special sans") == ["Special Sans", "DejaVu Sans"]
    assert families([KOREAN], "Special Sans") == ["Special Sans", "NanumGothic", "DejaVu Sans"]
    plain, special = (painter(*set).paint(0) for set in ((), ("figure.font=Special Sans",)))
    assert (plain != special).any()
    with pytest.raises(ConfigError, match="'Special Sans' lacks 강 경 법 사 하"):
        families([KOREAN + r" $\eta$"], "Special Sans")
    with pytest.raises(ConfigError, match=r"called 'Spezial Sans'\n.*did you mean 'Special Sans'"):
        families(["Adam"], "Spezial Sans")


def test_a_file_is_taken_beside_the_config_and_before_a_font_of_its_name(
    make: Make, machine: Callable[..., None], tmp_path: Path
) -> None:
    machine(make("Special", LATIN, "installed", size=300))
    file = make("Special", LATIN + KOREAN, "posts")
    (tmp_path / "posts" / "c.yaml").write_text(
        CONFIG + rf"title: '{KOREAN} $\eta$'" + "\nfigure: {font: Special-Regular.ttf}\n"
    )
    run = optanim.load(tmp_path / "posts" / "c.yaml")
    assert run.inputs == (tmp_path / "posts" / "c.yaml", file)
    (name, _) = families([KOREAN], run.font)
    assert Path(fontManager.findfont(name)) == file
    Painter(compose_scene(run, trajectories_of(run))).paint(0)
    assert run.figure.font == "Special-Regular.ttf"
    again = optanim.loads(as_yaml(run), folder=tmp_path / "posts")
    assert as_yaml(again) == as_yaml(run) and again.inputs == (file,)
    typed = optanim.load(tmp_path / "posts" / "c.yaml", set=[f"figure.font={file}"])
    assert typed.font == str(file)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.ttf", None, "c.yaml:5:16: error: there is no font file"),
        ("a.otf", b"<html>", "a.otf is not a font"),
        ("a.ttc", b"", "a.ttc is not a font"),
        ("a.woff2", b"wOF2", "a font file ends in .ttf, .otf, .ttc, not in '.woff2'"),
    ],
)
def test_a_file_that_is_no_font(
    name: str, data: bytes | None, message: str, tmp_path: Path
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    (tmp_path / "c.yaml").write_text(CONFIG + f"figure: {{font: {name}}}\n")
    with pytest.raises(ConfigError) as caught:
        optanim.load(tmp_path / "c.yaml")
    assert message in str(caught.value)


def test_a_font_that_is_broken_further_in(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"\0\1\0\0 and no more")
    with pytest.raises(ConfigError, match=r"a\.ttf cannot be used: it is not a font"):
        painter(f"figure.font={tmp_path / 'a.ttf'}")


def test_words_as_variables(make: Make, machine: Callable[..., None]) -> None:
    machine(make("NanumGothic", LATIN + KOREAN))
    painter(text=rf"title: '$\mathrm{{{KOREAN}}}$ {KOREAN} $\eta$'")
    with pytest.raises(ConfigError, match=r"경 cannot be drawn as a variable[^$]*\\mathrm"):
        painter(text="title: '$경사$'")


def test_every_text_of_a_figure_is_in_its_language(
    make: Make, machine: Callable[..., None]
) -> None:
    machine(make("NanumGothic", LATIN + KOREAN))
    race = f"optimizers: [{{name: gd, label: {KOREAN}}}, {{name: gd, label: 'Adam $\\eta$'}}]\n"
    for panel in ("contour", "loss"):
        text = CONFIG.replace("optimizer: adam\n", race) + f"panels: [{panel}]\n"
        run = optanim.loads(text)
        Painter(compose_scene(run, trajectories_of(run))).paint(3)


def test_maths_in_a_font_without_a_minus(make: Make, machine: Callable[..., None]) -> None:
    machine(make("Without Minus", LATIN))
    with figure_settings(["Without Minus", "DejaVu Sans"]), forbid_missing_glyphs():
        MathTextParser("agg").parse(r"$\mathrm{10^{-2}}$", 72, FontProperties(size=12))
