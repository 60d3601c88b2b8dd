"""Is the descriptor of a package certainly valid for the reference?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from diplodata.package import paths, versions
from diplodata.package.plain.members import NAME, Test, array, ask, each, fits, flag, text, texts, whole
from diplodata.package.plain.schemas import is_schema

#: Addresses and e-mail addresses without anything that a parser could take in two ways.
_ADDRESS = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9_-]+)*(\.[a-z0-9]+)*/?", re.ASCII)
_LABEL = "[a-z0-9]{1,20}"
_EMAIL = re.compile(rf"{_LABEL}([._-]{_LABEL})?@({_LABEL}\.){{1,3}}[a-z]{{2,6}}", re.ASCII)

_LICENSES = each({"name": text, "path": text, "title": text}, "name", "path")
_PEOPLE = each(
    dict.fromkeys(("title", "path", "organisation", "role"), text)
    | {"email": lambda value: isinstance(value, str) and _EMAIL.fullmatch(value) is not None}
)
_ABOUT: Mapping[str, Test] = {
    "name": text,
    "type": ask,
    "title": text,
    "description": text,
    "homepage": text,
    "profile": ask,
    "profiles": ask,
    "licenses": _LICENSES,
    "sources": _PEOPLE,
    "contributors": _PEOPLE,
    "missingValues": ask,
}

#: Members of a package to which the reference gives a meaning.
PACKAGE: Mapping[str, Test] = {
    **_ABOUT,
    "$frictionless": ask,
    "created": ask,
    "fields": ask,
    "image": text,
    "keywords": texts,
    "profile": lambda value: value in versions.OF_PACKAGES,
    "resources": array,
    "version": text,
}


def _is_path(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return bool(items) and all(isinstance(item, str) and _is_safe(item) for item in items)


def _is_safe(path: str) -> bool:
    return _ADDRESS.fullmatch(path) is not None if paths.is_remote(path) else paths.problem(path) is None


#: Members of a dialect.
DIALECT: Mapping[str, Test] = {
    **dict.fromkeys(("name", "type", "headerCase", "skipBlankRows", "csv", "controls"), ask),
    **dict.fromkeys(("title", "description", "headerJoin", "commentChar"), text),
    **dict.fromkeys(("headerRows", "commentRows"), array),
    "header": flag,
}

#: Members of a resource; its schema is judged by itself.
RESOURCE: Mapping[str, Test] = {
    **_ABOUT,
    **dict.fromkeys(("url", "hashing", "stats", "layout", "extrapaths"), ask),
    **dict.fromkeys(("scheme", "format", "mediatype", "innerpath", "encoding", "hash"), text),
    **dict.fromkeys(("bytes", "fields", "rows"), whole),
    "compression": lambda value: isinstance(value, str) and value != "no",
    "data": lambda value: isinstance(value, dict | list),
    "dialect": lambda value: fits(value, DIALECT),
    "path": _is_path,
    "profile": lambda value: value in versions.OF_RESOURCES,
    "schema": lambda value: is_schema(value, is_v2=False),
    "type": lambda value: value == "table",
}


def is_package(descriptor: Mapping[str, Any]) -> bool:
    """Whether a descriptor is certainly valid for the reference.

    Args:
        descriptor: as it would be shown to the reference; each schema in it has to be one of v1 as well.
    """
    version = versions.version(descriptor)
    if version == "own":
        return False
    if not (fits(descriptor, PACKAGE) and "resources" in descriptor):
        return False
    resources = descriptor["resources"]
    if not all(fits(item, RESOURCE) and isinstance(item.get("name"), str) for item in resources):
        return False
    names = [item["name"] for item in resources]
    is_tabular = descriptor.get("profile") == "tabular-data-package"
    return (
        all(map(_is_whole, resources))
        and len(set(names)) == len(names)
        and (not is_tabular or all(item.get("profile") == "tabular-data-resource" for item in resources))
        and (version == "v2" or _are_names([descriptor, *resources]))
    )


def _is_whole(item: Mapping[str, Any]) -> bool:
    """Whether a resource has its data in one way, and a schema where its profile asks for one."""
    return ("path" in item) != ("data" in item) and ("schema" in item or item.get("profile") != "tabular-data-resource")


def _are_names(items: Iterable[Mapping[str, Any]]) -> bool:
    return all(NAME.fullmatch(item["name"]) for item in items if "name" in item)
