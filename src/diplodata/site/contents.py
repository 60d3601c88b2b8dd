"""The records of a package in memory, with the ways between them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diplodata.conversion import columns_of
from diplodata.formats import READERS, json_table
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Package, Resource
from diplodata.package.opened import OpenedPackage
from diplodata.site import addresses, wording
from diplodata.standard import registry, tables

Record = Mapping[str, Any]

#: Field that is the title of a record, by table, in the order in which they are tried.
_TITLES = {
    "meetings": ("title",),
    "statements": ("title",),
    "initiatives": ("title",),
    "agenda_items": ("title",),
    "persons": ("name",),
    "organizations": ("name",),
    "participants": ("name_as_given",),
    "decisions": ("description",),
    "interventions": ("summary",),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """All records of a package; fields without a value are left out of a record."""

    package: Package
    tables: Mapping[str, Sequence[Record]]
    #: Identifier -> (table, record), for tables of the standard.
    by_id: Mapping[str, tuple[str, Record]]
    _groups: dict[tuple[str, str], dict[str, list[Record]]] = field(default_factory=dict, repr=False)

    @property
    def standard(self) -> str:
        """The version of the standard; only asked of packages that declare one."""
        return self.package.standard or registry.latest()

    def rows(self, table: str) -> Sequence[Record]:
        """Return the records of a table; none when the package leaves it out."""
        return self.tables.get(table, ())

    def current(self, table: str) -> list[Record]:
        """Return the records that stand: not superseded, merged, withdrawn or drafts."""
        return [item for item in self.rows(table) if item.get("record_status", "active") == "active"]

    def referring(self, table: str, name: str, identifier: str) -> Sequence[Record]:
        """Return the records of a table whose field names an identifier, or holds it in its list."""
        key = (table, name)
        if key not in self._groups:
            group: dict[str, list[Record]] = {}
            for item in self.rows(table):
                values = item.get(name, ())
                for value in values if isinstance(values, list) else (values,):
                    group.setdefault(value, []).append(item)
            self._groups[key] = group
        return self._groups[key].get(identifier, ())

    def record(self, identifier: str) -> Record:
        """Return a record by its identifier; empty when there is none."""
        return self.by_id.get(identifier, ("", {}))[1]

    def title(self, identifier: str) -> str:
        """Return what a record is called; its identifier when it has no name."""
        table, item = self.by_id.get(identifier, ("", {}))
        found = (str(item[name]) for name in _TITLES.get(table, ()) if item.get(name))
        return next(found, "") or (_source_title(item) if table == "sources" else "") or identifier

    def language(self, identifier: str) -> str:
        """Return the language of the title of a record."""
        table, item = self.by_id.get(identifier, ("", {}))
        if table == "sources":
            return str(item.get("language", "")) if item.get("title") else ""
        names = (f"{name}_language" for name in _TITLES.get(table, ()))
        found = (str(item[name]) for name in (*names, "as_given_language") if item.get(name))
        return next(found, "")

    def page(self, identifier: str) -> str:
        """Return the path of the page on which a record stands; empty when there is none."""
        table, item = self.by_id.get(identifier, ("", {}))
        own = addresses.page_of(table, identifier)
        if own or not item.get("meeting_id"):
            return own
        meeting = addresses.page_of("meetings", str(item["meeting_id"]))
        return f"{meeting}#{addresses.anchor_of(identifier)}" if meeting else ""

    def names(self, identifier: str) -> list[Record]:
        """Return the other names of a record."""
        return list(self.referring("names", "record_id", identifier))

    def body(self, organization: str) -> str:
        """Return the organization at the top of the one named, such as the United Nations for its Assembly."""
        seen = {organization}
        while True:
            above = str(self.record(organization).get("parent_id", ""))
            if not above or above in seen or above not in self.by_id:
                return organization
            seen.add(above)
            organization = above


def _source_title(item: Record) -> str:
    """Return what a source without a title is called: who published it, what it is, and when."""
    if item.get("title"):
        return str(item["title"])
    kind = wording.code(str(item.get("source_type", "source")))
    parts = [str(item["publisher_name"])] if item.get("publisher_name") else []
    parts.append(kind if parts else wording.capital(kind))
    if item.get("published_date"):
        parts.append(wording.date(str(item["published_date"])))
    return ", ".join(parts)


def read(opened: OpenedPackage) -> Contents:
    """Read all tables of a package.

    Raises:
        ConversionError: a table cannot be read, or has a shape in which cells would be lost.
    """
    package = opened.package
    found = {item.name: _records(opened, item) for item in package.resources if item.format in READERS}
    standard = [item.name for item in package.resources if item.is_standard and item.name in found]
    by_id = {str(row["id"]): (name, row) for name in standard for row in found[name] if row.get("id")}
    return Contents(package, found, by_id)


def _records(opened: OpenedPackage, resource: Resource) -> list[Record]:
    columns, _, read_again = columns_of(opened, resource, "json")
    text = read_again()
    records: list[Record] = list(json_table.records(TargetTable(columns), text.batches))
    text.settle()
    return records


def specification(contents: Contents, table: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the fields of a table of the standard, each with what the standard says of it."""
    if table not in registry.table_names(contents.standard):
        return {}
    return tables.properties(contents.standard, table)


def sorted_by(rows: Sequence[Record], *names: str) -> list[Record]:
    """Return records in the order of some fields, then of their identifiers."""
    return sorted(rows, key=lambda item: tuple(str(item.get(name, "")) for name in itertools.chain(names, ("id",))))
