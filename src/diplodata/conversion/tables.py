"""A package as a folder with one file a table."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from diplodata.conversion.judging import columns_of, refuse_odd
from diplodata.conversion.outcome import Conversion
from diplodata.errors import ConversionError
from diplodata.formats import READERS, WRITERS
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource
from diplodata.package import descriptor, layout
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage


def write_tables(opened: OpenedPackage, folder: Path, to: str) -> Conversion:
    """Write a package as a folder with one file a table."""
    results = [_write_resource(opened, resource, folder, to) for resource in opened.package.resources]
    items = [item for item, _, _, _ in results]
    for path, raw in opened.package.attachments.items():
        if not ((folder / path).is_file() and (folder / path).read_bytes() == raw):
            _place(folder, path).write_bytes(raw)
    text = descriptor.text({**opened.package.descriptor, "resources": items})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    tables = [rows for _, rows, _, _ in results if rows is not None]
    kept = tuple(line for _, _, lines, _ in results for line in lines)
    assumed = tuple(line for _, _, _, lines in results for line in lines)
    return Conversion(str(folder), len(tables), sum(tables), kept, assumed)


def _place(folder: Path, path: str) -> Path:
    """Return a new place in the folder; two things never take the same one."""
    place = folder / path
    if place.exists() or path == "datapackage.json":
        raise ConversionError(f"Two things would be written to {path}; rename one of them in the source.")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def write_data(opened: OpenedPackage, folder: Path, to: str) -> None:
    """Write the tables of a package in one more format into a folder that has its descriptor already."""
    for resource in opened.package.resources:
        if resource.format in READERS:
            _write_resource(opened, resource, folder, to)


def _write_resource(
    opened: OpenedPackage, resource: Resource, folder: Path, to: str
) -> tuple[dict[str, Any], int | None, list[str], list[str]]:
    """Write one resource; return its new descriptor, its rows, the columns that stayed text, and what was assumed."""
    if resource.format not in READERS:
        return _copy(opened, resource, folder), None, [], []
    columns, kept, read = columns_of(opened, resource, to)
    item = layout.table_resource(resource.descriptor, to)
    text = read()
    with _place(folder, item["path"]).open("wb") as stream:
        table = TargetTable(columns, resource.schema_descriptor, with_null=not resource.is_standard)
        WRITERS[to](stream, table, text.batches)
    text.settle()
    # Read once more, and perhaps no longer the same.
    refuse_odd(text, resource)
    return item, text.facts.rows, kept, [found.message for found in text.findings if found.code == "dialect-assumed"]


def _copy(opened: OpenedPackage, resource: Resource, folder: Path) -> dict[str, Any]:
    """Copy a resource that is no table as it is."""
    if not resource.paths:
        raise ConversionError(f"{resource.name} holds inline data, which is not converted.")
    try:
        for path in resource.paths:
            with opened.open(path) as stream, _place(folder, path).open("wb") as target:
                shutil.copyfileobj(stream, target)
    except UnreadableFileError as error:
        raise ConversionError(f"{error.path} is not converted: {error.problem}.") from error
    return dict(resource.descriptor)
