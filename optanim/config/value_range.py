"""Ranges in the values of a matrix: `0.1..0.9 by 0.1`, and `log 1e-3..1 by 7`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import log10

from optanim.config.yaml_nodes import YamlNode
from optanim.errors import ConfigError, Problem, quoted

MAX_VALUES = 10_000
"""The largest number of values in a range."""

_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_RANGE = re.compile(rf"(log\s+)?({_NUMBER})\s*\.\.\s*({_NUMBER})(?:\s+by\s+({_NUMBER}))?\s*")

EXAMPLES = "0.1..0.9 by 0.1 (steps of 0.1), or log 1e-3..1 by 7 (7 values)"


def expanded(node: YamlNode) -> YamlNode:
    """A list of values with the numbers of each range in place of it; other nodes unchanged.

    Raises:
        ConfigError: a range has no values, or too many.
    """
    if not isinstance(node.value, list):
        return node
    return replace(node, value=[value for item in node.value for value in _values(item)])


def _values(node: YamlNode) -> Iterator[YamlNode]:
    """Yield the numbers of a range, or the node itself if it is none."""
    match = _RANGE.fullmatch(node.value.strip()) if isinstance(node.value, str) else None
    if match is None:
        yield node
        return
    log, low, high, by = match.groups()
    try:
        numbers = _at_equal_ratios(low, high, by) if log else _at_equal_steps(low, high, by)
    except ValueError as error:
        message = f"the range {quoted(node.value)} {error}"
        help = EXAMPLES if log or by else _with_step(node, low, high)
        raise ConfigError([Problem(message, node.place, help)]) from None
    for number in numbers:
        yield replace(node, value=number)


def _with_step(node: YamlNode, low: str, high: str) -> str:
    """The help for a range without a step: with steps of the power of ten below its width."""
    width = abs(Decimal(high) - Decimal(low))
    if not width:
        return EXAMPLES
    step = Decimal(1).scaleb((width - width / 1000).adjusted())
    text = f"{low}..{high} by {float(step):g}"
    flag, _, assignment = node.place.source.partition(" ")
    key, _, values = assignment.partition("=")
    if flag == "-x" and values == node.value:  # a shell would part it at its spaces
        text = f"-x '{key}={text}'"
    return f"write {text}, or log 1e-3..1 by 7 (7 values)"


def _at_equal_steps(low: str, high: str, by: str | None) -> list[int | float]:
    """The numbers from low to high, both included, if the steps reach it.

    They are computed as decimals: the third of 0.1, 0.2, … is 0.3.

    Raises:
        ValueError: the reason why there are none, or too many.
    """
    first, last, step = Decimal(low), Decimal(high), Decimal(by or "1")
    if by is None and not all(re.fullmatch(r"[-+]?[0-9]+", text) for text in (low, high)):
        raise ValueError("needs a step")
    if step <= 0:
        raise ValueError("needs a step greater than 0")
    if abs(last - first) / step >= MAX_VALUES:
        raise ValueError(f"has more than {MAX_VALUES:,} values")
    sign = 1 if last >= first else -1
    numbers = [first + sign * k * step for k in range(int(abs(last - first) / step) + 1)]
    whole = all(re.fullmatch(r"[-+]?[0-9]+", text) for text in (low, high, by or "1"))
    return [int(number) if whole else float(number) for number in numbers]


def _at_equal_ratios(low: str, high: str, by: str | None) -> list[int | float]:
    """The numbers from low to high at equal ratios, `by` of them, rounded to three digits.

    Raises:
        ValueError: the reason why there are none, or too many.
    """
    first, last = float(low), float(high)
    if by is None or not by.isdigit() or int(by) < 2:
        raise ValueError("needs the number of its values, at least 2")
    if int(by) > MAX_VALUES:
        raise ValueError(f"has more than {MAX_VALUES:,} values")
    if first <= 0 or last <= 0:
        raise ValueError("needs numbers greater than 0, as it goes by equal ratios")
    exponent, ratio = log10(first), log10(last / first) / (int(by) - 1)
    inner = [float(f"{10 ** (exponent + k * ratio):.3g}") for k in range(1, int(by) - 1)]
    return [first, *inner, last]
