"""Korean particles: which of a pair follows a word depends on how the word ends when spoken."""

from __future__ import annotations

import re

PAIRS = {"이": ("이", "가"), "은": ("은", "는"), "을": ("을", "를"), "으로": ("으로", "로")}
"""After a final consonant, and after a vowel."""

DIGITS = dict(zip("0123456789", "영일이삼사오육칠팔구", strict=True))
LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "이 비 시 디 이 프 지 치 이 이 이 엘 엠 엔 오 피 큐 알 스 티 유 이 유 스 이 트".split(),
    strict=True))  # fmt: skip
"""How each is spoken, or a syllable that ends alike."""

GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω",
    "파 타 마 타 론 타 타 타 타 파 다 뮤 뉴 이 론 이 로 마 우 론 이 이 이 가".split(),
    strict=True))  # fmt: skip
SIGNS = {"²": "곱", "³": "곱", "₁": "일", "₂": "이", "₃": "삼", "₀": "영", "°": "도", "%": "트"}


def with_josa(word: str, particle: str) -> str:
    """A word with its particle: `경사하강법이`, `AdaGrad가`, `Adam은`, `n = 3을`, `base은(는)`.

    Args:
        word: Hangul, Latin or a number; what stands in brackets behind it is not spoken with it.
        particle: the one that follows a consonant: 이, 은, 을 or 으로.

    Both are written where the end cannot be told, as people do.
    """
    consonant, vowel = PAIRS[particle]
    final = _final(re.sub(r"\s*\([^()]*\)$", "", word))
    if final is None:
        return f"{word}{consonant}({vowel})" if particle != "으로" else f"{word}(으)로"
    if particle == "으로" and final == "ㄹ":
        return word + vowel
    return word + (consonant if final else vowel)


def _final(word: str) -> str | None:
    """The final consonant of a word: "ㄹ", "x" for any other, "" for none; None if unknown."""
    word = word.rstrip(" .,\"'’”)]")
    if not word:
        return None
    last = word[-1]
    if re.search(r"[A-Za-z]{2}$", word) and not word[-2:].isupper() and not last.isupper():
        return _latin(word)
    last = GREEK.get(last) or SIGNS.get(last) or DIGITS.get(last) or LETTERS.get(last.upper(), last)
    if not "가" <= last <= "힣":
        return None
    index = (ord(last) - ord("가")) % 28
    return "" if index == 0 else "ㄹ" if index == 8 else "x"


def _latin(word: str) -> str | None:
    """Latin words as Koreans spell them: Adam 아담, RMSProp 알엠에스프롭, AdaGrad 에이다그래드."""
    last = word[-1].lower()
    if word.lower().endswith("ng") or last in "mn":
        return "x"
    if last == "l":
        return "ㄹ"
    # A silent e: Beale is 빌, and base 베이스.
    if last == "e":
        return None
    if last in "bckpt":
        # 롭 of -rop, 프 of -mp; 닉 of -nic, 크 of -rk.
        return "x" if word[-2].lower() in "aeiou" else ""
    return ""
