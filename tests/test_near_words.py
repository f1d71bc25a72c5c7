"""'Did you mean' names what is near, for every key and every name, and nothing else."""

from __future__ import annotations

import random

import pytest

from optanim.errors import nearest
from optanim.schema.catalogue import FOLDERS, catalogue
from optanim.schema.document import Document
from optanim.schema.key_index import key_homes
from optanim.schema.validation import options_of

KINDS = [kind for kind in FOLDERS if kind != "commands"]
LISTS = {kind: list(catalogue(kind)) for kind in KINDS} | {
    "keys": list(options_of(Document)),
    "all keys": list(key_homes()),
}

FAR = """tolerance loss data learning_rate epochs batch model activation epsilon dropout width
height dpi colormap grid axis ticks font_size margin padding legend_position linewidth alpha beta
zeta gradient hessian newton bfgs trust_region armijo wolfe tensor weights bias neuron layer softmax
train validate metric accuracy file path folder url http color_map line dots banana apple kitchen
window frame video sound music pace interval delay repeat reverse direction zoom rotate
iteration iterations maximum criterion patience verbose logging debug workers threads device cuda
precision dtype shape length depth radius angle offset origin target source label_size background
tick zero unit domain_size""".split()


def misspelled(word: str, rng: random.Random) -> str:
    """A word with one typo behind its first letter."""
    at = rng.randrange(1, len(word))
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return rng.choice([
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :] if len(word) > 3 else word + letter,
        word[:at] + letter + word[at + 1 :] if len(word) > 3 else word + letter,
        word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
    ])  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_typo_is_near(name: str) -> None:
    rng, words = random.Random(1), LISTS[name]
    for word in words:
        if len(word) < 4:
            continue
        for _ in range(4 if name == "all keys" else 10):
            typed = misspelled(word, rng)
            near = nearest(typed, words)
            assert near, (typed, word)
            # Another word may be as near: `levels` and `labels`.
            assert near == word or abs(len(near) - len(typed)) <= 3


def test_what_is_far_is_not_near() -> None:
    words, wrong = LISTS["keys"], {}
    for word in FAR:
        if near := nearest(word, words):
            wrong[word] = near
    assert wrong == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Surface", "surface"), ("SURFACE", "surface"), ("surfaces", "surface"), ("opt", "optimizer"),
     ("ｓｔａｒｔ", "start"), ("“start”", "start"), ("start\u00a0", "start"), ("stpes", "steps"),
     ("optimiser", "optimizer"), ("tolerance", ""), ("a", ""), ("", ""), ("x" * 10_000, "")],
)  # fmt: skip
def test_words_that_differ_in_more_than_a_letter(typed: str, meant: str) -> None:
    assert nearest(typed, LISTS["keys"]) == meant
