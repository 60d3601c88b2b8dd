"""Which version of Data Package a descriptor is of: the ``$schema`` of its root decides, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

Version = Literal["v1", "v2", "own"]

#: Addresses of the official profiles; their rules are those of the reference, so nothing has to be fetched.
_OFFICIAL = re.compile(
    r"https?://datapackage\.org/profiles/(?P<major>[12])\.[0-9]+/"
    r"(datapackage|dataresource|tabledialect|tableschema)\.json#?",
    re.ASCII,
)

#: Addresses of the profiles of v1, which also have names.
_NAMED = re.compile(
    r"https?://(specs|schemas)\.frictionlessdata\.io/schemas/(?P<name>[a-z-]+)\.json#?",
    re.ASCII,
)

#: Names of profiles of v1 whose rules the reference knows; it fetches any other.
OF_PACKAGES = ("data-package", "tabular-data-package")
OF_RESOURCES = ("data-resource", "tabular-data-resource")
_ALSO_KNOWN = ("table-schema", "csv-dialect")


def version(descriptor: Mapping[str, Any]) -> Version:
    """Return the version of a descriptor; a profile of somebody's own allows what v2 allows.

    A missing ``$schema`` is v1 (Data Package v2, $schema).
    """
    address = descriptor.get("$schema")
    if not address:
        return "v1"
    match = _OFFICIAL.fullmatch(address) if isinstance(address, str) else None
    return "own" if match is None else "v1" if match["major"] == "1" else "v2"


def name_of(profile: str) -> str:
    """Return the name of a profile of v1 that is given by its official address; any other text as it is."""
    match = _NAMED.fullmatch(profile)
    return match["name"] if match else profile


def is_official(profile: str) -> bool:
    """Whether the rules of a profile are those that the reference asks anyway."""
    return _OFFICIAL.fullmatch(profile) is not None or name_of(profile) in (
        *OF_PACKAGES,
        *OF_RESOURCES,
        *_ALSO_KNOWN,
    )
