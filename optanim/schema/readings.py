"""What an author may have meant by a value that is not allowed.

Each reading is a guess. The type of the option decides: only a value that it accepts is suggested,
so that nothing here needs to know which option a value is for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from optanim.errors import OptionError
from optanim.formulas.expression import parse
from optanim.schema.habits import ENTRY_KEYS, NAME_KEYS, WORDS

LOOKALIKES = {
    **dict(zip("：，、（）［］｛｝＃．＝－−", ":,,()[]{}#.=--", strict=True)),
    **dict.fromkeys("“”‘’＇＂", "'"),
    **dict.fromkeys("\u3000\u00a0\u2003\u2002\u202f", " "),
}
"""Characters that look like those of YAML, and these."""

MAX_ITEMS, MAX_TEXT = 50, 200
"""Longer lists and texts have no readings."""


def readings(value: Any) -> Iterator[Any]:
    """Yield the values that an author may have meant, the most likely first."""
    if isinstance(value, bool):
        yield from WORDS.get(str(value).lower(), ())
    elif isinstance(value, str) and len(value) <= MAX_TEXT:
        yield from _readings_of_text(value)
    elif isinstance(value, int | float):
        yield from _readings_of_number(value)
    elif isinstance(value, list) and 0 < len(value) <= MAX_ITEMS:
        yield from _readings_of_list(value)
    elif isinstance(value, dict) and value:
        yield from _readings_of_mapping(value)


def lookalike(value: Any) -> str:
    """What a character in a text, or in a text of a list, is that looks like one of YAML."""
    texts = value if isinstance(value, list) else [value]
    for text in texts[:MAX_ITEMS]:
        for char in text if isinstance(text, str) else ():
            if char in LOOKALIKES and char != "−":
                noun = "quote" if LOOKALIKES[char] == "'" else "sign"
                name = unicodedata.name(char, "control").lower()
                return f"'{char}' (U+{ord(char):04X}, {name}) is no {noun} of YAML"
    return ""


def number_in(text: str) -> int | float | None:
    """The number that a text means: `0,1`, `1,000`, `1/3`, `10%`, `10^-3`, `−1`; None if none."""
    text = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("_", "")
    text = text.replace("–", "-").removesuffix("f")
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}([ ,'’][0-9]{3})+(\.[0-9]+)?", text):
        text = re.sub(r"[ ,'’]", "", text)
    elif re.fullmatch(r"[-+]?[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]+|[-+]?[0-9]*,[0-9]+", text):
        text = text.replace(".", "").replace(",", ".")
    if power := re.fullmatch(r"([-+]?[0-9.]*?)\s*[x×*]?\s*10\s*(?:\^|\*\*)\s*([-+]?[0-9]+)", text):
        text = f"{power[1] or 1}e{power[2]}"
    if fraction := re.fullmatch(r"([-+]?[0-9.]+)\s*/\s*([0-9.]+)", text):
        above, below = _float(fraction[1]), _float(fraction[2])
        return float(f"{above / below:.6g}") if above is not None and below else None
    number = _float(text)
    if number is None or not abs(number) < 1e300:
        return None
    number = float(f"{number / 100:.12g}") if percent else number
    return int(number) if number == int(number) and abs(number) < 2**53 else number


def is_number(value: Any) -> bool:
    """Whether a value of YAML is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_plain_number(text: str) -> bool:
    """Whether a text would be a number of YAML without its quotes."""
    return _float(text) is not None


def _float(text: str) -> float | None:
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text):
        return None
    return float(text)


def _readings_of_text(value: str) -> Iterator[Any]:
    text = unicodedata.normalize("NFKC", value).strip().strip("\"'`‘’“”").rstrip(",;").strip()
    yield from WORDS.get(text.casefold(), ())
    number = number_in(text)
    if number is not None:
        yield number
        yield [number]
    units = r"ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|초"
    duration = re.fullmatch(rf"([0-9.,]+)\s*({units})?", text)
    amount = number_in(duration[1]) if duration else None
    if duration and amount is not None:
        unit = duration[2] or "s"
        milli = unit.startswith(("ms", "mil"))
        yield f"{amount}ms" if milli else f"{amount * 60 if unit[0] == 'm' else amount}s"
    for word in dict.fromkeys((text, text.casefold(), text.rpartition(".")[2].casefold())):
        yield word
        yield from WORDS.get(word, ())
        yield [word]
    if pairs := re.fullmatch(r"\w+[:=]\S+(\s+\w+[:=]\S+)*", text):
        yield {key: _scalar(word) for key, word in re.findall(r"(\w+)[:=](\S+)", pairs[0])}
    yield from _call(text)
    yield from _parts(text)
    yield from _formula(text)
    if re.fullmatch(r"[0-9a-fA-F]{6}|0x[0-9a-fA-F]{6}", text):
        yield f"#{text[-6:].upper()}"
    if re.fullmatch(r"#[0-9a-fA-F]{8}", text):
        yield text[:7]
    if number is None and (count := re.search(r"[0-9]+", text)):
        yield f"last {int(count[0])}"


def _parts(text: str) -> Iterator[list[Any]]:
    """The list in `(1, 1)`, `1, 1`, `640x480`, `adam, gd` or `- adam - gd`."""
    inner = re.sub(r"^[\[({<](.*)[\])}>]$", r"\1", text).strip()
    for separator in (r"\s*[;,]\s*", r"\s*[x×*]\s*|\s+by\s+", r"\s*\.\.\.?\s*|\s+to\s+|\s*~\s*",
                      r"\s+-\s*", r"\s+", r"\s*[-–]\s*"):  # fmt: skip
        parts = [part.strip("\"'`‘’“” ") for part in re.split(separator, inner) if part]
        parts = [part.removeprefix("-").strip() if separator == r"\s+-\s*" else part
                 for part in parts]  # fmt: skip
        if len(parts) < 2 and inner == text:
            continue
        numbers = [number_in(part) for part in parts]
        if None not in numbers:
            yield list(numbers)
        yield parts
        yield [part.casefold() for part in parts]


def _call(text: str) -> Iterator[dict[str, Any]]:
    """The mapping for `Adam(lr=0.1, beta1=0.9)` or `adam lr=0.1`."""
    if match := re.fullmatch(r"([A-Za-z_][\w.]*)\s*(?:\((.*)\)|\s(.*=.*))", text):
        options: dict[str, Any] = {"name": match[1].rpartition(".")[2].casefold()}
        for part in re.split(r"\s*,\s*|\s+", match[2] or match[3] or ""):
            key, equals, word = part.partition("=")
            if equals:
                options[key.strip()] = _scalar(word)
        yield options
        yield from _readings_of_mapping(options)


def _scalar(word: str) -> Any:
    number = number_in(word)
    return word.strip("'\"") if number is None else number


def _formula(text: str) -> Iterator[dict[str, Any]]:
    """The surface of a formula that stands where the name of a surface is expected."""
    if not re.search(r"[-+*/^()²³]", text):
        return
    try:
        parse(text)
    except OptionError as error:
        if error.help.startswith("write "):
            yield {"expr": error.help.removeprefix("write ")}
    else:
        yield {"expr": text}


def _readings_of_number(value: float) -> Iterator[Any]:
    yield from WORDS.get(f"{value:g}", ())
    if value == value and abs(value) < 2**53 and value == int(value):
        yield int(value)
    yield [value]
    yield abs(value)
    yield f"{value:g}"
    yield f"last {value:g}"
    if isinstance(value, int) and 0 <= value < 2**24:
        yield f"#{value:06d}"


def _readings_of_list(value: list[Any]) -> Iterator[Any]:
    if len(value) == 1:
        yield value[0]
    yield [value]
    if any(isinstance(item, str) for item in value):
        yield from _parts(unicodedata.normalize("NFKC", ", ".join(map(str, value))))
    if len(value) % 2 == 0 and all(type(item) is int for item in value):
        # Decimal commas: [0,5, 1,5] is a list of four numbers.
        pairs = zip(value[::2], value[1::2], strict=True)
        yield [float(f"{whole}.{part}") for whole, part in pairs if part >= 0]
    if len(value) % 2 == 0 and all(map(is_number, value)):
        yield [list(pair) for pair in zip(value[::2], value[1::2], strict=True)]
    if all(isinstance(item, dict) and len(item) == 1 for item in value):
        yield {key: inner for item in value for key, inner in item.items()}
    if len(value) == 2 and all(isinstance(item, int | float) for item in value):
        yield sorted(value)


def _readings_of_mapping(value: dict[str, Any]) -> Iterator[Any]:
    if len(value) == 2 and all(isinstance(item, int | float) for item in value.values()):
        yield list(value.values())
    (first, inner), *others = value.items()
    if not others and first.casefold() in ENTRY_KEYS and not isinstance(inner, dict):
        yield inner
    # `adam: {lr: 0.1}`, and `- adam:` with the options below at the same depth.
    if isinstance(inner, dict) and not others:
        yield {"name": first.casefold(), **inner}
    if inner is None:
        yield {"name": first.casefold(), **dict(others)}
    renamed = {ENTRY_KEYS.get(key.casefold(), key): item for key, item in value.items()}
    for key in NAME_KEYS:
        if key in renamed and "name" not in renamed:
            renamed = {"name": renamed[key], **{k: v for k, v in renamed.items() if k != key}}
    name = renamed.get("name")
    if isinstance(name, str):
        yield renamed
        for word in (name.casefold(), *WORDS.get(name.casefold(), ())):
            yield {**word, **renamed, "name": word["name"]} if isinstance(word, dict) and (
                "name" in word) else {**renamed, "name": word}  # fmt: skip
    elif renamed != value:
        yield renamed


def flow(value: Any) -> str:
    """A value as it is written in a config, in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    return value if _is_plain(value) else "'" + value.replace("'", "''") + "'"


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes in YAML, not even inside of `{…}`."""
    if not re.match(r"[^\W\d]", text) or text.casefold() in ("null", "true", "false", "none"):
        return bool(re.fullmatch(r"[0-9]+x?[*+][^,:#{}\[\]]+|[0-9.]+(ms|s)", text))
    marks = any(mark in text for mark in (": ", " #", ",", "[", "]", "{", "}"))
    return not marks and text == text.strip() and not text.endswith(":") and text.isprintable()
