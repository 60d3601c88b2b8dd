"""A table without a descriptor, with a schema from the side or with none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from diplodata import strict_json
from diplodata.errors import SourceError
from diplodata.model.limits import Limits
from diplodata.model.package import Package, Resource
from diplodata.package import descriptor, versions
from diplodata.package.containers import Folder
from diplodata.package.gathering import Reading
from diplodata.package.opened import OpenedPackage
from diplodata.standard import registry, tables

#: Extensions of databases.
DATABASES = (".db", ".sqlite", ".sqlite3")


def open_table(path: Path, source: str, schema: str | Path | None, limits: Limits) -> OpenedPackage:
    """Treat one table file as a package of one resource.

    Args:
        path: the file.
        source: what the user typed.
        schema: a file with a Table Schema, or the name of a table of the standard; None to check the shape only.
        limits: what may be read.

    Raises:
        SourceError: the schema cannot be read.
    """
    read = None if schema is None else _schema(schema, limits)
    folder = Folder(path.parent)
    name = path.stem.lower()
    if path.suffix.lower() in (".gz", ".zip"):
        name = Path(name).stem
    if is_table_of_standard(schema):
        # A table of the standard is checked as one, whatever its file is named.
        name = str(schema)
    item: dict[str, Any] = {"name": name, "path": path.name} | ({} if read is None else {"schema": dict(read)})
    if path.suffix.lower() in DATABASES:
        # In a package a database can be a file that goes along; here it is a table.
        item |= {"type": "table", "format": "sqlite"}
    if read is None:
        form = descriptor.format_of(item, (path.name,))
        resource, findings = Resource(name=name, paths=(path.name,), format=form, descriptor=item), []
    else:
        # No package decides the version, so the schema does.
        reading = Reading(folder, versions.version(read), str(schema))
        reading.ask_profile("$schema", read, "", resource=item["name"], path=str(schema))
        resource, findings = descriptor.resource(item, reading), reading.findings
        if is_table_of_standard(schema):
            ruling = tables.schema(registry.latest(), name, frozenset({name}))
            resource = replace(resource, schema=ruling, is_standard=True)
    package = Package(descriptor={"resources": [item]}, resources=(resource,))
    return OpenedPackage(package, source, folder, tuple(findings))


def is_table_of_standard(schema: str | Path | None) -> bool:
    """Whether a schema is named as a table of the standard is, and is no file."""
    return schema is not None and not Path(schema).exists() and str(schema) in registry.table_names(registry.latest())


def _schema(schema: str | Path, limits: Limits) -> Mapping[str, Any]:
    path, name = Path(schema), str(schema)
    if is_table_of_standard(schema):
        return tables.descriptor(registry.latest(), name, (name,))
    if path.exists() and not path.is_file():
        raise SourceError(f"The schema {schema} cannot be read: it is no regular file.")
    try:
        with path.open("rb") as stream:
            raw = stream.read(limits.descriptor_bytes + 1)
    except OSError as error:
        raise SourceError(f"The schema {schema} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    if len(raw) > limits.descriptor_bytes:
        raise SourceError(f"The schema {schema} is larger than {limits.descriptor_bytes} bytes.")
    try:
        data = strict_json.plain(strict_json.parse(raw))
    except strict_json.JsonProblemError as error:
        raise SourceError(f"The schema {schema} is not strict JSON: {error.problem}.") from error
    if not isinstance(data, dict):
        raise SourceError(f"The schema {schema} holds no JSON object, so it is no Table Schema.")
    return data
