"""Codes that a package adds to the open codelists of the standard: ``codelists/<codelist>.csv`` beside its data."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.package.containers import Container, UnreadableFileError
from diplodata.package.opened import OpenedPackage
from diplodata.standard import registry

#: Where a package keeps its own codes.
FOLDER = "codelists"

#: Largest file that is read.
_MOST = 1024 * 1024

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)

_STATUS = ("active", "deprecated")


@dataclass(frozen=True, slots=True)
class OwnCode:
    """A code of the package."""

    codelist: str
    code: str
    status: str


class _BadListError(Exception):
    """What is wrong with a file of codes."""


def read(opened: OpenedPackage, version: str) -> tuple[tuple[OwnCode, ...], tuple[Finding, ...]]:
    """Return the codes that a package adds, and what is wrong with its files of codes.

    Args:
        opened: the package.
        version: MAJOR.MINOR of the standard.
    """
    found: list[OwnCode] = []
    findings: list[Finding] = []
    for codelist, is_open in registry.codelists(version).items():
        path = f"{FOLDER}/{codelist}.csv"
        try:
            with opened.open(path) as stream:
                raw = stream.read(_MOST + 1)
            found += _codes(raw, codelist, version, is_open=is_open)
        except UnreadableFileError:
            continue
        except _BadListError as error:
            findings.append(finding("codelist-error", {"problem": f"{error}."}, path=path))
    return tuple(found), tuple(findings)


def files(container: Container, version: str) -> dict[str, bytes]:
    """Return the files of codes that a package has, by path, so that they go where the package goes.

    Args:
        container: where the files of the package lie.
        version: MAJOR.MINOR of the standard.
    """
    found = {}
    for codelist in registry.codelists(version):
        path = f"{FOLDER}/{codelist}.csv"
        try:
            with container.open(path) as stream:
                raw = stream.read(_MOST + 1)
        except UnreadableFileError:
            continue
        if len(raw) <= _MOST:
            found[path] = raw
    return found


def _codes(raw: bytes, codelist: str, version: str, *, is_open: bool) -> Iterator[OwnCode]:
    if not is_open:
        raise _BadListError(f"{codelist} is closed, so no codes can be added")
    if len(raw) > _MOST:
        raise _BadListError(f"the file is larger than {_MOST} bytes")
    try:
        rows = list(csv.DictReader(StringIO(raw.decode("utf-8"), newline=""), strict=True))
    except (UnicodeError, csv.Error) as error:
        raise _BadListError(f"it is no CSV file in UTF-8: {error}") from error
    seen = set(registry.codes(version, codelist))
    for number, row in enumerate(rows, 2):
        code, description = row.get("code") or "", row.get("description") or ""
        status = row.get("status") or "active"
        if not _CODE.fullmatch(code):
            raise _BadListError(f"row {number} has no code in lower case with underscores")
        if code in seen:
            raise _BadListError(f"row {number} has the code {code}, which the standard or the file has already")
        if not description.strip():
            raise _BadListError(f"row {number} does not describe {code}")
        if status not in _STATUS:
            raise _BadListError(f"row {number} has the status {status!r}, which is none of {', '.join(_STATUS)}")
        seen.add(code)
        yield OwnCode(codelist, code, status)
