"""Records that differ: joined by key where there is one, counted as equal rows where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diplodata.comparing.columns import Alignment, Column, join, projection
from diplodata.comparing.loading import Loaded, digest
from diplodata.comparing.spool import Spool
from diplodata.engine.session import Session
from diplodata.model.changes import ACTIONS, Action, Cells, RecordChange, ValueChange

#: Records that are fetched at a time.
_PORTION = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """What is different in the records of one table."""

    counts: dict[Action, int]
    records: Spool


@dataclass(frozen=True, slots=True)
class _Work:
    """Two tables with the same columns; ``pairs`` has the rows of those that differ."""

    session: Session
    old: str
    new: str
    key: tuple[Column, ...]
    cells: tuple[Column, ...]
    #: Numbers of the cells that both sides have.
    shared: tuple[int, ...]

    @property
    def keys(self) -> list[str]:
        """Names of the columns of the key."""
        return [f"k{place}" for place in range(len(self.key))]


def differences(session: Session, old: Loaded | None, new: Loaded | None, how: Alignment) -> Found:
    """Return the records that differ between two tables.

    * A record that was removed and one that was added are one that was re-identified when all cells beside the key, in
      the columns that both tables have, are equal, and not all empty. Of several that are alike, the first by its key
      goes with the first.

    Args:
        session: the engine that holds both tables.
        old: the older table; None when there is none.
        new: the newer table; None when there is none.
        how: how their columns belong together.
    """
    if how.obstacle is not None:
        return _without_key(session, old, new, how)
    if old is None or new is None:
        return _one_sided(session, old, new, how)
    shared = tuple(place for place, item in enumerate(how.rest) if item in how.shared)
    work = _Work(
        session,
        projection(old, [item.old for item in how.key], [item.old for item in how.rest]),
        projection(new, [item.new for item in how.key], [item.new for item in how.rest]),
        how.key,
        how.rest,
        shared,
    )
    differ = [f"old.v{place} IS DISTINCT FROM new.v{place}" for place in range(len(how.rest))]
    condition = " OR ".join(["old._row IS NULL", "new._row IS NULL", *differ])
    source = join(old, new, how.key, "FULL JOIN", how.rest)
    session.execute(
        f"CREATE OR REPLACE TABLE pairs AS SELECT old._row AS old_row, new._row AS new_row "
        f"FROM {source} WHERE {condition}"
    )
    _match(work)
    counts = _counts(work)
    return Found(counts, Spool(_changes(work, counts)))


def _counts(work: _Work) -> dict[Action, int]:
    removed, added, changed, moved = work.session.rows(
        "SELECT count(*) FILTER (WHERE new_row IS NULL), count(*) FILTER (WHERE old_row IS NULL), "
        "count(*) FILTER (WHERE old_row IS NOT NULL AND new_row IS NOT NULL), "
        "(SELECT count(*) FROM matched) FROM pairs"
    )[0]
    return dict(zip(ACTIONS, (removed - moved, added - moved, moved, changed), strict=True))


def _match(work: _Work) -> None:
    """Make the table ``matched`` of the rows that were re-identified."""
    nothing = "CREATE OR REPLACE TABLE matched (old_row BIGINT, new_row BIGINT)"
    gone, come = work.session.rows(
        "SELECT count(*) FILTER (WHERE new_row IS NULL), count(*) FILTER (WHERE old_row IS NULL) FROM pairs"
    )[0]
    if not (gone and come and work.shared):
        work.session.execute(nothing)
        return
    sides = [
        _digests(work, work.old, "old_row", "new_row"),
        _digests(work, work.new, "new_row", "old_row"),
    ]
    work.session.execute(
        f"CREATE OR REPLACE TABLE matched AS SELECT gone._row AS old_row, come._row AS new_row "
        f"FROM ({sides[0]}) AS gone JOIN ({sides[1]}) AS come ON gone.digest = come.digest AND gone.nth = come.nth"
    )


def _digests(work: _Work, side: str, here: str, there: str) -> str:
    cells = {str(place): f"v{place}" for place in work.shared}
    filled = " OR ".join(f"{cell} IS NOT NULL" for cell in cells.values())
    nth = f"row_number() OVER (PARTITION BY digest ORDER BY {', '.join(work.keys)}) AS nth"
    return (
        f"SELECT _row, digest, {nth} FROM (SELECT _row, {', '.join(work.keys)}, {digest(cells)} AS digest "
        f"FROM {side} JOIN pairs ON pairs.{here} = _row WHERE pairs.{there} IS NULL AND ({filled}))"
    )


def _changes(work: _Work, counts: dict[Action, int]) -> Iterator[RecordChange]:
    # What has not happened is not asked for.
    if counts["removed"]:
        yield from _single(work, "removed", work.old, "old_row", "new_row")
    if counts["added"]:
        yield from _single(work, "added", work.new, "new_row", "old_row")
    if counts["re-identified"]:
        yield from _double(work, "re-identified", "matched")
    if counts["changed"]:
        yield from _double(work, "changed", "pairs")


def _single(work: _Work, action: Action, side: str, here: str, there: str) -> Iterator[RecordChange]:
    columns = [*work.keys, *(f"v{place}" for place in range(len(work.cells)))]
    query = (
        f"SELECT {', '.join(columns)} FROM {side} JOIN pairs ON pairs.{here} = _row WHERE pairs.{there} IS NULL "
        f"AND NOT EXISTS (SELECT 1 FROM matched WHERE matched.{here} = _row) ORDER BY {', '.join(work.keys)}"
    )
    yield from _of_rows(work.session, query, action, work.key, work.cells)


def _of_rows(
    session: Session, query: str, action: Action, key: Sequence[Column], cells: Sequence[Column]
) -> Iterator[RecordChange]:
    names, number = [item.name for item in cells], len(key)
    for rows in session.portions(query, _PORTION):
        for row in rows:
            identity = tuple(zip((item.name for item in key), row[:number], strict=True))
            yield RecordChange(action, identity, _values(action, names, row[number:]))


def _values(action: Action, names: Sequence[str], texts: Sequence[str | None]) -> tuple[ValueChange, ...]:
    """Return the cells of a record that was added or removed; those without a value are left out."""
    pairs = ((name, text) for name, text in zip(names, texts, strict=True) if text is not None)
    if action == "added":
        return tuple(ValueChange(name, None, text) for name, text in pairs)
    return tuple(ValueChange(name, text, None) for name, text in pairs)


def _double(work: _Work, action: Action, table: str) -> Iterator[RecordChange]:
    columns = [f"{side}.{name}" for side in ("old", "new") for name in work.keys]
    columns += [f"{side}.v{place}" for place in range(len(work.cells)) for side in ("old", "new")]
    query = (
        f"SELECT {', '.join(columns)} FROM {table} JOIN {work.old} AS old ON old._row = {table}.old_row "
        f"JOIN {work.new} AS new ON new._row = {table}.new_row "
        f"ORDER BY {', '.join(f'old.{name}' for name in work.keys)}"
    )
    names, number = [item.name for item in work.cells], len(work.key)
    for rows in work.session.portions(query, _PORTION):
        for row in rows:
            before, after, texts = row[:number], row[number : 2 * number], row[2 * number :]
            pairs = zip(names, texts[::2], texts[1::2], strict=True)
            values = tuple(ValueChange(name, old, new) for name, old, new in pairs if old != new)
            new_key = _key(work.key, after) if action == "re-identified" else ()
            yield RecordChange(action, _key(work.key, before), values, new_key)


def _key(key: Sequence[Column], texts: Sequence[str | None]) -> Cells:
    return tuple(zip((item.name for item in key), texts, strict=True))


def _one_sided(session: Session, old: Loaded | None, new: Loaded | None, how: Alignment) -> Found:
    """Return all records of a table that only one side has."""
    side, action = (old, "removed") if old is not None else (new, "added")
    assert side is not None
    source = projection(side, [item.name for item in how.key], [item.name for item in how.rest])
    keys = [f"k{place}" for place in range(len(how.key))]
    columns = [*keys, *(f"v{place}" for place in range(len(how.rest)))]
    query = f"SELECT {', '.join(columns)} FROM {source} ORDER BY {', '.join(keys)}"
    records = Spool(_of_rows(session, query, _action(action), how.key, how.rest))
    return Found({_action(action): side.table.rows}, records)


def _action(name: str) -> Action:
    return "removed" if name == "removed" else "added"


def _without_key(session: Session, old: Loaded | None, new: Loaded | None, how: Alignment) -> Found:
    """Compare tables as heaps of rows: how often each stands in them."""
    parts = [
        _heap(side, [getattr(item, name) for item in how.rest], place)
        for place, (name, side) in enumerate((("old", old), ("new", new)))
        if side is not None
    ]
    cells = [f"v{place}" for place in range(len(how.rest))]
    heap = (
        "SELECT digest, CAST(sum(old_number) - sum(new_number) AS BIGINT) AS surplus, "
        "max(old_row) AS old_row, max(new_row) AS new_row "
        f"FROM ({' UNION ALL '.join(parts)}) GROUP BY digest HAVING sum(old_number) <> sum(new_number)"
    )
    session.execute(f"CREATE OR REPLACE TABLE heap AS {heap}")
    removed, added = session.rows(
        "SELECT coalesce(sum(surplus) FILTER (WHERE surplus > 0), 0), "
        "coalesce(-sum(surplus) FILTER (WHERE surplus < 0), 0) FROM heap"
    )[0]
    changes: list[Iterator[RecordChange]] = []
    if old is not None:
        changes.append(_surplus(session, projection(old, (), [item.old for item in how.rest]), "removed", how, cells))
    if new is not None:
        changes.append(_surplus(session, projection(new, (), [item.new for item in how.rest]), "added", how, cells))
    counts: dict[Action, int] = {"removed": int(removed), "added": int(added)}
    return Found(counts, Spool(change for part in changes for change in part))


def _heap(side: Loaded, names: Sequence[str | None], place: int) -> str:
    record = digest({str(number): side.cell(name) for number, name in enumerate(names)})
    # Digests alone: rows are fetched for those whose numbers differ.
    numbers = (
        ("1 AS old_number, 0 AS new_number, _row AS old_row, NULL AS new_row")
        if place == 0
        else ("0 AS old_number, 1 AS new_number, NULL AS old_row, _row AS new_row")
    )
    return f"SELECT {record} AS digest, {numbers} FROM {side.table.table}"


def _surplus(
    session: Session, source: str, action: Action, how: Alignment, cells: Sequence[str]
) -> Iterator[RecordChange]:
    row, sign = ("old_row", ">") if action == "removed" else ("new_row", "<")
    query = (
        f"SELECT abs(surplus), {', '.join(cells) or 'NULL'} FROM {source} JOIN heap ON heap.{row} = _row "
        f"WHERE surplus {sign} 0 ORDER BY digest"
    )
    names = [item.name for item in how.rest]
    for rows in session.portions(query, _PORTION):
        for number, *texts in rows:
            yield RecordChange(action, (), _values(action, names, texts[: len(names)]), times=int(number))
