"""Where findings stand: in order, with the lines of their files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from io import TextIOWrapper
from typing import Any

from diplodata.checks import reading
from diplodata.documents import whole
from diplodata.formats.packing import compression_of
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage


def in_order(reads: Sequence[reading.Read], opened: OpenedPackage, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Order findings by resource, row and column, and add line numbers; package findings come first."""
    places = {read.resource.name: number for number, read in enumerate(reads, 1)}
    ordered = sorted(findings, key=lambda item: (places.get(item.resource or "", 0), item.sort_key()))
    if opened.origin:
        return tuple(whole.in_text(opened.origin, ordered))
    if reads and opened.package.standard is None and all(_are_records(read.resource) for read in reads):
        with opened.open(reads[0].resource.place) as stream:
            return tuple(whole.in_lines(stream, ordered))
    return tuple(_with_lines({read.resource.name: read for read in reads}, opened, ordered))


def _are_records(resource: Resource) -> bool:
    """Whether a resource is a file with one record of a table of the standard in each line."""
    return resource.is_standard and resource.format == "ndjson" and not compression_of(resource, resource.place)


def _with_lines(
    reads: Mapping[str, reading.Read], opened: OpenedPackage, findings: Sequence[Finding]
) -> Iterable[Finding]:
    """Add the physical line to findings about rows of CSV files: quoted cells may span lines."""
    lines: dict[str, Mapping[int, int]] = {}
    for name in {item.resource for item in findings if item.row is not None and item.line is None}:
        read = reads.get(name or "")
        if read and read.resource.format == "csv" and len(read.resource.paths) == 1:
            rows = {item.row for item in findings if item.resource == name and item.row is not None}
            is_known = read.facts is not None and read.facts.lines_are_rows
            lines[read.resource.name] = (
                {row: row for row in rows} if is_known else _lines_of(opened, read.resource, rows)
            )
    for item in findings:
        line = lines.get(item.resource or "", {}).get(item.row or 0)
        yield item if item.line is not None or line is None else replace(item, line=line)


def _lines_of(opened: OpenedPackage, resource: Resource, rows: set[int]) -> dict[int, int]:
    """Return the line on which each of the rows begins; nothing when the file cannot be read again."""
    found: dict[int, int] = {}
    if compression_of(resource, resource.place):
        return found
    last = max(rows)
    try:
        with opened.open(resource.place) as stream:
            text = TextIOWrapper(stream, encoding=resource.encoding, newline="")
            reader = csv.reader(text, **_dialect(resource))
            before = 0
            for row, _ in enumerate(reader, 1):
                if row in rows:
                    found[row] = before + 1
                before = reader.line_num
                if row == last:
                    break
    except (UnreadableFileError, UnicodeError, LookupError, TypeError, csv.Error):
        return {}
    return found


def _dialect(resource: Resource) -> dict[str, Any]:
    """Return what the csv module calls the members of a dialect that change where a record ends."""
    names = {
        "delimiter": "delimiter",
        "doubleQuote": "doublequote",
        "escapeChar": "escapechar",
        "quoteChar": "quotechar",
    }
    return {name: resource.dialect[member] for member, name in names.items() if member in resource.dialect}
