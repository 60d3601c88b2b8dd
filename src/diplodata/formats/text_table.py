"""A table as it was written: labels, and batches in which every cell is text or null."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, TypeVar

import pyarrow as pa

from diplodata.model.finding import Finding

#: Name of the column that holds the record number; the header is record 1.
ROW = "_row"

#: Records in one batch that Python code builds.
BATCH = 16_384


class Closable(Protocol):
    """What is closed when it is done with."""

    def close(self) -> None:
        """Give back what it holds."""
        ...


Kept = TypeVar("Kept", bound=Closable)


class Opener(Protocol):
    """What a reader needs of an opened package."""

    @property
    def documents(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Records of a document, by table."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Open a file of the package."""
        ...

    def keep(self, name: str, make: Callable[[], Kept]) -> Kept:
        """Return what is kept under a name for as long as the package is open; it is made at the first call."""
        ...


class OddFileError(Exception):
    """The fast reader met something that only the exact reader can judge."""


@dataclass
class Facts:
    """What is known of a file once it has been read to its end."""

    rows: int = 0
    bytes: int = 0
    #: algorithm -> hexadecimal digest.
    hashes: dict[str, str] = field(default_factory=dict)
    #: Whether each record is known to be one line, so that a record number is a line number.
    lines_are_rows: bool = False
    #: Number of the first record that is an empty line; it comes as a row without values.
    empty_line: int | None = None


@dataclass
class TextTable:
    """Labels and batches; findings and facts are complete when the batches are used up.

    * Columns of a batch are ``_row`` (int64) and ``c1`` … ``cn`` (string), one for each label.
    * Iterating never raises: DuckDB, which pulls the batches, would wrap what is raised. Whoever has used them up
      calls ``settle``.
    """

    labels: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]
    facts: Facts = field(default_factory=Facts)
    findings: list[Finding] = field(default_factory=list)
    #: What ended the batches early.
    failure: BaseException | None = None
    #: Whether the labels were read from the file, so that they can be wrong.
    has_header: bool = True
    #: Lets columns in which values recur come as dictionaries, and returns the schema; to be called before any batch.
    encode: Callable[[], pa.Schema] | None = None
    #: Encodes, and starts to read in the threads of a pool before the first batch is asked for.
    start: Callable[[Executor], None] | None = None
    #: The descriptor of the resource with what was assumed of the file; None when nothing was.
    assumed: Mapping[str, Any] | None = None
    #: Numbers of columns whose type cannot stand for that of their field; a finding says so, and they are not checked.
    misfits: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self.batches = self._counted(self.batches)

    def _counted(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                self.facts.rows += batch.num_rows
                yield batch
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - it is raised again by settle
            self.failure = error

    def settle(self) -> None:
        """Raise what ended the batches early, an interrupt too.

        Raises:
            OddFileError: the exact reader has to read the table again.
            UnreadableFileError: a file could not be read to its end.
            LimitError: a file is larger than a limit allows.
        """
        if self.failure is not None:
            raise self.failure


def column_names(number: int) -> list[str]:
    """Return the names of the text columns of a table with that many labels."""
    return [f"c{position}" for position in range(1, number + 1)]


def arrow_schema(number: int) -> pa.Schema:
    """Return the Arrow schema of the batches of a table with that many labels."""
    return pa.schema([(ROW, pa.int64()), *((name, pa.string()) for name in column_names(number))])


def batches_of(rows: Iterable[tuple[int, Sequence[str | None]]], number: int) -> Iterator[pa.RecordBatch]:
    """Gather (record number, cells) into batches."""
    schema = arrow_schema(number)
    numbers: list[int] = []
    columns: list[list[str | None]] = [[] for _ in range(number)]
    for row, cells in rows:
        numbers.append(row)
        for column, cell in zip(columns, cells, strict=True):
            column.append(cell)
        if len(numbers) == BATCH:
            yield _batch(numbers, columns, schema)
            numbers, columns = [], [[] for _ in range(number)]
    if numbers:
        yield _batch(numbers, columns, schema)


def _batch(numbers: list[int], columns: list[list[str | None]], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [pa.array(numbers, pa.int64()), *(pa.array(column, pa.string()) for column in columns)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


class HashingStream:
    """A binary stream that hashes what is read from it.

    * Digests and the size are those of the bytes on disk, whatever is decoded later.
    * What ``ahead`` returned is handed out again by the next reads.
    """

    def __init__(self, stream: BinaryIO, algorithms: Iterable[str]) -> None:
        self._stream = stream
        self._ahead = b""
        self._hashes = {name: hashlib.new(name) for name in {"sha256", *algorithms}}
        self.bytes = 0
        self.closed = False

    def ahead(self, size: int) -> bytes:
        """Look at the next bytes without using them up."""
        self._ahead = self.read(size)
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        """Read up to that many bytes."""
        if 0 <= size < len(self._ahead):
            data, self._ahead = self._ahead[:size], self._ahead[size:]
            return data
        before, self._ahead = self._ahead, b""
        return before + self._fresh(size - len(before) if size >= 0 else -1)

    def _fresh(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.bytes += len(data)
        for item in self._hashes.values():
            item.update(data)
        return data

    def fill(self, facts: Facts) -> None:
        """Read what is left and note size and digests."""
        while self.read(1 << 20):
            pass
        facts.bytes += self.bytes
        facts.hashes.update({name: item.hexdigest() for name, item in self._hashes.items()})

    def readable(self) -> bool:
        """A stream for reading."""
        return True

    def writable(self) -> bool:
        """Never for writing."""
        return False

    def seekable(self) -> bool:
        """Never seekable."""
        return False

    def close(self) -> None:
        """Close the stream below."""
        self.closed = True
        self._stream.close()


def algorithms(descriptor: Mapping[str, Any]) -> list[str]:
    """Return the hash algorithms that a resource declares (Data Package v2, hash)."""
    declared = descriptor.get("hash")
    if not isinstance(declared, str):
        return []
    name = declared.rpartition(":")[0].lower() or "md5"
    return [name] if name in hashlib.algorithms_available and not name.startswith("shake") else []
