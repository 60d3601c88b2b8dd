"""Build a release in a staging folder: first its tables, then, once its version is known, everything about them.

The source is read once, into CSV. All other files are made from these, so that they say the same.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from diplodata import conversion
from diplodata.errors import ReleaseError
from diplodata.model.release import StagedRelease
from diplodata.model.report import Report
from diplodata.package import descriptor
from diplodata.package.locate import open_source
from diplodata.package.opened import OpenedPackage
from diplodata.release import checksums, metadata, sign
from diplodata.release.plan import Plan
from diplodata.site import page
from diplodata.standard import export, registry, tables
from diplodata.validation import Options, validate_opened
from diplodata.version import tool_version

#: Formats beside CSV: suffix -> (declared format, media type). They are listed as plain files, because
#: frictionless judges typed JSON and Parquet wrongly (see docs/decisions).
_BESIDE = {
    "json": ("json", "application/json"),
    "parquet": ("vnd.apache.parquet", "application/vnd.apache.parquet"),
}

#: Files of the whole package that are written when they are asked for -> the library on which their bytes depend.
EXTRAS: Mapping[str, str | None] = {"sqlite": None, "xlsx": "xlsxwriter"}

#: A name that a file can have; any other package is called package.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class _Work:
    """What the second half of a build works with."""

    #: The staged tables as a package.
    opened: OpenedPackage
    folder: Path
    plan: Plan

    @property
    def descriptor(self) -> Mapping[str, Any]:
        return self.opened.package.descriptor


def stage(opened: OpenedPackage, folder: Path) -> None:
    """Write the tables of a package into an empty folder, as CSV with a descriptor.

    Raises:
        ReleaseError: the package is a release.
        ConversionError: a table cannot be written without loss.
    """
    refuse_release(opened)
    conversion.write_tables(opened, folder, "csv")


def refuse_release(opened: OpenedPackage) -> None:
    """Refuse a package that lists the files of a release.

    Raises:
        ReleaseError: it does.
    """
    names = opened.package.names
    if any(f"{name}-{form}" in names for name in names for form in _BESIDE):
        raise ReleaseError(f"{opened.place} is a release already; publish the package that it was made from.")


def complete(folder: Path, plan: Plan, signer: sign.Signer | None) -> StagedRelease:
    """Write everything but the tables of a release.

    Args:
        folder: what ``stage`` wrote.
        plan: what was decided about the release.
        signer: what signs the checksums; None for no signature.

    Raises:
        ReleaseError: what was staged is not valid, or two things would have the same name.
        ConversionError: a table cannot be written in a format without loss.
    """
    with open_source(folder) as opened:
        work = _Work(opened, folder, plan)
        _write_data(work)
        _write_schemas(work)
        items = list(_resources(work))
        full = {**work.descriptor, "version": plan.version, "created": plan.created, "resources": items}
        (folder / "datapackage.json").write_text(descriptor.text(full), encoding="utf-8")
        report = _validated(folder, plan)
        _write(work, "validation.json", _json(report.to_dict()))
        record = _record(work, full, report)
        _write(work, "release.json", _json(record))
        facts = metadata.Facts(full, record, checksums.facts_of(folder), opened.package.resources, plan.address)
        for name, write in metadata.WRITERS.items():
            _write(work, name, write(facts))
    view = record | {"tables": record["counts"]["per_table"]}
    _write(work, "index.html", page.release(full, view, checksums.facts_of(folder)))
    _free(work, checksums.NAME)
    _free(work, checksums.NAME + sign.SUFFIX)
    checksums.write(folder)
    if signer is not None:
        sums = folder / checksums.NAME
        (folder / (checksums.NAME + sign.SUFFIX)).write_bytes(signer.sign(sums.read_bytes(), sign.RELEASE))
    return StagedRelease(folder, plan.version)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write(work: _Work, name: str, text: str) -> None:
    path = _free(work, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _free(work: _Work, name: str) -> Path:
    """Return the place of a file that the release has of its own."""
    path = work.folder / name
    if path.exists():
        raise ReleaseError(f"{name} is a file of the package, and every release has one of its own; rename it.")
    return path


def _write_data(work: _Work) -> None:
    opened, package = work.opened, work.opened.package
    for form in _BESIDE:
        conversion.write_data(opened, work.folder, form)
    if package.standard is not None and all(item.is_standard for item in package.resources):
        conversion.convert_opened(opened, _free(work, "bundle.json"), "bundle")
    for form in work.plan.extras:
        conversion.convert_opened(opened, _free(work, f"{_name(work.descriptor)}.{form}"), form)


def _name(data: Mapping[str, Any]) -> str:
    name = data.get("name")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else "package"


def _write_schemas(work: _Work) -> None:
    """Copy the version of the standard that the package declares, every file of it that is not the package's own.

    * A package may keep the Table Schemas of its tables in the same place, with columns of its own.
    """
    standard, package = work.opened.package.standard, work.opened.package
    if standard is None:
        return
    own = set(_own_schemas(work, standard))
    source = registry.folder(standard)
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        target = work.folder / "schemas" / standard / file.relative_to(source)
        if target not in own:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    for table in set(package.names) & set(registry.table_names(standard)):
        target = work.folder / "schemas" / standard / "tables" / f"{table}.json"
        if target not in own:
            # Without foreign keys to tables that the package leaves out, which other tools would refuse.
            text = export.text_of(tables.descriptor(standard, table, package.names, package.profile))
            target.write_text(text, encoding="utf-8")


def _own_schemas(work: _Work, standard: str) -> Iterator[Path]:
    """Yield the Table Schemas that say something else than those of the standard, references apart."""
    for item in work.opened.package.resources:
        path = work.folder / "schemas" / standard / "tables" / f"{item.name}.json"
        if item.is_standard and path.is_file():
            plain = tables.descriptor(standard, item.name, work.opened.package.names)
            if {**json.loads(path.read_bytes()), "foreignKeys": None} != {**plain, "foreignKeys": None}:
                yield path


def _resources(work: _Work) -> Iterator[dict[str, Any]]:
    """Yield the CSV tables as described, then JSON and Parquet as plain files, all with size and hash."""
    written = work.descriptor["resources"]
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


def _validated(folder: Path, plan: Plan) -> Report:
    """Validate what was staged, as of the moment of the release, so that another day says the same."""
    as_of = datetime.date.fromisoformat(plan.created[:10])
    with open_source(folder) as opened:
        report = validate_opened(opened, Options(as_of=as_of))
    if not report.valid:
        first = next(item for item in report.findings if item.severity == "error")
        raise ReleaseError(f"The release {plan.version} does not validate: {first.message}")
    return replace(report, subject="datapackage.json")


def _record(work: _Work, full: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Return the content of release.json."""
    plan, package = work.plan, work.opened.package
    rows = {item.name: item.rows for item in report.resources if item.rows is not None}
    libraries = {"pyarrow": pa.__version__}
    needed = sorted(library for form in plan.extras if (library := EXTRAS[form]) is not None)
    return {
        "release_version": registry.RELEASE_VERSION,
        "name": full.get("name"),
        "title": title_of(full),
        "version": plan.version,
        "created": plan.created,
        "address": plan.address,
        "previous": plan.previous
        and {"version": plan.previous.version, "checksums": f"sha256:{plan.previous.checksums.sha256}"},
        "standard": registry.full_version(package.standard) if package.standard else None,
        "tool": {
            "name": "diplodata",
            "version": tool_version(),
            "libraries": libraries | {name: importlib.metadata.version(name) for name in needed},
        },
        "counts": {"tables": len(rows), "rows": sum(rows.values()), "per_table": rows},
        "findings": {level: report.count(level) for level in ("error", "warning", "info")},
        "content": plan.content,
        "bump": plan.bump,
        "resources": [_listed(item, rows) for item in full["resources"]],
    }


def _listed(item: Mapping[str, Any], rows: Mapping[str, int]) -> dict[str, Any]:
    kept = {key: item[key] for key in ("name", "path", "mediatype", "bytes", "hash") if key in item}
    return kept | ({"rows": rows[item["name"]]} if item["name"] in rows else {})


def title_of(data: Mapping[str, Any]) -> str:
    """Return what a package is called."""
    for value in (data.get("title"), data.get("name")):
        if isinstance(value, str) and value.strip():
            return value
    return "Data package"
