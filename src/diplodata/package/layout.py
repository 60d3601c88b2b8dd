"""How a package lays out its files: names, media types and the order of descriptor members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diplodata.standard import registry

#: Members of a resource in the order in which they are written; others follow.
ORDER = ("name", "path", "data", "title", "description", "type", "format", "mediatype", "encoding", "dialect", "schema")

#: The one dialect in which CSV is written; nothing is left to guess.
CSV_DIALECT: Mapping[str, Any] = {
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}

#: Members that speak of the bytes of one file and fall when the file is written anew.
_OF_BYTES = ("bytes", "hash", "compression", "innerpath", "encoding", "dialect")

_MEDIATYPES = {
    "csv": "text/csv",
    "duckdb": "application/vnd.duckdb",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

#: Formats of delimited text, and what their dialect differs in.
_DELIMITED: Mapping[str, Mapping[str, str]] = {"csv": {}, "tsv": {"delimiter": "\t"}}


def table_resource(item: Mapping[str, Any], form: str) -> dict[str, Any]:
    """Return the descriptor of a table resource when it is written in another format.

    Args:
        item: the resource as described now.
        form: a format that is written.
    """
    kept = {key: value for key, value in item.items() if key not in (*_OF_BYTES, "data")}
    path = item.get("path")
    first = (path[0] if isinstance(path, list) else path) or f"data/{item['name']}"
    stem = first.removesuffix(".gz").removesuffix(".zip")
    stem = stem.rpartition(".")[0] if "." in stem.rpartition("/")[2] else stem
    kept |= {"path": f"{stem}.{form}", "type": "table", "format": form, "mediatype": _MEDIATYPES[form]}
    if form in _DELIMITED:
        kept |= {"encoding": "utf-8", "dialect": {**CSV_DIALECT, **_DELIMITED[form]}}
    return ordered(kept)


def ordered(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource with its members in the usual order."""
    first = {key: item[key] for key in ORDER if key in item}
    return first | {key: value for key, value in item.items() if key not in first}


def standard_resource(version: str, table: str) -> dict[str, Any]:
    """Return the descriptor of a table of the standard that nobody described."""
    source = registry.json_schema(version, table)
    item = {
        "name": table,
        "path": f"data/{table}.csv",
        "title": source["title"],
        "description": source["description"],
        "schema": f"schemas/{version}/tables/{table}.json",
    }
    return table_resource(item, "csv")
