"""What formats cannot hold, found before anything is written."""

from __future__ import annotations

import re
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
_NO_XML_MARKS = dict.fromkeys((0, 0xFFFE, 0xFFFF), "\ufffd")
_ESCAPES = r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_"


class TooMuchError(Exception):
    """A table holds what the target cannot; ``place`` says where, ``problem`` what."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


@dataclass(frozen=True, slots=True)
class CellTest:
    """Something that a cell cannot be in a format."""

    #: Values -> which of them are it.
    finds: Callable[[pa.Array], pa.Array]
    #: What is wrong with such a cell.
    problem: str
    #: The text that the cell comes back as when a loss is allowed; None for no value.
    left: Callable[[str], str | None]
    #: Whether the schema can say that nothing is lost by it: that an empty text is no value.
    is_about_empty: bool = False


#: (record number, name of the column, text, test) -> None
Lost = Callable[[int, str, str, CellTest], None]


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
    cells: Sequence[CellTest] = ()


def _is_long(values: pa.Array) -> pa.Array:
    is_near = pc.greater(pc.utf8_length(values), _CELL // 2)
    if not pc.any(is_near).as_py():
        return is_near
    return pa.array([text is not None and len(text.encode("utf-16-le")) > 2 * _CELL for text in values.to_pylist()])


def _matches(pattern: str) -> Callable[[pa.Array], pa.Array]:
    return lambda values: pc.match_substring_regex(values, pattern)


def _cut(text: str) -> str:
    """Return as many characters as a cell holds; half a character is none."""
    return text.encode("utf-16-le")[: 2 * _CELL].decode("utf-16-le", "ignore")


_ESCAPED = re.compile("_x([0-9a-fA-F]{4})_")


def _unescaped(text: str) -> str:
    """Return a text in which no two escapes of workbooks share a mark."""
    return _ESCAPED.sub(r"-x\1_", text)


_CAPACITIES: Mapping[str, _Capacity] = {
    "csv": _Capacity("CSV"),
    "duckdb": _Capacity("DuckDB", folds_case=True, needs_labels=True),
    "sqlite": _Capacity("SQLite", columns=_SQLITE_COLUMNS, folds_case=True),
    "tsv": _Capacity("TSV"),
    "xlsx": _Capacity(
        "a workbook",
        columns=_COLUMNS,
        rows=_ROWS - 1,
        needs_labels=True,
        loses_last_row=True,
        cells=(
            CellTest(
                _is_long, f"has more than {_CELL:,} characters, the most that a cell of a workbook holds", left=_cut
            ),
            CellTest(
                _matches(_NO_XML),
                "holds NUL, U+FFFE or U+FFFF, which a workbook cannot hold",
                left=lambda text: text.translate(_NO_XML_MARKS),
            ),
            CellTest(
                _matches(_ESCAPES),
                "holds two escapes of workbooks in one, which would come back as another text",
                left=_unescaped,
            ),
            CellTest(
                lambda values: pc.equal(values, ""),
                "is an empty text, which a workbook cannot tell from no value",
                left=lambda _: None,
                is_about_empty=True,
            ),
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
    if not labels:
        raise TooMuchError("", f"it has no columns, of which {capacity.name} would make one or none at all")
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
    tests = [(test.finds, test.problem) for test in capacity.cells]
    if capacity.folds_case:
        tests.append((_matches(r"\x00"), f"holds NUL, which {capacity.name} cannot hold"))
    for finds, problem in tests:
        position = pc.index(pc.fill_null(finds(texts), False), True).as_py()
        if position >= 0:
            raise TooMuchError("", f"the name of column {position + 1} {problem}")


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


def watched(to: str, labels: Sequence[str], batches: Iterable[pa.RecordBatch], lost: Lost) -> Iterator[pa.RecordBatch]:
    """Pass batches on, and check their cells.

    Args:
        to: the target.
        labels: names of the columns.
        batches: the table.
        lost: is told of each cell that the target cannot hold.

    Raises:
        TooMuchError: the target cannot hold so many rows.
    """
    capacity = _CAPACITIES.get(to, _Capacity(to))
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        if capacity.rows is not None and rows > capacity.rows:
            raise TooMuchError("", f"it has more than {capacity.rows:,} rows, the most that {capacity.name} holds")
        for position, label in enumerate(labels, 1) if capacity.cells else ():
            _check_cells(capacity, label, batch.column(0), batch.column(position), lost)
        yield batch


def _check_cells(capacity: _Capacity, label: str, numbers: pa.Array, values: pa.Array, lost: Lost) -> None:
    for test in capacity.cells:
        found = pc.fill_null(test.finds(values), False)
        if pc.any(found).as_py():
            for row, text in zip(numbers.filter(found).to_pylist(), values.filter(found).to_pylist(), strict=True):
                lost(row, label, text, test)


def left(to: str, text: str) -> str | None:
    """Return what is left of a text in a cell of the target."""
    known = _CAPACITIES.get(to, _Capacity(to))
    for test in known.cells:
        if pc.any(test.finds(pa.array([text]))).as_py():
            rest = test.left(text)
            return None if rest is None else left(to, rest) if rest != text else rest
    return text


def loses_last_row(to: str) -> str:
    """Return why a last row without values would be gone; the empty text when it would not."""
    capacity = _CAPACITIES.get(to)
    return f"the last row is empty, and {capacity.name} ends before it" if capacity and capacity.loses_last_row else ""
