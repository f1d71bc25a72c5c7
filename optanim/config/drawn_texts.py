"""The texts of a config that a figure draws, with their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optanim.config.yaml_nodes import KeyPath, YamlNode
from optanim.errors import Place
from optanim.schema.choice import Chosen
from optanim.schema.document import Document, language_of
from optanim.schema.words import ENGLISH, title_in, words_of
from optanim.surfaces import Surface


def drawn_texts(
    document: Document, optimizers: Sequence[tuple[Chosen, KeyPath]], surface: Surface,
    root: YamlNode,
) -> Iterator[tuple[str, Place]]:  # fmt: skip
    """Yield the texts that are drawn, with their places.

    Those of a file are at the surface, and the letters of the words in a language at `lang`.

    Args:
        document: the config.
        optimizers: with their key paths.
        surface: of the run.
        root: the nodes of the config.
    """
    paths: list[KeyPath] = [("title",), *((*path, "label") for _, path in optimizers)]
    axes = root.get(("surface", "axes"))
    names = len(axes.value) if axes and isinstance(axes.value, list) else 0
    paths += [("surface", "axes", i) for i in range(names)]
    paths += [("view", "xlabel"), ("view", "ylabel")]
    paths += [("view", "notes", i, "text") for i in range(len(document.view.notes or ()))]
    for path in paths:
        node = root.get(path)
        if node is not None and isinstance(node.value, str):
            yield node.value, node.place
    for name in surface.data.names if surface.data else ():
        yield name, root.find(("surface",))
    language = language_of(document)
    if language != ENGLISH:
        # In one text: the machine lacks a font for the language, not for a word.
        chosen = (document.surface, *(one for one, _ in optimizers))
        titles = {title_in(language, one.entry) for one in chosen}
        letters = {*words_of(language).letters, *"".join(titles)}
        yield "".join(sorted(letters - {"$"})), root.find(("lang",))
