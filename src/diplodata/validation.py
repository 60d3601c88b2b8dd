"""Validate a package: read, check cells and keys, ask the rules, report."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from diplodata import baseline
from diplodata.checks import reading
from diplodata.checks.ahead import Ahead
from diplodata.checks.cells import check_cells
from diplodata.checks.keys import check_references, check_unique, key_fields
from diplodata.checks.rows import check_blank_rows
from diplodata.documents import broken, lines, whole
from diplodata.documents.reporting import report as report_of
from diplodata.engine import overview
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.errors import MemoryShortageError, UsageError
from diplodata.formats import get_ready
from diplodata.model.finding import Finding
from diplodata.model.given import Given
from diplodata.model.report import Cells, Report, ResourceReport, SkippedRule, Waived
from diplodata.package import standard_input
from diplodata.package.containers import Archive
from diplodata.package.locate import NotStrictError, open_source
from diplodata.package.opened import OpenedPackage
from diplodata.placing import in_order
from diplodata.version import tool_version

#: Bytes from which on the tables of a package are kept on disk.
_LARGE = 1_000_000_000

#: Bytes up to which planning a question takes longer than asking it.
_SMALL = 8_000_000

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
    #: What rules are given beside the package.
    given: Given = field(default_factory=Given)
    #: An earlier JSON report; its findings are known and do not fail.
    baseline: str | Path | None = None
    #: Whether to say of each field how many cells have a value, and how many values are different.
    summary: bool = False
    #: Whether the report has the cells of each row that a finding is about.
    rows: bool = False


def validate(source: str | Path = ".", options: Options | None = None) -> Report:
    """Validate a package and return the report.

    Args:
        source: a folder, a datapackage.json, a zip archive, a bundle or nested document, records in JSON, a bare
            table, or ``-`` for standard input.
        options: what to check and how much to keep.

    Raises:
        SourceError: nothing that can be read as a package is there.
        LimitError: the source is larger than a limit allows.
        UsageError: a resource that is asked for is not in the package, or a schema is given for a package, or the
            baseline is no complete report.
    """
    options = options or Options()
    with standard_input.on_disk(source) as place:
        report = _of_lines(place, options) or _of_source(place, options)
    return report if place == source else replace(report, subject=str(source))


def _of_lines(source: str | Path, options: Options) -> Report | None:
    """Judge the documents of an NDJSON file; None when the source is anything else."""
    known = _known(options)
    limit = options.limit if known is None else 0
    report = lines.judged(source, limit=limit, as_of=options.as_of, schema=options.schema, resources=options.resources)
    if report is not None and options.given != Given():
        raise UsageError(f"The lines of {source} are documents, of which rules are not asked; leave out their inputs.")
    return report if report is None or known is None else baseline.compare(report, known, options.limit)


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
        report, known = report_of(str(source), tally, options.as_of), _known(options)
        return report if known is None else baseline.compare(report, known, options.limit)


def _known(options: Options) -> baseline.Baseline | None:
    return None if options.baseline is None else baseline.read(options.baseline, options.resources)


def validate_opened(opened: OpenedPackage, options: Options) -> Report:
    """Validate a package that is open already."""
    package = opened.package
    if options.given != Given() and package.standard is None:
        raise UsageError(
            f"{opened.place} does not declare the standard, so its rules, and what they need, do not apply."
        )
    asked = options.resources or package.names
    unknown = [name for name in asked if name not in package.names]
    if unknown:
        raise UsageError(f"No resource {unknown[0]!r}; the package has {', '.join(package.names)}.")
    get_ready(opened, package.resources)
    size = sum(opened.container.size(path) for item in package.resources for path in item.paths)
    whole = options.summary or options.rows
    on_disk = partial(Session, on_disk=True, whole=whole)
    if size > _LARGE:
        return _validated(opened, options, asked, on_disk)
    try:
        return _validated(opened, options, asked, partial(Session, whole=whole, is_small=size <= _SMALL))
    except MemoryShortageError:
        return _validated(opened, options, asked, on_disk)


def _validated(opened: OpenedPackage, options: Options, asked: Sequence[str], start: Callable[[], Session]) -> Report:
    package = opened.package
    known = _known(options)
    # A finding is known or not when all have been seen.
    tally = Tally(options.limit if known is None else 0, frozenset(options.resources))
    tally.add(opened.findings)
    keys = key_fields(package)
    # The first table is parsed while the engine starts.
    with Ahead(opened, package.resources) as ahead, start() as session:
        reads = [reading.load(session, opened, ahead, item, keys[item.name], tally) for item in package.resources]
        tables = {read.resource.name: read.table for read in reads if read.table is not None}
        skipped = _check(session, opened, tables, asked, options, tally)
        if opened.origin:
            whole.judge(opened.origin, tally)
        summarised = {name: tables[name] for name in asked if options.summary and name in tables}
        fields = {name: overview.field_summaries(session, table) for name, table in summarised.items()}
        report = Report(
            tool=f"diplodata {tool_version()}",
            subject=opened.place,
            standard=package.standard,
            standard_version=package.standard_version,
            profile=package.profile,
            as_of=_day(options).isoformat(),
            resources=tuple(
                replace(_resource_report(read, tally), fields=fields.get(read.resource.name))
                for read in reads
                if read.resource.name in asked
            ),
            findings=in_order(reads, opened, tally.findings),
            totals=dict(sorted(tally.totals.items())),
            places=dict(sorted(tally.places.items())),
            skipped=tuple(sorted(set(skipped), key=lambda item: (item.code, item.reason))),
            waived=_waived(reads, opened, tally.waived),
            folder=_folder(opened),
        )
        if known is not None:
            report = baseline.compare(report, known, options.limit)
        shown = (*report.findings, *(item.finding for item in report.waived))
        return replace(report, rows=_rows(session, tables, shown)) if options.rows else report


def _folder(opened: OpenedPackage) -> str | None:
    """Return the folder from which paths go out, relative to where the tool runs if it is inside that."""
    if isinstance(opened.container, Archive):
        return None
    place = Path(opened.place)
    here = place if place.is_dir() else place.parent
    if here.is_absolute() and here.is_relative_to(Path.cwd()):
        here = here.relative_to(Path.cwd())
    return here.as_posix()


def _rows(
    session: Session, tables: Mapping[str, LoadedTable], findings: Iterable[Finding]
) -> dict[tuple[str, int], Cells]:
    """Return the cells of the rows that findings are about."""
    wanted: dict[str, set[int]] = {}
    for item in findings:
        if item.resource is not None and item.resource in tables and item.row is not None:
            wanted.setdefault(item.resource, set()).add(item.row)
    found = {name: overview.cells_of(session, tables[name], rows) for name, rows in wanted.items()}
    return {(name, row): cells for name, rows in found.items() for row, cells in rows.items()}


def _check(
    session: Session,
    opened: OpenedPackage,
    tables: dict[str, LoadedTable],
    asked: Sequence[str],
    options: Options,
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
    return _ask_rules(session, opened, standard, asked, options, tally) if standard else []


def _ask_rules(
    session: Session,
    opened: OpenedPackage,
    tables: dict[str, LoadedTable],
    wanted: Sequence[str],
    options: Options,
    tally: Tally,
) -> list[SkippedRule]:
    # Not loaded for packages that are not of the standard.
    from diplodata import rule_inputs
    from diplodata.package import codelists
    from diplodata.rules import settings
    from diplodata.rules.run import Asked, check_rules

    package = opened.package
    ruled = [resource.name for resource in package.resources if resource.is_standard]
    unread = tuple(name for name in ruled if name not in tables)
    declared = package.descriptor.get("diplodata")
    wishes = settings.read(
        declared.get("rules") if isinstance(declared, Mapping) else None, opened.descriptor, package.profile
    )
    codes, wrong = codelists.read(opened, str(package.standard))
    tally.add(wrong)
    inputs = rule_inputs.read(package, options.given, _day(options), codes)
    return check_rules(session, Asked(tables, tuple(wanted), unread, opened.descriptor), inputs, wishes, tally)


def _day(options: Options) -> datetime.date:
    return options.as_of or datetime.datetime.now(datetime.UTC).date()


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


def _waived(reads: Sequence[reading.Read], opened: OpenedPackage, waived: Sequence[Waived]) -> tuple[Waived, ...]:
    """Order waived findings as the others."""
    reasons = {_without_place(item.finding): item.reason for item in waived}
    ordered = in_order(reads, opened, [item.finding for item in waived])
    return tuple(Waived(item, reasons[_without_place(item)]) for item in ordered)


def _without_place(item: Finding) -> Finding:
    """Return a finding as it was before its place in the text was looked up."""
    return replace(item, pointer=None, line=None, column=None)
