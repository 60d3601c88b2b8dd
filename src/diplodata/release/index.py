"""index.json: what is published at a place; its text, and what a publisher asks of it beyond what readers do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from diplodata.errors import ReleaseError
from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS
from diplodata.model.release import Entry, Index
from diplodata.published import index as published
from diplodata.release import semver
from diplodata.standard import registry

NAME = published.NAME

#: The file by which a website says what is its own; the page of all versions then leaves its first page alone.
SITE = "site.json"

#: An index is read as a whole.
LARGEST = DEFAULT_TRANSFER_LIMITS.index_bytes


def read(raw: bytes, place: str) -> Index:
    """Return what an index says.

    Args:
        raw: the bytes of index.json.
        place: where it lies, for the message.

    Raises:
        ReleaseError: it does not have the form of schemas/release/1.0/index.schema.json.
    """
    if len(raw) > LARGEST:
        raise ReleaseError(f"{place} is larger than {LARGEST} bytes.")
    found, findings = published.read(raw)
    for item in findings:
        raise ReleaseError(f"{place}: {item.message}")
    assert found is not None
    _check(found, place)
    return found.index


def _check(found: published.ReadIndex, place: str) -> None:
    """Check what readers need not know: each version newest first, and channels that lead to the newest ones."""
    versions = [item.version for item in found.index.releases]
    if versions != sorted(versions, key=semver.order, reverse=True):
        raise ReleaseError(f"{place} is not used: its versions are not listed newest first.")
    if found.channels != semver.channels(found.index.releases):
        raise ReleaseError(f"{place} is not used: its channels do not lead to the newest versions.")


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
