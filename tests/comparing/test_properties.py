"""What holds for any two tables: a table equals itself, changes lead from the older to the newer one, and both ways
tell the same."""

import csv
import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diplodata.comparing import compare, content_hash
from diplodata.model.changes import MIRRORED, Changes, RecordChange, TableChange
from diplodata.package.locate import open_source

EXAMPLES = 1000 if os.environ.get("DIPLODATA_DEEP") else 40

#: Text that means "no value"; an empty cell is an empty text.
MISSING = "-"

Table = tuple[tuple[str, ...], list[dict[str, str]]]

CELLS = st.sampled_from([MISSING, "", "a", "b", 'ä,\n"', "2:x="])
KEYS = st.sampled_from(["1", "2", "3", "10", "k"])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return columns and records; the first column is the key, which may stand twice."""
    columns = ("id", *draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True, max_size=3)))
    keys = draw(st.lists(KEYS, unique=draw(st.integers(0, 9)) > 0, max_size=5))
    rows = [{"id": key, **{name: draw(CELLS) for name in columns[1:]}} for key in keys]
    return columns, rows


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Table, Table, bool]:
    """Return two tables, the second often made of the first, and whether they have a primary key."""
    old = draw(tables())
    columns, rows = [*old[0]], [dict(row) for row in old[1]]
    if draw(st.integers(0, 3)) == 0:
        return old, draw(tables()), draw(st.booleans())
    if len(columns) > 1 and draw(st.booleans()):
        name, other = columns[-1], draw(st.sampled_from(["x", "y"]))
        columns[-1] = other
        rows = [{other if key == name else key: text for key, text in row.items()} for row in rows]
    for row in rows:
        change = draw(st.integers(0, 3))
        if change == 0:
            row["id"] = draw(st.sampled_from(["7", "8", "9"]))
        elif change == 1:
            row[columns[-1]] = draw(CELLS) if len(columns) > 1 else row["id"]
    kept = draw(st.permutations(rows))[: draw(st.integers(0, len(rows)))]
    return old, (tuple(columns), [*kept]), draw(st.integers(0, 4)) > 0


def written(folder: Path, table: Table, *, has_key: bool) -> Path:
    columns, rows = table
    folder.mkdir()
    fields = [{"name": name, "type": "string"} for name in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [MISSING]}
    schema |= {"primaryKey": "id"} if has_key else {}
    resource = {"name": "things", "type": "table", "path": "things.csv", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"name": "x", "resources": [resource]}), encoding="utf-8")
    with (folder / "things.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row[name] for name in columns] for row in rows)
    return folder


def cells(row: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in row.items() if text != MISSING}


def multiset(rows: list[dict[str, str]]) -> Counter[frozenset[tuple[str, str]]]:
    return Counter(frozenset(cells(row).items()) for row in rows)


def applied(table: TableChange, rows: list[dict[str, str]]) -> Counter[frozenset[tuple[str, str]]]:
    """Return the records to which changes lead from the older ones, as a multiset."""
    names = dict(table.columns_renamed)
    before = [{names.get(name, name): text for name, text in cells(row).items()} for row in rows]
    if table.not_comparable:
        heap = Counter(frozenset(row.items()) for row in before)
        for change in table.records:
            row = frozenset((item.field, item.old or item.new or "") for item in change.values)
            heap[row] += change.times if change.action == "added" else -change.times
        return +heap
    held = {tuple(row[name] for name in table.key): row for row in before}
    # Keys may move in a circle: all that leave do so first.
    coming: list[dict[str, str | None]] = []
    for change in table.records:
        key, new_key = [dict(item) for item in (change.key, change.new_key)]
        row: dict[str, str | None] = {}
        if change.action != "added":
            row |= held.pop(tuple(str(key[name]) for name in table.key))
        for item in change.values:
            assert row.get(item.field) == item.old
            row[item.field] = item.new
        if change.action != "removed":
            coming.append(row | (new_key or key))
    after = [*held.values(), *coming]
    return Counter(frozenset((name, text) for name, text in row.items() if text is not None) for row in after)


@settings(max_examples=EXAMPLES, deadline=None)
@given(pairs())
def test_changes_lead_from_the_older_to_the_newer_table_and_back(made: tuple[Table, Table, bool]) -> None:
    old, new, has_key = made
    with tempfile.TemporaryDirectory() as name:
        places = [written(Path(name) / side, table, has_key=has_key) for side, table in (("old", old), ("new", new))]
        there, back = compare(*places), compare(*reversed(places))
        hashes = []
        for place in places:
            with open_source(place) as opened:
                hashes.append(content_hash(opened))
    table = there.tables[0]
    assert applied(table, old[1]) == multiset(new[1])
    assert told(there) == told(back, mirrored=True)
    numbers: Counter[str] = Counter()
    for item in table.records:
        numbers[item.action] += item.times
    assert numbers == +Counter(table.counts)
    same = multiset(old[1]) == multiset(new[1])
    assert (hashes[0] == hashes[1]) == same
    if same and old[0] == new[0]:
        assert there.equal


def told(changes: Changes, *, mirrored: bool = False) -> object:
    """Return what changes say in an order of its own; mirrored, as the other way round would say it."""
    table = changes.tables[0]
    renamed = [tuple(reversed(pair)) for pair in table.columns_renamed] if mirrored else [*table.columns_renamed]
    names = dict(renamed) if mirrored else {}
    records = sorted(repr(_told(item, names, mirrored=mirrored)) for item in table.records)
    added, removed = table.columns_added, table.columns_removed
    columns = (removed, added) if mirrored else (added, removed)
    return table.status, table.not_comparable is None, [sorted(part) for part in columns], sorted(renamed), records


def _told(change: RecordChange, names: dict[str, str], *, mirrored: bool) -> object:
    keys = [sorted((names.get(name, name), text) for name, text in key) for key in (change.key, change.new_key)]
    values = [(names.get(item.field, item.field), item.old, item.new) for item in change.values]
    if not mirrored:
        return change.action, keys, sorted(values, key=repr), change.times
    keys = keys[::-1] if change.new_key else keys
    return (
        MIRRORED[change.action],
        keys,
        sorted(((name, new, old) for name, old, new in values), key=repr),
        change.times,
    )
