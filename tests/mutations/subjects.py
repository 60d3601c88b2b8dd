"""What is mutated: small right packages, in every form that a source can have."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from diplodata import convert

_COLUMNS = ("id", "name", "day", "amount", "link")
_ROWS = tuple(
    (number, f'name "{number}", é', f"2020-01-{number:02d}", number + 0.5, max(1, number - 1)) for number in range(1, 9)
)

_SCHEMA: Mapping[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"minimum": 1, "unique": True}},
        {"name": "name", "type": "string", "constraints": {"pattern": "name .*", "maxLength": 40}},
        {"name": "day", "type": "date", "constraints": {"maximum": "2030-01-01"}},
        {"name": "amount", "type": "number", "constraints": {"required": True, "enum": [row[3] for row in _ROWS]}},
        {"name": "link", "type": "integer"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["link"], "reference": {"resource": "", "fields": ["id"]}}],
    "missingValues": ["", "-"],
}

#: File -> members of its resource besides name, path and schema.
_FILES: Mapping[str, Mapping[str, Any]] = {
    "fast.csv": {},
    "odd.csv": {"dialect": {"delimiter": ";", "quoteChar": "'", "commentChar": "#", "headerRows": [1]}},
    "wide.csv": {"encoding": "utf-16"},
    "packed.csv.gz": {"format": "csv"},
    "rows.json": {},
    "lines.ndjson": {},
    "columns.parquet": {},
}


def write_generic(folder: Path) -> list[Path]:
    """Write a package with a table in each format, and return the files that may be mutated."""
    folder.mkdir(parents=True)
    resources: list[dict[str, Any]] = [
        {"name": path.partition(".")[0], "path": path, "type": "table", "schema": _SCHEMA, **members}
        for path, members in _FILES.items()
    ]
    resources.append({"name": "inline", "data": _records()[:2], "type": "table", "schema": _SCHEMA})
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "mutated"}
    (folder / "datapackage.json").write_text(json.dumps(descriptor | {"resources": resources}), encoding="utf-8")
    (folder / "fast.csv").write_text(_text(",", '"'), encoding="utf-8")
    (folder / "odd.csv").write_text("#remark\n" * 0 + _text(";", "'") + "#end\n", encoding="utf-8")
    (folder / "wide.csv").write_text(_text(",", '"'), encoding="utf-16")
    (folder / "packed.csv.gz").write_bytes(gzip.compress(_text(",", '"').encode(), mtime=0))
    (folder / "rows.json").write_text(json.dumps(_records()), encoding="utf-8")
    (folder / "lines.ndjson").write_text("".join(json.dumps(row) + "\n" for row in _records()), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(_records()), folder / "columns.parquet")
    return sorted(folder.iterdir())


def _records() -> list[dict[str, Any]]:
    return [dict(zip(_COLUMNS, row, strict=True)) for row in _ROWS]


def _text(delimiter: str, quote: str) -> str:
    rows = [[str(cell).replace(quote, quote * 2) for cell in row] for row in (_COLUMNS, *_ROWS)]
    return "".join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) + "\n" for row in rows)


def write_all(folder: Path, standard: Path) -> dict[str, list[Path]]:
    """Write every subject and return, by source, the files that may be mutated.

    Args:
        folder: where to write.
        standard: a small package of the standard.
    """
    found = {"generic": write_generic(folder / "generic")}
    with zipfile.ZipFile(folder / "generic.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in found["generic"]:
            archive.write(path, path.name)
    found["generic.zip"] = [folder / "generic.zip"]
    for name in ("fast.csv", "lines.ndjson", "columns.parquet"):
        shutil.copy(folder / "generic" / name, folder / f"bare-{name}")
        found[f"bare-{name}"] = [folder / f"bare-{name}"]
    shutil.copytree(standard, folder / "standard")
    found["standard"] = [folder / "standard" / "datapackage.json", *sorted((folder / "standard" / "data").iterdir())]
    for form in ("bundle", "nested"):
        convert(standard, folder / f"{form}.json", form)
        found[f"{form}.json"] = [folder / f"{form}.json"]
    return found
