"""CSV: the fast reader (pyarrow) for well-formed files, and the writer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv

from diplodata.formats import csv_exact
from diplodata.formats.csv_oddity import OddityScan
from diplodata.formats.csv_split import Dialect
from diplodata.formats.text_table import (
    Facts,
    HashingStream,
    OddFileError,
    Opener,
    TextTable,
    algorithms,
    arrow_schema,
    column_names,
)
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource

#: Bytes that the parser takes at a time.
_BLOCK = 4 * 1024 * 1024

#: Longest header that the fast reader takes.
_HEADER = 64 * 1024

#: Encodings in which line ends and delimiters are single ASCII bytes.
_ASCII_BASED = ("utf-8", "utf8", "ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "cp1252", "windows-1252")

#: Members of a Table Dialect for delimited text; others are of other formats, or of nobody.
_HONOURED = (
    "$schema",
    "commentChar",
    "commentRows",
    "delimiter",
    "doubleQuote",
    "escapeChar",
    "header",
    "headerJoin",
    "headerRows",
    "lineTerminator",
    "nullSequence",
    "quoteChar",
    "skipInitialSpace",
)


def read(opener: Opener, resource: Resource) -> TextTable:
    """Read a CSV resource; raises UnreadableFileError when a file cannot be opened."""
    return _read(opener, resource, Dialect.of(resource.dialect))


def read_tabs(opener: Opener, resource: Resource) -> TextTable:
    """Read a TSV resource: CSV whose delimiter is a tab unless the dialect says otherwise."""
    return _read(opener, resource, Dialect.of({"delimiter": "\t", **resource.dialect}))


def read_exactly(opener: Opener, resource: Resource) -> TextTable:
    """Read an odd CSV resource."""
    return csv_exact.read(opener, resource, Dialect.of(resource.dialect))


def read_tabs_exactly(opener: Opener, resource: Resource) -> TextTable:
    """Read an odd TSV resource."""
    return csv_exact.read(opener, resource, Dialect.of({"delimiter": "\t", **resource.dialect}))


def _read(opener: Opener, resource: Resource, dialect: Dialect) -> TextTable:
    is_plain = (
        len(resource.paths) == 1
        and resource.encoding.lower() in _ASCII_BASED
        and dialect.is_plain
        and not resource.paths[0].lower().endswith(".gz")
    )
    if not is_plain:
        return csv_exact.read(opener, resource, dialect)
    scan = OddityScan(dialect.delimiter, dialect.quote)
    stream = HashingStream(opener.open(resource.paths[0]), algorithms(resource.descriptor), scan.look)
    labels = _labels(stream.ahead(_HEADER), resource.encoding, dialect)
    if labels is None:
        stream.close()
        return csv_exact.read(opener, resource, dialect)
    facts = Facts()
    reading = _Reading(stream, facts, resource.empty_is_missing, scan)
    batches = reading.batches(resource.encoding, dialect, len(labels))
    return TextTable(labels, batches, facts)


def _labels(head: bytes, encoding: str, dialect: Dialect) -> tuple[str, ...] | None:
    """Return the labels in the first line; None when that line needs the exact reader."""
    line, end, _ = head.partition(b"\n")
    if not end or not line.strip() or line.count(dialect.quote.encode()) % 2 or b"\r" in line.removesuffix(b"\r"):
        return None
    try:
        text = line.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError:
        return None
    cells = next(csv.reader([text.removesuffix("\r")], delimiter=dialect.delimiter, quotechar=dialect.quote))
    return tuple(cells)


@dataclass
class _Reading:
    """One pass over a file; ends with an OddFileError when anything is not as the fast path wants it."""

    stream: HashingStream
    facts: Facts
    empty_is_missing: bool
    scan: OddityScan
    odd: list[str] = field(default_factory=list)

    def batches(self, encoding: str, dialect: Dialect, number: int) -> Iterator[pa.RecordBatch]:
        schema = arrow_schema(number)
        row = 2
        for batch in self._parsed(encoding, dialect, number):
            rows = pa.arange(row, row + batch.num_rows)
            row += batch.num_rows
            yield pa.RecordBatch.from_arrays([rows, *batch.columns], schema=schema)
        self.stream.fill(self.facts)
        self.stream.close()
        if self.odd or self.scan.is_odd or self.stream.returns != self.stream.pairs or self.stream.line_ends != row - 1:
            raise OddFileError

    def _parsed(self, encoding: str, dialect: Dialect, number: int) -> Iterator[pa.RecordBatch]:
        names = column_names(number)
        try:
            yield from arrow_csv.open_csv(
                pa.PythonFile(self.stream, mode="r"),
                arrow_csv.ReadOptions(
                    use_threads=False, block_size=_BLOCK, skip_rows=1, column_names=names, encoding=encoding
                ),
                arrow_csv.ParseOptions(
                    delimiter=dialect.delimiter,
                    quote_char=dialect.quote,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=self._on_ragged,
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""] if self.empty_is_missing else [],
                    strings_can_be_null=self.empty_is_missing,
                    quoted_strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV file" not in str(error):
                self.odd.append(str(error))
        except UnicodeDecodeError as error:
            self.odd.append(str(error))

    def _on_ragged(self, row: arrow_csv.InvalidRow) -> str:
        self.odd.append(f"{row.actual_columns} cells")
        return "skip"


def unhonoured(dialect: Mapping[str, Any]) -> list[str]:
    """Return the members of a dialect that the readers do not honour."""
    return sorted(key for key in dialect if key not in _HONOURED)


def write(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write CSV: UTF-8, comma, LF, quotes only where they are needed; null is an empty cell."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(_LineFeeds(text), lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for batch in batches:
        cells = [batch.column(column.position).to_pylist() for column in table.columns]
        writer.writerows(zip(*cells, strict=True))
    text.flush()
    text.detach()


class _LineFeeds:
    """Ends rows with LF; the csv module quotes a cell with a carriage return only when rows end with one."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def write(self, row: str) -> int:
        return self._text.write(row[:-2] + "\n")
