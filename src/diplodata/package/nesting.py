"""Bundle and nested documents: from tables of records to one object, and its bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from diplodata.errors import ConversionError
from diplodata.model.package import Package, Resource
from diplodata.standard import tables
from diplodata.standard.documents import INSIDE_MEETING, MEETING_FIELD

Record = dict[str, Any]


def frame(package: Package) -> dict[str, Any]:
    """Return what a document carries beside its tables: ``diplodata``, and ``package`` with the rest."""
    declared = package.descriptor["diplodata"]
    if package.profile is not None:
        # A document carries no other files, so it holds its profile.
        declared = {**declared, "profile": package.profile.source}
    metadata = {key: value for key, value in package.descriptor.items() if key not in ("diplodata", "resources")}
    resources = [_described(package, item) for item in package.resources]
    return {"diplodata": declared, "package": metadata | {"resources": resources}}


def _described(package: Package, resource: Resource) -> dict[str, Any]:
    """Return a resource's descriptor; a schema that the standard does not have is put in."""
    item = dict(resource.descriptor)
    reference = item.get("schema")
    if isinstance(reference, str) and reference in package.attachments:
        version = str(package.standard)
        usual = f"schemas/{version}/tables/{resource.name}.json"
        is_usual = reference == usual and resource.schema_descriptor == tables.descriptor(
            version, resource.name, package.names, package.profile
        )
        if not is_usual:
            item["schema"] = dict(resource.schema_descriptor or {})
    return item


def nested(tables: Mapping[str, Sequence[Record]]) -> dict[str, Sequence[Record]]:
    """Put what belongs to a meeting into it.

    Raises:
        ConversionError: a row names a meeting that is not there, or has none where it must.
    """
    meetings = [dict(row) for row in tables.get("meetings", ())]
    by_id = {row["id"]: row for row in meetings if "id" in row}
    beside: dict[str, Sequence[Record]] = {}
    for name, rows in tables.items():
        if name in INSIDE_MEETING:
            alone = [row for row in rows if not _moved(name, row, by_id)]
            if name == "statements":
                beside[name] = alone
        else:
            beside[name] = meetings if name == "meetings" else rows
    return beside


def _moved(table: str, row: Record, meetings: Mapping[str, Record]) -> bool:
    """Move a row into its meeting; a statement without a meeting stays where it is."""
    owner = row.get(MEETING_FIELD)
    if owner is None and table == "statements":
        return False
    if owner is None or owner not in meetings:
        raise ConversionError(f"{table} {row.get('id')!r} has the meeting {owner!r}, which is not in the package.")
    inner = {key: value for key, value in row.items() if key != MEETING_FIELD}
    meetings[owner].setdefault(table, []).append(inner)
    return True


def write(stream: BinaryIO, head: Mapping[str, Any], tables: Mapping[str, Sequence[Record]]) -> None:
    """Write a document with one record a line, so that version control shows what changed."""
    members = [f"{_text(key)}: {_text(value)}" for key, value in head.items()]
    stream.write(("{\n" + ",\n".join(members)).encode())
    for name, rows in tables.items():
        stream.write(f",\n{_text(name)}: [".encode())
        for number, row in enumerate(rows):
            line = f"{',' if number else ''}\n{_text(row)}"
            stream.write(line.encode())
        stream.write(b"\n]" if rows else b"]")
    stream.write(b"\n}\n")


_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
