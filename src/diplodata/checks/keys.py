"""Keys: primary keys and unique columns are grouped, references are joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diplodata.catalogue import finding
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.schema import ForeignKey


def check_unique(session: Session, table: LoadedTable, tally: Tally) -> None:
    """Look for repeated primary keys and repeated values of unique columns."""
    schema = table.resource.schema
    if schema is None:
        return
    if schema.primary_key and all(name in table.columns for name in schema.primary_key):
        _repeated(session, table, "primary-key", schema.primary_key, tally)
        _null_keys(session, table, schema.primary_key, tally)
    for field in schema.fields:
        is_unique = ("unique", True) in field.constraints and field.name in table.columns
        if is_unique and schema.primary_key != (field.name,):
            _repeated(session, table, "unique-error", (field.name,), tally)


def _repeated(session: Session, table: LoadedTable, code: str, names: Sequence[str], tally: Tally) -> None:
    columns = [table.columns[name] for name in names]
    filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    key = ", ".join(columns)
    # Equal counts prove that nothing is repeated, and cost far less than a window.
    total, distinct = session.rows(f"SELECT count(*), count(DISTINCT ({key})) FROM {table.table} WHERE {filled}")[0]
    if total == distinct:
        return
    previous = f"lag(_row) OVER (PARTITION BY {key} ORDER BY _row)"
    query = (
        f"SELECT _row, {_shown_key(columns)}, previous FROM (SELECT *, {previous} AS previous "
        f"FROM {table.table} WHERE {filled}) WHERE previous IS NOT NULL ORDER BY _row"
    )
    tally.count(_finding(table, code, names), total - distinct)
    for row, value, before in session.rows(query + _limit(tally, code)):
        tally.keep(_finding(table, code, names, row=row, value=value, limit=before))


def _null_keys(session: Session, table: LoadedTable, names: Sequence[str], tally: Tally) -> None:
    """Report empty key cells, unless the field is required: then that says it already."""
    schema = table.resource.schema
    for name in names:
        field = schema.field(name) if schema else None
        if field is None or field.is_required:
            continue
        condition = f"{table.columns[name]} IS NULL" + (
            f" AND {session.unmarked(table, name)}" if name in table.marked else ""
        )
        number = session.value(f"SELECT count(*) FROM {table.table} WHERE {condition}")
        if number:
            details = {"limit": "", "value": "An empty cell"}
            tally.count(_finding(table, "primary-key", (name,)), number)
            query = f"SELECT _row FROM {table.table} WHERE {condition} ORDER BY _row" + _limit(tally, "primary-key")
            for (row,) in session.rows(query):
                tally.keep(_finding(table, "primary-key", (name,), details, row=row))


def check_references(
    session: Session, table: LoadedTable, tables: Mapping[str, LoadedTable], known: Sequence[str], tally: Tally
) -> None:
    """Look for references without a record.

    Args:
        session: the engine.
        table: the child table.
        tables: all tables that could be read, by resource name.
        known: names of all resources of the package.
        tally: where findings go.
    """
    schema = table.resource.schema
    for key in schema.foreign_keys if schema else ():
        if not all(name in table.columns for name in key.fields):
            continue
        name = key.resource or table.resource.name
        parent = tables.get(name)
        if name not in known:
            problem = f"{table.resource.name}.{key.fields[0]} refers to {name}, which is not in the package."
            tally.add([_finding(table, "resource-error", key.fields, {"problem": problem})])
        elif parent is None or not all(column in parent.columns for column in key.reference_fields):
            problem = f"{table.resource.name}.{key.fields[0]} was not checked, because {name} could not be read."
            tally.add([_finding(table, "unchecked", key.fields, {"problem": problem})])
        else:
            _orphans(session, table, parent, key, tally)


def _orphans(session: Session, table: LoadedTable, parent: LoadedTable, key: ForeignKey, tally: Tally) -> None:
    columns = [table.columns[name] for name in key.fields]
    pairs = " AND ".join(
        f"parent.{parent.columns[there]} = child.{here}"
        for here, there in zip(columns, key.reference_fields, strict=True)
    )
    conditions = [f"child.{column} IS NOT NULL" for column in columns]
    conditions += [f"child.{session.unmarked(table, name)}" for name in key.fields if name in table.marked]
    source = (
        f"FROM {table.table} AS child WHERE {' AND '.join(conditions)} "
        f"AND NOT EXISTS (SELECT 1 FROM {parent.table} AS parent WHERE {pairs})"
    )
    number = session.value(f"SELECT count(*) {source}")
    if not number:
        return
    code, limit = "foreign-key", f"{parent.resource.name}.{', '.join(key.reference_fields)}"
    details = {"limit": f"{parent.resource.place} ({', '.join(key.reference_fields)})"}
    identity = table.columns.get("id", "NULL") if table.resource.is_standard else "NULL"
    query = f"SELECT _row, {_shown_key(columns)}, {identity} {source} ORDER BY _row" + _limit(tally, code)
    tally.count(_finding(table, code, key.fields), number)
    for row, value, record_id in session.rows(query):
        members = {"row": row, "value": value, "limit": limit, "record_id": record_id}
        tally.keep(_finding(table, code, key.fields, details, **members))


def _shown_key(columns: Sequence[str]) -> str:
    return columns[0] if len(columns) == 1 else f"concat_ws(', ', {', '.join(columns)})"


def _limit(tally: Tally, code: str) -> str:
    room = tally.room(code)
    return "" if room is None else f" LIMIT {room}"


def _finding(
    table: LoadedTable, code: str, names: Sequence[str], details: Mapping[str, Any] | None = None, **members: Any
) -> Finding:
    if code == "primary-key" and table.resource.is_standard:
        members.setdefault("record_id", members.get("value"))
    return finding(
        code,
        details,
        resource=table.resource.name,
        path=table.resource.place,
        column=table.number(names[0]),
        fields=tuple(names),
        **members,
    )
