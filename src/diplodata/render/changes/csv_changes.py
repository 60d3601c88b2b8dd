"""Changes as CSV, a line for each file, column and record, with the columns of GTFS Diff; every change is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from diplodata.model.changes import Action, Bump, Changes, RecordChange, TableChange
from diplodata.render.escaping import printable, without_commands
from diplodata.render.json_report import text_of

HEADER = ("id", "file", "action", "target", "identifier", "initial_value", "new_value", "note")

#: What became of a record -> action of GTFS Diff.
_ACTIONS: Mapping[Action, str] = {"added": "add", "removed": "delete", "changed": "update", "re-identified": "update"}

#: What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_Line = Sequence[str]


def render(changes: Changes, _: Bump, __: int) -> Iterator[str]:
    """Yield the lines; values are JSON in ASCII, so that no spreadsheet takes one for a formula."""
    yield _line(HEADER)
    number = 0
    for number, cells in enumerate(_lines(changes), 1):
        yield _line((str(number), *cells))


def _line(cells: _Line) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()


def _lines(changes: Changes) -> Iterator[_Line]:
    for member in changes.metadata:
        identifier = _json({"member": member.member})
        yield _whole("datapackage.json", "file", identifier, member.old, member.new, "descriptor")
    for file in changes.files:
        yield _whole(file.name, "file", "", file.old, file.new, "")
    for code in changes.codes:
        identifier = _json({"code": code.code})
        yield _whole(f"codelists/{code.codelist}.csv", "row", identifier, code.old, code.new, "code")
    for table in changes.tables:
        yield from _table(table)


def _whole(name: str, target: str, identifier: str, old: Any, new: Any, note: str) -> _Line:
    action = "add" if old is None else "delete" if new is None else "update"
    return _text(name), action, target, identifier, _json(old), _json(new), note


def _table(table: TableChange) -> Iterator[_Line]:
    name = table.name
    if table.status in ("added", "removed"):
        yield _text(name), "add" if table.status == "added" else "delete", "file", "", "", "", ""
    else:
        for old, new in table.columns_renamed:
            yield _whole(name, "column", _json({"column": old}), old, new, "renamed")
        for column in table.columns_removed:
            yield _whole(name, "column", _json({"column": column}), column, None, "")
        for column in table.columns_added:
            yield _whole(name, "column", _json({"column": column}), None, column, "")
        for item in table.schema:
            identifier = _json({"field": item.where, "keyword": item.keyword})
            yield _text(name), "update", "column", identifier, _json(item.old), _json(item.new), f"schema {item.effect}"
        for member in table.metadata:
            yield _whole(name, "file", _json({"member": member.member}), member.old, member.new, "resource")
    for change in table.records:
        yield _record(name, change)


def _record(name: str, change: RecordChange) -> _Line:
    old = {item.field: item.old for item in change.values if item.old is not None or change.action != "added"}
    new = {item.field: item.new for item in change.values if item.new is not None or change.action != "removed"}
    if change.action == "re-identified":
        old, new = dict(change.key) | old, dict(change.new_key) | new
    note = "re-identified" if change.action == "re-identified" else f"{change.times} times" if change.times > 1 else ""
    before = "" if change.action == "added" else _json(old)
    after = "" if change.action == "removed" else _json(new)
    identifier = _json(dict(change.key)) if change.key else ""
    return _text(name), _ACTIONS[change.action], "row", identifier, before, after, note


def _json(value: Any) -> str:
    if value is None:
        return ""
    text = text_of(value)
    # A number below zero would begin like a formula.
    return f" {text}" if text.startswith(_FORMULA) else text


def _text(name: str) -> str:
    text = without_commands(printable(name))
    return f"'{text}" if text.lstrip().startswith((*_FORMULA, "::")) else text
