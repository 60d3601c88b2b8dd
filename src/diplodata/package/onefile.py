"""A workbook or database as a package: of the descriptor that it carries, or of the tables that are in it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from diplodata import strict_json
from diplodata.errors import LimitError, SourceError
from diplodata.formats.isolated import Isolated
from diplodata.formats.writing import CARRIED
from diplodata.model.limits import Limits
from diplodata.model.package import Resource
from diplodata.package import descriptor
from diplodata.package.bare import DATABASES
from diplodata.package.containers import Container, UnreadableFileError
from diplodata.package.opened import OpenedPackage

#: Format -> (how its reader is asked, member of a dialect that names a table).
_ASKED = {"sqlite": ("sqlite", "table"), "xlsx": ("workbook", "sheetName")}

#: Files in which SQLite keeps what is not yet in the database (SQLite, temporary files).
_LOGS = ("-wal", "-journal")

#: The profile of a descriptor that nobody wrote.
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_DESCRIPTOR = "datapackage.json"
_NO_NAME = re.compile(r"[^a-z0-9._-]+")


class Carrying:
    """Serves the files that a workbook or database carries, and the file itself."""

    def __init__(self, below: Container, name: str, files: Mapping[str, str]) -> None:
        self._below = below
        self._name = name
        self._files = {path: text.encode() for path, text in files.items()}

    def open(self, path: str) -> BinaryIO:
        """Open a file; raises UnreadableFileError."""
        if path == self._name:
            return self._below.open(path)
        if path not in self._files:
            raise UnreadableFileError("scheme-error", path, f"{self._name} does not carry it")
        return io.BytesIO(self._files[path])

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 when there is none."""
        return self._below.size(path) if path == self._name else len(self._files.get(path, b""))

    def close(self) -> None:
        """Close the file."""
        self._below.close()


def refuse_logs(path: Path) -> None:
    """Refuse a database of which a part lies in another file, where it would be passed over.

    Raises:
        SourceError: there is a log beside it.
    """
    for end in _LOGS:
        log = path.with_name(path.name + end)
        if path.suffix.lower() in DATABASES and log.exists() and log.stat().st_size:
            hint = "close the programs that use it, or run PRAGMA wal_checkpoint(TRUNCATE) in it"
            raise SourceError(f"{path} is not read: changes of it lie in {log.name}; {hint}.")


def looked_into(opened: OpenedPackage, limits: Limits) -> OpenedPackage:
    """Return the package that a file holds; a file that cannot be read, or that is one table, as it was opened.

    Args:
        opened: the file, opened as a bare table.
        limits: what may be read.

    Raises:
        SourceError: what the file carries is no descriptor.
        LimitError: it is larger than a limit allows.
    """
    resource = opened.package.resources[0]
    asked, _ = _ASKED[resource.format]
    reading = Isolated(opened, resource, {"format": asked, "carried": CARRIED}, "format-error")
    outline = reading.header()
    for _ in () if outline is None else reading.contents():
        pass
    if outline is None or reading.has_failed:
        return opened
    files = outline["files"] if resource.format == "sqlite" else _joined(outline, opened.place, limits)
    if files:
        return _carried(opened, resource, files, limits)
    described = _of_tables(outline["tables"]) if resource.format == "sqlite" else _of_sheets(outline["sheets"])
    if not described:
        return opened
    package = {"$schema": _PROFILE, "name": _free_name(resource.name, ()), "resources": described}
    return _described(opened, resource, package, {})


def _joined(outline: Mapping[str, Any], place: str, limits: Limits) -> dict[str, str]:
    """Put the files together that a workbook carries in parts."""
    files: dict[str, str] = {}
    for path, part in outline["parts"]:
        files[path] = files.get(path, "") + _text_of(part, place)
    if sum(map(len, files.values())) > limits.descriptor_bytes:
        raise LimitError(f"{place}: its sheet {CARRIED} holds more than the limit descriptor_bytes allows.")
    return files


def _text_of(part: str, place: str) -> str:
    try:
        text = json.loads(part)
    except ValueError as error:
        raise SourceError(f"{place}: its sheet {CARRIED} does not hold what the tool wrote there.") from error
    return str(text)


def _carried(opened: OpenedPackage, resource: Resource, files: Mapping[str, str], limits: Limits) -> OpenedPackage:
    raw = files.get(_DESCRIPTOR, "")
    try:
        data = strict_json.plain(strict_json.parse(raw.encode()))
    except (strict_json.JsonProblemError, UnicodeEncodeError) as error:
        problem = error.problem if isinstance(error, strict_json.JsonProblemError) else "it is no Unicode text"
        raise SourceError(f"{opened.place}: the descriptor in its {CARRIED} is not strict JSON: {problem}.") from error
    items = data.get("resources") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise SourceError(f"{opened.place}: the descriptor in its {CARRIED} has no resources.")
    if len(items) > limits.resources:
        raise LimitError(f"{opened.place} has {len(items)} resources; the limit resources is {limits.resources}.")
    return _described(opened, resource, data, files)


def _described(
    opened: OpenedPackage, resource: Resource, data: Mapping[str, Any], files: Mapping[str, str]
) -> OpenedPackage:
    """Open the file as the package that a descriptor describes; all its tables are in this one file."""
    place = resource.place
    container = Carrying(opened.container, place, files)
    package, findings = descriptor.read(data, container, place)
    tables = tuple(replace(item, paths=(place,), format=resource.format) for item in package.resources)
    package = replace(package, resources=tables)
    return replace(opened, package=package, container=container, findings=tuple(findings), descriptor=place)


def _of_sheets(names: list[str]) -> list[dict[str, Any]]:
    """Describe a workbook of several tables; one that has only one is that table."""
    if len(names) < 2:
        return []
    taken = _free_names(names)
    return [_item(taken[name], "xlsx", name) for name in names]


def _of_tables(tables: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Describe the plain tables of a database, with the types and keys that it declares."""
    taken = _free_names([table["name"] for table in tables])
    known = {table["name"].lower(): table for table in tables}
    return [
        _item(taken[table["name"]], "sqlite", table["name"]) | {"schema": _schema(table, known, taken)}
        for table in tables
    ]


def _item(name: str, form: str, table: str) -> dict[str, Any]:
    _, member = _ASKED[form]
    return {"name": name, "path": f"data/{name}.{form}", "type": "table", "format": form, "dialect": {member: table}}


def _schema(
    table: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], taken: Mapping[str, str]
) -> dict[str, Any]:
    fields = [
        {"name": column["name"], "type": _type(column["type"])}
        | ({"constraints": {"required": True}} if column["required"] else {})
        for column in table["columns"]
    ]
    keys = [
        _reference(key, known[key["parent"].lower()], taken)
        for key in table["references"]
        if key["parent"].lower() in known
    ]
    return {
        "fields": fields,
        **({"primaryKey": _key(table)} if _key(table) else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _key(table: Mapping[str, Any]) -> list[str]:
    columns = sorted((column["key"], column["name"]) for column in table["columns"] if column["key"])
    return [name for _, name in columns]


def _reference(key: Mapping[str, Any], parent: Mapping[str, Any], taken: Mapping[str, str]) -> dict[str, Any]:
    """Return a foreign key; one that names no columns of its parent means the primary key (SQLite, foreign keys)."""
    columns = _key(parent) if None in key["parent_columns"] else key["parent_columns"]
    return {"fields": key["columns"], "reference": {"resource": taken[parent["name"]], "fields": columns}}


def _type(declared: str) -> str:
    """Return the type of a field for a declared type, by the rules of affinity (SQLite, datatypes, 3.1)."""
    if declared in ("BOOL", "BOOLEAN"):
        return "boolean"
    if "INT" in declared:
        return "integer"
    if any(part in declared for part in ("CHAR", "CLOB", "TEXT")):
        return "string"
    return "number" if any(part in declared for part in ("REAL", "FLOA", "DOUB")) else "any"


def _free_names(names: Iterable[str]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for name in names:
        taken[name] = _free_name(name, taken.values())
    return taken


def _free_name(name: str, taken: Iterable[str]) -> str:
    """Return a name that a resource can have, near to one that it has elsewhere."""
    stem = _NO_NAME.sub("-", name.lower()).strip("-.") or "table"
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found
