"""The exact CSV reader: slower, for odd files; every departure from RFC 4180 is a finding with its row and line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from diplodata.catalogue import finding
from diplodata.errors import LimitError
from diplodata.formats.csv_split import Dialect, Record, Splitter
from diplodata.formats.text_table import Facts, HashingStream, Opener, TextTable, algorithms, batches_of
from diplodata.model.finding import Finding
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.model.package import Resource

#: Bytes that are unpacked at a time, and that any file may unpack to.
_PART = 1024 * 1024


def read(opener: Opener, resource: Resource, dialect: Dialect) -> TextTable:
    """Read a whole CSV resource into text, with a finding for each odd place."""
    facts = Facts()
    table = TextTable((), iter(()), facts)
    say = _Teller(resource, table.findings)
    text = _text(opener, resource, facts, say)
    records = _content(Splitter(dialect).records(text), dialect)
    header = [record for _, record in zip(dialect.header_rows, records, strict=False)]
    if not text or (dialect.header_rows and not header):
        if not table.findings:
            say("source-error", details={"problem": "it is empty"})
        return table
    for record in header:
        say.problems_of(record)
    names = resource.schema.names if resource.schema else ()
    labels = _labels(header, dialect) if header else names
    rows = _rows(records, labels, resource, say, dialect)
    return TextTable(labels, batches_of(rows, len(labels)), facts, table.findings, has_header=bool(header))


def _content(records: Iterator[Record], dialect: Dialect) -> Iterator[Record]:
    """Leave out comments, and what stands before and between the header rows."""
    last = max(dialect.header_rows, default=0)
    for record in records:
        is_comment = bool(dialect.comment) and record.cells[0].startswith(dialect.comment)
        is_before = record.row < last and record.row not in dialect.header_rows
        if not (is_comment or is_before or record.row in dialect.comment_rows):
            yield record


def _labels(header: list[Record], dialect: Dialect) -> tuple[str, ...]:
    """Join header rows column by column; equal parts that follow each other stand once."""
    width = max(len(record.cells) for record in header)
    columns = [[record.cells[place] for record in header if place < len(record.cells)] for place in range(width)]
    return tuple(
        dialect.header_join.join(part for place, part in enumerate(parts) if place == 0 or part != parts[place - 1])
        for parts in columns
    )


@dataclass
class _Teller:
    """Makes findings about one resource."""

    resource: Resource
    findings: list[Finding]

    def __call__(self, code: str, details: Mapping[str, Any] | None = None, **members: Any) -> None:
        place = {"resource": self.resource.name, "path": self.resource.place}
        self.findings.append(finding(code, details, **place, **members))

    def problems_of(self, record: Record) -> None:
        for code, value in record.problems:
            is_bare = code == "bare-quote"
            severity = "warning" if is_bare else None
            name = "stray-quote" if is_bare else code
            self(name, severity=severity, row=record.row, line=record.line, value=value)


def _text(opener: Opener, resource: Resource, facts: Facts, say: _Teller) -> str:
    """Return the text of all parts; a part that does not end its last line is ended for it."""
    parts = []
    for position, path in enumerate(resource.paths):
        stream = HashingStream(opener.open(path), algorithms(resource.descriptor))
        try:
            raw = _unpacked(stream, path) if path.lower().endswith(".gz") else stream.read()
        except (OSError, EOFError, zlib.error) as error:
            say("source-error", details={"problem": f"it is no gzip file that can be unpacked ({error})"})
            return ""
        stream.fill(facts)
        stream.close()
        text = _decoded(raw, resource.encoding, say)
        if text is None:
            return ""
        parts.append(text.partition("\n")[2] if position else text)
    return "".join(part if part.endswith(("\n", "\r")) or not part else part + "\n" for part in parts)


def _unpacked(stream: HashingStream, path: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Unpack a gzip file, and stop when far more comes out of it than went in."""
    unpacking = gzip.GzipFile(fileobj=cast("BinaryIO", stream))
    parts, size = [], 0
    while part := unpacking.read(_PART):
        parts.append(part)
        size += len(part)
        if size > min(limits.member_bytes, _PART + limits.archive_ratio * stream.bytes):
            raise LimitError(f"{path} unpacks to more than the limits member_bytes and archive_ratio allow.")
    return b"".join(parts)


def _decoded(raw: bytes, encoding: str, say: _Teller) -> str | None:
    problem = "the encoding is unknown"
    line = None
    if encoding.lower() not in _NO_ENCODINGS:
        try:
            return raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            bad = raw[error.start : error.start + 1].hex()
            problem = f"byte 0x{bad} at position {error.start}, line {line}, cannot be decoded"
        except LookupError:
            pass
    say("encoding-error", details={"problem": problem}, line=line, limit=encoding)
    return None


#: Codecs of Python that are no character encodings of files.
_NO_ENCODINGS = ("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape")


def _rows(
    records: Iterator[Record], labels: tuple[str, ...], resource: Resource, say: _Teller, dialect: Dialect
) -> Iterator[tuple[int, list[str | None]]]:
    """Yield full-width rows; absent cells are null, surplus cells and blank rows are reported and left out."""
    empty = None if resource.empty_is_missing else ""
    for record in records:
        say.problems_of(record)
        if not any(record.cells):
            say("blank-row", row=record.row, line=record.line)
            continue
        for number, cell in enumerate(record.cells[len(labels) :], len(labels) + 1):
            say("extra-cell", row=record.row, line=record.line, column=number, value=cell)
        for number in range(len(record.cells), len(labels)):
            fields = (_field_name(resource, labels, number),)
            say("missing-cell", row=record.row, line=record.line, column=number + 1, fields=fields)
        cells: list[str | None] = [cell or empty for cell in record.cells[: len(labels)]]
        if dialect.null is not None:
            cells = [None if cell == dialect.null else cell for cell in cells]
        yield record.row, cells + [None] * (len(labels) - len(cells))


def _field_name(resource: Resource, labels: tuple[str, ...], position: int) -> str:
    names = resource.schema.names if resource.schema and resource.schema.fields_match == "exact" else ()
    return names[position] if position < len(names) else labels[position]
