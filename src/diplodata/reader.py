"""Read the tables of a package as Arrow tables."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from diplodata.conversion import columns_of
from diplodata.errors import UsageError
from diplodata.formats import READERS
from diplodata.formats.parquet_table import arrow_schema_of, typed
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Package
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage


class PackageReader:
    """An opened package; use it in a ``with`` block, or close it."""

    def __init__(self, source: str | Path, opened: OpenedPackage | None = None) -> None:
        self._opened = open_source(source) if opened is None else opened

    @property
    def package(self) -> Package:
        """The descriptor and the resources."""
        return self._opened.package

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(item.name for item in self.package.resources if item.format in READERS)

    def table(self, name: str) -> pa.Table:
        """Return a table with the types in which it is written as Parquet; an empty cell is null.

        Raises:
            UsageError: the package has no such table.
            ConversionError: the file cannot be read, or has a shape in which cells would be lost.
        """
        resource = self.package.resource(name)
        if resource is None or resource.format not in READERS:
            raise UsageError(f"No table {name!r}; the package has {', '.join(self.tables)}.")
        columns, _, read = columns_of(self._opened, resource, "parquet")
        target = TargetTable(columns, resource.schema_descriptor)
        text = read()
        table = pa.concat_tables([arrow_schema_of(target).empty_table(), *typed(target, text.batches)])
        text.settle()
        return table

    def close(self) -> None:
        """Give back the files that are held open."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_package(source: str | Path) -> PackageReader:
    """Open a package to read its tables.

    Args:
        source: anything that ``validate`` takes.

    Raises:
        SourceError: nothing that can be read as a package is there.
    """
    return PackageReader(source)
