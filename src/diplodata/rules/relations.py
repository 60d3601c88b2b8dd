"""What rules can ask of beside the tables: each relation is made when a rule that is asked names it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources

import pyarrow as pa

from diplodata.engine import sql
from diplodata.engine.session import LoadedTable, Session
from diplodata.rules import languages, oddities, provenance
from diplodata.rules.inputs import Inputs
from diplodata.standard import registry, tables

#: States of a record in which only rules about identifiers and references look at it.
INACTIVE = ("superseded", "merged", "withdrawn")


#: Tables whose records should be referred to.
_MENTIONED = ("organizations", "persons", "initiatives", "sources")


@dataclass
class Relations:
    """The views and tables that rules read."""

    session: Session
    inputs: Inputs
    tables: Mapping[str, LoadedTable]
    #: Tables that are in the package and could not be read.
    lost: tuple[str, ...]
    _made: set[str] = field(default_factory=set)
    _empty: dict[str, bool] = field(default_factory=dict)

    def make_views(self) -> None:
        """Give every table two views under its own names: ``all_<table>``, and ``<table>`` without inactive records.

        Small ones are copied: planning a question over a view takes longer than reading the copy.
        """
        what = "TABLE" if self.session.is_small else "VIEW"
        for name, table in self.tables.items():
            names = table.resource.schema.names if table.resource.schema else ()
            columns = ", ".join(
                f"{table.columns.get(item, 'NULL::VARCHAR')} AS {sql.identifier(item)}" for item in names
            )
            self.session.execute(f"CREATE {what} all_{name} AS SELECT _row, {columns} FROM {table.table}")
            self.session.execute(f"CREATE {what} {name} AS SELECT * FROM all_{name} WHERE {is_active(names)}")

    def make(self, names: Iterable[str]) -> None:
        """Make the relations among the names that are not there yet."""
        for name in names:
            if name in RELATIONS and name not in self._made:
                self._made.add(name)
                RELATIONS[name](self)

    def is_empty(self, name: str) -> bool:
        """Whether a relation has no row; it is made before."""
        self.make([name])
        if name not in self._empty:
            self._empty[name] = not self.session.rows(f"SELECT 1 FROM {name} LIMIT 1")
        return self._empty[name]

    def create(self, statement: str) -> None:
        """Run a statement that makes a relation, with the macros that it names."""
        self.session.define(statement)
        self.session.execute(statement)

    def fill(self, name: str, columns: Mapping[str, Iterable[str | None]]) -> None:
        """Make a relation of columns of text."""
        # Not by way of Arrow, which loads pandas to look at lists.
        texts = ", ".join(f"unnest(${number}::VARCHAR[]) AS {column}" for number, column in enumerate(columns, 1))
        self.session.rows(f"CREATE TABLE {name} AS SELECT {texts}", [list(values) for values in columns.values()])


def is_active(names: Iterable[str], column: str = "record_status") -> str:
    """Return the condition that a record is active."""
    return f"coalesce({column} NOT IN ({sql.literals(INACTIVE)}), true)" if "record_status" in names else "true"


def _no_row(*names: str) -> str:
    """Return a query that has columns of text and no row, so that a union has at least one part."""
    return f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in names)} WHERE false"


def _records(self: Relations) -> None:
    """(record_table, id, is_active, confidence, note) of every record; NULL where its table has no such field."""
    parts = [
        f"SELECT {sql.literal(name)} AS record_table, id, {_own(self, name)} FROM all_{name}" for name in self.tables
    ]
    self.session.execute(f"CREATE VIEW records AS {' UNION ALL '.join(parts)}")


def _own(self: Relations, table: str) -> str:
    schema = self.tables[table].resource.schema
    names = schema.names if schema else ()
    own = (f"{name if name in names else 'NULL'} AS {name}" for name in ("confidence", "note"))
    return ", ".join((f"{is_active(names)} AS is_active", *own))


def _unread(self: Relations) -> None:
    """(record_table) of tables that are in the package and could not be read."""
    self.fill("unread", {"record_table": self.lost})


def _present(self: Relations) -> None:
    """(record_table) of tables that are in the package, read or not."""
    self.fill("present", {"record_table": (*self.tables, *self.lost)})


def _mentions(self: Relations) -> None:
    """(record_table, id) of what a record refers to among the tables of _MENTIONED; none mentions itself."""
    parts = []
    for name, table in self.tables.items():
        for item in table.resource.schema.fields if table.resource.schema else ():
            notes = item.annotations
            if notes.kind != "reference" or item.name not in table.filled:
                continue
            value = f"unnest(string_split({item.name}, ' '))" if notes.is_list else item.name
            source = table.texts(item.name, f"all_{name}")
            if name in notes.references and not notes.is_list:
                # No record mentions itself.
                source = f"SELECT DISTINCT {item.name} FROM all_{name} WHERE {item.name} IS DISTINCT FROM id"
            parts += [
                f"SELECT {sql.literal(target)} AS record_table, {value} AS id FROM ({source})"
                for target in notes.references
                if target in _MENTIONED
            ]
    parts.append(_no_row("record_table", "id"))
    self.session.execute(f"CREATE TABLE mentions AS {' UNION ALL '.join(parts)}")


def _inactive(self: Relations) -> None:
    """(record_table, id, record_status) of records that only rules about identifiers and references look at."""
    parts = [
        f"SELECT {sql.literal(name)} AS record_table, id, record_status FROM all_{name} WHERE NOT ({is_active(fields)})"
        for name, table in self.tables.items()
        if "record_status" in (fields := table.filled)
    ]
    parts.append(_no_row("record_table", "id", "record_status"))
    self.session.execute(f"CREATE TABLE inactive AS {' UNION ALL '.join(parts)}")


def _columns(self: Relations) -> None:
    """(record_table, field_name, kind) of every field of the standard; for a package's own columns kind is NULL."""
    version = self.inputs.standard
    rows = [
        (name, item.name, item.annotations.kind)
        for name in registry.table_names(version)
        for item in tables.schema(version, name).fields
    ]
    rows += [(name, column, None) for name in self.tables for column in self.tables[name].columns if column[:2] == "x_"]
    self.fill("known_fields", dict(zip(("record_table", "field_name", "kind"), zip(*rows, strict=True), strict=True)))


def _codes(self: Relations) -> None:
    """(codelist, code, status) of every code of the standard and of the package."""
    version = self.inputs.standard
    rows = [
        (codelist, row["code"], row["status"])
        for codelist in registry.codelists(version)
        for row in csv.DictReader(registry.codelist_text(version, codelist).splitlines())
    ]
    rows += self.inputs.codes
    self.fill("codes", dict(zip(("codelist", "code", "status"), zip(*rows, strict=True), strict=True)))


def _countries(self: Relations) -> None:
    """(code, valid_from, valid_to) of every code of a country; a bound that is not known is NULL."""
    rows = list(csv.DictReader(registry.codelist_text(self.inputs.standard, "country").splitlines()))
    names = ("code", "valid_from", "valid_to")
    self.fill("countries", {name: [row[name] or None for row in rows] for name in names})


def _zones(self: Relations) -> None:
    """(name) of the IANA time zones."""
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    self.fill("zones", {"name": names.split()})


def _day(self: Relations) -> None:
    """(as_of), the day of checking, in one row."""
    self.session.execute(f"CREATE VIEW checking AS SELECT DATE {sql.literal(self.inputs.as_of.isoformat())} AS as_of")


def _prefixes(self: Relations) -> None:
    """(prefix) that the package declares."""
    self.fill("prefixes", {"prefix": self.inputs.prefixes})


def _publisher(self: Relations) -> None:
    """(name) of who publishes the package, in one row; NULL when the descriptor does not say it."""
    self.fill("publisher", {"name": [self.inputs.publisher or None]})


def _registered(self: Relations) -> None:
    """(prefix, status, publisher) of the registry of prefixes."""
    found = self.inputs.registry or ()
    names = ("prefix", "status", "publisher")
    self.fill("registered", {name: [getattr(item, name) for item in found] for name in names})


def _previous(self: Relations) -> None:
    """(record_table, id) of every record of the earlier release."""
    self.fill("previous", {"record_table": (), "id": ()})
    for name, table in (self.inputs.previous or {}).items():
        owner = pa.array([name] * table.num_rows, pa.string())
        self.session.insert("previous", {"record_table": owner, "id": table["id"].combine_chunks()})


def _modified(self: Relations) -> None:
    """(record_table, _row, field_name, shared_value) of every cell that differs in a record that the project shares."""
    parts = [_no_row("record_table", "_row", "field_name", "shared_value")]
    for name, table in (self.inputs.shared or {}).items():
        if name not in self.tables:
            continue
        self.session.insert(f"shared_{name}", {column: table[column].combine_chunks() for column in table.column_names})
        known = tables.schema(self.inputs.standard, name).names
        columns = [column for column in table.column_names if column in known and column in self.tables[name].columns]
        own = ", ".join(f"CAST(own.{column} AS VARCHAR)" for column in columns)
        shared = ", ".join(f"shared.{column}" for column in columns)
        parts.append(
            f"SELECT {sql.literal(name)} AS record_table, _row, field_name, shared_value FROM (SELECT own._row, "
            f"unnest([{sql.literals(columns)}]) AS field_name, unnest([{own}]) AS value, "
            f"unnest([{shared}]) AS shared_value FROM all_{name} AS own JOIN shared_{name} AS shared USING (id)) "
            "WHERE value IS DISTINCT FROM shared_value"
        )
    self.session.execute(f"CREATE VIEW modified AS {' UNION ALL '.join(parts)}")


def _snapshots(self: Relations) -> None:
    """(source_id, content) of the kept texts of sources."""
    found = self.inputs.snapshots or ()
    self.fill("snapshots", {"source_id": [item[0] for item in found], "content": [item[1] for item in found]})


#: name -> how it is made.
RELATIONS: Mapping[str, Callable[[Relations], None]] = {
    "alone": provenance.alone,
    "checking": _day,
    "claimed": provenance.claimed,
    "codes": _codes,
    "countries": _countries,
    "inactive": _inactive,
    "implied": languages.implied,
    "kin": provenance.kin,
    "known_fields": _columns,
    "foreign_texts": languages.foreign_texts,
    "mentions": _mentions,
    "modified": _modified,
    "odd_codes": oddities.odd_codes,
    "omitted": oddities.omitted,
    "origins": provenance.origins,
    "prefixes": _prefixes,
    "present": _present,
    "previous": _previous,
    "publisher": _publisher,
    "records": _records,
    "registered": _registered,
    "snapshots": _snapshots,
    "support": provenance.support,
    "undeclared": oddities.undeclared,
    "unknown_tags": languages.unknown_tags,
    "unread": _unread,
    "zones": _zones,
}
