"""Build a release in a staging folder: data in three formats, descriptor, schemas, checksums, page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from diplodata import conversion
from diplodata.errors import ReleaseError
from diplodata.model.release import FileFacts, StagedRelease
from diplodata.model.report import Report
from diplodata.package import descriptor
from diplodata.package.opened import OpenedPackage
from diplodata.release import checksums
from diplodata.site import page
from diplodata.standard import export, registry, tables
from diplodata.version import tool_version

#: Formats beside CSV: suffix -> (declared format, media type). They are listed as plain files, because
#: frictionless judges typed JSON and Parquet wrongly (see docs/decisions).
_BESIDE = {
    "json": ("json", "application/json"),
    "parquet": ("vnd.apache.parquet", "application/vnd.apache.parquet"),
}

RELEASE_FORM = "1.0"

#: A version is the name of a folder and a part of an address.
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,99}")


@dataclass(frozen=True, slots=True)
class _Build:
    """What a build works with."""

    opened: OpenedPackage
    report: Report
    folder: Path

    @property
    def version(self) -> str:
        return version_of(self.opened)


def version_of(opened: OpenedPackage) -> str:
    """Return the version in the descriptor, which is what is published.

    Raises:
        ReleaseError: there is none.
    """
    version = opened.package.descriptor.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ReleaseError(f"{opened.place} is not published: its descriptor has no version such as 1.0.0.")
    return version


def build(opened: OpenedPackage, report: Report, folder: Path) -> StagedRelease:
    """Write all files of a release into an empty folder.

    Args:
        opened: the package.
        report: its validation, which must be valid.
        folder: where the release is staged.

    Raises:
        ReleaseError: the report is not valid, or the package has no version.
        ConversionError: a table cannot be written without loss.
    """
    names = opened.package.names
    if any(f"{name}-{form}" in names for name in names for form in _BESIDE):
        raise ReleaseError(f"{opened.place} is a release already; publish the package that it was made from.")
    if not report.valid:
        raise ReleaseError(f"{opened.place} is not published: it is not valid.")
    work = _Build(opened, report, folder)
    conversion.write_tables(opened, folder, "csv")
    for form in _BESIDE:
        conversion.write_data(opened, folder, form)
    _write_schemas(work)
    items = list(_resources(work))
    text = descriptor.text({**opened.package.descriptor, "resources": items})
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    record = _record(work, items)
    _write(folder / "release.json", json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    files = checksums.facts_of(folder)
    _write(folder / "index.html", page.release(opened.package.descriptor, record, files))
    checksums.write(folder)
    return StagedRelease(folder, work.version)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_schemas(work: _Build) -> None:
    """Copy the version of the standard that the package declares, every file of it."""
    standard = work.opened.package.standard
    if standard is None:
        return
    source = registry.folder(standard)
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        target = work.folder / "schemas" / standard / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    present = work.opened.package.names
    for name in set(present) & set(registry.table_names(standard)):
        # Without foreign keys to tables that the package leaves out, which other tools would refuse.
        text = export.text_of(tables.descriptor(standard, name, present, work.opened.package.profile))
        (work.folder / "schemas" / standard / "tables" / f"{name}.json").write_text(text, encoding="utf-8")


def _resources(work: _Build) -> Iterator[dict[str, Any]]:
    """Yield the CSV tables as described, then JSON and Parquet as plain files, all with size and hash."""
    written = json.loads((work.folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    for item in written:
        yield _with_facts(_with_local_schema(item), work.folder)
    for form, (name, media) in _BESIDE.items():
        for item in written:
            if item.get("type") == "table" and item.get("format") == "csv":
                path = str(item["path"]).removesuffix(".csv") + f".{form}"
                beside = {"name": f"{item['name']}-{form}", "path": path, "title": item.get("title"), "format": name}
                yield _with_facts(
                    {key: value for key, value in beside.items() if value} | {"mediatype": media}, work.folder
                )


def _with_local_schema(item: dict[str, Any]) -> dict[str, Any]:
    """Name a schema of the standard by its path in the release, so that no reader has to dial out for it."""
    known = registry.version_of_address(item["schema"]) if isinstance(item.get("schema"), str) else None
    return item | {"schema": f"schemas/{known[0]}/{known[1]}"} if known else item


def _with_facts(item: dict[str, Any], folder: Path) -> dict[str, Any]:
    path = item["path"]
    if not isinstance(path, str):
        return item
    facts = checksums.facts(folder / path)
    return item | {"bytes": facts.bytes, "hash": f"sha256:{facts.sha256}"}


def _record(work: _Build, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the content of release.json; it has no clock but the descriptor's ``created``."""
    package = work.opened.package
    tables = {item.name: item.rows for item in work.report.resources if item.rows is not None}
    return {
        "release_form": RELEASE_FORM,
        "name": package.descriptor.get("name"),
        "version": work.version,
        "created": package.descriptor.get("created"),
        "standard": registry.full_version(package.standard) if package.standard else None,
        "tool": f"diplodata {tool_version()}",
        "libraries": {"pyarrow": pa.__version__},
        "counts": {level: work.report.count(level) for level in ("error", "warning", "info")},
        "tables": tables,
        "content_hash": _content_hash(work.folder, items),
        "resources": [
            {key: item[key] for key in ("name", "path", "mediatype", "bytes", "hash") if key in item} for item in items
        ],
    }


def _content_hash(folder: Path, items: list[dict[str, Any]]) -> str:
    """Return a digest of the tables as CSV, which does not depend on versions of libraries."""
    digest = hashlib.sha256()
    for item in items:
        if item.get("type") == "table" and item.get("format") == "csv":
            facts: FileFacts = checksums.facts(folder / item["path"])
            digest.update(f"{item['name']} {facts.sha256}\n".encode())
    return f"sha256:{digest.hexdigest()}"
