"""What is mutated: small right packages, in every form that a source can have."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from collections.abc import Collection, Mapping
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


#: Package -> its files. Only one file of a package is changed, so small packages show as much as large ones, sooner.
_PACKAGES: Mapping[str, Collection[str]] = {
    "delimited": ("fast.csv", "odd.csv", "wide.csv"),
    "records": ("packed.csv.gz", "rows.json", "lines.ndjson"),
    "columns": ("fast.csv", "columns.parquet"),
}


def write_generic(folder: Path, files: Collection[str]) -> list[Path]:
    """Write a package with a table in each of some files, and return the files that may be mutated."""
    folder.mkdir(parents=True)
    resources: list[dict[str, Any]] = [
        {"name": path.partition(".")[0], "path": path, "type": "table", "schema": _SCHEMA, **members}
        for path, members in _FILES.items()
        if path in files
    ]
    resources.append({"name": "inline", "data": _records()[:2], "type": "table", "schema": _SCHEMA})
    descriptor = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "mutated"}
    (folder / "datapackage.json").write_text(json.dumps(descriptor | {"resources": resources}), encoding="utf-8")
    for path in files:
        (folder / path).write_bytes(_bytes_of(path))
    return sorted(folder.iterdir())


def _bytes_of(path: str) -> bytes:
    if path == "columns.parquet":
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pylist(_records()), sink)
        return sink.getvalue().to_pybytes()
    plain = _text(",", '"')
    texts = {
        "fast.csv": plain.encode(),
        "odd.csv": (_text(";", "'") + "#end\n").encode(),
        "wide.csv": plain.encode("utf-16"),
        "packed.csv.gz": gzip.compress(plain.encode(), mtime=0),
        "rows.json": json.dumps(_records()).encode(),
        "lines.ndjson": "".join(json.dumps(row) + "\n" for row in _records()).encode(),
    }
    return texts[path]


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
    whole = write_generic(folder / "whole", _FILES)
    with zipfile.ZipFile(folder / "generic.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in whole:
            archive.write(path, path.name)
    found = {name: write_generic(folder / name, files) for name, files in _PACKAGES.items()}
    found["generic.zip"] = [folder / "generic.zip"]
    for name in ("fast.csv", "lines.ndjson", "columns.parquet"):
        shutil.copy(folder / "whole" / name, folder / f"bare-{name}")
        found[f"bare-{name}"] = [folder / f"bare-{name}"]
    shutil.copytree(standard, folder / "standard")
    found["standard"] = [folder / "standard" / "datapackage.json", *sorted((folder / "standard" / "data").iterdir())]
    for form in ("bundle", "nested"):
        convert(standard, folder / f"{form}.json", form)
        found[f"{form}.json"] = [folder / f"{form}.json"]
    return found
