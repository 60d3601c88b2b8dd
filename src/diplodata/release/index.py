"""index.json: what is published at a place; its text, and a strict reader of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from diplodata import strict_json
from diplodata.errors import ReleaseError
from diplodata.model.release import Entry, FileFacts, Index, Yank
from diplodata.release import semver
from diplodata.standard import registry

NAME = "index.json"

#: The file by which a website says what is its own; the page of all versions then leaves its first page alone.
SITE = "site.json"

#: An index is read as a whole.
LARGEST = 8 * 2**20


def read(raw: bytes, place: str) -> Index:
    """Return what an index says.

    Args:
        raw: the bytes of index.json.
        place: where it lies, for the message.

    Raises:
        ReleaseError: it does not have the form of schemas/release/1.0/index.schema.json.
    """
    from jsonschema_rs import Draft202012Validator

    if len(raw) > LARGEST:
        raise ReleaseError(f"{place} is larger than {LARGEST} bytes.")
    try:
        data = strict_json.plain(strict_json.parse(raw))
    except strict_json.JsonProblemError as problem:
        raise ReleaseError(f"{place} is no index of releases: {problem.problem}.") from problem
    judge = Draft202012Validator(registry.release_schema("index"), validate_formats=True)
    for error in judge.iter_errors(data):
        where = "".join(f"/{part}" for part in error.instance_path) or "the top"
        raise ReleaseError(f"{place} is no index of releases: at {where}, {error.message}.")
    found = Index(data["name"], data["title"], data["serial"], data["updated"], tuple(map(_entry, data["releases"])))
    _check(found, data, place)
    return found


def _entry(item: Mapping[str, Any]) -> Entry:
    yanked = item["yanked"]
    return Entry(
        version=item["version"],
        created=item["created"],
        checksums=FileFacts(item["checksums"]["bytes"], item["checksums"]["sha256"]),
        content=item["content"],
        previous=item["previous"],
        yanked=yanked and Yank(yanked["reason"], yanked["date"]),
    )


def _check(index: Index, data: Mapping[str, Any], place: str) -> None:
    """Check what no schema can say: each version once, newest first, in its folder, and channels that lead to it."""
    versions = [item.version for item in index.releases]
    if versions != sorted(set(versions), key=semver.order, reverse=True):
        raise ReleaseError(f"{place} is no index of releases: its versions are not each there once, newest first.")
    for item, entry in zip(data["releases"], index.releases, strict=True):
        if item["path"] != entry.path:
            raise ReleaseError(f"{place} is no index of releases: {entry.version} has the path {item['path']}.")
    if data["channels"] != semver.channels(index.releases):
        raise ReleaseError(f"{place} is no index of releases: its channels do not lead to the newest versions.")


def text(index: Index) -> bytes:
    """Return an index as the bytes of its file."""
    data = {
        "index_version": registry.RELEASE_VERSION,
        "name": index.name,
        "title": index.title,
        "serial": index.serial,
        "updated": index.updated,
        "channels": semver.channels(index.releases),
        "releases": [_item(entry) for entry in index.releases],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _item(entry: Entry) -> dict[str, Any]:
    yanked = entry.yanked
    return {
        "version": entry.version,
        "created": entry.created,
        "path": entry.path,
        "checksums": {"bytes": entry.checksums.bytes, "sha256": entry.checksums.sha256},
        "content": entry.content,
        "previous": entry.previous,
        "yanked": yanked and {"reason": yanked.reason, "date": yanked.date},
    }


def with_entry(index: Index | None, entry: Entry, name: str | None, title: str, moment: str) -> Index:
    """Return an index that has one more entry, or one in another state.

    Args:
        index: what is published; None when nothing is.
        entry: the release.
        name: name of the package.
        title: title of the package.
        moment: when this happened; the index never grows younger.
    """
    if index is None:
        return Index(name, title, 1, moment, (entry,))
    others = [item for item in index.releases if item.version != entry.version]
    releases = sorted((*others, entry), key=lambda item: semver.order(item.version), reverse=True)
    # The newest release gives the package its name; one that mends an old line does not.
    is_newest = releases[0] is entry and entry.yanked is None
    titled = replace(index, name=name, title=title) if is_newest else index
    return replace(titled, serial=index.serial + 1, updated=max(index.updated, moment), releases=tuple(releases))
