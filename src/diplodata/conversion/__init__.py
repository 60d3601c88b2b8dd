"""Convert a whole package: descriptor and data, without loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from diplodata.conversion.documents import to_document
from diplodata.conversion.judging import DELIMITED, columns_of
from diplodata.conversion.metering import Tell, metered
from diplodata.conversion.outcome import Conversion
from diplodata.conversion.single import to_stream
from diplodata.conversion.tables import write_data, write_tables
from diplodata.conversion.whole import to_file
from diplodata.conversion.wish import PLAIN, Wish
from diplodata.errors import ConversionError, UsageError
from diplodata.formats import WHOLE_WRITERS, WRITERS
from diplodata.package import staging, standard_input
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage

#: Targets that are one JSON document.
DOCUMENTS = ("bundle", "nested")

#: Everything that ``--to`` takes.
TARGETS = (*sorted(WRITERS), *sorted(WHOLE_WRITERS), *DOCUMENTS)

__all__ = [
    "DOCUMENTS",
    "TARGETS",
    "Conversion",
    "Wish",
    "columns_of",
    "convert",
    "convert_opened",
    "convert_table",
    "write_data",
    "write_tables",
]


def convert(
    source: str | Path, target: str | Path, to: str, wish: Wish = PLAIN, tell: Tell | None = None
) -> Conversion:
    """Convert a package into a folder, or into one file.

    Args:
        source: anything that ``validate`` takes; ``-`` is standard input.
        target: a folder for csv, json, ndjson, parquet and tsv; a file for bundle, duckdb, nested, sqlite and xlsx.
            It must not exist.
        to: one of TARGETS.
        wish: what is allowed and asked beside.
        tell: is told how many bytes of how many have been read.

    Raises:
        SourceError: the source cannot be read as a package.
        ConversionError: something would be lost; nothing is written.
        UsageError: the target exists, or the format is unknown.
        MissingExtraError: what reads or writes the format is not installed.
    """
    _refuse_unknown(to, TARGETS)
    with _opened(source, 1 if to not in WHOLE_WRITERS else 2, tell) as opened:
        return convert_opened(opened, Path(target), to, wish)


def convert_opened(opened: OpenedPackage, target: Path, to: str, wish: Wish = PLAIN) -> Conversion:
    """Convert a package that is open already."""
    _refuse_broken(opened)
    _refuse_wish(to, wish)
    if to in DOCUMENTS:
        return to_document(opened, target, to, wish)
    if to in WHOLE_WRITERS:
        return to_file(opened, target, to, wish)
    with staging.folder(target) as folder:
        return replace(write_tables(opened, folder, to, wish), target=str(target))


def convert_table(
    source: str | Path,
    stream: BinaryIO,
    to: str,
    resource: str | None = None,
    wish: Wish = PLAIN,
    tell: Tell | None = None,
) -> Conversion:
    """Write one table of a package.

    Args:
        source: anything that ``validate`` takes; ``-`` is standard input.
        stream: where the table is written; what has been written when an exception is raised is worth nothing.
        to: a format with one file a table.
        resource: name of the table; None for the only one.
        wish: what is allowed and asked beside.
        tell: is told how many bytes of how many have been read.

    Raises:
        SourceError: the source cannot be read as a package.
        ConversionError: something would be lost.
        UsageError: there is no such table, or the format does not hold one table.
    """
    _refuse_unknown(to, tuple(sorted(WRITERS)))
    _refuse_wish(to, wish)
    with _opened(source, 1, tell) as opened:
        _refuse_broken(opened)
        return to_stream(opened, stream, to, resource, wish)


@contextmanager
def _opened(source: str | Path, passes: int, tell: Tell | None) -> Iterator[OpenedPackage]:
    with standard_input.on_disk(source) as place, open_source(place) as opened:
        standard_input.refuse_descriptor(opened)
        yield metered(opened, passes, tell) if tell else opened


def _refuse_unknown(to: str, known: tuple[str, ...]) -> None:
    if to in known:
        return
    if to in TARGETS:
        raise UsageError(f"{to} holds a whole package; one table alone can be {', '.join(known)}.")
    raise UsageError(f"Unknown format {to!r}; known: {', '.join(known)}.")


def _refuse_wish(to: str, wish: Wish) -> None:
    if wish.spreadsheet_safe and to not in DELIMITED:
        raise UsageError(f"Formulas are escaped in {' and '.join(DELIMITED)} alone; {to} has none that would be run.")


def _refuse_broken(opened: OpenedPackage) -> None:
    for item in opened.findings:
        if item.severity == "error" and item.code != "required-table-missing":
            raise ConversionError(f"{opened.place} is not converted: {item.message} Run diplodata validate.")
