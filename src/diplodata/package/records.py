"""Records of one table of the standard in a JSON file: one object, or an array of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from diplodata.errors import SourceError
from diplodata.model.limits import Limits
from diplodata.model.package import Package, Resource
from diplodata.package import bare
from diplodata.package.document import RECORDS, StandardFiles
from diplodata.package.opened import OpenedPackage
from diplodata.package.origin import Origin
from diplodata.standard import registry, tables

_TYPE_CODE = re.compile(r"[a-z][a-z0-9]{1,15}:([a-z]{3})-", re.ASCII)


@cache
def _tables_by_code(version: str) -> Mapping[str, str]:
    return {registry.json_schema(version, name)["x-type-code"]: name for name in registry.table_names(version)}


def are_records(data: Any, schema: str | Path | None) -> bool:
    """Whether a JSON value is a record or an array of records: its schema is given, or an identifier tells its table.

    Args:
        data: the parsed file.
        schema: the schema that was given for it.
    """
    if isinstance(data, Mapping):
        return not {"diplodata", "resources"} & data.keys() and (schema is not None or table_of(data) is not None)
    return isinstance(data, list) and (schema is not None or table_of(data) is not None)


def table_of(data: Any) -> str | None:
    """Return the table of which the first record is, by the type code in its identifier."""
    record = next(iter(data), None) if isinstance(data, list) else data
    identifier = record.get("id") if isinstance(record, Mapping) else None
    match = _TYPE_CODE.match(identifier) if isinstance(identifier, str) else None
    return _tables_by_code(registry.latest()).get(match[1]) if match else None


def open_records(data: Any, path: Path, source: str, schema: str | Path | None, limits: Limits) -> OpenedPackage:
    """Open records as a package of one table.

    Args:
        data: the parsed file, for which ``are_records`` holds.
        path: the file.
        source: what the user typed.
        schema: the name of a table of the standard, or a file with a Table Schema; None to tell by identifiers.
        limits: what may be read.

    Raises:
        SourceError: the schema cannot be read, or does not fit one record.
    """
    if schema is not None and not bare.is_table_of_standard(schema):
        if isinstance(data, Mapping):
            raise SourceError(f"{source} holds one record; its schema is a table of the standard, such as meetings.")
        return bare.open_table(path, source, schema, limits)
    version = registry.latest()
    table = str(schema or table_of(data))
    ruling = tables.schema(version, table, frozenset({table}))
    if isinstance(data, Mapping):
        # What one record refers to is not in its file.
        ruling = replace(ruling, foreign_keys=())
    item = {"name": table, "path": path.name}
    described = tables.descriptor(version, table, (table,))
    resource = Resource(table, (path.name,), RECORDS, item, ruling, described, is_standard=True)
    rows = data if isinstance(data, list) else [data]
    origin = Origin(path, data, "records", version, table)
    package = Package({"resources": [item]}, (resource,))
    return OpenedPackage(package, source, StandardFiles(version, (table,)), (), {table: rows}, path.name, origin)
