"""What a writer gets: a table with the types its columns are written in, and batches of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """One column to write."""

    name: str
    #: Place in the batches; 0 is the record number.
    position: int
    #: ``integer``, ``boolean``, ``list`` or ``string``.
    type: str


@dataclass(frozen=True, slots=True)
class TargetTable:
    """One table to write."""

    columns: tuple[TargetColumn, ...]
    #: Its Table Schema, for formats that can carry it.
    schema: Mapping[str, Any] | None = None
    #: Whether JSON writes an empty cell as null; records of the standard leave it out.
    with_null: bool = False


#: (stream, table, batches) -> None
Writer = Callable[[BinaryIO, TargetTable, Iterator[pa.RecordBatch]], None]
