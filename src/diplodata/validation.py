"""Validate a package: read, check cells and keys, ask the rules, report."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from diplodata.checks import reading
from diplodata.checks.ahead import Ahead
from diplodata.checks.cells import check_cells
from diplodata.checks.keys import check_references, check_unique, key_fields
from diplodata.checks.rows import check_blank_rows
from diplodata.documents import broken, lines, whole
from diplodata.documents.reporting import report as report_of
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.errors import MemoryShortageError, UsageError
from diplodata.formats import get_ready
from diplodata.formats.packing import compression_of
from diplodata.model.finding import Finding
from diplodata.model.package import Resource
from diplodata.model.report import Report, ResourceReport, SkippedRule
from diplodata.package import standard_input
from diplodata.package.containers import UnreadableFileError
from diplodata.package.locate import NotStrictError, open_source
from diplodata.package.opened import OpenedPackage
from diplodata.version import tool_version

#: Bytes from which on the tables of a package are kept on disk.
_LARGE = 1_000_000_000

#: Findings kept per code unless another number is asked for.
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What a validation is asked to do."""

    #: Day for which rules are asked; None is today (UTC).
    as_of: datetime.date | None = None
    #: Names of the resources to check; empty for all.
    resources: tuple[str, ...] = ()
    #: Findings kept per code; 0 keeps all. Counts are exact in any case.
    limit: int = LIMIT
    #: Table Schema of a bare table: a file, or the name of a table of the standard.
    schema: str | Path | None = None


def validate(source: str | Path = ".", options: Options | None = None) -> Report:
    """Validate a package and return the report.

    Args:
        source: a folder, a datapackage.json, a zip archive, a bundle or nested document, records in JSON, a bare
            table, or ``-`` for standard input.
        options: what to check and how much to keep.

    Raises:
        SourceError: nothing that can be read as a package is there.
        LimitError: the source is larger than a limit allows.
        UsageError: a resource that is asked for is not in the package, or a schema is given for a package.
    """
    options = options or Options()
    with standard_input.on_disk(source) as place:
        report = lines.judged(
            place, limit=options.limit, as_of=options.as_of, schema=options.schema, resources=options.resources
        )
        report = report or _of_source(place, options)
    return report if place == source else replace(report, subject=str(source))


def _of_source(source: str | Path, options: Options) -> Report:
    try:
        with open_source(source, schema=options.schema) as opened:
            standard_input.refuse_descriptor(opened)
            return validate_opened(opened, options)
    except NotStrictError as error:
        found = broken.refusal(error, Path(source).name, options.schema)
        if found is None:
            raise
        tally = Tally(options.limit)
        tally.add([found])
        return report_of(str(source), tally, options.as_of)


def validate_opened(opened: OpenedPackage, options: Options) -> Report:
    """Validate a package that is open already."""
    package = opened.package
    asked = options.resources or package.names
    unknown = [name for name in asked if name not in package.names]
    if unknown:
        raise UsageError(f"No resource {unknown[0]!r}; the package has {', '.join(package.names)}.")
    get_ready(opened, package.resources)
    if sum(opened.container.size(path) for item in package.resources for path in item.paths) > _LARGE:
        return _validated(opened, options, asked, on_disk=True)
    try:
        return _validated(opened, options, asked, on_disk=False)
    except MemoryShortageError:
        return _validated(opened, options, asked, on_disk=True)


def _validated(opened: OpenedPackage, options: Options, asked: Sequence[str], *, on_disk: bool) -> Report:
    package = opened.package
    tally = Tally(options.limit, frozenset(options.resources))
    tally.add(opened.findings)
    keys = key_fields(package)
    # The first table is parsed while the engine starts.
    with Ahead(opened, package.resources) as ahead, Session(on_disk=on_disk) as session:
        reads = [reading.load(session, opened, ahead, item, keys[item.name], tally) for item in package.resources]
        tables = {read.resource.name: read.table for read in reads if read.table is not None}
        skipped = _check(session, opened, tables, asked, tally)
    if opened.origin:
        whole.judge(opened.origin, tally)
    return Report(
        tool=f"diplodata {tool_version()}",
        subject=opened.place,
        standard=package.standard,
        as_of=(options.as_of or datetime.datetime.now(datetime.UTC).date()).isoformat(),
        resources=tuple(_resource_report(read, tally) for read in reads if read.resource.name in asked),
        findings=_in_order(reads, opened, tally.findings),
        totals=dict(sorted(tally.totals.items())),
        skipped=tuple(sorted(set(skipped), key=lambda item: (item.code, item.reason))),
    )


def _check(
    session: Session,
    opened: OpenedPackage,
    tables: dict[str, LoadedTable],
    asked: Sequence[str],
    tally: Tally,
) -> list[SkippedRule]:
    package = opened.package
    chosen = [tables[name] for name in package.names if name in tables and name in asked]
    for name in package.names:
        # Parents of what is asked for are judged as well; the tally leaves their findings out.
        if name in tables:
            check_blank_rows(session, tables[name], tally)
            check_cells(session, tables[name], tally)
    for table in chosen:
        check_unique(session, table, tally)
        check_references(session, table, tables, package.names, tally)
    if package.standard is None:
        return []
    standard = {name: table for name, table in tables.items() if table.resource.is_standard}
    ruled = [resource.name for resource in package.resources if resource.is_standard]
    unread = [name for name in ruled if name not in standard]
    from diplodata.rules.run import check_rules  # not loaded for packages that are not of the standard

    return check_rules(session, standard, asked, unread, tally) if standard else []


def _resource_report(read: reading.Read, tally: Tally) -> ResourceReport:
    facts = read.facts
    return ResourceReport(
        name=read.resource.name,
        path=read.resource.place,
        format=read.resource.format,
        rows=read.table.rows if read.table else None,
        bytes=facts.bytes if facts and facts.hashes else None,
        sha256=facts.hashes.get("sha256") if facts else None,
        valid=read.resource.name not in tally.invalid,
    )


def _in_order(reads: Sequence[reading.Read], opened: OpenedPackage, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Order findings by resource, row and column, and add line numbers; package findings come first."""
    places = {read.resource.name: number for number, read in enumerate(reads, 1)}
    ordered = sorted(findings, key=lambda item: (places.get(item.resource or "", 0), item.sort_key()))
    if opened.origin:
        return tuple(whole.in_text(opened.origin, ordered))
    if opened.package.standard is None and all(_are_records(read.resource) for read in reads):
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
