"""Open what was fetched as a package, also when its data came in one form only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from diplodata.package import overlay
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage
from diplodata.published.selection import DESCRIPTOR
from diplodata.reader import PackageReader

#: Form of the data -> what the descriptor says of it.
_FORMATS = {"json": {"format": "json"}, "parquet": {"format": "parquet"}}

#: Members that are about the bytes of the CSV file.
_OF_CSV = ("bytes", "hash", "dialect", "encoding", "mediatype", "format", "path")


def open_fetched(folder: Path, only: str | None) -> PackageReader:
    """Open a fetched release.

    Args:
        folder: where it lies.
        only: the form of the data that is there; the descriptor describes the CSV files, so the tables of another
            form are opened by a descriptor in memory that names these.
    """
    if only not in _FORMATS:
        return PackageReader(folder)
    return PackageReader(folder, _renamed(open_source(folder), only))


class _Owner(overlay.Overlay):
    """Files in memory over a container that is closed with them."""

    def close(self) -> None:
        self.below.close()


def _renamed(opened: OpenedPackage, only: str) -> OpenedPackage:
    try:
        described = opened.package.descriptor
        data = {**described, "resources": list(_resources(described["resources"], only))}
        files = {DESCRIPTOR: json.dumps(data, ensure_ascii=False).encode()}
        return replace(overlay.changed(opened, files, DESCRIPTOR), container=_Owner(opened.container, files))
    except BaseException:
        opened.close()
        raise


def _resources(items: list[Mapping[str, Any]], only: str) -> Iterator[Mapping[str, Any]]:
    """Yield the tables as they are in another form, and leave out the plain files that stand for that form."""
    for item in items:
        path = item.get("path")
        if item.get("type") != "table" or item.get("format") != "csv" or not isinstance(path, str):
            continue
        kept = {key: value for key, value in item.items() if key not in _OF_CSV}
        yield {**kept, **_FORMATS[only], "path": f"{path.removesuffix('.csv')}.{only}"}
