"""Rows without a value: one finding takes the place of all others of the row."""

from __future__ import annotations

from diplodata.catalogue import finding
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding


def check_blank_rows(session: Session, table: LoadedTable, tally: Tally) -> None:
    """Report rows in which every cell is empty or a missing value, and pass them over in all later checks."""
    if not table.has_blank:
        return
    blank = table.plan.blank
    if table.marked:
        blank += f" AND {session.without_findings(table)}"
    number = session.value(f"SELECT count(*) FROM {table.table} WHERE {blank}")
    if not number:
        return
    tally.count(_finding(table, None), number)
    room = tally.room("blank-row")
    query = f"SELECT _row FROM {table.table} WHERE {blank} ORDER BY _row" + ("" if room is None else f" LIMIT {room}")
    for (row,) in session.rows(query):
        tally.keep(_finding(table, row))
    for name in table.columns:
        session.mark(table, name, blank)
        table.marked.add(name)


def _finding(table: LoadedTable, row: int | None) -> Finding:
    return finding("blank-row", resource=table.resource.name, path=table.resource.place, row=row)
