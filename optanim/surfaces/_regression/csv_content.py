"""The content of a file of data, or what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

from optanim.errors import OptionError, did_you_mean
from optanim.files import DATA, is_inside, read_file, reason

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First four bytes of files of spreadsheet programs: .xlsx and .ods, and .xls."""


def content_of(file: Path) -> bytes:
    """The content of a file.

    Raises:
        OptionError: it cannot be read, at ("data",).
    """
    try:
        content = read_file(file, DATA)
        if content.startswith(WORKBOOKS):
            help = (
                f"in Excel: File > Save As > CSV UTF-8; then data: {file.with_suffix('.csv').name}"
            )
            raise OptionError(f"{file} is a workbook, not a CSV file", ("data",), help=help)
        return content
    except FileNotFoundError:
        # The names of a folder elsewhere are not for a public log either.
        near = file.parent.glob("*.csv") if is_inside(file, "") else ()
        names = sorted(p.name for p in near)[:20]
        help = did_you_mean(file.name, names, "CSV files there") or (
            "its name is relative to the folder of the config"
        )
        raise OptionError(f"there is no file {file}", ("data",), help=help) from None
    except IsADirectoryError:
        raise OptionError(f"{file} is a folder, not a CSV file", ("data",)) from None
    except OSError as error:
        raise OptionError(f"{file} {reason(error)}", ("data",)) from None
