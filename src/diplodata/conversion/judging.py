"""How a table can be written without loss: the types of its columns, and what the target cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pyarrow as pa

from diplodata.errors import ConversionError
from diplodata.formats import EXACT_READERS, READERS, capacity, typing_of
from diplodata.formats.text_table import OddFileError, TextTable
from diplodata.formats.writing import TargetColumn
from diplodata.model.package import Resource
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage

Columns = tuple[TargetColumn, ...]
Reader = Callable[[], TextTable]


#: Types that columns of the standard have whatever they hold; its tables have others in extension columns only.
FIXED = ("boolean", "integer", "list")

#: Targets of delimited text.
DELIMITED = ("csv", "tsv")


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
    wanted = typing_of.wanted(text.labels, resource.schema, typing_of.TYPES[to])
    misfits = typing_of.misfits(wanted, _watched(text, resource, to))
    text.settle()
    refuse_odd(text, resource)
    names = resource.schema.names if resource.schema else ()
    if to in ("json", "ndjson") and text.facts.rows == 0 and text.labels != names:
        raise ConversionError(f"{resource.place} has columns but no rows, of which {to} would keep nothing.")
    kept = []
    for misfit in misfits:
        place = f"{resource.place} row {misfit.row}, {misfit.column.name}"
        problem = f"{misfit.value!r} would come back as another text from {misfit.column.type}"
        if resource.is_standard and misfit.column.type in FIXED:
            raise ConversionError(f"{place}: {problem}; the standard fixes the type, so nothing was written.")
        wanted = tuple(replace(item, type="string") if item == misfit.column else item for item in wanted)
        kept.append(f"{resource.name}.{misfit.column.name} stays text: {problem} ({place}).")
    return wanted, kept


def _refuse_labels(text: TextTable, resource: Resource, to: str) -> None:
    """Refuse columns that the target cannot tell apart, or has no place for."""
    repeated = [label for label in text.labels if text.labels.count(label) > 1]
    if to not in DELIMITED and repeated:
        raise ConversionError(f"{resource.place} has two columns named {repeated[0]!r}, which {to} cannot hold.")
    try:
        capacity.check_labels(to, text.labels)
    except capacity.TooMuchError as error:
        raise _too_much(resource, error) from error


def _watched(text: TextTable, resource: Resource, to: str) -> Iterator[pa.RecordBatch]:
    """Pass batches on, and refuse what the target cannot hold."""
    has_empty = not resource.empty_is_missing
    try:
        yield from capacity.watched(to, text.labels, text.batches, has_empty=has_empty)
    except capacity.TooMuchError as error:
        raise _too_much(resource, error) from error


def _too_much(resource: Resource, error: capacity.TooMuchError) -> ConversionError:
    where = f"{resource.place} ({resource.name}) {error.place}".rstrip()
    return ConversionError(f"{where} is not converted: {error.problem}.")


def refuse_odd(text: TextTable, resource: Resource) -> None:
    """Refuse a table in which a cell would be lost or has no place."""
    if text.facts.empty_line is not None:
        where = f"{resource.place} row {text.facts.empty_line}"
        raise ConversionError(f"{where} is not converted: The row is empty. Run diplodata validate.")
    for item in text.findings:
        if item.severity != "error":
            continue
        where = f" row {item.row}" if item.row else ""
        raise ConversionError(f"{item.path}{where} is not converted: {item.message} Run diplodata validate.")
