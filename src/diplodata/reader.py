"""Read the tables of a package as Arrow tables."""

from __future__ import annotations

import importlib
from functools import partial
from html import escape
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from diplodata.conversion import columns_of
from diplodata.engine import queries
from diplodata.errors import MissingExtraError, UsageError
from diplodata.formats import READERS
from diplodata.formats.parquet_table import arrow_schema_of, typed
from diplodata.formats.writing import TargetTable
from diplodata.model.package import Package
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage

if TYPE_CHECKING:
    import pandas
    import polars


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

    def to_pandas(self, name: str) -> pandas.DataFrame:
        """Return a table as a data frame of pandas; counts with empty cells are ``Int64``, flags ``boolean``.

        Raises:
            MissingExtraError: pandas is not installed.
            UsageError: the package has no such table.
            ConversionError: the file cannot be read, or has a shape in which cells would be lost.
        """
        pandas = _needed("pandas")
        types = {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype()}
        return self.table(name).to_pandas(types_mapper=types.get)

    def to_polars(self, name: str) -> polars.DataFrame:
        """Return a table as a data frame of polars.

        Raises:
            MissingExtraError: polars is not installed.
            UsageError: the package has no such table.
            ConversionError: the file cannot be read, or has a shape in which cells would be lost.
        """
        return _needed("polars").from_arrow(self.table(name))

    def sql(self, query: str) -> pa.Table:
        """Return what a query gives, in the SQL of DuckDB; it sees the tables of the package and nothing else.

        Args:
            query: one statement with SELECT; only the tables that it names are read.

        Raises:
            UsageError: the query cannot be understood, or names other tables.
            ConversionError: a file cannot be read, or has a shape in which cells would be lost.
        """
        return queries.ask(query, {name: partial(self.table, name) for name in self.tables})

    def __repr__(self) -> str:
        package = self.package
        standard = f", standard {package.standard}" if package.standard else ""
        return f"<{package.descriptor.get('name') or 'package'}: {len(self.tables)} tables{standard}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the title, and each table with its description."""
        title = str(self.package.descriptor.get("title") or self.package.descriptor.get("name") or "Package")
        described = ((name, self.package.resource(name)) for name in self.tables)
        rows = "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(str(item.descriptor.get('title') or ''))}</td></tr>"
            for name, item in described
            if item is not None
        )
        return f"<strong>{escape(title)}</strong><table><tr><th>Table</th><th>Title</th></tr>{rows}</table>"

    def close(self) -> None:
        """Give back the files that are held open."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _needed(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(f"{module} is not installed: pip install {module}.") from error


def open_package(source: str | Path) -> PackageReader:
    """Open a package to read its tables.

    Args:
        source: anything that ``validate`` takes.

    Raises:
        SourceError: nothing that can be read as a package is there.
    """
    return PackageReader(source)
