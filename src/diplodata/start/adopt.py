"""Take published organizations and persons into a package, unchanged, with what they refer to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from diplodata import strict_json
from diplodata.conversion import columns_of
from diplodata.errors import MendingError, UsageError
from diplodata.mending.sheet import LeftAloneError, Sheet
from diplodata.mending.sheet import read as read_sheet
from diplodata.model.package import Resource
from diplodata.package import descriptor, staging
from diplodata.package.locate import DESCRIPTOR, open_source
from diplodata.package.opened import OpenedPackage
from diplodata.package.overlay import changed

#: Tables whose records are taken; what they refer to lies in the same tables.
TABLES = ("organizations", "persons", "sources")

Record = Mapping[str, str | None]
Records = Mapping[str, Record]


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was taken: (table, identifier), sorted, and what was there already with the same content."""

    taken: tuple[tuple[str, str], ...]
    present: tuple[tuple[str, str], ...]


def adopt(source: str | Path, ids: Iterable[str], package: str | Path = ".") -> Adoption:
    """Copy records of another package into the CSV files of a package.

    * With a record come the sources, organizations and persons that it refers to, and theirs.
    * All is written, or nothing.

    Args:
        source: the package that published them: anything that ``validate`` takes, such as a release.
        ids: identifiers of organizations, persons or sources.
        package: the folder of the package that takes them.

    Raises:
        UsageError: the source has no such record, or the package has no table or column for it.
        MendingError: the package has other content under an identifier, or its files cannot be added to.
        StagingError: a file cannot be replaced; nothing was changed.
    """
    folder = Path(package)
    with open_source(source) as theirs, open_source(package) as mine:
        if not (folder.is_dir() and mine.package.standard):
            raise UsageError(f"{package} is no folder with a package of the standard.")
        known, own = _all_records(theirs), _all_records(mine)
        wanted = _with_references(theirs, known, ids)
        missing = {table: [name for name in names if name not in own.get(table, {})] for table, names in wanted.items()}
        _refuse_others(known, own, wanted)
        files = _files(
            mine, {table: [known[table][name] for name in names] for table, names in missing.items() if names}
        )
        _hold_to(mine, {path: after for path, (_, after) in files.items()}, known, own, missing)
        staging.exchange(folder, files)
    pairs = {(table, name) for table, names in wanted.items() for name in names}
    taken = {(table, name) for table, names in missing.items() for name in names}
    return Adoption(tuple(sorted(taken)), tuple(sorted(pairs - taken)))


def _all_records(opened: OpenedPackage) -> dict[str, Records]:
    """Return the records of the tables that matter: table -> identifier -> field -> text."""
    found = ((table, opened.package.resource(table)) for table in TABLES)
    return {table: _records(opened, item) for table, item in found if item is not None and item.is_standard}


def _records(opened: OpenedPackage, resource: Resource) -> Records:
    columns, _, read = columns_of(opened, resource, "csv")
    names = [column.name for column in columns]
    text = read()
    rows = [
        row for batch in text.batches for row in zip(*(column.to_pylist() for column in batch.columns[1:]), strict=True)
    ]
    text.settle()
    records = (dict(zip(names, row, strict=True)) for row in rows)
    return {str(record["id"]): record for record in records if record.get("id")}


def _with_references(theirs: OpenedPackage, known: Mapping[str, Records], ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the identifiers by table, with those that they lead to."""
    found: dict[str, list[str]] = {table: [] for table in TABLES}
    due = list(dict.fromkeys(ids))
    while due:
        name = due.pop(0)
        table = next((table for table in TABLES if name in known.get(table, {})), None)
        if table is None:
            raise UsageError(f"{theirs.place} has no organization, person or source {name!r}.")
        if name not in found[table]:
            found[table].append(name)
            due += _referred(theirs.package.resource(table), known[table][name])
    return {table: sorted(names) for table, names in found.items()}


def _referred(resource: Resource | None, record: Record) -> Iterator[str]:
    for field in resource.schema.fields if resource and resource.schema else ():
        if field.annotations.kind == "reference" and set(field.annotations.references) <= set(TABLES):
            yield from (record.get(field.name) or "").split()


def _refuse_others(
    known: Mapping[str, Records], own: Mapping[str, Records], wanted: Mapping[str, Iterable[str]]
) -> None:
    for table, names in wanted.items():
        for name in names:
            if name in own.get(table, {}) and not _is_same(known[table][name], own[table][name]):
                raise MendingError(
                    f"{table} has {name} already, with other content; what is shared stays as it was published."
                )


def _is_same(shared: Record, own: Record) -> bool:
    return all((own.get(field) or None) == (value or None) for field, value in shared.items())


def _files(mine: OpenedPackage, added: Mapping[str, list[Record]]) -> dict[str, tuple[bytes, bytes]]:
    """Return the files that change: path -> (bytes before, bytes after)."""
    files = {}
    for table, records in added.items():
        resource = mine.package.resource(table)
        if resource is None:
            raise UsageError(f"The package has no table {table}; add it to {DESCRIPTOR}, with a file of headers.")
        try:
            sheet = read_sheet(mine, resource)
            files[sheet.path] = (sheet.raw, sheet.bytes_of(_with_rows(sheet, records)))
        except LeftAloneError as error:
            raise MendingError(f"{resource.place} cannot be added to: {error}.") from error
        if {"bytes", "hash"} & resource.descriptor.keys():
            raise MendingError(f"{DESCRIPTOR} states bytes or hash of {table}; leave them to publish, and try again.")
    prefixes = {str(record["id"]).partition(":")[0] for records in added.values() for record in records}
    data = strict_json.plain(mine.package.descriptor)
    declared = data["diplodata"].setdefault("prefixes", [])
    if prefixes - set(declared):
        with mine.open(DESCRIPTOR) as stream:
            before = stream.read()
        declared += sorted(prefixes - set(declared))
        files[DESCRIPTOR] = (before, descriptor.text(data).encode())
    return files


def _with_rows(sheet: Sheet, records: Iterable[Record]) -> str:
    """Return the text of a table with further rows, written as it is."""
    reading = sheet.reading
    stream = io.StringIO(newline="")
    end = "\r\n" if "\r\n" in sheet.text else "\n"
    rows = csv.reader(io.StringIO(sheet.text, newline=""), delimiter=reading.delimiter)
    header = next(rows)
    writer = csv.writer(stream, delimiter=reading.delimiter, lineterminator=end)
    for record in records:
        without = [field for field, value in record.items() if value and field not in header]
        if without:
            raise UsageError(f"{sheet.path} has no column {without[0]}, which {record['id']} needs.")
        writer.writerow([record.get(field) or "" for field in header])
    text = sheet.text if sheet.text.endswith(("\n", "\r")) else sheet.text + end
    return text + stream.getvalue()


def _hold_to(
    mine: OpenedPackage,
    files: Mapping[str, bytes],
    known: Mapping[str, Records],
    own: Mapping[str, Records],
    missing: Mapping[str, Iterable[str]],
) -> None:
    """Read the package as it would be: every record is there as it was published, and none other has changed."""
    after = _all_records(changed(mine, files, DESCRIPTOR))
    for table, records in after.items():
        expected = set(own.get(table, {})) | set(missing[table])
        is_same = all(_is_same(known[table][name], records[name]) for name in missing[table] if name in records)
        kept = all(_is_same(record, records.get(name, {})) for name, record in own.get(table, {}).items())
        if records.keys() != expected or not is_same or not kept:
            raise MendingError(f"{table} is written in a way that cannot be added to without change.")
