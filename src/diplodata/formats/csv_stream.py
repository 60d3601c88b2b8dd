"""Read the records of a plain CSV stream block by block, with pyarrow in several threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.csv as arrow_csv

from diplodata.formats.csv_blocks import Block, Marks, blocks, has_empty_line, is_odd, line_ends
from diplodata.formats.csv_split import Dialect
from diplodata.formats.text_table import (
    ROW,
    Facts,
    HashingStream,
    OddFileError,
    column_names,
)

#: Bytes that are parsed at a time.
_BLOCK = 2 * 1024 * 1024

#: Threads that parse, and blocks that are parsed ahead of their use.
_THREADS = min(4, os.cpu_count() or 1)
_AHEAD = _THREADS + 1

#: Bytes that are looked at to tell which columns are worth a dictionary.
_SAMPLE = 256 * 1024

#: Rows to a distinct value from which on a column is worth a dictionary.
_RECURRENCE = 16

#: Record number of the first record behind the header.
_FIRST = 2


@dataclass
class Reading:
    """One pass over a stream that stands behind its header.

    * Ends with an OddFileError when anything is not as the fast road wants it.
    """

    stream: HashingStream
    facts: Facts
    dialect: Dialect
    encoding: str
    #: Number of columns.
    number: int
    empty_is_missing: bool
    #: Called at the end of a file whose records end in more than one way.
    on_mixed: Callable[[], None]
    #: How records end; that of the header is there from the start.
    line_ends: set[bytes]
    _odd: list[str] = field(default_factory=list)
    #: Columns that come as dictionaries.
    _dictionaries: frozenset[str] = frozenset()
    _schema: pa.Schema | None = None
    _first: Block | None = None
    _pool: Executor | None = None
    _waiting: deque[Future[pa.RecordBatch]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._marks = Marks(self.dialect.delimiter.encode(), self.dialect.quote.encode())
        self._blocks = blocks(self.stream, _BLOCK, self._marks.quote)
        self.facts.lines_are_rows = True

    def encode(self) -> pa.Schema:
        """Let the columns whose values recur in the first records come as dictionaries; return the schema."""
        if self._schema is None:
            self._first = next(self._blocks, None)
            # In a file of one block nothing would be gained.
            if self._first is not None and len(self._first.data) >= _BLOCK:
                self._dictionaries = _recurring(self._parsed(self._first.head(_SAMPLE, self._marks.quote)))
            kinds = {name: pa.dictionary(pa.int32(), pa.string()) for name in self._dictionaries}
            names = column_names(self.number)
            self._schema = pa.schema([(ROW, pa.int64()), *((name, kinds.get(name, pa.string())) for name in names)])
        return self._schema

    def start(self, pool: Executor) -> None:
        """Parse the first blocks in the threads of a pool, which also parses the others once they are asked for."""
        self.encode()
        self._pool = pool
        self._fill(pool)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield batches of text, with record numbers."""
        row = _FIRST
        for batch in self._in_order():
            if self._odd:
                break
            rows = pa.arange(row, row + batch.num_rows)
            row += batch.num_rows
            yield pa.RecordBatch.from_arrays([rows, *batch.columns], names=[ROW, *batch.schema.names])
        if not self._odd:
            self.stream.fill(self.facts)
        self.stream.close()
        if self._odd:
            raise OddFileError
        if len(self.line_ends) > 1:
            self.on_mixed()

    def _in_order(self) -> Iterator[pa.RecordBatch]:
        """Parse blocks in threads, some ahead of their use, and yield them in the order of the file."""
        if self._pool is not None:
            yield from self._with(self._pool)
            return
        pool = ThreadPoolExecutor(_THREADS)
        try:
            yield from self._with(pool)
        finally:
            # Not waited for: batches that are given up may be collected in any thread, also in one that just begins.
            pool.shutdown(wait=False, cancel_futures=True)

    def _with(self, pool: Executor) -> Iterator[pa.RecordBatch]:
        self._fill(pool)
        while self._waiting:
            batch = self._waiting.popleft().result()
            self._fill(pool)
            yield batch

    def _fill(self, pool: Executor) -> None:
        while len(self._waiting) < _AHEAD:
            block, self._first = self._first or next(self._blocks, None), None
            if block is None:
                return
            self._waiting.append(pool.submit(self._parsed, block))

    def _parsed(self, block: Block) -> pa.RecordBatch:
        """Parse one block; what is odd in it is noted."""
        names = column_names(self.number)
        if is_odd(block, self._marks):
            self._odd.append("quotes, line ends or NUL")
            return _nothing(names)
        self.line_ends |= line_ends(block, self._marks.quote)
        try:
            table = self._table(block, names)
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            self._odd.append(str(error))
            return _nothing(names)
        may_be_empty = not self.empty_is_missing or all(column.null_count for column in table.columns)
        if may_be_empty and has_empty_line(block) and _has_empty_record(table):
            # pyarrow makes a record of an empty line, which is none.
            self._odd.append("an empty line")
            return _nothing(names)
        if block.has(self._marks.quote) and block.count(b"\n") > table.num_rows:
            self.facts.lines_are_rows = False
        return table.combine_chunks().to_batches()[0] if table.num_rows else _nothing(names)

    def _table(self, block: Block, names: list[str]) -> pa.Table:
        kinds = {name: pa.string() for name in names}
        kinds |= {name: pa.dictionary(pa.int32(), pa.string()) for name in self._dictionaries}
        return arrow_csv.read_csv(
            pa.BufferReader(block.buffer),
            arrow_csv.ReadOptions(
                use_threads=False, block_size=block.size + 1, column_names=names, encoding=self.encoding
            ),
            arrow_csv.ParseOptions(
                delimiter=self.dialect.delimiter,
                quote_char=self.dialect.quote,
                newlines_in_values=block.has(self._marks.quote),
                ignore_empty_lines=False,
                # No handler of ragged rows: it would be given their text decoded, and bytes that are not in the
                # encoding would be told on standard error. Without one the first ragged row ends the parse.
            ),
            arrow_csv.ConvertOptions(
                column_types=kinds,
                null_values=[""] if self.empty_is_missing else [],
                strings_can_be_null=self.empty_is_missing,
                quoted_strings_can_be_null=True,
            ),
        )


def _nothing(names: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], pa.string()) for _ in names], names=names)


def _recurring(batch: pa.RecordBatch) -> frozenset[str]:
    """Return the names of the columns in which a value recurs many times."""
    most = batch.num_rows // _RECURRENCE
    pairs = zip(batch.schema.names, batch.columns, strict=True)
    return frozenset(name for name, column in pairs if len(set(column.to_pylist())) <= most)


def _has_empty_record(table: pa.Table) -> bool:
    """Whether a record has no text in any cell."""
    if not table.num_columns:
        return False
    places = [place for place, text in enumerate(table.column(0).to_pylist()) if not text]
    return any(not any(column[place].as_py() for column in table.columns) for place in places)
