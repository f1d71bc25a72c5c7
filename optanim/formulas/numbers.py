"""A number as TeX and as plain text."""

from __future__ import annotations


def number_in_tex(value: float) -> str:
    """A number: `0.5`, `10^{-5}`, `2\\times 10^{30}`."""
    digits = f"{value:.6g}"
    mantissa, _, exponent = digits.partition("e")
    if not exponent:
        return digits
    power = rf"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa}\times {power}")


def signed(number: float) -> str:
    """A number as a term in TeX: ` + 2`, ` - 3`, and nothing for zero."""
    return "" if number == 0 else f" {'-' if number < 0 else '+'} {abs(number):g}"


def factor(number: float) -> str:
    """A number as a factor in TeX: nothing for one, `2`, and a bare minus for minus one."""
    return "" if number == 1 else "-" if number == -1 else f"{number:g}"


def shifted(name: str, by: float) -> str:
    """A variable less a number in TeX: `x`, `(x - 3)`."""
    return name if by == 0 else f"({name}{signed(-by)})"


def tick_label(number: float) -> str:
    """A round number for a tick; a very large or small one as a power of ten, in TeX."""
    if number == 0 or 1e-3 <= abs(number) < 1e5:
        return f"{number:g}".replace("-", "−")
    digit, power = f"{number:e}".split("e")
    factor = f"{float(digit):g}"
    sign = {"1": "", "-1": "-"}.get(factor, factor + r"\cdot")
    return f"${sign}10^{{{int(power)}}}$"
