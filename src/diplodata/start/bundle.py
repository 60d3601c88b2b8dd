"""A package of the standard that is not there yet, as a bundle in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from diplodata.errors import UsageError
from diplodata.standard import registry

#: Which tables a package can begin with.
TABLES = ("required", "all")

#: Names that a package can have.
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*", re.ASCII)
_NO_NAME = re.compile(r"[^a-z0-9]+", re.ASCII)

Records = Mapping[str, Sequence[Mapping[str, Any]]]


def bundle(metadata: Mapping[str, Any], prefix: str, tables: str, records: Records | None = None) -> dict[str, Any]:
    """Return a bundle of the latest version of the standard.

    Args:
        metadata: what its descriptor says beside the tables and the standard.
        prefix: prefix of the identifiers that are given out in it.
        tables: ``required`` for the tables that every package has, ``all`` for all of them.
        records: table -> its records; the tables are there even without.
    """
    version = registry.latest()
    names = [
        name
        for name in registry.table_names(version)
        if tables == "all" or registry.json_schema(version, name)["x-level"] == "required"
    ]
    address = f"{registry.BASE}{version}/datapackage.schema.json"
    return {
        "diplodata": {"standard": version, "prefixes": [prefix]},
        "package": {"$schema": address, **metadata},
        **{name: list((records or {}).get(name, ())) for name in names},
    }


def package_name(wish: str | None, place: str) -> str:
    """Return the name of a package: the one wished for, or one made of its file or folder.

    Raises:
        UsageError: the name that is wished for cannot be one.
    """
    name = wish or _NO_NAME.sub("-", place.lower()).strip("-") or "package"
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a package: lower-case letters and digits, joined by . _ or -."
        )
    return name
