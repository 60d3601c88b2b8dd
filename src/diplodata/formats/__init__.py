"""One file a format: read to batches of text, write from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from diplodata.formats import csv_reading, csv_table, json_table, parquet_table, sqlite_table, workbook_table
from diplodata.formats.isolated import get_ready
from diplodata.formats.text_table import Opener, TextTable
from diplodata.formats.writing import Whole, WholeWriter, Writer
from diplodata.model.package import Resource

#: format -> how its tables are read.
READERS: Mapping[str, Callable[[Opener, Resource], TextTable]] = {
    "csv": csv_reading.read,
    "inline": json_table.read_inline,
    "json": json_table.read_array,
    "ndjson": json_table.read_lines,
    "ods": workbook_table.read,
    "parquet": parquet_table.read,
    "records": json_table.read_records,
    "sqlite": sqlite_table.read,
    "tsv": csv_reading.read,
    "xls": workbook_table.read,
    "xlsx": workbook_table.read,
}

#: format -> how its odd files are read again, for formats whose reader may raise OddFileError.
EXACT_READERS: Mapping[str, Callable[[Opener, Resource], TextTable]] = {
    "csv": csv_reading.read_exactly,
    "tsv": csv_reading.read_exactly,
}

#: Members of a dialect that speak of header and comments, in every format whose records are rows of cells.
_ROWS = ("$schema", "commentChar", "commentRows", "header", "headerJoin", "headerRows")

_STRUCTURED = (*_ROWS, "itemKeys", "itemType", "json", "property")
_SHEETS = (*_ROWS, "excel", "ods", "sheetName", "sheetNumber")

#: format -> members of a dialect that its reader honours, or has no use for.
_HONOURED: Mapping[str, tuple[str, ...]] = {
    "inline": _STRUCTURED,
    "json": _STRUCTURED,
    "ndjson": _STRUCTURED,
    "ods": _SHEETS,
    "parquet": ("$schema",),
    "sqlite": ("$schema", "table"),
    "xls": _SHEETS,
    "xlsx": _SHEETS,
}

#: Members below those of frictionless's own that are honoured.
_BELOW = {"excel": ("sheet",), "json": ("keyed", "keys", "property"), "ods": ("sheet",)}


def unhonoured(form: str, dialect: Mapping[str, Any]) -> list[str]:
    """Return the members of a dialect that the reader of a format does not honour.

    Args:
        form: a key of READERS.
        dialect: the dialect as described.
    """
    if form == "records":
        return []  # the document has the form of its tables, whatever is said of their files
    if form not in _HONOURED:
        return csv_table.unhonoured(dialect)
    unknown = [key for key in dialect if key not in _HONOURED[form]]
    for key in (name for name in _BELOW if name in _HONOURED[form]):
        below = dialect.get(key)
        unknown += [f"{key}.{name}" for name in below if name not in _BELOW[key]] if isinstance(below, Mapping) else []
    return sorted(unknown)


#: format -> how its tables are written, one file a table.
WRITERS: Mapping[str, Writer] = {
    "csv": csv_table.write,
    "json": json_table.write_array,
    "ndjson": json_table.write_lines,
    "parquet": parquet_table.write,
    "tsv": csv_table.write_tabs,
}


def _sqlite(path: Path, whole: Whole) -> tuple[str, ...]:
    from diplodata.formats import sqlite_writer

    return sqlite_writer.write(path, whole)


def _duckdb(path: Path, whole: Whole) -> tuple[str, ...]:
    from diplodata.formats import duckdb_writer

    return duckdb_writer.write(path, whole)


def _workbook(path: Path, whole: Whole) -> tuple[str, ...]:
    from diplodata.formats import workbook_writer

    return workbook_writer.write(path, whole)


#: format -> how a whole package is written into one file; what each needs is imported when it is asked for.
WHOLE_WRITERS: Mapping[str, WholeWriter] = {"duckdb": _duckdb, "sqlite": _sqlite, "xlsx": _workbook}

__all__ = [
    "EXACT_READERS",
    "READERS",
    "WHOLE_WRITERS",
    "WRITERS",
    "Opener",
    "TextTable",
    "Writer",
    "get_ready",
    "unhonoured",
]
