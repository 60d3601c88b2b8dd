"""All releases of a place: the index, and each release that it lists."""

from __future__ import annotations

from diplodata.errors import UsageError
from diplodata.model.release import Entry, Index
from diplodata.published import index as indexes
from diplodata.published import signatures
from diplodata.verifying.chain import check_in_index
from diplodata.verifying.release import Look, check_release, check_signature

_FOLDER = "releases/"


def check_tree(look: Look, raw: bytes, release: str | None) -> tuple[str, ...]:
    """Check the index and the releases that it lists.

    Args:
        look: what is looked at; findings are added to it.
        raw: the bytes of index.json.
        release: the one version to read; None reads all.

    Returns:
        The versions that were read.

    Raises:
        UsageError: there is no such version.
    """
    look.files += 1
    look.bytes += len(raw)
    check_signature(look, indexes.NAME, raw, signatures.INDEX)
    read, findings = indexes.read(raw)
    look.found.extend(findings)
    if read is None:
        return ()
    chosen = _chosen(read, release)
    seen = {entry.version: check_release(look, entry.path, entry) for entry in chosen}
    facts = {version: item.checksums for version, item in seen.items() if item is not None}
    for entry in chosen:
        check_in_index(look, read.index, entry, seen[entry.version], facts)
        if entry.yanked is not None:
            members = {"path": entry.path, "value": entry.version, "limit": entry.yanked.reason}
            look.say("release-yanked", details={"date": entry.yanked.date[:10]}, **members)
    if release is None:
        _check_others(look, read.index)
    return tuple(entry.version for entry in chosen)


def _chosen(read: indexes.ReadIndex, release: str | None) -> tuple[Entry, ...]:
    if release is None:
        return read.index.releases
    entry = read.index.entry(read.channels.get(release, release))
    if entry is None:
        raise UsageError(unknown(read, release))
    return (entry,)


def unknown(read: indexes.ReadIndex, release: str) -> str:
    """Say which releases there are instead of one that is not there."""
    versions = ", ".join(entry.version for entry in read.index.releases[:20])
    channels = ", ".join(read.channels) or "none"
    return f"There is no release {release[:100]!r}; there are {versions}, and the channels {channels}."


def _check_others(look: Look, index: Index) -> None:
    """Say which folders lie among the releases that are none; hidden ones are being staged."""
    found = look.place.listing(_FOLDER)
    if found is None:
        return
    names = {name.partition("/")[0] for name in found.files if "/" in name}
    for name in sorted(names):
        if not name.startswith(".") and index.entry(name) is None:
            look.say("release-not-published", path=f"{_FOLDER}{name}/")
