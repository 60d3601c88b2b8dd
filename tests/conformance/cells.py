"""Tables of texts and values with the verdict on each: every table is one column of one package."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.outcome import Outcome, is_error
from conformance.table import Entry

#: What is said of a good value; a warning of the tool follows after a comma.
TAKES = "takes"

#: Members of a table that are no verdicts; ``new`` holds values that have no verdict yet.
_APART = ("about", "field", "native", "differs", "new")

#: (value, what the reference says, what the tool says, deviation that is the reason)
Cell = tuple[Any, str, str, str]


def cells_of(table: Mapping[str, Any]) -> Iterator[Cell]:
    """Yield the values of a table with both verdicts."""
    for verdict, values in table.items():
        if verdict not in _APART:
            yield from ((value, verdict.partition(",")[0], verdict, "") for value in values)
    for item in table.get("differs", ()):
        yield from ((value, item["reference"], item["ours"], item["deviation"]) for value in item["values"])
    yield from ((value, "", "", "") for value in table.get("new", ()))


def package_of(tables: Sequence[Entry]) -> dict[str, Any]:
    """Return one package with a resource for each table; nothing in it is a missing value."""
    resources = [_resource(f"t{number}", table) for number, table in enumerate(tables)]
    files = {
        item["path"]: _csv(cell[0] for cell in cells_of(table))
        for item, table in zip(resources, tables, strict=True)
        if "path" in item
    }
    return {"v2": True, "resources": resources, "files": files}


def _resource(name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"fields": [{"name": "a"} | table["field"]], "missingValues": []}
    if table.get("native"):
        values = [[cell[0]] for cell in cells_of(table)]
        return {"name": name, "type": "table", "data": [["a"], *values], "schema": schema}
    dialect = {"delimiter": ",", "skipInitialSpace": False, "header": True}
    declared = {"type": "table", "format": "csv", "encoding": "utf-8", "dialect": dialect}
    return {"name": name, "path": f"{name}.csv", **declared, "schema": schema}


def _csv(texts: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a"], *([text] for text in texts)])
    return stream.getvalue()


def verdicts(outcome: Outcome, tables: Sequence[Entry]) -> list[list[str]]:
    """Return the verdict on every value of every table, from what a tool says of the package."""
    rows = [range(2, 2 + len(list(cells_of(table)))) for table in tables]
    said: dict[tuple[str, str], list[list[str]]] = {
        (f"t{number}", str(row)): [[], []] for number, numbers in enumerate(rows) for row in numbers
    }
    for line in outcome:
        resource, _, rest = line.partition(": ")
        code, row, *_ = [*rest.split(), ""]
        assert (resource, row) in said, line
        said[resource, row][not is_error(line)].append(code)
    return [[_verdict(*said[f"t{number}", str(row)]) for row in numbers] for number, numbers in enumerate(rows)]


def _verdict(errors: list[str], warnings: list[str]) -> str:
    return ", ".join([" ".join(errors) or TAKES, *warnings])


def told(table: Mapping[str, Any], value: Any) -> str:
    """Describe a value for a message."""
    return f"{json.dumps(table['field'])} {json.dumps(value, ensure_ascii=False)}"


def sorted_anew(table: Entry, reference: Sequence[str], mine: Sequence[str]) -> Entry:
    """Return a table with its values under the verdicts that were given; differences keep their deviation."""
    result = {key: table[key] for key in _APART[:3] if key in table}
    differs: dict[tuple[str, str, str], list[Any]] = {}
    for (value, _, _, reason), theirs, our in zip(cells_of(table), reference, mine, strict=True):
        if our.partition(",")[0] == theirs:
            result.setdefault(our, []).append(value)
        else:
            differs.setdefault((reason, theirs, our), []).append(value)
    names = ("deviation", "reference", "ours")
    if differs:
        result["differs"] = [dict(zip(names, key, strict=True)) | {"values": v} for key, v in differs.items()]
    return result
