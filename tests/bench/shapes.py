"""Packages of unusual shapes: many columns, many files, a column that only the reference can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packages import PROFILE, Made

_KINDS = ("string", "integer", "number", "date", "boolean")
_CELLS = {"string": "text", "integer": "12", "number": "1.5", "date": "2020-05-26", "boolean": "true"}


def make_wide(folder: Path, columns: int, rows: int) -> Made:
    """Write one table of that many columns, of five types in turn."""
    kinds = [_KINDS[number % len(_KINDS)] for number in range(columns)]
    fields = [{"name": f"c{number}", "type": kind} for number, kind in enumerate(kinds)]
    line = ",".join(_CELLS[kind] for kind in kinds) + "\n"
    return _write(folder, {"wide": (fields, (line for _ in range(rows)))}, rows)


def make_many(folder: Path, files: int, rows: int) -> Made:
    """Write that many tables of four columns with a primary key."""
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "name", "type": "string", "constraints": {"maxLength": 30}},
        {"name": "day", "type": "date"},
        {"name": "share", "type": "number"},
    ]
    lines = [f"{number},name of {number},2020-05-{1 + number % 28:02},{number / 7:.3f}\n" for number in range(rows)]
    return _write(folder, {f"t{number}": (fields, iter(lines)) for number in range(files)}, files * rows)


def make_doubtful(folder: Path, rows: int) -> Made:
    """Write one table with a column of addresses, all of them different: only the reference says what is one."""
    fields = [{"name": "id", "type": "integer"}, {"name": "address", "type": "string", "format": "uri"}]
    lines = (f"{number},https://example.org/meetings/{number}?page={number % 7}\n" for number in range(rows))
    return _write(folder, {"doubtful": (fields, lines)}, rows)


def _write(folder: Path, tables: dict[str, tuple[list[dict[str, Any]], Iterator[str]]], rows: int) -> Made:
    folder.mkdir(parents=True, exist_ok=True)
    resources, size = [], 0
    for name, (fields, lines) in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write(",".join(field["name"] for field in fields) + "\n")
            stream.writelines(lines)
        size += path.stat().st_size
        schema = {"fields": fields} | ({"primaryKey": ["id"]} if len(tables) > 1 else {})
        dialect = {"delimiter": ",", "header": True, "skipInitialSpace": False}
        resources.append(
            {"name": name, "type": "table", "path": path.name, "format": "csv", "encoding": "utf-8"}
            | {"dialect": dialect, "schema": schema}
        )
    descriptor = folder / "datapackage.json"
    content = {"$schema": PROFILE, "name": "measured", "resources": resources}
    descriptor.write_text(json.dumps(content), encoding="utf-8")
    return Made(descriptor, rows, size)
