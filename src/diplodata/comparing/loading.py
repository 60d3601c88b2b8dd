"""Load the tables of a package into the engine as they were written, every value kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diplodata.engine import sql
from diplodata.engine.plan import Plan
from diplodata.engine.session import LoadedTable, Session
from diplodata.errors import ComparisonError
from diplodata.formats import EXACT_READERS, READERS, TextTable
from diplodata.formats.text_table import OddFileError, arrow_schema
from diplodata.model.package import Package, Resource
from diplodata.model.schema import Field
from diplodata.package import paths
from diplodata.package.containers import UnreadableFileError
from diplodata.package.opened import OpenedPackage

#: What a release holds beside its tables: the same data in other formats.
_COPY = re.compile(r"(?P<table>.+)-(json|parquet)")

#: Bytes of tables that share an engine, which costs more to start than to load them.
_TOGETHER = 20_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """One table in the engine."""

    resource: Resource
    table: LoadedTable
    #: Names of its columns in order: the fields of its schema, then what its file has beyond them.
    columns: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the fields of the primary key."""
        schema = self.resource.schema
        return tuple(name for name in schema.primary_key if name in self.columns) if schema else ()

    def cell(self, name: str | None) -> str:
        """Return the SQL expression of a column; NULL for one that the file, or the table, does not have."""
        return self.table.columns.get(name or "", "CAST(NULL AS VARCHAR)")


def portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield names of tables that are loaded into one engine: small ones together, large ones by themselves.

    Args:
        sizes: name of each table -> bytes of its files.
    """
    names: list[str] = []
    total = 0
    for name, size in sizes.items():
        if names and total + size > _TOGETHER:
            yield names
            names, total = [], 0
        names.append(name)
        total += size
    if names:
        yield names


def size_of(opened: OpenedPackage, resource: Resource | None) -> int:
    """Return the bytes of the files of a resource."""
    return sum(opened.container.size(path) for path in resource.paths) if resource else 0


def tables_of(package: Package) -> list[Resource]:
    """Return the resources that are tables, without the copies in other formats that a release lists."""
    return [item for item in package.resources if item.format in READERS and not _is_copy(package, item)]


def files_of(package: Package) -> list[Resource]:
    """Return the resources that are no tables."""
    return [item for item in package.resources if item.format not in READERS and not _is_copy(package, item)]


def _is_copy(package: Package, resource: Resource) -> bool:
    match = _COPY.fullmatch(resource.name)
    return bool(match and resource.schema is None and package.resource(match["table"]))


def load(session: Session, opened: OpenedPackage, resource: Resource) -> Loaded:
    """Read one table into the engine.

    Raises:
        ComparisonError: the file cannot be read, or has a shape in which cells would be lost.
    """
    remote = [path for path in resource.paths if paths.is_remote(path)]
    if remote:
        raise ComparisonError(f"{opened.place} is not compared: {remote[0]} is not read from the network.")
    try:
        try:
            return _loaded(session, resource, READERS[resource.format](opened, resource))
        except OddFileError:
            return _loaded(session, resource, EXACT_READERS[resource.format](opened, resource))
    except UnreadableFileError as error:
        raise ComparisonError(f"{error.path} of {opened.place} is not compared: {error.problem}.") from error


def _loaded(session: Session, resource: Resource, text: TextTable) -> Loaded:
    names = _names(resource, text.labels)
    columns = {name: sql.identifier(f"c{number}") for number, name in enumerate(names, 1)}
    schema = resource.schema
    missing = {item.name: _missing(resource, item) for item in schema.fields if item.name in columns} if schema else {}
    plan = Plan(
        columns=columns,
        missing={name: texts for name, texts in missing.items() if texts},
        of_others=() if resource.empty_is_missing else ("",),
    )
    table = session.load(resource, plan, text.batches, arrow_schema(len(names)))
    text.settle()
    _refuse_odd(resource, text)
    fields = schema.names if schema else ()
    return Loaded(resource, table, (*fields, *(name for name in names if name not in fields)))


def _refuse_odd(resource: Resource, text: TextTable) -> None:
    """Refuse a table in which a cell would be lost or has no place."""
    if text.facts.empty_line is not None:
        where = f"{resource.place} row {text.facts.empty_line}"
        raise ComparisonError(f"{where} is not compared: The row is empty. Run diplodata validate.")
    for item in text.findings:
        if item.severity == "error":
            where = f" row {item.row}" if item.row else ""
            raise ComparisonError(f"{item.path}{where} is not compared: {item.message} Run diplodata validate.")


def _names(resource: Resource, labels: Sequence[str]) -> tuple[str, ...]:
    """Return the name of each column, no two of them equal."""
    labels = [label.strip() for label in labels]
    names = resource.schema.column_names(labels) if resource.schema else tuple(labels)
    return tuple(_distinct(names))


def _distinct(names: Sequence[str]) -> Iterator[str]:
    found: set[str] = set()
    for name in names:
        number, unused = 1, name
        while unused in found:
            number += 1
            unused = f"{name} ({number})"
        found.add(unused)
        yield unused


def _missing(resource: Resource, field: Field) -> Sequence[str]:
    """Return the missing values that are still in the batches."""
    of_schema = resource.schema.missing_values if resource.schema else ()
    texts = of_schema if field.missing_values is None else field.missing_values
    return [text for text in texts if text or not resource.empty_is_missing]


def digest(cells: Mapping[str, str]) -> str:
    """Return the SQL expression of the SHA-256 digest of a record.

    * The text is ``<length>:<name>=<length>:<value>,`` for each cell that has a value, lengths in bytes of UTF-8.

    Args:
        cells: name -> SQL expression, in the order of the text.
    """
    parts = [
        f"CASE WHEN {cell} IS NULL THEN '' ELSE "
        f"{sql.literal(f'{len(name.encode())}:{name}=')} || strlen({cell}) || ':' || {cell} || ',' END"
        for name, cell in cells.items()
    ]
    return f"sha256(concat({', '.join(parts)}))" if parts else "sha256('')"
