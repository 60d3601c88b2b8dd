"""Where the standard's files are, and what they hold; nothing is ever fetched."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from diplodata.errors import StandardError
from diplodata.model.addresses import SCHEMAS
from diplodata.model.changes import CHANGES_VERSION
from diplodata.model.profile import PROFILE_VERSION
from diplodata.model.report import REPORT_VERSION

#: Base of the addresses of the standard's schemas.
BASE = SCHEMAS

#: Name of the JSON Schema of reports; it has versions of its own.
REPORT = "report"

#: Name of the JSON Schema of changes, which has versions of its own as well.
CHANGES = "changes"

#: Name of the JSON Schema of profiles, which has versions of its own too.
PROFILE = "profile"

#: Profiles that come with the tool: ``$id`` -> file below the folder of schemas.
PROFILES: Mapping[str, str] = {}

#: Files of a version that are made from the table schemas and the codelists.
DOCUMENTS = ("bundle", "nested")


@cache
def root() -> Path:
    """Return the folder of all versions, in the wheel or in a checkout.

    Raises:
        StandardError: neither is there.
    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "schemas", here.parents[3] / "schemas"):
        if folder.is_dir():
            return folder
    raise StandardError(f"The schemas of the standard are not where they should be: {here.parents[1] / 'schemas'}.")


@cache
def versions() -> tuple[str, ...]:
    """Return the versions of the standard, oldest first."""
    found = [path.parent.name for path in root().glob("*/standard.json")]
    return tuple(sorted(found, key=lambda name: [int(part) for part in name.split(".")]))


def latest() -> str:
    """Return the newest version of the standard."""
    return versions()[-1]


def folder(version: str) -> Path:
    """Return the folder of a version.

    Raises:
        StandardError: the version is unknown.
    """
    if version not in versions():
        raise StandardError(f"Unknown version {version!r} of the standard; known: {', '.join(versions())}.")
    return root() / version


@cache
def table_names(version: str) -> tuple[str, ...]:
    """Return the names of the tables, in the standard's fixed order."""
    return tuple(json.loads((folder(version) / "standard.json").read_text(encoding="utf-8"))["tables"])


@cache
def full_version(version: str) -> str:
    """Return MAJOR.MINOR.PATCH of a version."""
    return str(json.loads((folder(version) / "standard.json").read_text(encoding="utf-8"))["version"])


def schema_names(version: str) -> tuple[str, ...]:
    """Return the names of all JSON Schemas of a version, tables first."""
    return (*table_names(version), *DOCUMENTS, "common", "datapackage")


@cache
def json_schema(version: str, name: str) -> dict[str, Any]:
    """Return a JSON Schema as it stands in the standard; do not change it.

    Raises:
        StandardError: the version or the schema is unknown.
    """
    path = folder(version) / f"{name}.schema.json"
    if name not in schema_names(version):
        known = ", ".join((*schema_names(version), *codelists(version)))
        raise StandardError(f"Unknown schema or codelist {name!r}; known: {known}, {', '.join(OF_OUTPUT)}.")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def codelists(version: str) -> dict[str, bool]:
    """Return the codelists of a version: name -> whether it is open."""
    with (folder(version) / "codelists.csv").open(encoding="utf-8", newline="") as stream:
        return {row["codelist"]: row["open"] == "true" for row in csv.DictReader(stream)}


def codelist_text(version: str, codelist: str) -> str:
    """Return a codelist as the text of its CSV file."""
    return (folder(version) / "codelists" / f"{codelist}.csv").read_text(encoding="utf-8")


@cache
def codes(version: str, codelist: str) -> tuple[str, ...]:
    """Return the codes of a codelist, in its order."""
    with (folder(version) / "codelists" / f"{codelist}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(row["code"] for row in csv.DictReader(stream))


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of the reports of this version of the tool; do not change it."""
    path = root() / "report" / REPORT_VERSION / "report.schema.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def changes_schema() -> dict[str, Any]:
    """Return the JSON Schema of changes.json of this version of the tool; do not change it."""
    path = root() / "changes" / CHANGES_VERSION / "changes.schema.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def profile_schema() -> dict[str, Any]:
    """Return the JSON Schema of the form of profiles; do not change it."""
    path = root() / "profile" / PROFILE_VERSION / "profile.schema.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


#: Version of the forms of ``index.json`` and ``release.json``.
RELEASE_VERSION = "1.0"


@cache
def release_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a file that publishing writes, ``index`` or ``release``; do not change it."""
    path = root() / "release" / RELEASE_VERSION / f"{name}.schema.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


#: Schemas of what the tool writes, and of profiles that it reads: name -> the schema.
OF_OUTPUT: Mapping[str, Callable[[], dict[str, Any]]] = {
    CHANGES: changes_schema,
    PROFILE: profile_schema,
    "index": partial(release_schema, "index"),
    "release": partial(release_schema, "release"),
    REPORT: report_schema,
}


def version_of_address(address: str) -> tuple[str, str] | None:
    """Return (version, file) of an address of the standard, or None for any other address."""
    if not address.startswith(BASE):
        return None
    version, _, name = address.removeprefix(BASE).partition("/")
    return version, name
