"""An empty workbook of the standard: one sheet a table, to be filled in and read back as a package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diplodata.conversion import convert_opened
from diplodata.errors import UsageError
from diplodata.package.document import open_document
from diplodata.start.bundle import bundle, package_name


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
    data = bundle({"name": package_name(wish.name, path.stem)}, wish.prefix, wish.tables)
    with open_document(data, path, str(target)) as opened:
        for item in opened.findings:
            raise UsageError(f"{target} is not made: {item.message}")
        return convert_opened(opened, path, "xlsx").tables
