"""Dates of a CSV file as numbers: years, or days since the first one."""

from __future__ import annotations

from calendar import isleap
from datetime import date

import numpy as np

from optanim.surfaces._regression.csv_numbers import DATE, plain
from optanim.surfaces._surface import Array

MIN_DAYS_OF_YEARS = 730
"""Number of days from the first to the last date from which on dates are years."""


def days_of(cell: str) -> float | None:
    """The day of a date, counted from the first of January of year 1, with the time as a fraction.

    A month is its first day. None if the cell is no date.
    """
    match = DATE.fullmatch(plain(cell))
    if not match:
        return None
    try:
        day = date(int(match[1]), int(match[3]), int(match[4] or 1)).toordinal()
    except ValueError:  # such as the 30th of February
        return None
    hours = float(match[5] or 0) + float(match[6] or 0) / 60 + float(match[7] or 0) / 3600
    return day + hours / 24


def is_month(cell: str) -> bool:
    """Whether a cell is a month, as `2024-05`."""
    match = DATE.fullmatch(plain(cell))
    return match is not None and match[4] is None


def in_years_or_days(days: Array, monthly: bool) -> tuple[Array, str]:
    """Days as numbers for an axis, and their unit.

    Args:
        days: as of `days_of`, (n,).
        monthly: whether they are months. Months are twelfths of a year; other dates are fractions
            of their year, by its number of days.
    """
    first = float(days.min())
    if not monthly and float(days.max()) - first < MIN_DAYS_OF_YEARS:
        start = float(np.floor(first))
        return days - start, f"days since {date.fromordinal(int(start))}"
    years = np.empty_like(days)
    for i, day in enumerate(days.tolist()):
        whole = date.fromordinal(int(day))
        start_of_year = date(whole.year, 1, 1).toordinal()
        length = 365 + isleap(whole.year)
        fraction = (whole.month - 1) / 12 if monthly else (day - start_of_year) / length
        years[i] = whole.year + fraction
    return years, "years"
