"""How a table can be written without loss: the types of its columns, and what the target cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa

from diplodata.conversion.outcome import ColumnOutcome, Loss
from diplodata.conversion.tally import Tally
from diplodata.conversion.wish import Wish
from diplodata.errors import ConversionError
from diplodata.formats import EXACT_READERS, READERS, capacity
from diplodata.formats.text_table import OddFileError, TextTable
from diplodata.formats.writing import TargetColumn
from diplodata.model.package import Resource
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage

Columns = tuple[TargetColumn, ...]
Reader = Callable[[], TextTable]
Mend = Callable[[pa.Array], pa.Array]

#: Targets of delimited text.
DELIMITED = ("csv", "tsv")

#: Sources that tell an empty text from no value; of delimited text, those whose dialect says what is no value.
_TELLING = ("inline", "json", "ndjson", "parquet", "records", "sqlite")


@dataclass(frozen=True, slots=True)
class Judged:
    """A table and how it is written."""

    resource: Resource
    columns: Columns
    #: Reads it.
    read: Reader
    outcomes: tuple[ColumnOutcome, ...] = ()
    losses: tuple[Loss, ...] = ()
    #: What delimited text writes for no value.
    null: str = ""
    #: What is done to the texts of columns before they are written, by the place of the column.
    mends: tuple[tuple[int, Mend], ...] = ()
    #: The record that is left out, as it is the last one and empty.
    left_out: int | None = None

    @property
    def notes(self) -> list[str]:
        """What users should know of the columns, in lines."""
        return [
            f"{item.resource}.{item.field} {item.reason}."
            for item in self.outcomes
            if item.reason and item.level != "lost"
        ]

    def table(self) -> TextTable:
        """Read the table as it is written."""
        text = self.read()
        if self.mends or self.left_out is not None:
            text.batches = self._mended(text.batches)
        return text

    def _mended(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            columns = list(batch.columns)
            for place, mend in self.mends:
                columns[place] = mend(columns[place])
            changed = pa.RecordBatch.from_arrays(columns, schema=batch.schema)
            is_last = bool(batch.num_rows) and self.left_out == batch.column(0)[-1].as_py()
            yield changed.slice(0, batch.num_rows - is_last)


def told_apart(resource: Resource) -> Resource:
    """Return a resource whose empty texts are told from no values, where its format can; the standard has none."""
    tells = resource.format in _TELLING or (resource.format in DELIMITED and "nullSequence" in resource.dialect)
    return replace(resource, keeps_empty=True) if tells and not resource.is_standard else resource


def reader(opened: OpenedPackage, resource: Resource) -> Reader:
    """Return what reads a table fast; it may end with OddFileError."""
    return partial(READERS[resource.format], opened, resource)


def judged(opened: OpenedPackage, resource: Resource, to: str, wish: Wish) -> Judged:
    """Read a table, and say how it is written.

    Raises:
        ConversionError: it cannot be read whole, or something would be lost that may not be.
    """
    resource = told_apart(resource)
    try:
        return _judged(opened, resource, to, wish, reader(opened, resource))
    except OddFileError:
        return _judged(opened, resource, to, wish, partial(EXACT_READERS[resource.format], opened, resource))
    except UnreadableFileError as error:
        raise ConversionError(f"{error.path} is not converted: {error.problem}.") from error


def columns_of(opened: OpenedPackage, resource: Resource, to: str) -> tuple[Columns, list[str], Reader]:
    """Return the columns with the types in which they can be written without change, and how to read them again."""
    found = judged(opened, resource, to, Wish())
    return found.columns, found.notes, found.table


def _judged(opened: OpenedPackage, resource: Resource, to: str, wish: Wish, read: Reader) -> Judged:
    text = read()
    refuse_labels(text, resource, to)
    tally = Tally(resource, to, wish, text.labels)
    try:
        tally.see(text)
    except capacity.TooMuchError as error:
        raise too_much(resource, error) from error
    text.settle()
    refuse_odd(text, resource)
    tally.finish(text, opened)
    return Judged(
        resource,
        tally.columns(),
        read,
        tally.outcomes(),
        tuple(tally.losses),
        tally.null(),
        tally.mends(),
        tally.left_out,
    )


def refuse_labels(text: TextTable, resource: Resource, to: str) -> None:
    """Refuse columns that the target cannot tell apart, or has no place for."""
    if not text.labels:
        # A file that cannot be read has none either; that is said first.
        refuse_odd(text, resource)
    repeated = [label for label in text.labels if text.labels.count(label) > 1]
    if to not in DELIMITED and repeated:
        raise ConversionError(f"{resource.place} has two columns named {repeated[0]!r}, which {to} cannot hold.")
    try:
        capacity.check_labels(to, text.labels)
    except capacity.TooMuchError as error:
        raise too_much(resource, error) from error


def too_much(resource: Resource, error: capacity.TooMuchError) -> ConversionError:
    """Say what a target cannot hold of a table."""
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
