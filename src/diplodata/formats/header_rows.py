"""Which records of a table are its header and which its content, as the dialect says, in every format with records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from diplodata.formats.csv_split import Dialect
from diplodata.model.package import Resource
from diplodata.model.schema import Field


class Numbered(Protocol):
    """A record with its number."""

    @property
    def row(self) -> int:
        """Number of the record, from 1."""
        ...

    @property
    def cells(self) -> Sequence[str | None]:
        """Its cells as texts."""
        ...


Item = TypeVar("Item", bound=Numbered)


def content(records: Iterator[Item], dialect: Dialect) -> Iterator[Item]:
    """Leave out comments, and what stands before and between the header rows."""
    last = max(dialect.header_rows, default=0)
    for record in records:
        first = record.cells[0] if record.cells else None
        is_comment = bool(dialect.comment) and first is not None and first.startswith(dialect.comment)
        is_before = record.row < last and record.row not in dialect.header_rows
        if not (is_comment or is_before or record.row in dialect.comment_rows):
            yield record


def labels(header: Sequence[Numbered], dialect: Dialect) -> tuple[str, ...]:
    """Join header rows column by column; equal parts that follow each other stand once."""
    width = max(len(record.cells) for record in header)
    columns = [[record.cells[place] or "" for record in header if place < len(record.cells)] for place in range(width)]
    return tuple(
        dialect.header_join.join(part for place, part in enumerate(parts) if place == 0 or part != parts[place - 1])
        for parts in columns
    )


def fields_of(resource: Resource, labels: Sequence[str]) -> list[Field]:
    """Return the field that each column stands for, whether or not its label is right; of any type without a field."""
    names = tuple(label.strip() for label in labels)
    if resource.schema is None:
        return [Field(name, "any") for name in names]
    known = {item.name: item for item in resource.schema.fields}
    return [known.get(name) or Field(name, "any") for name in resource.schema.column_names(names)]
