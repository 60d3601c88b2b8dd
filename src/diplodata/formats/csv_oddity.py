"""A quick scan for quotes, blank lines and NUL that the fast reader would pass over without a word."""

from __future__ import annotations

import re

#: Bytes before a block that a shape can reach back to.
_REACH = 2


class OddityScan:
    """Looks at a file block by block; says only whether the exact reader has to look.

    * Odd is what no well-formed file has outside a quoted cell: a quote inside a cell, an empty quoted cell with
      something behind it, a blank line, NUL. Inside a quoted cell all but NUL are fine; then the exact reader looks,
      and finds nothing.
    * The expression begins with the quote itself, so that its cost follows the number of quotes.
    """

    def __init__(self, delimiter: str, quote: str) -> None:
        mark, end = re.escape(quote.encode()), re.escape(delimiter.encode())
        edge = end + rb"\n\r"
        inside = rb"(?<=[^" + edge + mark + rb"]" + mark + rb")[^" + edge + mark + rb"]"
        behind = rb"(?<=[" + edge + rb"]" + mark + rb")" + mark + rb"[^" + edge + mark + rb"]"
        self._quotes = re.compile(mark + rb"(?:" + inside + rb"|" + behind + rb")")
        self._quote = quote.encode()
        self._tail = b"\n"
        self.is_odd = False

    def look(self, block: bytes) -> None:
        """Look at the next block."""
        if self.is_odd or not block:
            return
        # A shape may lie across the edge of two blocks; the edge is looked at by itself, so that no block is copied.
        for part in (self._tail + block[: _REACH + 1], block):
            self.is_odd = self.is_odd or self._is_odd(part)
        self._tail = (self._tail + block[-_REACH:])[-_REACH:]

    def _is_odd(self, part: bytes) -> bool:
        if b"\0" in part or b"\n\n" in part or (b"\r" in part and b"\n\r\n" in part):
            return True
        return self._quote in part and self._quotes.search(part) is not None
