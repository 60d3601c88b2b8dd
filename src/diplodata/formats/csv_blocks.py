"""Cut a CSV stream into blocks of whole records, and prove that their quotes are as RFC 4180 has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

#: Bytes of a record beyond which the exact reader takes over: a quote that is never closed makes one record of a file.
_LONGEST_RECORD = 64 * 1024 * 1024

#: A byte-order mark; at the beginning of a file it stands before the header.
_MARK = b"\xef\xbb\xbf"


class Stream(Protocol):
    """What blocks are cut from."""

    def read(self, size: int = -1) -> bytes:
        """Read up to that many bytes; nothing at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Marks:
    """The characters, one byte each, that give a file its shape."""

    delimiter: bytes
    quote: bytes


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records: the first bytes of what was read. Nothing is copied."""

    data: bytes
    size: int

    @property
    def buffer(self) -> pa.Buffer:
        """The records as a buffer."""
        return pa.py_buffer(self.data).slice(0, self.size)

    def head(self, size: int, quote: bytes) -> Block:
        """Return the records in the first bytes, at least one if it fits."""
        return Block(self.data, _end_of_records(self.data[: min(size, self.size)], quote) or self.size)

    def count(self, part: bytes) -> int:
        """Return how often something stands in the records."""
        return self.data.count(part, 0, self.size)

    def has(self, part: bytes) -> bool:
        """Whether something stands in the records."""
        return self.data.find(part, 0, self.size) >= 0


def blocks(stream: Stream, size: int, quote: bytes) -> Iterator[Block]:
    """Yield blocks that begin and end with a record.

    * A record ends at a line end that no quoted cell encloses. That holds if quotes are well formed, which
      ``is_odd`` decides; in a file where they are not, blocks may be cut anywhere.
    * The last block may lack its line end.
    """
    rest = b""
    while data := stream.read(size):
        data = rest + data
        end = _end_of_records(data, quote)
        if end == 0 and len(data) > _LONGEST_RECORD:
            end = len(data)
        if end:
            yield Block(data, end)
        rest = data[end:]
    if rest:
        yield Block(rest, len(rest))


def _end_of_records(data: bytes, quote: bytes) -> int:
    """Return where the last whole record ends; 0 when none does."""
    end = data.rfind(b"\n") + 1
    # Looking for a byte is far faster than counting it.
    if data.find(quote, 0, end) < 0 or data.count(quote, 0, end) % 2 == 0:
        return end
    # The last line end is inside a quoted cell: look before that cell, and before the ones in front of it.
    while (opening := data.rfind(quote, 0, end)) >= 0:
        closing = data.rfind(quote, 0, opening)
        line_end = data.rfind(b"\n", closing + 1, opening)
        if line_end >= 0:
            return line_end + 1
        end = max(closing, 0)
    return 0


def is_odd(block: Block, marks: Marks) -> bool:
    """Whether a block needs the exact reader.

    * Odd are NUL, a carriage return without a line feed, a byte-order mark at the beginning of a line, and quotes that
      stand where no cell begins or ends.
    * Quotes are numbered: the first opens a cell, the second closes it. A quote that opens stands behind a
      delimiter, a line end, or the quote that it doubles; one that closes stands before one of these.
    """
    if block.has(b"\0") or (block.has(b"\r") and block.count(b"\r") != block.count(b"\r\n")):
        return True
    # One byte is looked for first: that is far faster, and most files do not have it.
    if block.has(_MARK[:1]) and (block.has(b"\n" + _MARK) or block.data.startswith(_MARK)):
        return True
    return block.has(marks.quote) and _has_stray_quotes(block, marks)


def line_ends(block: Block, quote: bytes) -> set[bytes]:
    """Return how the records of a block end that is not odd: with LF, with CR LF, or with both."""
    if not block.has(b"\r"):
        return {b"\n"} if block.has(b"\n") else set()
    pairs, feeds = block.count(b"\r"), block.count(b"\n")
    if pairs not in (0, feeds) and block.has(quote):
        # Every second stretch between quotes is the inside of a cell.
        outside = b"".join(block.data[: block.size].split(quote)[::2])
        pairs, feeds = outside.count(b"\r"), outside.count(b"\n")
    return ({b"\r\n"} if pairs else set()) | ({b"\n"} if feeds > pairs else set())


def has_empty_line(block: Block) -> bool:
    """Whether a line of a block has nothing before its end."""
    return block.data.startswith((b"\n", b"\r\n")) or block.has(b"\n\n") or block.has(b"\n\r\n")


def _has_stray_quotes(block: Block, marks: Marks) -> bool:
    # pyarrow.compute offers the same, and takes longer to load than most files take to read.
    from pyarrow._compute import FilterOptions, call_function

    edges = marks.delimiter + marks.quote + b"\r\n"
    text = pa.Array.from_buffers(pa.uint8(), block.size, [None, block.buffer])
    # Made of a buffer: to make it of a number, pyarrow would load pandas where that is installed.
    quote = pa.Array.from_buffers(pa.uint8(), 1, [None, pa.py_buffer(marks.quote)])[0]
    is_quote = call_function("equal", [text, quote])
    first, last = text.slice(0, block.size - 1), text.slice(1)
    # The first and the last byte lie at a line end, as far as quotes are concerned.
    before, behind = (
        _bytes(call_function("filter", [side, mask], FilterOptions()))
        for side, mask in ((first, is_quote.slice(1)), (last, is_quote.slice(0, block.size - 1)))
    )
    before, behind = (
        b"\n" * is_quote[0].as_py() + before,
        behind + b"\n" * is_quote[-1].as_py(),
    )
    is_closed = len(before) % 2 == 0
    return not is_closed or any((before[0::2].translate(None, edges), behind[1::2].translate(None, edges)))


def _bytes(array: pa.Array) -> bytes:
    return array.buffers()[1].to_pybytes()[: len(array)] if len(array) else b""
