"""Korean particles: the form of a particle depends on the last sound of the word before it."""

from __future__ import annotations

import re

PAIRS = {"이": ("이", "가"), "은": ("은", "는"), "을": ("을", "를"), "으로": ("으로", "로")}
"""The forms after a final consonant and after a vowel."""

DIGITS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "이 비 시 디 이 프 지 치 이 이 이 엘 엠 엔 오 피 큐 알 스 티 유 이 유 스 이 트".split(),
    strict=True))  # fmt: skip
"""The spoken form of each character, or a syllable with the same last sound."""

GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω",
    "파 타 마 타 론 타 타 타 타 파 다 뮤 뉴 이 론 이 로 마 우 론 이 이 이 가".split(),
    strict=True))  # fmt: skip
SIGNS = {"²": "곱", "³": "곱", "₁": "일", "₂": "이", "₃": "삼", "₀": "영", "°": "도", "%": "트"}


def with_particle(word: str, particle: str) -> str:
    """A word with its particle: `경사하강법이`, `AdaGrad가`, `Adam은`, `n = 3을`, `base은(는)`.

    If the last sound is not known, both forms are written, as is usual.

    Args:
        word: Hangul, Latin or a number; a part in brackets at its end is ignored.
        particle: the form after a consonant: 이, 은, 을 or 으로.
    """
    consonant, vowel = PAIRS[particle]
    final = _final(re.sub(r"\s*\([^()]*\)$", "", word))
    if final is None:
        return f"{word}{consonant}({vowel})" if particle != "으로" else f"{word}(으)로"
    if particle == "으로" and final == "ㄹ":
        return word + vowel
    return word + (consonant if final else vowel)


def _final(word: str) -> str | None:
    """The final consonant of a word: "ㄹ", "x" for any other, "" for none, None if not known."""
    word = word.rstrip(" .,\"'’”)]")
    if not word:
        return None
    last = word[-1]
    if re.search(r"[A-Za-z]{2}$", word) and not word[-2:].isupper() and not last.isupper():
        return _latin(word)
    syllable = GREEK.get(last) or SIGNS.get(last) or DIGITS.get(last)
    syllable = syllable or LETTERS.get(last.upper(), last)
    if not "가" <= syllable <= "힣":
        return None
    # Unicode orders syllables by their final consonants, of which there are 28 with "none".
    index = (ord(syllable) - ord("가")) % 28
    return "" if index == 0 else "ㄹ" if index == 8 else "x"


def _latin(word: str) -> str | None:
    """The same for a Latin word, as Korean spells it: Adam 아담, RMSProp 알엠에스프롭."""
    last = word[-1].lower()
    if word.lower().endswith("ng") or last in "mn":
        return "x"
    if last == "l":
        return "ㄹ"
    # A final e may be silent: Beale is 빌, but base is 베이스.
    if last == "e":
        return None
    if last in "bckpt":
        # 롭 of -rop, 프 of -mp; 닉 of -nic, 크 of -rk.
        return "x" if word[-2].lower() in "aeiou" else ""
    return ""
