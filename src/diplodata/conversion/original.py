"""Can a file be had back byte for byte? Delimited text can when it is written the one way that the tool writes."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from diplodata.formats import WRITERS
from diplodata.formats.csv_split import Dialect
from diplodata.formats.packing import compression_of
from diplodata.formats.text_table import TextTable
from diplodata.formats.writing import TargetColumn, TargetTable
from diplodata.model.package import Resource
from diplodata.package.opened import OpenedPackage

#: Format -> the delimiter in its one way.
_DELIMITERS = {"csv": ",", "tsv": "\t"}


class Original:
    """Reckons how long a table is when it is written the one way.

    * In a well-formed file each cell takes at least its own bytes, its delimiter or line end, and quotes where it
      needs them. The one way takes just that, so a file of the same length is the same file.
    """

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._delimiter = _DELIMITERS.get(resource.format, "")
        self._marks = tuple(mark.encode() for mark in (self._delimiter, '"', "\n", "\r"))
        self._size = 0
        self.is_candidate = bool(self._delimiter) and self._is_usual()

    def _is_usual(self) -> bool:
        resource, delimiter = self._resource, self._delimiter
        return (
            len(resource.paths) == 1
            and resource.encoding.lower() in ("utf-8", "utf8")
            and not compression_of(resource, resource.paths[0])
            and Dialect.of({"delimiter": delimiter, **resource.dialect}) == Dialect(delimiter=delimiter)
        )

    def watched(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass batches on, and reckon."""
        for batch in batches:
            if self.is_candidate:
                self._size += sum(map(self._length, batch.columns[1:])) + batch.num_rows * (batch.num_columns - 1)
                if batch.num_columns == 2:
                    # An empty line would be no row, so an empty cell that is all of it has quotes.
                    self._size += 2 * batch.num_rows - 2 * _filled(batch.column(1))
            yield batch

    def _length(self, values: pa.Array) -> int:
        """Return the bytes of cells with their quotes."""
        size = int(pc.sum(pc.binary_length(values)).as_py() or 0)
        data = values.buffers()[2]
        held = data.to_pybytes() if data is not None else b""
        # Looking for four bytes is far faster than trying a pattern on every cell.
        if any(mark in held for mark in self._marks):
            quotes = pc.sum(pc.count_substring(values, '"')).as_py() or 0
            enclosed = pc.sum(pc.match_substring_regex(values, f'[{self._delimiter}"\n\r]')).as_py() or 0
            size += quotes + 2 * enclosed
        return size

    def is_same(self, text: TextTable, opened: OpenedPackage) -> bool:
        """Whether the file that was read, to its end, is the one that would be written."""
        if not self.is_candidate or text.findings or text.assumed is not None:
            return False
        header = io.BytesIO()
        columns = tuple(TargetColumn(label, place, "string") for place, label in enumerate(text.labels, 1))
        WRITERS[self._resource.format](header, TargetTable(columns), iter(()))
        is_as_long = len(header.getvalue()) + self._size == text.facts.bytes
        return is_as_long and self._ends_its_last_line(opened)

    def _ends_its_last_line(self, opened: OpenedPackage) -> bool:
        with opened.open(self._resource.paths[0]) as stream:
            try:
                stream.seek(-1, io.SEEK_END)
            except (OSError, ValueError):
                return False
            return stream.read() == b"\n"


def _filled(values: pa.Array) -> int:
    empty: int = pc.sum(pc.equal(values, "")).as_py() or 0
    filled: int = len(values) - values.null_count - empty
    return filled
