"""What a table looks like beyond its findings: how its fields are filled, and the cells of single rows."""

from __future__ import annotations

from collections.abc import Iterable

from diplodata.engine.session import LoadedTable, Session
from diplodata.errors import MemoryShortageError
from diplodata.model.report import Cells, FieldSummary

#: Rows that are fetched at a time.
_PORTION = 1000


def field_summaries(session: Session, table: LoadedTable) -> tuple[FieldSummary, ...]:
    """Return how the fields of a table are filled, in the order of its columns; the numbers are exact."""
    names = list(table.columns)
    filled, distinct = _numbers(session, table, [table.columns[name] for name in names])
    return tuple(
        FieldSummary(name, number, values, table.rows)
        for name, number, values in zip(names, filled, distinct, strict=True)
    )


def _numbers(session: Session, table: LoadedTable, columns: list[str]) -> tuple[list[int], list[int]]:
    if not columns:
        return [], []
    filled = [f"count({column})" for column in columns]
    distinct = [f"count(DISTINCT {column})" for column in columns]
    try:
        found = session.rows(f"SELECT {', '.join(filled + distinct)} FROM {table.table}")[0]
        return list(found[: len(columns)]), list(found[len(columns) :])
    except MemoryShortageError:
        # One after the other, and as groups, which go to disk when there are too many.
        grouped = [f"SELECT count({item}) FROM (SELECT DISTINCT {item} FROM {table.table})" for item in columns]
        numbers = session.rows(f"SELECT {', '.join(filled)} FROM {table.table}")[0]
        return list(numbers), [session.value(query) for query in grouped]


def cells_of(session: Session, table: LoadedTable, rows: Iterable[int]) -> dict[int, Cells]:
    """Return the cells of rows by record number: field and text, None for a cell without a value."""
    names, wanted = list(table.columns), sorted(set(rows))
    columns = ", ".join(["_row", *table.columns.values()])
    found: dict[int, Cells] = {}
    for start in range(0, len(wanted), _PORTION):
        listed = ", ".join(str(int(row)) for row in wanted[start : start + _PORTION])
        query = f"SELECT {columns} FROM {table.table} WHERE _row IN ({listed})"
        found |= {row: tuple(zip(names, values, strict=True)) for row, *values in session.rows(query)}
    return found
