"""What was seen of a place before: no later look may show less, or something else under the same name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata import strict_json
from diplodata.catalogue import finding
from diplodata.errors import FetchError
from diplodata.model.finding import Finding
from diplodata.model.release import Index
from diplodata.published import index as indexes
from diplodata.published import sums

_VERSION = "1.0"

#: Largest file of what is remembered.
_LARGEST = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one place."""

    #: Highest serial of the index that was seen.
    serial: int
    #: Digest of the index that had it.
    index: str
    #: Version -> digest of its SHA256SUMS.
    versions: Mapping[str, str]


def read(path: Path) -> Memory | None:
    """Return what is remembered; None when nothing is.

    Raises:
        FetchError: the file is not what the tool writes; without it, old releases could not be told from new ones.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    try:
        return _parsed(strict_json.parse(raw))
    except (strict_json.JsonProblemError, KeyError, TypeError, ValueError) as error:
        raise FetchError(
            f"{path} is not what fetch wrote, so nobody knows what was seen before; mend it, or remove it to forget."
        ) from error


def _parsed(data: Any) -> Memory:
    if data["state_version"] != _VERSION or not isinstance(data["serial"], int):
        raise ValueError(_VERSION)
    versions = {str(name): str(digest) for name, digest in data["versions"].items()}
    return Memory(data["serial"], str(data["index"]), versions)


def contradictions(memory: Memory | None, index: Index, digest: str) -> Iterator[Finding]:
    """Yield in what an index contradicts what is remembered.

    Args:
        memory: what is remembered.
        index: the index as it is now.
        digest: its digest.
    """
    if memory is None:
        return
    if index.serial < memory.serial:
        yield finding("release-rolled-back", path=indexes.NAME, value=index.serial, limit=memory.serial)
    elif index.serial == memory.serial and digest != memory.index:
        details = {"what": f"index.json of the serial {index.serial}", "problem": "it has other bytes"}
        yield finding("release-replaced", details, path=indexes.NAME, value=digest, limit=memory.index)
    for version, known in memory.versions.items():
        entry = index.entry(version)
        if entry is None or entry.checksums.sha256 != known:
            problem = "it is not listed any more" if entry is None else f"its {sums.NAME} has another digest"
            details = {"what": f"The release {version}", "problem": problem}
            value = entry.checksums.sha256 if entry else None
            yield finding("release-replaced", details, path=f"releases/{version}/", value=value, limit=known)


def with_index(memory: Memory | None, index: Index, digest: str) -> Memory:
    """Return what is to be remembered once an index has been checked: every version that it lists, for ever."""
    versions = dict(memory.versions if memory else {})
    versions |= {entry.version: entry.checksums.sha256 for entry in index.releases}
    return Memory(index.serial, digest, versions)


def write(path: Path, memory: Memory, beside: Path) -> None:
    """Write what is remembered, in one step.

    Args:
        path: the file.
        memory: what is remembered.
        beside: where it is written first.
    """
    data = {
        "state_version": _VERSION,
        "serial": memory.serial,
        "index": memory.index,
        "versions": dict(sorted(memory.versions.items())),
    }
    try:
        with beside.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps(data, indent=2) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
