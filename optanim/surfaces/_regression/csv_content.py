"""The content of a file of data, or what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

from optanim.errors import OptionError, did_you_mean
from optanim.files import DATA, is_inside, read_file, reason

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First four bytes of files of spreadsheet programs: .xlsx and .ods, and .xls."""


def content_of(file: Path, key: str = "data") -> bytes:
    """The content of a file that an option names.

    Raises:
        OptionError: it cannot be read, at (key,).
    """
    kind = file.suffix.lower() if file.suffix.lower() in (".json", ".npz") else ".csv"
    try:
        content = read_file(file, DATA)
        if content.startswith(WORKBOOKS) and kind != ".npz":
            name = file.with_suffix(".csv").name
            help = f"in Excel: File > Save As > CSV UTF-8; then {key}: {name}"
            raise OptionError(f"{file} is a workbook, not a CSV file", (key,), help=help)
        return content
    except FileNotFoundError:
        # The names of a folder elsewhere are not for a public log either.
        near = file.parent.glob(f"*{kind}") if is_inside(file, "") else ()
        names = sorted(p.name for p in near)[:20]
        help = did_you_mean(file.name, names, f"{kind[1:].upper()} files there") or (
            "its name is relative to the folder of the config"
        )
        raise OptionError(f"there is no file {file}", (key,), help=help) from None
    except IsADirectoryError:
        message = f"{file} is a folder, not a {kind[1:].upper()} file"
        raise OptionError(message, (key,)) from None
    except OSError as error:
        raise OptionError(f"{file} {reason(error)}", (key,)) from None
