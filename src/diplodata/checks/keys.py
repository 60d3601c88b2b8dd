"""Keys: primary keys and unique columns are grouped, references are joined; equal values count, not equal texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diplodata.catalogue import finding
from diplodata.checks.doubtful import normal_for
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.package import Package
from diplodata.model.schema import ForeignKey

Tables = Mapping[str, LoadedTable]


def key_fields(package: Package) -> dict[str, frozenset[str]]:
    """Return for every resource which fields are compared with each other, in it or from another."""
    found: dict[str, set[str]] = {name: set() for name in package.names}
    for resource in package.resources:
        schema = resource.schema
        if schema is None:
            continue
        here = found[resource.name]
        here.update(schema.primary_key, *schema.unique_keys)
        here.update(field.name for field in schema.fields if ("unique", True) in field.constraints)
        for key in schema.foreign_keys:
            here.update(key.fields)
            found.get(key.resource or resource.name, set()).update(key.reference_fields)
    return {name: frozenset(fields) for name, fields in found.items()}


def check_unique(session: Session, table: LoadedTable, tally: Tally) -> None:
    """Look for repeated primary keys, unique keys and values of unique columns."""
    schema = table.resource.schema
    if schema is None:
        return
    if schema.primary_key and _can_compare(table, schema.primary_key):
        _repeated(session, table, "primary-key", schema.primary_key, tally)
        _null_keys(session, table, schema.primary_key, tally)
    unique = [(field.name,) for field in schema.fields if ("unique", True) in field.constraints]
    for names in schema.unique_keys:
        if _can_compare(table, names) and names not in (schema.primary_key, *unique):
            _repeated(session, table, "unique-key", names, tally)
    for names in unique:
        if _can_compare(table, names) and names != schema.primary_key:
            _repeated(session, table, "unique-error", names, tally)


def _can_compare(table: LoadedTable, names: Sequence[str]) -> bool:
    return all(name in table.normal for name in names)


def _repeated(session: Session, table: LoadedTable, code: str, names: Sequence[str], tally: Tally) -> None:
    """Report every row whose key stands in an earlier row; keys with an empty part equal nothing."""
    keys = [f"k{number}" for number in range(len(names))]
    normal = ", ".join(f"{table.normal[name]} AS {key}" for name, key in zip(names, keys, strict=True))
    source = f"(SELECT *, {normal} FROM {table.table})"
    filled = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    key = ", ".join(keys)
    # As many hashes as rows prove that nothing is repeated, and cost far less than keys or a window.
    total, hashes = session.rows(f"SELECT count(*), count(DISTINCT hash({key})) FROM {source} WHERE {filled}")[0]
    if total == hashes:
        return
    distinct = session.value(f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {source} WHERE {filled})")
    if total == distinct:
        return
    columns = [table.columns[name] for name in names]
    previous = f"lag(_row) OVER (PARTITION BY {key} ORDER BY _row)"
    query = (
        f"SELECT _row, {_shown_key(columns)}, previous FROM (SELECT *, {previous} AS previous "
        f"FROM {source} WHERE {filled}) WHERE previous IS NOT NULL ORDER BY _row"
    )
    tally.count(_finding(table, code, names), total - distinct)
    for row, value, before in session.rows(query + _limit(tally, code)):
        tally.keep(_finding(table, code, names, row=row, value=value, limit=before))


def _null_keys(session: Session, table: LoadedTable, names: Sequence[str], tally: Tally) -> None:
    """Report empty parts of a primary key, unless the field is required: then that says it already."""
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
            problem = f"{name} is part of the primary key, and the cell is empty."
            tally.count(_finding(table, "primary-key", (name,), message=problem), number)
            query = f"SELECT _row FROM {table.table} WHERE {condition} ORDER BY _row" + _limit(tally, "primary-key")
            for (row,) in session.rows(query):
                tally.keep(_finding(table, "primary-key", (name,), message=problem, row=row))


def check_references(session: Session, table: LoadedTable, tables: Tables, known: Sequence[str], tally: Tally) -> None:
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
        is_empty = not all(name in table.filled for name in key.fields)
        problem = _obstacle(table, key, tables, known)
        if problem is not None:
            code, text = problem
            if code == "unchecked" and is_empty:
                continue
            tally.add([_finding(table, code, key.fields, {"problem": text})])
        elif not is_empty and _can_compare(table, key.fields):
            _orphans(session, table, tables[key.resource or table.resource.name], key, tally)


def _obstacle(table: LoadedTable, key: ForeignKey, tables: Tables, known: Sequence[str]) -> tuple[str, str] | None:
    """Say why a reference cannot be checked: (code, problem), or None; references that mean nothing are gone."""
    name = key.resource or table.resource.name
    what = f"{table.resource.name}.{key.fields[0]}"
    if name not in known:
        return "resource-error", f"{what} refers to {name}, which is not in the package."
    parent = tables.get(name)
    if parent is None:
        return "unchecked", f"{what} was not checked, because {name} could not be read."
    if not _can_compare(parent, key.reference_fields):
        return "unchecked", f"{what} was not checked, because {name}.{key.reference_fields[0]} could not be read."
    return None


def _orphans(session: Session, table: LoadedTable, parent: LoadedTable, key: ForeignKey, tally: Tally) -> None:
    """Report rows whose key is not in the parent; a key with an empty part is no reference (SQL, simple match)."""
    keys = [f"k{number}" for number in range(len(key.fields))]
    here = _normal_forms(table, key.fields, parent, key.reference_fields)
    there = _normal_forms(parent, key.reference_fields, table, key.fields)
    # A value that equals nothing, as NaN, is a reference to nothing; values that are no values have failed already.
    conditions = [f"{table.columns[name]} IS NOT NULL" for name in key.fields]
    conditions += [session.unmarked(table, name) for name in key.fields if name in table.marked]
    pairs = " AND ".join(f"parent.{part} = child.{part}" for part in keys)
    filled = f"FROM {table.table} WHERE {' AND '.join(conditions)}"
    without = f"ANTI JOIN (SELECT {there} FROM {parent.table}) AS parent ON {pairs}"
    number = session.value(f"SELECT count(*) FROM (SELECT {here} {filled}) AS child {without}")
    if not number:
        return
    code, limit = "foreign-key", f"{parent.resource.name}.{', '.join(key.reference_fields)}"
    details = {"limit": f"{parent.resource.place} ({', '.join(key.reference_fields)})"}
    columns = [table.columns[name] for name in key.fields]
    identity = table.columns.get("id", "NULL") if table.resource.is_standard else "NULL"
    child = f"(SELECT _row, {_shown_key(columns)} AS shown, {identity} AS identity, {here} {filled}) AS child"
    query = f"SELECT _row, shown, identity FROM {child} {without} ORDER BY _row" + _limit(tally, code)
    tally.count(_finding(table, code, key.fields), number)
    for row, value, record_id in session.rows(query):
        members = {"row": row, "value": value, "limit": limit, "record_id": record_id}
        tally.keep(_finding(table, code, key.fields, details, **members))


def _normal_forms(table: LoadedTable, names: Sequence[str], other: LoadedTable, others: Sequence[str]) -> str:
    """Return the columns ``k0`` … with values of a table that can be compared with those of another one."""
    schema = other.resource.schema
    partners = [schema.field(name) if schema else None for name in others]
    pairs = enumerate(zip(names, partners, strict=True))
    return ", ".join(f"{normal_for(table, name, partner)} AS k{place}" for place, (name, partner) in pairs)


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
