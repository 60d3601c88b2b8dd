"""One file a format: read to batches of text, write from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diplodata.formats import csv_reading, csv_table, json_table, parquet_table
from diplodata.formats.text_table import Opener, TextTable
from diplodata.formats.writing import Writer
from diplodata.model.package import Resource

#: format -> how its tables are read.
READERS: Mapping[str, Callable[[Opener, Resource], TextTable]] = {
    "csv": csv_reading.read,
    "inline": json_table.read_inline,
    "json": json_table.read_array,
    "ndjson": json_table.read_lines,
    "parquet": parquet_table.read,
    "records": json_table.read_records,
    "tsv": csv_reading.read,
}

#: format -> how its odd files are read again, for formats whose reader may raise OddFileError.
EXACT_READERS: Mapping[str, Callable[[Opener, Resource], TextTable]] = {
    "csv": csv_reading.read_exactly,
    "tsv": csv_reading.read_exactly,
}

#: format -> how its tables are written, one file a table.
WRITERS: Mapping[str, Writer] = {
    "csv": csv_table.write,
    "json": json_table.write_array,
    "ndjson": json_table.write_lines,
    "parquet": parquet_table.write,
}

__all__ = ["EXACT_READERS", "READERS", "WRITERS", "Opener", "TextTable", "Writer"]
