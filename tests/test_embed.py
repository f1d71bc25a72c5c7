"""Snippets as parsers and a browser read them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from optanim.cli.snippet import Embedded, embedded, html, hugo, markdown, mdx, url
from tests.browser import browser
from tests.command import optanim_
from tests.needs import uses_chromium

CONFIG = """
surface: quadratic
start: [-4, 3]
optimizer: {name: momentum, lr: 0.1}
steps: 30
figure: {size: [320, 240], scale: 2}
animation: {steps_per_second: 20, hold_end: 0}
"""

Tag = tuple[str, dict[str, str | None]]


def tags(text: str) -> list[Tag]:
    found: list[Tag] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, dict(attrs)))

        def handle_data(self, data: str) -> None:
            assert not data.strip(), f"{data!r} stands outside of tags"

    reader = Reader()
    reader.feed(text)
    reader.close()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(CONFIG)
    return tmp_path


def test_an_image_alone_and_a_hint(folder: Path) -> None:
    done = optanim_("embed", "a.yaml", cwd=folder)
    assert done.returncode == 0 and b"formats: [png]" in done.stderr
    ((tag, image),) = tags(done.stdout.decode())
    # The size is that of the page, not of a screen twice as dense.
    assert (image.pop("alt") or "").startswith("Momentum overshoots the minimum of x² + 2y² ")
    assert tag == "img" and image == {
        "src": "a.gif", "width": "320", "height": "240", "loading": "lazy",
    }  # fmt: skip


TWINS = ("-s", "themes=[light, dark]")


def test_a_still_and_the_dark(folder: Path) -> None:
    done = optanim_(
        "embed", "a.yaml", "-s", "formats=[png]", *TWINS, "--src", "figures", cwd=folder
    )
    assert done.returncode == 0 and not done.stderr
    picture, *sources, (tag, image) = tags(done.stdout.decode())
    assert picture[0] == "picture" and (tag, image["src"]) == ("img", "figures/a-light.gif")
    assert [tuple(source.values()) for _, source in sources] == [
        (
            "(prefers-reduced-motion: reduce) and (prefers-color-scheme: dark)",
            "figures/a-dark.png",
        ),
        ("(prefers-reduced-motion: reduce)", "figures/a-light.png"),
        ("(prefers-color-scheme: dark)", "figures/a-dark.gif"),
    ]


def test_a_webp_comes_first_in_each_theme(folder: Path) -> None:
    done = optanim_("embed", "a.yaml", "-s", "formats=[webp]", *TWINS, cwd=folder)
    _, *sources, (_, image) = tags(done.stdout.decode())
    assert [(one.get("type"), "media" in one, one["srcset"]) for _, one in sources] == [
        ("image/webp", True, "a-dark.webp"),
        (None, True, "a-dark.gif"),
        ("image/webp", False, "a-light.webp"),
    ]
    assert image["src"] == "a-light.gif"


@pytest.mark.parametrize(
    ("themes", "light", "dark"),
    [
        ("[dark, paper, light]", "a-paper.gif", "a-dark.gif"),
        ("[light, paper]", "a-light.gif", None),
        ("[dark]", "a-dark.gif", None),
        ("[{name: light, background: '#101010'}, plain]", "a-plain.gif", "a-light.gif"),
    ],
)
def test_the_background_tells_which_is_dark(
    themes: str, light: str, dark: str | None, folder: Path
) -> None:
    done = optanim_("embed", "a.yaml", "-s", f"themes={themes}", cwd=folder)
    found = tags(done.stdout.decode())
    assert found[-1][1]["src"] == light
    assert [tag["srcset"] for name, tag in found if name == "source"] == ([dark] if dark else [])


def test_a_video_for_dark_pages(folder: Path) -> None:
    done = optanim_("embed", "a.yaml", "-s", "output=a.webm", *TWINS, cwd=folder)
    (_, video), (_, dark), (_, light) = tags(done.stdout.decode())
    assert "src" not in video and video["width"] == "320"
    assert dark == {"media": "(prefers-color-scheme: dark)", "src": "a-dark.webm"}
    assert light == {"src": "a-light.webm"}


def test_a_still_alone() -> None:
    figure = embedded([Path("a.png")], (640, 480), "A still")
    assert html(figure).startswith('<img src="a.png"') and figure.light.still == ""
    # `output: a.png` is an APNG, and not the still beside another file.
    figure = embedded([Path("a.png"), Path("a.gif")], (640, 480), "It moves")
    assert (figure.light.image, figure.light.still) == ("a.png", "")


def test_a_video() -> None:
    outputs = [Path("a.mp4"), Path("a.png"), Path("a.webp")]
    figure = embedded(outputs, (640, 480), "A film")
    assert (figure.light.image, figure.light.still) == ("a.webp", "a.png")
    figure = embedded(outputs[:2], (640, 480), '"A" film')
    for snippet in (html(figure), markdown(figure), hugo(figure)):
        ((tag, video),) = tags(snippet)
        assert (tag, video["src"], video["poster"]) == ("video", "a.mp4", "a.png")
        assert video["aria-label"] == '"A" film' and {"autoplay", "loop", "muted"} <= set(video)


def test_a_page_is_in_a_frame_and_the_picture_for_readers_without_scripts(folder: Path) -> None:
    done = optanim_("embed", "a.yaml", "-s", "formats=[html, png]", *TWINS, cwd=folder)
    assert done.returncode == 0 and not done.stderr
    frame, noscript, picture, *sources, image = tags(done.stdout.decode())
    assert frame[0] == "iframe" and noscript[0] == "noscript" and picture[0] == "picture"
    title = frame[1].pop("title")
    assert frame[1] == {
        "src": "a-light.html", "width": "320", "height": "508",
        "style": "border: 0; max-width: 100%", "loading": "lazy", "sandbox": "allow-scripts",
    }  # fmt: skip
    assert [source["srcset"] for _, source in sources] == [
        "a-dark.png",
        "a-light.png",
        "a-dark.gif",
    ]
    assert image[1]["src"] == "a-light.gif" and image[1]["alt"] == title


@pytest.mark.parametrize(
    ("outputs", "page", "image", "still"),
    [
        (["a.html"], "a.html", "", ""),
        (["a.html", "a.png"], "a.html", "a.png", ""),
        (["a.png", "a.html"], "a.html", "a.png", ""),
        (["a.html", "a.gif", "a.png"], "a.html", "a.gif", "a.png"),
        (["a.gif", "a.png", "a.html"], "a.html", "a.gif", "a.png"),
        (["a.mp4", "a.html", "a.png"], "a.html", "a.mp4", "a.png"),
    ],
)
def test_pages_beside_pictures(outputs: list[str], page: str, image: str, still: str) -> None:
    figure = embedded([Path(name) for name in outputs], (640, 480), "It {moves}", below=90)
    light = figure.light
    assert (light.page, light.image, light.still) == (page, image, still)
    (frame, *rest) = tags(html(figure))
    assert frame[0] == "iframe" and bool(rest) == bool(image)
    assert mdx(figure).startswith(
        '<iframe src="a.html" width={640} height={570}'
        ' style={{border: 0, maxWidth: \'100%\'}} loading="lazy" sandbox="allow-scripts"'
        ' title="It &#123;moves&#125;"></iframe>'
    )
    # Markdown and Hugo show the picture; there is HTML where there is none.
    for snippet in (markdown(figure), hugo(figure)):
        assert ("<iframe" in snippet) == (image in ("", "a.mp4"))


def test_markdown_in_korean(folder: Path) -> None:
    done = optanim_(
        "embed", "a.yaml", "--format", "markdown", "--lang", "ko", "--src", "./", cwd=folder,
        LC_ALL="C", PYTHONIOENCODING="latin-1",
    )  # fmt: skip
    said = done.stdout.decode("utf-8")
    assert said.startswith("![모멘텀이 x² + 2y²의 최솟값을") and said.endswith("](./a.gif)\n")
    assert done.returncode == 0 and not done.stderr


def test_the_snippets_of_the_page_are_what_is_printed() -> None:
    root = Path(__file__).parents[1]
    page = (root / "docs" / "posts.md").read_text("utf-8")
    block = r"`optanim (embed [^`]*)` prints\n\n```html\n([^`]*)```"
    found = re.findall(block, page)
    assert len(found) == 2
    for arguments, snippet in found:
        words = arguments.replace("'", "").split()
        assert optanim_(*words, cwd=root).stdout.decode() == snippet


def test_the_config_from_standard_input() -> None:
    done = optanim_("embed", "-", input=CONFIG.encode())
    assert tags(done.stdout.decode())[0][1]["src"] == "optanim.gif"


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (("nothing.yaml",), ["nothing.yaml: error: there is no such file"]),
        (("a.yaml", "--format", "htm"), ["no format is called 'htm'", "did you mean 'html'?"]),
        (("a.yaml", "--lang", "kr"), ["no language is called 'kr'", "did you mean 'ko'?"]),
        (
            ("a.yaml", "--lang", "de", "--format", "mark"),
            ["no language is called 'de'", "languages: en, ko", "did you mean 'markdown'?"],
        ),
        (("a.yaml", "-s", "steps=0"), ["must be at least 1"]),
        ((), ["Missing argument"]),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], messages: list[str], folder: Path) -> None:
    done = optanim_("embed", *arguments, cwd=folder)
    said = done.stderr.decode()
    assert done.returncode == 2 and done.stdout == b"" and "Traceback" not in said
    for message in messages:
        assert message in said


def test_render_tells_the_alt_text_too(folder: Path) -> None:
    done = optanim_("render", "a.yaml", "--json", "--frame", "last", cwd=folder)
    (made,) = json.loads(done.stdout)
    assert made["alt"].startswith("Momentum overshoots the minimum of x² + 2y² ")


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=30
).filter(lambda name: name not in (".", ".."))
HARD = st.text(st.sampled_from("[]()<>&\"'\\`*_!$~|=:#% \n\tab.é걸"), max_size=40)


def figure_of(alt: str, name: str, prefix: str) -> Embedded:
    paths = [Path(f"{name}.gif"), Path(f"{name}.png")]
    return embedded(paths, (640, 480), alt, prefix)


def spoken(alt: str) -> str:
    """What an alt text is after its line breaks and controls have become spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in alt).split())


@given(ANY | HARD, NAMES | HARD.filter(bool))
def test_html_holds_any_text_and_any_name(alt: str, name: str) -> None:
    name = name.replace("/", "")
    _, (_, source), (_, image) = tags(html(figure_of(alt, name, "a/b")))
    assert image["alt"] == spoken(alt)
    assert unquote(image["src"] or "") == f"a/b/{name}.gif"
    assert unquote(source["srcset"] or "") == f"a/b/{name}.png"
    # A srcset is split at spaces and commas.
    assert not set(source["srcset"] or "") & set(" ,\t\n\"'<>")


@given(ANY | HARD, NAMES | HARD.filter(bool))
def test_markdown_holds_any_text_and_any_name(alt: str, name: str) -> None:
    (paragraph, inline, *_) = MarkdownIt().parse(markdown(figure_of(alt, name, "a/b")))
    assert paragraph.type == "paragraph_open" and inline.children
    (image,) = inline.children
    text = "".join(child.content for child in image.children or [])
    assert image.type == "image" and text == spoken(alt)
    assert all(child.type in ("text", "text_special") for child in image.children or [])
    source = str(image.attrs["src"])
    assert unquote(source) == f"a/b/{name}.gif"


def shortcode(text: str) -> dict[str, str]:
    """The parameters of a shortcode, as the lexer of Hugo reads them."""
    name, text = "", text.removeprefix("{{< figure ").removesuffix(" >}}")
    found = dict[str, str]()
    while text:
        name, _, text = text.partition("=")
        quote, text = text[0], text[1:]
        assert quote in '"`'
        value, _, text = text.partition(quote)
        # A backslash in double quotes may be an escape, or an error.
        assert quote == "`" or "\\" not in value
        found[name], text = value, text.removeprefix(" ")
    return found


@given(ANY | HARD, NAMES | HARD.filter(bool))
def test_a_shortcode_holds_any_text_and_any_name(alt: str, name: str) -> None:
    name = name.replace("/", "")
    snippet = hugo(figure_of(alt, name, "a/b"))
    assert snippet.startswith("{{< figure ") and snippet.endswith(" >}}") and "\n" not in snippet
    found = shortcode(snippet)
    words = spoken(alt)
    both = "`" in words and ('"' in words or "\\" in words)
    assert found["alt"] == (words.replace("`", "'") if both else words)
    assert unquote(found["src"]) == f"a/b/{name}.gif"
    assert (found["width"], found["height"]) == ("640", "480")


@given(ANY | HARD, NAMES | HARD.filter(bool))
def test_mdx_holds_any_text_and_any_name(alt: str, name: str) -> None:
    name = name.replace("/", "")
    snippet = mdx(figure_of(alt, name, "a/b"))
    # No expression and no maths beside the size; every tag is closed.
    assert not set(snippet.replace("{640}", "").replace("{480}", "")) & set("{}$\\`")
    assert snippet.count("<") == snippet.count("/>") + 2
    _, (_, source), (_, image) = tags(snippet)
    assert image["alt"] == spoken(alt) and image["width"] == "{640}"
    assert unquote(image["src"] or "") == f"a/b/{name}.gif"
    assert unquote(source["srcset"] or "") == f"a/b/{name}.png" and "srcSet=" in snippet


def test_a_video_in_mdx() -> None:
    figure = embedded([Path("a.mp4")], (640, 480), "It {moves}")
    assert mdx(figure) == (
        '<video src="a.mp4" width={640} height={480} autoPlay loop muted playsInline controls'
        ' aria-label="It &#123;moves&#125;"></video>'
    )


@pytest.mark.parametrize("format", ["html", "mdx"])
def test_templates_see_no_braces_in_a_text(format: str, folder: Path) -> None:
    label = "optimizer.label='{{ \\$x }} `a`'"
    done = optanim_("embed", "a.yaml", "--format", format, "-s", label, cwd=folder)
    assert not {"{{", "$", "`"} & set(re.findall(r"\{\{|.", done.stdout.decode()))
    assert tags(done.stdout.decode())[0][1]["alt"].startswith("{{ $x }} `a` ")  # type: ignore[union-attr]


def test_addresses() -> None:
    assert url("adam.gif", "figures/") == url("adam.gif", "figures") == "figures/adam.gif"
    assert url("경사 하강.gif") == "경사%20하강.gif" and url("a:b#1?.gif") == "a%3Ab%231%3F.gif"
    assert url("a.gif", "https://x.org/p q/") == "https://x.org/p%20q/a.gif"
    assert url("a\udcff.gif") == "a%FF.gif"


# Where what is below each picture stands before anything is loaded, and after.
PAGE = """<!doctype html><meta charset="utf-8"><title>A post</title>
<style>body {{ margin: 0 }} img {{ display: block }}</style>
<script>
  let shift = 0
  new PerformanceObserver(list => list.getEntries().forEach(entry => shift += entry.value))
    .observe({{type: 'layout-shift', buffered: true}})
</script>
{snippet}<p class="below">text</p>{unsized}<p class="below">text</p>
<script>
  const below = [...document.querySelectorAll('.below')]
  const tops = () => below.map(p => p.getBoundingClientRect().top)
  const before = tops()
  const loaded = () => [...document.images].every(image => image.complete && image.naturalWidth)
  const wait = done => loaded() ? setTimeout(done, 100) : setTimeout(wait, 20, done)
  window.ready = new Promise(wait).then(() => {{
    const image = document.querySelector('img')
    return {{
      shown: image.currentSrc.split('/').pop(), width: image.naturalWidth,
      moved: tops().map((top, i) => Math.round(top - before[i])), shift
    }}
  }})
</script>
"""


@uses_chromium
def test_a_post_in_a_browser(folder: Path) -> None:
    options = ("a.yaml", "-s", "formats=[png]", *TWINS)
    assert optanim_("render", *options, cwd=folder).returncode == 0
    output = folder / "output"
    snippet = optanim_("embed", *options, cwd=folder).stdout.decode()
    unsized = re.sub(r' (?:width|height)="\d+"', "", snippet)
    post = output / "post.html"
    post.write_text(PAGE.format(snippet=snippet, unsized=unsized), "utf-8")
    alone = output / "alone.html"
    alone.write_text(PAGE.format(snippet=snippet, unsized=""), "utf-8")
    calm, night = {"prefers_reduced_motion": "reduce"}, {"prefers_color_scheme": "dark"}
    with browser() as page:
        said = page.open(post.as_uri())
        # What is below the snippet stays; without a size, it is pushed down by the picture.
        assert said["shown"] == "a-light.gif" and said["moved"] == [0, said["moved"][1]]
        assert said["moved"][1] >= 240
        said = page.open(alone.as_uri())
        assert said == {"shown": "a-light.gif", "width": 640, "moved": [0, 0], "shift": 0}
        first = page.picture()
        page.evaluate("new Promise(done => setTimeout(done, 400))")
        assert page.picture() != first, "the GIF stands still"
        assert page.open(post.as_uri(), **night)["shown"] == "a-dark.gif"
        assert page.open(post.as_uri(), **calm, **night)["shown"] == "a-dark.png"
        assert page.open(alone.as_uri(), **calm)["shown"] == "a-light.png"
        first = page.picture()
        page.evaluate("new Promise(done => setTimeout(done, 400))")
        assert page.picture() == first, "the still moves"


def test_a_matrix_and_a_folder_are_a_figure_each(folder: Path) -> None:
    (folder / "b.yaml").write_text(CONFIG + "matrix: {optimizer.lr: [0.05, 0.1]}\nformats: [png]\n")
    (folder / ".c.yaml").write_text("surface: bad\n")
    done = optanim_("embed", "b.yaml", cwd=folder)
    images = [tag["src"] for name, tag in tags(done.stdout.decode()) if name == "img"]
    assert images == ["b-lr0.05.gif", "b-lr0.1.gif"] and done.returncode == 0
    done = optanim_("embed", ".", "--format", "markdown", cwd=folder)
    lines = [line for line in done.stdout.decode().splitlines() if line]
    assert [line.rpartition("(")[2] for line in lines] == [
        "a.gif)",
        "b-lr0.05.gif)",
        "b-lr0.1.gif)",
    ]
    (folder / "d.yaml").write_text("surface: bad\n")
    done = optanim_("embed", ".", cwd=folder)
    assert done.returncode == 1 and b"d.yaml:1:10: error" in done.stderr and b"a.gif" in done.stdout
    done = optanim_("embed", "d.yaml", cwd=folder)
    assert done.returncode == 2 and not done.stdout


@pytest.mark.parametrize(("loop", "loops"), [("forever", True), ("once", False), ("3", False)])
def test_a_video_plays_as_often_as_the_config_says(loop: str, loops: bool, folder: Path) -> None:
    keys = [f"animation.loop={loop}", "output=a.mp4"]
    done = optanim_("embed", "a.yaml", "-s", keys[0], "-s", keys[1], cwd=folder)
    ((tag, video),) = tags(done.stdout.decode())
    assert tag == "video" and ("loop" in video) == loops and "autoplay" in video


def test_a_webp_first_has_the_gif_for_other_browsers(folder: Path) -> None:
    call = ("embed", "a.yaml", "-s", "output=a.webp", "-s")
    done = optanim_(*call, "formats=[gif, png]", cwd=folder)
    picture, still, webp, (tag, image) = tags(done.stdout.decode())
    assert picture[0] == "picture" and still[1]["srcset"] == "a.png"
    assert webp[1] == {"type": "image/webp", "srcset": "a.webp"}
    assert tag == "img" and image["src"] == "a.gif"
    done = optanim_(*call, "formats=[mp4]", cwd=folder)
    assert [tag["src"] for _, tag in tags(done.stdout.decode())] == ["a.webp"]
