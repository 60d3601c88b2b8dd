"""What a writer gets: columns with the types they are written in, and batches of text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from diplodata.model.schema import Field

#: Types that are written as such; every other type stays text.
TYPED = ("boolean", "integer")


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """One column to write."""

    name: str
    #: Place in the batches; 0 is the record number.
    position: int
    field: Field
    #: ``integer``, ``boolean``, ``list`` or ``string``.
    type: str


#: (stream, columns, batches) -> None
Writer = Callable[[io.BufferedIOBase, list[TargetColumn], Iterator[pa.RecordBatch]], None]
