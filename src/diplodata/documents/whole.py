"""A document as a whole: what its JSON Schema and strict readers say of it, and where in its text findings stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from diplodata import strict_json
from diplodata.documents import places
from diplodata.documents.deciding import decider, quick_decider
from diplodata.documents.strictness import misread
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.package.origin import Origin, kind_of, pointer

Parts = tuple[str | int, ...]
Placed = tuple[Finding, Parts]


def findings_of(value: Mapping[str, Any], version: str, name: str) -> list[Placed]:
    """Return what is wrong with a document by its JSON Schema, or may be misread, with the place of each finding."""
    from diplodata.documents.explaining import explained  # needs pyarrow and jsonschema, which good documents do not

    return [*misread(value, name), *explained(value, version, kind_of(value), name)]


def placed(text: str, found: Sequence[Placed], line: int = 1) -> Iterator[Finding]:
    """Yield findings with their lines and columns, in the order of the text.

    Args:
        text: the text of the document.
        found: findings and their places.
        line: line of the file on which the text begins.
    """
    if not found:
        return
    where = places.places(text, (parts for _, parts in found))
    for item, parts in sorted(found, key=lambda pair: (where[pair[1]], pair[0].code)):
        row, column = where[parts]
        yield replace(item, line=line + row - 1, column=column)


def judge(origin: Origin, tally: Tally) -> None:
    """Add what strict readers say of a document, and what its JSON Schema says beyond the checks of tables.

    * Tables, keys and rules are asked as in any package. A code that they have found is not asked of the schema again,
      so that one defect is one finding.
    """
    if origin.kind == "records":
        tally.add(item for item, _ in misread(origin.value, origin.path.name))
        return
    if quick_decider(origin.version, origin.kind).is_valid(origin.value):
        return
    tally.add(item for item, _ in misread(origin.value, origin.path.name))
    if decider(origin.version, origin.kind).is_valid(origin.value):
        return
    known = {code for code, _ in tally.totals}
    if known & {"constraint-error", "extra-label", "json-type", "profile-error", "type-error"}:
        return
    from diplodata.documents.explaining import explained

    tally.add(item for item, _ in explained(origin.value, origin.version, origin.kind, origin.path.name))


def in_text(origin: Origin, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings on a document with pointer, line and column, in their order."""
    if not findings:
        return
    parts = list(_parts(origin, findings))
    where = places.places(_text(origin), (place for place in parts if place is not None))
    for item, place in zip(findings, parts, strict=True):
        if place is None:
            yield item
        else:
            line, column = where[place]
            yield replace(item, pointer=item.pointer or pointer(place), line=line, column=column)


def in_lines(stream: BinaryIO, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings on NDJSON of records with pointer, line and column, in their order.

    Args:
        stream: the file.
        findings: findings on its rows; the row of a record is its number among those that could be read, from 2.
    """
    by_row: dict[int, list[int]] = {}
    for number, item in enumerate(findings):
        by_row.setdefault(item.row or 0, []).append(number)
    result = list(findings)
    row = 1
    for line, (text, record) in _records(stream):
        row += 1
        labels = [number for number in by_row.get(1, ()) if findings[number].value in record]
        by_row[1] = [number for number in by_row.get(1, ()) if number not in labels]
        for number in (*labels, *by_row.get(row, ())):
            item = findings[number]
            name = item.value if item.row == 1 else item.field
            parts: Parts = (name,) if name is not None and name in record else ()
            _, column = places.places(text, [parts])[parts]
            result[number] = replace(item, line=line, column=column, pointer=pointer(parts))
    yield from result


def _records(stream: BinaryIO) -> Iterator[tuple[int, tuple[str, Mapping[str, Any]]]]:
    """Yield (number of the line, its text and value) for lines that hold an object, as the reader of tables does."""
    for number, line in enumerate(iter(lambda: stream.readline(DEFAULT_LIMITS.record_bytes), b""), 1):
        try:
            value = strict_json.parse(line)
        except strict_json.JsonProblemError:
            continue
        if isinstance(value, dict):
            yield number, (line.decode(), value)


def _text(origin: Origin) -> str:
    return origin.path.read_bytes().decode("utf-8", "replace")


def _parts(origin: Origin, findings: Iterable[Finding]) -> Iterator[Parts | None]:
    """Yield the keys and positions that lead to the place of each finding; None where it has no place."""
    rows: dict[str, list[tuple[Mapping[str, Any], Parts]]] = {}
    for item in findings:
        if item.pointer is not None:
            yield _steps(item.pointer, origin.value)
            continue
        if item.resource is None or item.row is None:
            yield None
            continue
        if item.resource not in rows:
            rows[item.resource] = origin.rows(item.resource)
        yield _of_row(item, rows[item.resource])


def _of_row(item: Finding, table: Sequence[tuple[Mapping[str, Any], Parts]]) -> Parts | None:
    if item.row == 1:
        # A label that is wrong stands in the first record that has it.
        return next(((*place, str(item.value)) for row, place in table if item.value in row), None)
    if item.row is None or item.row - 2 >= len(table):
        return None
    row, place = table[item.row - 2]
    return (*place, item.field) if item.field is not None and item.field in row else place


def _steps(text: str, value: Any) -> Parts:
    """Return the keys and positions of a JSON Pointer; positions where the value is an array."""
    steps: list[str | int] = []
    for part in text.split("/")[1:]:
        key: str | int = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and str(key).isdigit():
            key = int(key)
        try:
            value = value[key]
        except (IndexError, KeyError, TypeError):
            break
        steps.append(key)
    return tuple(steps)
