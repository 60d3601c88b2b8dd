"""A package as one file: a database, or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from diplodata.conversion.judging import Judged, judged, refuse_odd
from diplodata.conversion.outcome import Conversion
from diplodata.conversion.wish import PLAIN, Wish
from diplodata.errors import ConversionError
from diplodata.formats import READERS, WHOLE_WRITERS, capacity
from diplodata.formats.writing import CARRIED, Member, TargetTable, Whole
from diplodata.model.package import Resource
from diplodata.package import descriptor, layout, staging
from diplodata.package.opened import OpenedPackage

#: Beginning of names that SQLite keeps for itself.
_SQLITE_OWN = "sqlite_"


def to_file(opened: OpenedPackage, target: Path, to: str, wish: Wish = PLAIN) -> Conversion:
    """Write a package into one file that carries its descriptor.

    Raises:
        ConversionError: the package holds what the format cannot.
        UsageError: the target exists.
    """
    with staging.file(target) as place:
        resources = _tables(opened, to)
        places = _places([item.name for item in resources], to)
        facts = _Facts()
        members = tuple(_member(opened, item, places[item.name], to, wish, facts) for item in resources)
        whole = Whole(members, _carried(opened, places, to), opened.package.standard is not None)
        left_out = WHOLE_WRITERS[to](place, whole)
    rows = sum(facts.rows.values())
    return Conversion(
        str(target),
        len(members),
        rows,
        (*(line for table in facts.tables for line in table.notes), *left_out),
        tuple(facts.assumed),
        tuple(column for table in facts.tables for column in table.outcomes),
        tuple(loss for table in facts.tables for loss in table.losses),
    )


class _Facts:
    """What comes to be known of tables while they are written."""

    def __init__(self) -> None:
        self.tables: list[Judged] = []
        #: Keys, so that a table that is read again counts once.
        self.assumed: dict[str, None] = {}
        self.rows: dict[str, int] = {}


def _tables(opened: OpenedPackage, to: str) -> list[Resource]:
    resources = opened.package.resources
    others = [item.name for item in resources if item.format not in READERS]
    if others:
        raise ConversionError(f"{to} holds tables only; {', '.join(others)} would be lost.")
    if not resources:
        raise ConversionError(f"{opened.place} has no tables that {to} could hold.")
    return list(resources)


def _places(names: list[str], to: str) -> dict[str, str]:
    """Return the table or sheet of each resource."""
    if to == "xlsx":
        # Loaded here: few conversions write workbooks.
        from diplodata.formats.workbook_writer import sheet_names

        return sheet_names(names)
    try:
        capacity.check_names(to, [*names, CARRIED], "table")
    except capacity.TooMuchError as error:
        raise ConversionError(f"Nothing was written: {error}.") from error
    for name in names:
        is_own = name.lower().startswith(_SQLITE_OWN)
        if name == CARRIED or "\0" in name or (is_own and to == "sqlite"):
            raise ConversionError(f"The name {name!r} is not free in {to}; rename the resource.")
    return {name: name for name in names}


def _member(opened: OpenedPackage, resource: Resource, place: str, to: str, wish: Wish, facts: _Facts) -> Member:
    found = judged(opened, resource, to, wish)
    facts.tables.append(found)
    table = TargetTable(found.columns, resource.schema_descriptor)
    return Member(resource.name, place, table, resource.schema, _batches(found, facts))


def _batches(found: Judged, facts: _Facts) -> Callable[[], Iterator[pa.RecordBatch]]:
    def batches() -> Iterator[pa.RecordBatch]:
        text = found.table()
        yield from text.batches
        text.settle()
        # Read once more, and perhaps no longer the same.
        refuse_odd(text, found.resource)
        facts.rows[found.resource.name] = text.facts.rows
        facts.assumed |= {item.message: None for item in text.findings if item.code == "dialect-assumed"}

    return batches


def _carried(opened: OpenedPackage, places: Mapping[str, str], to: str) -> dict[str, str]:
    """Return the descriptor, in which each resource names its table or sheet, and the files that it names."""
    member = "sheetName" if to == "xlsx" else "table"
    items = [_described(item.descriptor, to, {member: places[item.name]}) for item in opened.package.resources]
    files = {"datapackage.json": descriptor.text({**opened.package.descriptor, "resources": items})}
    for path, raw in opened.package.attachments.items():
        try:
            files[path] = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ConversionError(f"{path} is not converted: it is no UTF-8 text.") from error
    return files


def _described(item: Mapping[str, Any], to: str, dialect: Mapping[str, str]) -> dict[str, Any]:
    return layout.ordered({**layout.table_resource(item, to), "dialect": dict(dialect)})
