"""Rows without a value: one finding takes the place of all others of the row."""

from __future__ import annotations

from collections.abc import Sequence

from diplodata.catalogue import finding
from diplodata.engine.session import LoadedTable, Session
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding

#: Codes of findings on the number of cells of a row.
_OF_LENGTH = ("extra-cell", "missing-cell")


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
    # The condition looks at marks itself, so it is asked once.
    session.mark_row(table, blank)
    table.marked.update(table.columns)


def without_blank(session: Session, table: LoadedTable, findings: Sequence[Finding]) -> list[Finding]:
    """Return findings without those on the number of cells of rows that hold no value: such a row is one finding."""
    rows = {item.row for item in findings if item.row is not None and item.code in _OF_LENGTH}
    rows -= {item.row for item in findings if item.code not in _OF_LENGTH}
    if not rows or not table.has_blank:
        return list(findings)
    listed = ", ".join(str(int(row)) for row in sorted(rows))
    found = session.rows(f"SELECT _row FROM {table.table} WHERE _row IN ({listed}) AND {table.plan.blank}")
    blank = {row for (row,) in found}
    return [item for item in findings if item.row not in blank]


def _finding(table: LoadedTable, row: int | None) -> Finding:
    return finding("blank-row", resource=table.resource.name, path=table.resource.place, row=row)
