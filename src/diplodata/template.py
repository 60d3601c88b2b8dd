"""An empty workbook of the standard: one sheet a table, to be filled in and read back as a package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata.conversion import convert_opened
from diplodata.errors import UsageError
from diplodata.package.document import open_document
from diplodata.standard import registry

#: Names that a package can have.
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*", re.ASCII)
_NO_NAME = re.compile(r"[^a-z0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Template:
    """What a workbook is made for."""

    #: ``required`` for the tables that every package has, ``all`` for all of them.
    tables: str = "all"
    #: Prefix of the identifiers that are given out in it.
    prefix: str = "xdraft"
    #: Name of the package; None takes that of the file.
    name: str | None = None


def write(target: str | Path, wish: Template | None = None) -> int:
    """Write an empty workbook and return the number of its tables.

    Args:
        target: the new file, which ends with ``.xlsx``.
        wish: what it is made for.

    Raises:
        UsageError: the target exists or has another ending, or the name or prefix cannot be one.
        MissingExtraError: what writes workbooks is not installed.
    """
    wish = wish or Template()
    path = Path(target)
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{target}: a template is a workbook; its name ends with .xlsx.")
    with open_document(_document(path, wish), path, str(target)) as opened:
        for item in opened.findings:
            raise UsageError(f"{target} is not made: {item.message}")
        return convert_opened(opened, path, "xlsx").tables


def _document(path: Path, wish: Template) -> dict[str, Any]:
    """Return a bundle without rows."""
    version = registry.latest()
    name = wish.name or _NO_NAME.sub("-", path.stem.lower()).strip("-") or "package"
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a package: lower-case letters and digits, joined by . _ or -."
        )
    tables = [
        table
        for table in registry.table_names(version)
        if wish.tables == "all" or registry.json_schema(version, table)["x-level"] == "required"
    ]
    declared = {"standard": version, "prefixes": [wish.prefix]}
    address = f"{registry.BASE}{version}/datapackage.schema.json"
    return {
        "diplodata": declared,
        "package": {"$schema": address, "name": name},
        **{table: [] for table in tables},
    }
