"""Convert a whole package: descriptor and data, without loss."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from diplodata.errors import ConversionError, UsageError
from diplodata.formats import EXACT_READERS, READERS, WRITERS, json_table, typing_of
from diplodata.formats.text_table import OddFileError, TextTable
from diplodata.formats.writing import TargetColumn, TargetTable
from diplodata.model.package import Resource
from diplodata.package import descriptor, layout, nesting, staging
from diplodata.package.containers import UnreadableFileError
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage

Columns = tuple[TargetColumn, ...]
Reader = Callable[[], TextTable]

#: Targets that are one JSON document.
DOCUMENTS = ("bundle", "nested")

#: Everything that ``--to`` takes.
TARGETS = (*sorted(WRITERS), *DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was written."""

    target: str
    tables: int
    rows: int
    #: Columns that stayed text, and why; never those of the standard.
    kept_as_text: tuple[str, ...] = ()
    #: How files were read whose descriptor does not say it.
    assumed: tuple[str, ...] = ()


def convert(source: str | Path, target: str | Path, to: str) -> Conversion:
    """Convert a package into a folder, or into one document.

    Args:
        source: anything that ``validate`` takes.
        target: a folder for csv, json, ndjson and parquet; a file for bundle and nested. It must not exist.
        to: one of TARGETS.

    Raises:
        SourceError: the source cannot be read as a package.
        ConversionError: something would be lost; nothing is written.
        UsageError: the target exists, or the format is unknown.
    """
    if to not in TARGETS:
        raise UsageError(f"Unknown format {to!r}; known: {', '.join(TARGETS)}.")
    with open_source(source) as opened:
        _refuse_broken(opened)
        if to in DOCUMENTS:
            return _to_document(opened, Path(target), to)
        with staging.folder(Path(target)) as folder:
            return replace(write_tables(opened, folder, to), target=str(target))


def _refuse_broken(opened: OpenedPackage) -> None:
    for item in opened.findings:
        if item.severity == "error" and item.code != "required-table-missing":
            raise ConversionError(f"{opened.place} is not converted: {item.message} Run diplodata validate.")


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
    _refuse_odd(text, resource)
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


def columns_of(opened: OpenedPackage, resource: Resource, to: str) -> tuple[Columns, list[str], Reader]:
    """Return the columns with the types in which they can be written without change, and how to read them again."""
    read: Reader = partial(READERS[resource.format], opened, resource)
    try:
        return *_judged(read, resource, to), read
    except OddFileError:
        read = partial(EXACT_READERS[resource.format], opened, resource)
        return *_judged(read, resource, to), read
    except UnreadableFileError as error:
        raise ConversionError(f"{error.path} is not converted: {error.problem}.") from error


def _judged(read: Reader, resource: Resource, to: str) -> tuple[Columns, list[str]]:
    text = read()
    _refuse_labels(text, resource, to)
    wanted = typing_of.wanted(text.labels, resource.schema, with_lists=to not in ("csv", "parquet"))
    if to == "csv":
        wanted = tuple(replace(column, type="string") for column in wanted)
    misfits = typing_of.misfits(wanted, text.batches)
    text.settle()
    _refuse_odd(text, resource)
    names = resource.schema.names if resource.schema else ()
    if to in ("json", "ndjson") and text.facts.rows == 0 and text.labels != names:
        raise ConversionError(f"{resource.place} has columns but no rows, of which {to} would keep nothing.")
    kept = []
    for misfit in misfits:
        place = f"{resource.place} row {misfit.row}, {misfit.column.name}"
        problem = f"{misfit.value!r} would come back as another text from {misfit.column.type}"
        if resource.is_standard:
            raise ConversionError(f"{place}: {problem}; the standard fixes the type, so nothing was written.")
        wanted = tuple(replace(item, type="string") if item == misfit.column else item for item in wanted)
        kept.append(f"{resource.name}.{misfit.column.name} stays text: {problem} ({place}).")
    return wanted, kept


def _refuse_labels(text: TextTable, resource: Resource, to: str) -> None:
    """Refuse columns that the target cannot tell apart."""
    repeated = [label for label in text.labels if text.labels.count(label) > 1]
    if to != "csv" and repeated:
        raise ConversionError(f"{resource.place} has two columns named {repeated[0]!r}, which {to} cannot hold.")


def _refuse_odd(text: TextTable, resource: Resource) -> None:
    """Refuse a table in which a cell would be lost or has no place."""
    if text.facts.empty_line is not None:
        where = f"{resource.place} row {text.facts.empty_line}"
        raise ConversionError(f"{where} is not converted: The row is empty. Run diplodata validate.")
    for item in text.findings:
        if item.severity != "error":
            continue
        where = f" row {item.row}" if item.row else ""
        raise ConversionError(f"{item.path}{where} is not converted: {item.message} Run diplodata validate.")


def _to_document(opened: OpenedPackage, target: Path, to: str) -> Conversion:
    """Write a bundle or nested document."""
    package = opened.package
    if package.standard is None:
        raise ConversionError(f"Only a package of the standard is a {to}; {opened.place} declares none.")
    others = [item.name for item in package.resources if not item.is_standard]
    if others:
        raise ConversionError(f"A {to} holds tables of the standard only; {', '.join(others)} would be lost.")
    flat = {item.name: _records(opened, item, to) for item in package.resources}
    rows = sum(map(len, flat.values()))
    tables = nesting.nested(flat) if to == "nested" else flat
    with staging.file(target) as place, place.open("wb") as stream:
        nesting.write(stream, nesting.frame(package), tables)
    return Conversion(str(target), len(package.resources), rows)


def _records(opened: OpenedPackage, resource: Resource, to: str) -> list[dict[str, Any]]:
    columns, _, read = columns_of(opened, resource, to)
    text = read()
    records = list(json_table.records(TargetTable(columns), text.batches))
    text.settle()
    return records
