"""The two questions every check asks: for how many rows does it hold, and which are the first."""

from __future__ import annotations

from diplodata.engine.session import LoadedTable, Session

#: Conditions that are asked in one pass. Each looks up verdicts, which takes memory of the engine: hundreds, as in
#: a table of a hundred columns with a bad cell in each, would take more than it has.
_AT_ONCE = 16


def counts(session: Session, table: LoadedTable, conditions: list[str]) -> list[int]:
    """Return for how many rows each condition holds, in as few passes over the table as memory allows."""
    if not table.rows:
        return [0] * len(conditions)
    found: list[int] = []
    for start in range(0, len(conditions), _AT_ONCE):
        asked = conditions[start : start + _AT_ONCE]
        parts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in asked)
        found += session.rows(f"SELECT {parts} FROM {table.table}")[0]
    return found


def cells(
    session: Session, table: LoadedTable, field_name: str, condition: str, room: int | None
) -> list[tuple[int, str | None, str | None]]:
    """Return (row, value, record identifier) of the first cells for which a condition holds."""
    if room == 0:
        return []
    identity = table.columns.get("id", "NULL") if table.resource.is_standard else "NULL"
    query = f"SELECT _row, {table.columns[field_name]}, {identity} FROM {table.table} WHERE {condition} ORDER BY _row"
    return session.rows(query + (f" LIMIT {room}" if room is not None else ""))
