"""A package as a folder with one file a table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from diplodata.conversion.judging import Judged
from diplodata.conversion.outcome import Conversion
from diplodata.conversion.passes import written
from diplodata.conversion.wish import PLAIN, Wish
from diplodata.errors import ConversionError
from diplodata.formats import READERS, WRITERS
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Resource
from diplodata.package import descriptor, layout
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage


@dataclass(frozen=True, slots=True)
class _Written:
    """What became of one resource."""

    #: Its new descriptor.
    item: dict[str, Any]
    #: None when it is no table.
    rows: int | None = None
    judged: Judged | None = None
    assumed: tuple[str, ...] = ()


def write_tables(opened: OpenedPackage, folder: Path, to: str, wish: Wish = PLAIN) -> Conversion:
    """Write a package as a folder with one file a table."""
    results = [_write_resource(opened, resource, folder, to, wish) for resource in opened.package.resources]
    for path, raw in opened.package.attachments.items():
        if not ((folder / path).is_file() and (folder / path).read_bytes() == raw):
            _place(folder, path).write_bytes(raw)
    text = descriptor.text({**opened.package.descriptor, "resources": [result.item for result in results]})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    rows = [result.rows for result in results if result.rows is not None]
    tables = [result.judged for result in results if result.judged is not None]
    return Conversion(
        str(folder),
        len(rows),
        sum(rows),
        tuple(line for table in tables for line in table.notes),
        tuple(line for result in results for line in result.assumed),
        tuple(column for table in tables for column in table.outcomes),
        tuple(loss for table in tables for loss in table.losses),
    )


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


def _write_resource(opened: OpenedPackage, resource: Resource, folder: Path, to: str, wish: Wish = PLAIN) -> _Written:
    if resource.format not in READERS:
        return _Written(_copy(opened, resource, folder))
    item = layout.table_resource(resource.descriptor, to)
    place = _place(folder, item["path"])

    def write(table: TargetTable, batches: Iterator[pa.RecordBatch]) -> None:
        with place.open("wb") as stream:
            WRITERS[to](stream, table, batches)

    found, text = written(opened, resource, to, wish, write)
    if found.null:
        item["dialect"] = {**item["dialect"], "nullSequence": found.null}
    assumed = tuple(item.message for item in text.findings if item.code == "dialect-assumed")
    return _Written(item, text.facts.rows, found, assumed)


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
