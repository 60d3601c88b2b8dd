"""A bundle or nested document as a package: its metadata, and its records table by table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from diplodata import strict_json
from diplodata.catalogue import finding
from diplodata.errors import SourceError
from diplodata.model.finding import Finding
from diplodata.model.profile import Profile
from diplodata.package import descriptor, layout, standard_profile
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage
from diplodata.package.origin import Origin, kind_of
from diplodata.standard import export, registry, tables
from diplodata.standard.documents import INSIDE_MEETING, MEETING_FIELD

#: Members of a document that are no tables.
_FRAME = ("diplodata", "package")

#: Format of resources whose records come from a document.
RECORDS = "records"


class StandardFiles:
    """Serves the standard's Table Schemas by their paths, as ``schemas/1.0/tables/meetings.json``.

    * Foreign keys to tables that the document leaves out are left out.
    """

    def __init__(self, version: str, present: Iterable[str], profile: Profile | None = None) -> None:
        self._schemas = {
            f"schemas/{version}/tables/{name}.json": export.text_of(tables.descriptor(version, name, present, profile))
            for name in registry.table_names(version)
        }

    def open(self, path: str) -> BinaryIO:
        """Open a Table Schema of the standard; raises UnreadableFileError."""
        if path not in self._schemas:
            raise UnreadableFileError("scheme-error", path, "a document carries no other files")
        return BytesIO(self._schemas[path].encode())

    def size(self, path: str) -> int:
        """Return the size of a Table Schema in bytes; 0 when there is none."""
        return len(self._schemas.get(path, ""))

    def close(self) -> None:
        """Nothing is held open."""


def open_document(data: Mapping[str, Any], path: Path, source: str) -> OpenedPackage:
    """Open a bundle or nested document.

    Args:
        data: the parsed document.
        path: its file.
        source: what the user typed.

    Raises:
        SourceError: the standard that it declares is unknown.
    """
    name = path.name
    declared = data["diplodata"]
    version = declared.get("standard") if isinstance(declared, Mapping) else None
    if version not in registry.versions():
        known = ", ".join(registry.versions())
        raise SourceError(f"{source} declares the standard {version!r}; this tool knows {known}.")
    metadata = data.get("package", {})
    metadata = dict(metadata) if isinstance(metadata, Mapping) else {}
    rows, findings = _tables(data, version, name)
    described = _described(metadata, rows, version)
    files = StandardFiles(version, tuple(rows), standard_profile.quietly(declared.get("profile")))
    metadata.pop("resources", None)
    frame = strict_json.plain({**metadata, "diplodata": declared, "resources": described})
    package, wrong = descriptor.read(frame, files, name)
    resources = tuple(
        type(item)(item.name, (name,), RECORDS, item.descriptor, item.schema, item.schema_descriptor, item.is_standard)
        for item in package.resources
    )
    package = replace(package, descriptor=frame, resources=resources)
    found = (*(_in_document(item, described, data) for item in wrong), *findings)
    origin = Origin(path, data, kind_of(data), version)
    return OpenedPackage(package, source, files, found, rows, name, origin)


def _in_document(item: Finding, described: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> Finding:
    """Point into the document, which has what else a descriptor holds under ``package``."""
    if item.pointer is None or item.pointer.startswith("/diplodata"):
        return item
    head, *parts = item.pointer.split("/")[1:] or [""]
    if head == "resources" and parts:
        metadata = data.get("package")
        written = metadata.get("resources") if isinstance(metadata, Mapping) else None
        resource = described[int(parts[0])]
        places = [place for place, other in enumerate(written or ()) if other is resource]
        parts = [str(places[0]), *parts[1:]] if places else []
    return replace(item, pointer="/".join(["/package", head, *parts] if head else ["/package"]))


def _described(metadata: Mapping[str, Any], flat_tables: Mapping[str, Any], version: str) -> list[Any]:
    """Return the resources that the document describes, and a standard one for each other table."""
    written = metadata.get("resources")
    written = [item for item in written if isinstance(item, Mapping)] if isinstance(written, list) else []
    by_name = {str(item.get("name")): item for item in written if str(item.get("name")) in flat_tables}
    return [by_name.get(name) or layout.standard_resource(version, name) for name in _order(by_name, flat_tables)]


def _order(first: Mapping[Any, Any], flat_tables: Mapping[str, Any]) -> list[str]:
    return [*first, *(name for name in flat_tables if name not in first)]


def _tables(
    data: Mapping[str, Any], version: str, name: str
) -> tuple[dict[str, Sequence[Mapping[str, Any]]], list[Finding]]:
    """Take a document apart into tables; rows inside meetings get their meeting back."""
    findings: list[Finding] = []
    flat_tables: dict[str, list[Any]] = {}
    known = registry.table_names(version)
    for key, rows in data.items():
        if key in _FRAME:
            continue
        if key not in known:
            problem = f"{key!r} is no table of the standard."
            findings.append(finding("profile-error", details={"problem": problem}, pointer=f"/{key}", path=name))
        elif _is_rows(rows):
            flat_tables[key] = list(rows)
        else:
            problem = f"{key!r} is not an array of objects."
            findings.append(finding("profile-error", details={"problem": problem}, pointer=f"/{key}", path=name))
    if kind_of(data) == "nested":
        flat_tables = _unnested(flat_tables, _described_names(data), findings, name)
    return {table: flat_tables[table] for table in known if table in flat_tables}, findings


def _described_names(data: Mapping[str, Any]) -> set[str]:
    metadata = data.get("package")
    items = metadata.get("resources") if isinstance(metadata, Mapping) else None
    return {str(item.get("name")) for item in items or () if isinstance(item, Mapping)}


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _owned_twice(
    rows: Sequence[Mapping[str, Any]], table: str, pointer: str, name: str, before: Sequence[Finding]
) -> Iterator[Finding]:
    """Say once for a table that rows inside a meeting name their meeting, as they must not."""
    if any(item.code == "extra-label" and item.resource == table for item in before):
        return
    for number, row in enumerate(rows):
        if MEETING_FIELD in row:
            place = f"{pointer}/{number}/{MEETING_FIELD}"
            problem = f"A row inside its meeting has the member {MEETING_FIELD}, which it leaves out."
            members: dict[str, Any] = {"resource": table, "path": name, "value": MEETING_FIELD, "pointer": place}
            yield finding("extra-label", message=problem, hint="Leave it out.", row=1, **members)
            return


def _unnested(
    flat_tables: Mapping[str, list[Any]], described: set[str], findings: list[Finding], name: str
) -> dict[str, list[Any]]:
    """Return flat tables, every one sorted by id: the nested form does not keep the order of rows.

    Tables inside meetings are there when they have rows, when the document describes them, or when every package
    has them.
    """
    flat = {key: list(rows) for key, rows in flat_tables.items()}
    flat |= {name: [] for name in INSIDE_MEETING if name not in flat and name in described | {"participants"}}
    flat.setdefault("statements", [])
    meetings = []
    for number, meeting in enumerate(flat.get("meetings", ())):
        meetings.append({key: value for key, value in meeting.items() if key not in INSIDE_MEETING})
        for table in INSIDE_MEETING:
            rows = meeting.get(table, [])
            if not _is_rows(rows):
                pointer = f"/meetings/{number}/{table}"
                problem = f"{pointer} is not an array of objects."
                findings.append(finding("profile-error", details={"problem": problem}, pointer=pointer, path=name))
                continue
            owner = {MEETING_FIELD: meeting["id"]} if "id" in meeting else {}
            findings.extend(_owned_twice(rows, table, f"/meetings/{number}/{table}", name, findings))
            if table in meeting:
                flat.setdefault(table, []).extend({**row, **owner} for row in rows)
    flat["meetings"] = meetings
    return {key: sorted(rows, key=lambda row: str(row.get("id", ""))) for key, rows in flat.items()}
