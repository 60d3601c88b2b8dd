"""Write a generated package into a folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from differential.tables import Descriptor, Package, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def write(package: Package, folder: Path) -> None:
    """Write the descriptor of a package, and a file for each table that is not inline."""
    folder.mkdir(parents=True)
    resources = [_resource(table) for table in package.tables]
    for table in package.tables:
        if table.form.format != "inline":
            raw = _bytes(table)
            path = folder / _path(table)
            path.write_bytes(gzip.compress(raw, mtime=0) if table.form.is_packed else raw)
    descriptor: Descriptor = {"$schema": PROFILE} if package.is_v2 else {}
    descriptor |= {"name": "random", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=1), encoding="utf-8")


def _path(table: Table) -> str:
    return f"{table.name}.{table.form.format}" + (".gz" if table.form.is_packed else "")


def _resource(table: Table) -> Descriptor:
    item: Descriptor = {"name": table.name, "type": "table"}
    if table.form.format == "inline":
        item["data"] = _json_rows(table)
    else:
        item |= {"path": _path(table), "format": table.form.format}
    if table.form.is_text and table.form.declared_encoding:
        item["encoding"] = table.form.declared_encoding
    if table.dialect:
        item["dialect"] = table.dialect
    return item | {"schema": table.schema}


def _bytes(table: Table) -> bytes:
    if table.form.format == "json":
        return json.dumps(_json_rows(table)).encode()
    if table.form.format == "ndjson":
        return "".join(json.dumps(row) + "\n" for row in _json_rows(table)).encode()
    return text_of(table).encode(table.form.encoding)


def _json_rows(table: Table) -> list[Any]:
    if table.form.is_of_arrays:
        return [list(table.labels), *map(list, table.rows)]
    return [dict(zip(table.labels, row, strict=False)) for row in table.rows]


def text_of(table: Table) -> str:
    """Return a delimited table as the text of its file."""
    lines = [_line(table, cells) for _, cells in table.records()]
    if table.stray:
        written = _line(table, table.rows[-1])
        lines[-1] = table.stray + (table.delimiter + written if len(table.labels) > 1 else "")
    end = "" if table.form.is_last_line_open else table.form.line_end
    return table.form.line_end.join(lines) + (end if lines else "")


def _line(table: Table, cells: Sequence[str]) -> str:
    space = " " if table.dialect.get("skipInitialSpace") else ""
    return (table.delimiter + space).join(_cell(table, cell) for cell in cells)


def _cell(table: Table, cell: str) -> str:
    quote = str(table.dialect.get("quoteChar", '"'))
    escape = str(table.dialect.get("escapeChar", ""))
    special = (table.delimiter, quote, "\n", "\r", *([escape] if escape else []), " ")
    if not table.form.quotes_all and not any(character in cell for character in special):
        return cell
    inner = cell.replace(escape, escape * 2) if escape else cell
    inner = inner.replace(quote, (escape if table.dialect.get("doubleQuote") is False else quote) + quote)
    return quote + inner + quote
