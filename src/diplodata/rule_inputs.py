"""Read what the user gives rules beside the package: an earlier release, kept texts, the registry, shared records."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.errors import SourceError
from diplodata.formats import EXACT_READERS, READERS
from diplodata.formats.text_table import OddFileError, TextTable
from diplodata.model.given import Given
from diplodata.model.package import Package, Resource
from diplodata.package import codelists
from diplodata.package.containers import UnreadableFileError
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage
from diplodata.rules.inputs import Inputs, Prefix

#: Extension of kept texts.
_TEXT = ".txt"


def read(package: Package, given: Given, as_of: datetime.date, codes: Iterable[codelists.OwnCode] = ()) -> Inputs:
    """Read all inputs of the rules of a package.

    Args:
        package: the package.
        given: what the user gave.
        as_of: day of checking.
        codes: codes that the package adds to codelists.

    Raises:
        SourceError: something that was given cannot be read.
    """
    return Inputs(
        as_of=as_of,
        standard=str(package.standard),
        prefixes=tuple(package.prefixes),
        publisher=_publisher(package.descriptor),
        codes=tuple((item.codelist, item.code, item.status) for item in codes),
        previous=None if given.previous is None else _tables(given.previous, only=("id",)),
        registry=None if given.registry is None else tuple(_prefixes(Path(given.registry))),
        shared=None if given.shared is None else _tables(given.shared),
        snapshots=None if given.snapshots is None else tuple(_snapshots(Path(given.snapshots))),
    )


def _publisher(descriptor: Mapping[str, Any]) -> str:
    for item in descriptor.get("contributors") or ():
        if isinstance(item, Mapping) and "publisher" in (item.get("roles") or (item.get("role"),)):
            return str(item.get("title") or item.get("organization") or "")
    return ""


def _tables(source: str | Path, only: Sequence[str] = ()) -> dict[str, pa.Table]:
    """Return the tables of the standard in a package as text; empty cells are null."""
    with open_source(source) as opened:
        if opened.package.standard is None:
            raise SourceError(f"{source} is no package of the standard: it does not declare diplodata.standard.")
        return {item.name: _table(opened, item, only) for item in opened.package.resources if item.is_standard}


def _table(opened: OpenedPackage, resource: Resource, only: Sequence[str]) -> pa.Table:
    """Read one table; its columns are those asked for, or all."""
    try:
        text = _text(opened, resource)
        places = {label: place for place, label in enumerate(text.labels, 1) if label in only or not only}
        schema = pa.schema([(label, pa.string()) for label in places])
        batches = [
            pa.RecordBatch.from_arrays([_cells(batch.column(place)) for place in places.values()], schema=schema)
            for batch in text.batches
        ]
        text.settle()
    except (UnreadableFileError, OddFileError) as error:
        raise SourceError(f"{opened.place}: {resource.place} cannot be read; run diplodata validate on it.") from error
    if "id" not in places:
        raise SourceError(f"{opened.place}: {resource.place} has no column id.")
    return pa.Table.from_batches(batches, schema)


def _text(opened: OpenedPackage, resource: Resource) -> TextTable:
    try:
        return READERS[resource.format](opened, resource)
    except OddFileError:
        return EXACT_READERS[resource.format](opened, resource)


def _cells(column: pa.Array) -> pa.Array:
    texts = column.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _prefixes(path: Path) -> Iterator[Prefix]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
    except (OSError, UnicodeError, csv.Error) as error:
        raise SourceError(f"{path} is no registry of prefixes that can be read: {error}.") from error
    for row in rows:
        if "prefix" not in row or "status" not in row:
            raise SourceError(f"{path} is no registry of prefixes: it lacks the column prefix or status.")
        yield Prefix(str(row["prefix"]), str(row["status"]), str(row.get("publisher_name") or ""))


def _snapshots(folder: Path) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of kept texts.")
    for path in sorted(folder.glob(f"*{_TEXT}")):
        try:
            yield path.stem.replace("_", ":", 1), path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise SourceError(f"{path} is no kept text that can be read: {error}.") from error
