"""A document as a whole: what its JSON Schema and strict readers say of it, and where in its text findings stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from diplodata.documents import places
from diplodata.documents.deciding import decider, quick_decider
from diplodata.documents.strictness import misread
from diplodata.engine.tally import Tally
from diplodata.model.finding import Finding
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
