"""The figures on the page of `optanim watch --serve`."""

from __future__ import annotations

import mimetypes
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from optanim.cli.local_server import FRAMED_POLICIES
from optanim.formulas.plain_text import plain
from optanim.pipeline.watch import ConfigFailed, ConfigRemoved, FigureRendered, WatchEvent


@dataclass(frozen=True)
class FigureCard:
    """A figure on the page.

    Attributes:
        number: of the figure, in the addresses of the page.
        config: name of the config.
        title: of the figure, as plain text.
        alt: text that describes the figure.
        size: (width, height) in CSS pixels; zeros before the first rendering.
        facts: number of frames, seconds and bytes, in words.
        version: number of renderings so far.
        file: name of the file that is shown.
        element: that shows the file in a page: "img", "video" or "iframe".
        draft: whether this is a draft, which the full figure will replace.
        wrong: the problems of the config, as printed in a terminal; "" if there are none.
    """

    number: int
    config: str
    title: str = ""
    alt: str = ""
    size: tuple[int, int] = (0, 0)
    facts: str = ""
    version: int = 0
    file: str = ""
    element: str = "img"
    draft: bool = False
    wrong: str = ""


class Board:
    """The figures on the page. The loop that renders updates it; each open page reads it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cards: dict[str, FigureCard] = {}
        self._paths: dict[str, Path] = {}
        self._version = self._numbers = 0

    def update(self, event: WatchEvent) -> None:
        """Show a new figure, the problems of a config, or that a config was deleted."""
        with self._changed:
            card = self._cards.get(event.config)
            if card is None:
                self._numbers += 1
                card = FigureCard(self._numbers, event.config)
            if isinstance(event, FigureRendered):
                self._paths[str(card.number)] = event.rendered.paths[0].absolute()
                card = _with_figure(card, event)
            elif isinstance(event, ConfigFailed):
                card = replace(card, wrong="\n\n".join(map(str, event.problems)))
            self._cards[event.config] = card
            if isinstance(event, ConfigRemoved):
                del self._cards[event.config]
                self._paths.pop(str(card.number), None)
            self._version += 1
            self._changed.notify_all()

    def wait(self, version: int, timeout: float) -> tuple[int, list[FigureCard]]:
        """The next version and its figures, or `version` again after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, timeout)
            return self._version, sorted(self._cards.values(), key=lambda card: card.config)

    def path(self, number: str) -> Path | None:
        """The file of a figure; None if no figure has this number."""
        with self._changed:
            return self._paths.get(number)


def _with_figure(card: FigureCard, made: FigureRendered) -> FigureCard:
    rendered, figure = made.rendered, made.run.figure
    size = sum(path.stat().st_size for path in rendered.paths[:1] if path.exists())
    facts = f"{rendered.frames} frames, {rendered.seconds:.1f} s, {size / 1000:.0f} kB"
    names = [trial.label for trial in made.run.trials]
    title = made.run.title if made.run.title is not None else ", ".join(names)
    width, height = rendered.size
    return replace(
        card, title=plain(title), alt=rendered.alt, facts=facts, version=card.version + 1,
        size=(width // figure.scale, height // figure.scale), draft=made.draft, wrong="",
        file=rendered.paths[0].name, element=_element(rendered.paths[0]),
    )  # fmt: skip


def _element(path: Path) -> str:
    """The element of a page that shows a file."""
    media_type = mimetypes.guess_type(path.name)[0] or ""
    if media_type in FRAMED_POLICIES:
        return "iframe"
    return "video" if media_type.startswith("video/") else "img"
