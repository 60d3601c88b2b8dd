"""A package as tables of a database: columns with types, keys, indexes on references, and a view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from diplodata.formats.writing import Member, TargetColumn, Whole
from diplodata.model.schema import ForeignKey

#: Name of the view, and what it is made of: (table, columns that it needs).
OVERVIEW = "meeting_overview"
_NEEDED = {
    "meetings": ("id", "title", "organization_id", "host_id", "status", "format", "start_date", "end_date", "city"),
    "organizations": ("id", "name"),
    "participants": ("meeting_id",),
    "statements": ("meeting_id",),
}
_OVERVIEW_SQL = f"""CREATE VIEW {OVERVIEW} AS
SELECT m.id, m.title, m.start_date, m.end_date, m.status, m.format, m.city,
  (SELECT o.name FROM organizations AS o WHERE o.id = m.organization_id) AS organization,
  (SELECT o.name FROM organizations AS o WHERE o.id = m.host_id) AS host,
  (SELECT count(*) FROM participants AS p WHERE p.meeting_id = m.id) AS participants,
  (SELECT count(*) FROM statements AS s WHERE s.meeting_id = m.id) AS statements
FROM meetings AS m"""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table: its columns, and for a reference those that it refers to."""

    table: str
    columns: tuple[str, ...]
    parent: str = ""
    parent_columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Name the key for messages."""
        return f"{self.table}.{'+'.join(self.columns)}"


def left_out(keys: Mapping[Key, str]) -> tuple[str, ...]:
    """Return a line for each reason for which keys are left out."""
    by_reason: dict[str, list[str]] = {}
    for key, why in keys.items():
        by_reason.setdefault(why, []).append(f"{key}{' (reference)' if key.parent else ''}")
    return tuple(f"No key in the database, as {why}: {', '.join(names)}." for why, names in by_reason.items())


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def listed(names: tuple[str, ...]) -> str:
    """Return names as a list of SQL."""
    return ", ".join(map(quoted, names))


def primary_keys(whole: Whole) -> dict[str, Key]:
    """Return the primary keys by table, for tables that have all their columns."""
    found = {}
    for member in whole.members:
        columns = member.schema.primary_key if member.schema else ()
        if columns and set(columns) <= _labels(member):
            found[member.place] = Key(member.place, columns)
    return found


def references(whole: Whole) -> Iterator[Key]:
    """Yield the references between tables that are there, with all their columns."""
    by_name = {member.name: member for member in whole.members}
    for member in whole.members:
        for key in member.schema.foreign_keys if member.schema else ():
            parent = by_name.get(key.resource or member.name)
            if parent is not None and _are_there(key, member, parent):
                yield Key(member.place, key.fields, parent.place, key.reference_fields)


def _are_there(key: ForeignKey, member: Member, parent: Member) -> bool:
    return set(key.fields) <= _labels(member) and set(key.reference_fields) <= _labels(parent)


def _labels(member: Member) -> set[str]:
    return {column.name for column in member.table.columns}


def create_table(
    member: Member,
    type_of: Callable[[TargetColumn], str],
    primary: Key | None,
    foreign: Sequence[Key],
    unique: Sequence[tuple[str, ...]] = (),
) -> str:
    """Return the statement that makes a table.

    Args:
        member: the table.
        type_of: gives the database's name for the type of a column.
        primary: its primary key.
        foreign: its references.
        unique: columns that other tables refer to, beside the primary key.
    """
    lines = [f"{quoted(column.name)} {type_of(column)}" for column in member.table.columns]
    if primary:
        lines.append(f"PRIMARY KEY ({listed(primary.columns)})")
    lines += [f"UNIQUE ({listed(columns)})" for columns in unique]
    for key in foreign:
        parent = f"{quoted(key.parent)} ({listed(key.parent_columns)})"
        lines.append(f"FOREIGN KEY ({listed(key.columns)}) REFERENCES {parent}")
    return f"CREATE TABLE {quoted(member.place)} (\n  " + ",\n  ".join(lines) + "\n)"


def create_index(key: Key, number: int) -> str:
    """Return the statement that makes the index of a reference."""
    name = quoted(f"_reference_{number}_{key.table}")
    return f"CREATE INDEX {name} ON {quoted(key.table)} ({listed(key.columns)})"


def overview(whole: Whole) -> str | None:
    """Return the statement that makes the view on meetings; None where it has no place."""
    tables = {member.place: _labels(member) for member in whole.members}
    if not whole.is_standard or OVERVIEW in {name.lower() for name in tables}:
        return None
    is_whole = all(set(columns) <= tables.get(name, set()) for name, columns in _NEEDED.items())
    return _OVERVIEW_SQL if is_whole else None
