"""Numbers as TeX and as plain text, to six digits."""

from __future__ import annotations

DECIMAL_EXPONENTS = range(-4, 6)
"""Exponents of the numbers that are written without a power of ten, as in the format `g`."""

TICK_EXPONENTS = range(-3, 5)
"""The same for ticks, which have less room."""

LIVE_CHARACTERS = "0123456789.− ×⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
"""The characters of numbers that change."""

SUPERSCRIPTS = dict(zip("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", strict=True))


def mantissa_and_exponent(value: float) -> tuple[str, int]:
    """The digits before a power of ten, and its exponent: `("-1", -5)`, `("2.5", 30)`.

    The exponent of zero is 0, and so is that of infinity and NaN.
    """
    mantissa, _, exponent = f"{value:.5e}".partition("e")
    # Adding 0.0 turns -0.0 into 0.0.
    return f"{float(mantissa) + 0.0:g}", int(exponent or 0)


def number_in_tex(
    value: float, *, times: str = r"\times ", decimal: range = DECIMAL_EXPONENTS
) -> str:
    """A number in TeX: `0.5`, `-10^{-5}`, `2\\times 10^{30}`.

    Args:
        value: the number.
        times: TeX between the mantissa and the power of ten.
        decimal: exponents of the numbers that are written without a power of ten.
    """
    mantissa, exponent = mantissa_and_exponent(value)
    if exponent in decimal:
        return f"{value + 0.0:.6g}"
    return _with_power(mantissa, times, rf"10^{{{exponent}}}")


def number_in_text(value: float) -> str:
    """A number in plain text: `0.5`, `−10⁻⁵`, `2 × 10³⁰`."""
    mantissa, exponent = mantissa_and_exponent(value)
    if exponent in DECIMAL_EXPONENTS:
        return number_in_tex(value).replace("-", "−")
    power = "10" + "".join(SUPERSCRIPTS[char] for char in str(exponent))
    return _with_power(mantissa, " × ", power).replace("-", "−")


def live_number(value: float) -> str:
    """A number that changes, in plain text: four decimals, or three digits and a power of ten.

    `0.0312`, `−12.5000`, `6.23 × 10⁻⁵`. Numbers from 0.0001 up to 100,000 have the decimals.
    """
    # Neither 0.0000 nor 10.00 × 10⁻⁵, nor six digits before the point.
    if 9.995e-5 <= abs(value) < 99999.99995:
        return f"{value:.4f}".replace("-", "−")
    mantissa, _, exponent = f"{value + 0.0:.2e}".partition("e")
    if value == 0 or not exponent:
        return f"{value + 0.0:g}".replace("-", "−")
    power = "".join(SUPERSCRIPTS[char] for char in str(int(exponent)))
    return f"{mantissa} × 10{power}".replace("-", "−")


def number_label(value: float) -> str:
    """A number in a text of a figure: plain, or upright maths if it has a power of ten."""
    tex = number_in_tex(value)
    return rf"$\mathrm{{{tex}}}$" if "^" in tex else tex.replace("-", "−")


def power_label(value: float) -> str:
    """A number at a logarithmic axis: every power of ten in maths, 1 and 10 too."""
    mantissa, exponent = mantissa_and_exponent(value)
    return rf"$\mathrm{{10^{{{exponent}}}}}$" if mantissa == "1" else number_label(value)


def tick_label(value: float) -> str:
    """A round number at a linear axis: plain, or maths if it has a power of ten."""
    tex = number_in_tex(value, times=r"\cdot", decimal=TICK_EXPONENTS)
    return f"${tex}$" if "^" in tex else tex.replace("-", "−")


def signed(number: float) -> str:
    """A number as a term in TeX: ` + 2`, ` - 3`, and nothing for zero."""
    sign = "-" if number < 0 else "+"
    return "" if number == 0 else f" {sign} {number_in_tex(abs(number))}"


def factor(number: float) -> str:
    """A number as a factor in TeX: `2`, nothing for 1, and a minus for -1."""
    return {1.0: "", -1.0: "-"}.get(number, number_in_tex(number))


def divisor(number: float) -> str:
    """A number after a slash in TeX: `2`, and `(2\\times 10^{30})` in brackets."""
    tex = number_in_tex(number)
    return f"({tex})" if r"\times" in tex or number < 0 else tex


def shifted(name: str, by: float) -> str:
    """A variable less a number in TeX: `x`, `(x - 3)`."""
    return name if by == 0 else f"({name}{signed(-by)})"


def _with_power(mantissa: str, times: str, power: str) -> str:
    """A power of ten with its mantissa, of which 1 and -1 are not written."""
    return {"1": power, "-1": f"-{power}"}.get(mantissa, f"{mantissa}{times}{power}")
