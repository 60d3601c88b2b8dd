"""The two questions every check asks: for how many rows does it hold, and which are the first."""

from __future__ import annotations

from diplodata.engine.session import LoadedTable, Session


def counts(session: Session, table: LoadedTable, conditions: list[str]) -> list[int]:
    """Return for how many rows each condition holds, in one pass over the table."""
    if not conditions or not table.rows:
        return [0] * len(conditions)
    parts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    return list(session.rows(f"SELECT {parts} FROM {table.table}")[0])


def cells(
    session: Session, table: LoadedTable, field_name: str, condition: str, room: int | None
) -> list[tuple[int, str | None, str | None]]:
    """Return (row, value, record identifier) of the first cells for which a condition holds."""
    if room == 0:
        return []
    identity = table.columns.get("id", "NULL") if table.resource.is_standard else "NULL"
    query = f"SELECT _row, {table.columns[field_name]}, {identity} FROM {table.table} WHERE {condition} ORDER BY _row"
    return session.rows(query + (f" LIMIT {room}" if room is not None else ""))
