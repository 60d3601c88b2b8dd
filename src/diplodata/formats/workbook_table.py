"""Workbooks (xlsx, xls, ods): one sheet is a table, read in a process of its own."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from typing import Any

import jiter

from diplodata.catalogue import finding
from diplodata.errors import MissingExtraError
from diplodata.formats.grid import Grid
from diplodata.formats.isolated import Isolated
from diplodata.formats.text_table import Opener, TextTable, batches_of
from diplodata.formats.typed_cells import text_of
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

#: Where frictionless has the sheet in a dialect, before Data Package v2 named it.
_OLDER = ("excel", "ods")


def read(opener: Opener, resource: Resource) -> TextTable:
    """Read a sheet; numbers, dates and truth values become the texts that stand for them in their fields.

    Raises:
        MissingExtraError: what reads workbooks is not installed.
    """
    if importlib.util.find_spec("python_calamine") is None:
        raise MissingExtraError(f'{resource.place} is a workbook; to read it, install "diplodata[xlsx]".')
    reading = Isolated(
        opener,
        resource,
        {"format": "workbook", "sheet": _sheet(resource.dialect), "has_days": resource.format == "ods"},
        "format-error",
    )
    table = TextTable((), iter(()), reading.facts, reading.findings)
    if reading.header() is None:
        return table
    grid = Grid(_filled(reading), resource, _shown)
    if grid.is_empty or not grid.labels:
        reading.finish()
        if not reading.has_failed:
            problem = "the sheet is empty"
            table.findings.append(
                finding("source-error", {"problem": problem}, resource=resource.name, path=resource.place)
            )
        return table
    grid.findings = table.findings
    table.labels, table.has_header = grid.labels, grid.has_header
    batches = batches_of(_texts(grid, resource, table.findings), len(grid.labels))
    table.batches = TextTable(table.labels, _until_failure(batches, reading, table), reading.facts).batches
    return table


def _sheet(dialect: Any) -> str | int:
    """Return the name or number of the sheet (Data Package v2, Table Dialect, spreadsheet formats)."""
    if "sheetName" in dialect:
        return str(dialect["sheetName"])
    if "sheetNumber" in dialect:
        return int(dialect["sheetNumber"])
    for name in _OLDER:
        own = dialect.get(name)
        sheet = own.get("sheet") if isinstance(own, dict) else None
        if isinstance(sheet, str | int):
            return sheet
    return 1


def _filled(reading: Isolated) -> Iterator[Sequence[Any]]:
    """Yield rows without the empty cells at their ends; the rows of a sheet are as wide as its widest."""
    for content in reading.contents():
        for row in jiter.from_json(content.to_pybytes()):
            end = len(row)
            while end and row[end - 1] is None:
                end -= 1
            yield row[:end]


def _shown(value: Any) -> str | None:
    text: str | None = value[1] if isinstance(value, list) else value
    return text


def _texts(grid: Grid, resource: Resource, findings: list[Finding]) -> Iterator[tuple[int, list[str | None]]]:
    for row, values in grid.rows(may_be_narrower=True):
        yield (
            row,
            [
                value
                if value is None or (value and isinstance(value, str))
                else text_of(value, row, place, grid.fields, resource, findings)
                for place, value in enumerate(values)
            ],
        )


def _until_failure(batches: Iterator[Any], reading: Isolated, table: TextTable) -> Iterator[Any]:
    yield from batches
    if reading.has_failed:
        table.labels = ()
