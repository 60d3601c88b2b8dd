"""CSV: the fast reader (pyarrow) for well-formed files, and the writer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

import pyarrow as pa

from diplodata.formats import csv_exact, csv_stream, packing
from diplodata.formats.csv_line_ends import mixed
from diplodata.formats.csv_split import MARK, Dialect
from diplodata.formats.text_table import Facts, HashingStream, Opener, TextTable, algorithms
from diplodata.formats.writing import TargetTable
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

#: Longest header that the fast reader takes.
_HEADER = 64 * 1024

#: Encodings in which line ends and delimiters are single ASCII bytes.
_ASCII_BASED = (
    *("utf-8", "utf8", "ascii", "us-ascii", "latin-1", "latin1", "koi8-r", "koi8-u"),
    *(f"iso-8859-{number}" for number in (*range(1, 12), 13, 14, 15, 16)),
    *(f"{family}125{number}" for family in ("cp", "windows-") for number in range(9)),
)

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
        and not packing.compression_of(resource, resource.paths[0])
    )
    if not is_plain:
        return csv_exact.read(opener, resource, dialect)
    stream = HashingStream(opener.open(resource.paths[0]), algorithms(resource.descriptor))
    header, _, _ = stream.ahead(_HEADER).partition(b"\n")
    labels = _labels(header, resource.encoding, dialect)
    if labels is None or len(header) >= _HEADER:
        stream.close()
        return csv_exact.read(opener, resource, dialect)
    stream.read(len(header) + 1)
    facts = Facts()
    findings: list[Finding] = []
    reading = csv_stream.Reading(
        stream,
        facts,
        dialect,
        resource.encoding,
        len(labels),
        resource.empty_is_missing,
        on_mixed=partial(_tell_mixed, opener, resource, dialect, findings),
        line_ends={b"\r\n" if header.endswith(b"\r") else b"\n"},
    )
    return TextTable(labels, reading.batches(), facts, findings, encode=reading.encode, start=reading.start)


def _tell_mixed(opener: Opener, resource: Resource, dialect: Dialect, findings: list[Finding]) -> None:
    """Go through the file once more, so that only a file of mixed line ends pays for finding them."""
    with opener.open(resource.paths[0]) as stream:
        findings += mixed(stream, resource, dialect)


def _labels(line: bytes, encoding: str, dialect: Dialect) -> tuple[str, ...] | None:
    """Return the labels in the first line; None when that line needs the exact reader."""
    if not line.strip() or line.count(dialect.quote.encode()) % 2 or b"\r" in line.removesuffix(b"\r"):
        return None
    try:
        text = line.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError:
        return None
    cells = next(csv.reader([text.removesuffix("\r")], delimiter=dialect.delimiter, quotechar=dialect.quote))
    return tuple(cells)


def unhonoured(dialect: Mapping[str, Any]) -> list[str]:
    """Return the members of a dialect that the readers do not honour."""
    return sorted(key for key in dialect if key not in _HONOURED)


def write(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write CSV: UTF-8, comma, LF, quotes only where they are needed; null is an empty cell, or what the table says."""
    _write(stream, table, batches, ",")


def write_tabs(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
    """Write TSV: as CSV, with tabs for commas."""
    _write(stream, table, batches, "\t")


def _write(stream: BinaryIO, table: TargetTable, batches: Iterator[pa.RecordBatch], delimiter: str) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(_LineFeeds(text, delimiter), delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for batch in batches:
        texts = (batch.column(column.position) for column in table.columns)
        cells = [(text.fill_null(table.null) if table.null else text).to_pylist() for text in texts]
        writer.writerows(zip(*cells, strict=True))
    text.flush()
    text.detach()


class _LineFeeds:
    """Ends rows with LF; the csv module quotes a cell with a carriage return only when rows end with one."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        self._text = text
        self._delimiter = delimiter

    def write(self, row: str) -> int:
        if row.startswith(MARK):
            # At the beginning of a line it would be taken for a byte-order mark; inside quotes it is text.
            cell, mark, rest = row[:-2].partition(self._delimiter)
            row = f'"{cell}"{mark}{rest}\r\n'
        return self._text.write(row[:-2] + "\n")
