"""A scan at memory speed for quotes, blank lines and NUL that the fast reader would pass over without a word."""

from __future__ import annotations

#: What stands for every byte that is no delimiter, quote or line end.
_OTHER = ord("a")

#: Shapes that no well-formed file has outside a quoted cell: a quote inside a cell, an empty quoted cell with
#: something behind it, a blank line. Inside a quoted cell they are fine; the exact reader looks, and finds nothing.
_ODD = (b'a"a', b',""a', b'\n""a', b"\n\n", b"\n\r\n")

#: Bytes that a shape can reach over the end of a block.
_REACH = 3


class OddityScan:
    """Looks at a file block by block; says only whether the exact reader has to look."""

    def __init__(self, delimiter: str, quote: str) -> None:
        table = bytearray([_OTHER] * 256)
        table[ord("\r")], table[ord("\n")] = ord("\r"), ord("\n")
        table[ord(delimiter)], table[ord(quote)] = ord(","), ord('"')
        self._table = bytes(table)
        self._quote = quote.encode()
        self._tail = b"\n"
        self.is_odd = False

    def look(self, block: bytes) -> None:
        """Look at the next block."""
        if self.is_odd or not block:
            return
        if b"\0" in block:
            self.is_odd = True
            return
        if self._quote not in block and b'"' not in self._tail and b"\r" not in block:
            # Without quotes and carriage returns only blank lines can be odd, and need no translation.
            self.is_odd = b"\n\n" in block or (self._tail.endswith(b"\n") and block.startswith(b"\n"))
            self._tail = block[-_REACH:].translate(self._table)
            return
        shape = self._tail + block.translate(self._table)
        self.is_odd = any(odd in shape for odd in _ODD)
        self._tail = shape[-_REACH:]
