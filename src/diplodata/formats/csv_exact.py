"""The exact CSV reader: slower, for odd files; every departure from RFC 4180 is a finding with its row and line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from diplodata.formats import header_rows
from diplodata.formats.csv_line_ends import LineEnds
from diplodata.formats.csv_split import Dialect, Record, Splitter
from diplodata.formats.csv_text import Teller, whole_text
from diplodata.formats.text_table import Facts, Opener, TextTable, batches_of
from diplodata.model.package import Resource


def read(opener: Opener, resource: Resource, dialect: Dialect) -> TextTable:
    """Read a whole CSV resource into text, with a finding for each odd place."""
    facts = Facts()
    table = TextTable((), iter(()), facts)
    say = Teller(resource, table.findings)
    text = whole_text(opener, resource, dialect, facts, say)
    ends = LineEnds()
    records = header_rows.content(ends.watched(Splitter(dialect).records(text)), dialect)
    header = [record for _, record in zip(dialect.header_rows, records, strict=False)]
    first = next(records, None)
    if not header and (dialect.header_rows or first is None):
        if not table.findings:
            say("source-error", details={"problem": "it is empty"})
        return table
    for record in header:
        say.problems_of(record)
    labels = (
        header_rows.labels(header, dialect) or ("",) if header else resource.schema.names if resource.schema else ()
    )
    if not labels:
        # Without header and schema the columns have the names that frictionless gives them.
        labels = tuple(f"field{number}" for number, _ in enumerate(first.cells if first else (), 1))
    rows = _rows(chain(() if first is None else (first,), records), labels, resource, say, dialect, ends, facts)
    return TextTable(labels, batches_of(rows, len(labels)), facts, table.findings, has_header=bool(header))


def _rows(
    records: Iterator[Record],
    labels: tuple[str, ...],
    resource: Resource,
    say: Teller,
    dialect: Dialect,
    ends: LineEnds,
    facts: Facts,
) -> Iterator[tuple[int, list[str | None]]]:
    """Yield full-width rows; absent cells are null, surplus cells are reported and left out."""
    empty = None if resource.empty_is_missing else ""
    fields = header_rows.fields_of(resource, labels)
    for record in records:
        say.problems_of(record)
        if not record.cells:
            facts.empty_line = facts.empty_line or record.row
            yield record.row, [None] * len(labels)
            continue
        for number, cell in enumerate(record.cells[len(labels) :], len(labels) + 1):
            say("extra-cell", row=record.row, line=record.line, column=number, value=cell)
        for number in range(len(record.cells), len(labels)):
            say("missing-cell", row=record.row, line=record.line, column=number + 1, fields=(fields[number].name,))
        cells: list[str | None] = [cell or empty for cell in record.cells[: len(labels)]]
        if dialect.null is not None:
            cells = [None if cell == dialect.null else cell for cell in cells]
        yield record.row, cells + [None] * (len(labels) - len(cells))
    ends.tell(say)
