from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from optanim.optimizers._preparation import Preparation, prepared_by
from optanim.optimizers._recorded_path import RecordedPath
from optanim.schema.option import Uncaptioned
from optanim.schema.types import (
    ColumnsByName,
    CommentSign,
    DataFile,
    DecimalSign,
    LineCount,
    Missing,
    RowValues,
    Separator,
    ThousandsSign,
)
from optanim.surfaces import Array, Surface, read_columns


def _read(axes: Sequence[str], options: Mapping[str, Any]) -> RecordedPath:
    return RecordedPath(read_columns(axes=axes, **options))


def _label(options: Mapping[str, Any]) -> str:
    """The label that chooses an optimizer of the file, or the name of the file."""
    chosen = (options.get("where") or {}).get("label")
    return str(options["file"].stem if chosen is None else chosen)


@prepared_by(Preparation(_read, _label, starts=True))
def recorded(
    f: Surface,
    w: Array,
    *,
    file: DataFile,
    columns: Annotated[ColumnsByName, Uncaptioned()] | None = None,
    where: Annotated[RowValues, Uncaptioned()] | None = None,
    missing: Annotated[Missing, Uncaptioned()] = None,
    separator: Annotated[Separator, Uncaptioned()] | None = None,
    decimal: Annotated[DecimalSign, Uncaptioned()] | None = None,
    thousands: Annotated[ThousandsSign, Uncaptioned()] | None = None,
    skip: Annotated[LineCount, Uncaptioned()] | None = None,
    comment: Annotated[CommentSign, Uncaptioned()] | None = None,
) -> Iterator[Array]:
    """Recorded points: what another program walked, read from a file; `{file: run.csv}`.

        w(t) = row t of the file

    The first row is the start, so that no start of the config is used. The losses are those of the
    surface at the points; no gradient is asked for.

    Names: ko 기록된 점.

    Family: recorded.

    Reference: docs/any_optimizer.md. CSV as in `regression`; JSON and NPZ as `optanim trace` writes
    them, or a list for each column.
    """
    options = {
        "columns": columns, "where": where, "missing": missing, "separator": separator,
        "decimal": decimal, "thousands": thousands, "skip": skip, "comment": comment,
    }  # fmt: skip
    yield from _read(f.axes, {"file": file, **options})(f, w)
