"""Packages of one small table, for tests of what is done with a package, not of what is in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Rows of the table that most tests begin with.
ROWS = ((1, "1.5"), (2, "2.50"))


def make(folder: Path, rows: Sequence[tuple[int, str]] = ROWS, **members: Any) -> Path:
    """Write a package whose table ``table`` has the key ``a`` and a number ``b``; None removes a member."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "number"}]
    resource: dict[str, Any] = {"name": "table", "path": "table.csv", "type": "table", "format": "csv"}
    resource |= {"dialect": {"delimiter": ",", "skipInitialSpace": False, "header": True}}
    resource |= {"schema": {"fields": fields, "primaryKey": ["a"]}}
    data = {"name": "generic", "version": "1.0.0", "resources": [resource]} | members
    kept = {key: value for key, value in data.items() if value is not None}
    (folder / "datapackage.json").write_text(json.dumps(kept), encoding="utf-8")
    text = "a,b\n" + "".join(f"{a},{b}\n" for a, b in rows)
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return folder


def index_of(target: Path) -> dict[str, Any]:
    """Return the index of a target."""
    data: dict[str, Any] = json.loads((target / "index.json").read_text(encoding="utf-8"))
    return data


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder, hidden ones included."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
