"""What a writer gets: a table with the types its columns are written in, and batches of text; or a whole package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from diplodata.model.schema import Schema

#: Where a file that holds a whole package carries the descriptor and the files that it names.
CARRIED = "_datapackage"


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """One column to write."""

    name: str
    #: Place in the batches; 0 is the record number.
    position: int
    #: ``string``, or one of those of the format (typing_of.TYPES).
    type: str


@dataclass(frozen=True, slots=True)
class TargetTable:
    """One table to write."""

    columns: tuple[TargetColumn, ...]
    #: Its Table Schema, for formats that can carry it.
    schema: Mapping[str, Any] | None = None
    #: Whether JSON writes an empty cell as null; records of the standard leave it out.
    with_null: bool = False
    #: What delimited text writes for no value.
    null: str = ""
    #: The descriptor of its package, with this one resource, for formats that can carry it.
    package: Mapping[str, Any] | None = None


#: (stream, table, batches) -> None
Writer = Callable[[BinaryIO, TargetTable, Iterator[pa.RecordBatch]], None]


@dataclass(frozen=True, slots=True)
class Member:
    """One table of a package that is written into one file."""

    #: Name of the resource.
    name: str
    #: Name of the table or sheet.
    place: str
    table: TargetTable
    schema: Schema | None
    #: Reads the table anew; what is wrong with it is raised when the batches are used up.
    batches: Callable[[], Iterator[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A package that is written into one file."""

    members: tuple[Member, ...]
    #: The descriptor and the files that it names, by path.
    carried: Mapping[str, str] = field(default_factory=dict)
    #: Whether it is a package of the standard.
    is_standard: bool = False


#: (path of the new file, package) -> what was left out, in words
WholeWriter = Callable[[Path, Whole], tuple[str, ...]]
