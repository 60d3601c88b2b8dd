"""The page of a release and the page that lists all releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diplodata.model.release import FileFacts
from diplodata.site.pages import environment

#: Suffix -> how a download is called.
_FORMATS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}


def release(descriptor: Mapping[str, Any], record: Mapping[str, Any], files: Mapping[str, FileFacts]) -> str:
    """Return the page of one release.

    Args:
        descriptor: descriptor of the package.
        record: content of release.json.
        files: files of the release by path.
    """
    tables = [_downloads(name, rows, files, record) for name, rows in record["tables"].items()]
    view = {
        "title": descriptor.get("title") or record["name"] or "Release",
        "description": descriptor.get("description") or "",
        "licenses": [_named_link(item) for item in descriptor.get("licenses") or ()],
        "sources": [_named_link(item) for item in descriptor.get("sources") or ()],
    }
    return environment().get_template("release.html").render(package=view, record=record, tables=tables)


def _named_link(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of a licence or source, and its address if it is one of the web."""
    address = _web_address(item.get("path"))
    name = item.get("title") or item.get("name") or item.get("path") or ""
    return {"name": str(name), "address": address}


def _downloads(name: str, rows: int, files: Mapping[str, FileFacts], record: Mapping[str, Any]) -> dict[str, Any]:
    paths = {item["name"]: item["path"] for item in record["resources"]}
    named = {"csv": name, "json": f"{name}-json", "parquet": f"{name}-parquet"}
    links = [
        {"format": _FORMATS[suffix], "path": paths[key], "facts": files[paths[key]]}
        for suffix, key in named.items()
        if key in paths
    ]
    return {"name": name, "rows": rows, "links": links}


def releases(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the page that lists all releases, in the order given."""
    return environment().get_template("releases.html").render(records=records)


def _web_address(value: object) -> str:
    """Return an address that may stand in a link; anything but http and https becomes empty."""
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) else ""
