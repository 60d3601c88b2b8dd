"""What formats cannot hold, found before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

#: Characters of a cell of a workbook, as UTF-16 counts them (Excel, specifications and limits).
_CELL = 32_767

#: Rows and columns of a sheet (Excel, specifications and limits).
_ROWS, _COLUMNS = 1_048_576, 16_384

#: Columns of a table, unless SQLite was built otherwise (SQLite, limits).
_SQLITE_COLUMNS = 2_000

#: Texts that XML has no characters for, or that come back from a workbook as others: two escapes that share a mark.
_NO_XML = r"[\x00\x{FFFE}\x{FFFF}]"
_ESCAPES = r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_"


class TooMuchError(Exception):
    """A table holds what the target cannot; ``place`` says where, ``problem`` what."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


#: (values, what is wrong with one of them)
_Test = tuple[Callable[[pa.Array], pa.Array], str]


@dataclass(frozen=True, slots=True)
class _Capacity:
    """What a format holds of one table."""

    name: str
    columns: int | None = None
    rows: int | None = None
    #: Whether names that differ in case only are one name.
    folds_case: bool = False
    #: Whether columns need a name that is not empty.
    needs_labels: bool = False
    #: Whether a last row without values would be gone.
    loses_last_row: bool = False
    #: Whether no value and an empty text are one.
    empty_is_null: bool = False
    cells: Sequence[_Test] = ()


def _is_long(values: pa.Array) -> pa.Array:
    is_near = pc.greater(pc.utf8_length(values), _CELL // 2)
    if not pc.any(is_near).as_py():
        return is_near
    return pa.array([text is not None and len(text.encode("utf-16-le")) > 2 * _CELL for text in values.to_pylist()])


def _matches(pattern: str) -> Callable[[pa.Array], pa.Array]:
    return lambda values: pc.match_substring_regex(values, pattern)


_CAPACITIES: Mapping[str, _Capacity] = {
    "csv": _Capacity("CSV", empty_is_null=True),
    "duckdb": _Capacity("DuckDB", folds_case=True, needs_labels=True),
    "sqlite": _Capacity("SQLite", columns=_SQLITE_COLUMNS, folds_case=True),
    "tsv": _Capacity("TSV", empty_is_null=True),
    "xlsx": _Capacity(
        "a workbook",
        columns=_COLUMNS,
        rows=_ROWS - 1,
        needs_labels=True,
        loses_last_row=True,
        cells=(
            (_is_long, f"has more than {_CELL:,} characters, the most that a cell of a workbook holds"),
            (_matches(_NO_XML), "holds NUL, U+FFFE or U+FFFF, which a workbook cannot hold"),
            (_matches(_ESCAPES), "holds two escapes of workbooks in one, which would come back as another text"),
            (lambda values: pc.equal(values, ""), "is an empty text, which a workbook cannot tell from no value"),
        ),
    ),
}


def check_labels(to: str, labels: Sequence[str]) -> None:
    """Check the columns of a table.

    Raises:
        TooMuchError: the target has no place for them.
    """
    capacity = _CAPACITIES.get(to)
    if capacity is None:
        return
    if capacity.columns is not None and len(labels) > capacity.columns:
        problem = f"it has {len(labels):,} columns; {capacity.name} holds {capacity.columns:,}"
        raise TooMuchError("", problem)
    if capacity.needs_labels and "" in labels:
        raise TooMuchError("", f"column {labels.index('') + 1} has no name, which {capacity.name} needs")
    _check_texts(capacity, labels)
    if capacity.folds_case:
        check_names(to, labels, "column")


def _check_texts(capacity: _Capacity, labels: Sequence[str]) -> None:
    texts = pa.array(labels, pa.string())
    for test, problem in (*capacity.cells, *_name_tests(capacity)):
        position = pc.index(pc.fill_null(test(texts), False), True).as_py()
        if position >= 0:
            raise TooMuchError("", f"the name of column {position + 1} {problem}")


def _name_tests(capacity: _Capacity) -> tuple[_Test, ...]:
    problem = f"holds NUL, which {capacity.name} cannot hold"
    return ((_matches(r"\x00"), problem),) if capacity.folds_case else ()


def check_names(to: str, names: Iterable[str], noun: str) -> None:
    """Check that the target can tell names apart.

    Raises:
        TooMuchError: two differ in case only.
    """
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            said = _CAPACITIES[to].name
            raise TooMuchError(
                "", f"the {noun}s {other!r} and {name!r} differ in case only, which is one name in {said}"
            )


def watched(
    to: str, labels: Sequence[str], batches: Iterable[pa.RecordBatch], *, has_empty: bool = False
) -> Iterator[pa.RecordBatch]:
    """Pass batches on, and check their cells.

    Args:
        to: the target.
        labels: names of the columns.
        batches: the table.
        has_empty: whether an empty text is a value in it.

    Raises:
        TooMuchError: the target cannot hold a cell, or so many rows.
    """
    capacity = _CAPACITIES.get(to, _Capacity(to))
    rows = 0
    last: pa.RecordBatch | None = None
    for batch in batches:
        rows += batch.num_rows
        if capacity.rows is not None and rows > capacity.rows:
            raise TooMuchError("", f"it has more than {capacity.rows:,} rows, the most that {capacity.name} holds")
        for position, label in enumerate(labels, 1) if capacity.cells else ():
            _check_cells(capacity, label, batch.column(0), batch.column(position))
        for column in batch.columns[1:] if has_empty and capacity.empty_is_null else ():
            _refuse_null(capacity, batch.column(0), column)
        last = batch if batch.num_rows else last
        yield batch
    if capacity.loses_last_row and last is not None and _ends_empty(last):
        raise TooMuchError(
            f"row {last.column(0)[-1].as_py()}", f"the last row is empty, and {capacity.name} ends before it"
        )


def _check_cells(capacity: _Capacity, label: str, numbers: pa.Array, values: pa.Array) -> None:
    for test, problem in capacity.cells:
        found = pc.index(pc.fill_null(test(values), False), True).as_py()
        if found >= 0:
            raise TooMuchError(f"row {numbers[found].as_py()}", f"{label} {problem}")


def _refuse_null(capacity: _Capacity, numbers: pa.Array, values: pa.Array) -> None:
    if values.null_count:
        row = numbers[pc.index(pc.is_null(values), True).as_py()].as_py()
        raise TooMuchError(f"row {row}", f"a cell has no value, which {capacity.name} cannot tell from an empty text")


def _ends_empty(batch: pa.RecordBatch) -> bool:
    return all(not column[-1].is_valid for column in batch.columns[1:])
