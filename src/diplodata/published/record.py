"""release.json of a release, read strictly, and compared with what the index says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.model.release import Entry
from diplodata.published import forms

NAME = "release.json"


@dataclass(frozen=True, slots=True)
class Previous:
    """The release that another one follows."""

    version: str
    #: Digest of its SHA256SUMS.
    sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """What release.json says, as far as it is relied upon."""

    name: str | None
    version: str
    created: str
    content: str
    previous: Previous | None
    #: Path -> size, of the files that the descriptor lists.
    sizes: Mapping[str, int]


def read(raw: bytes, place: str) -> tuple[Record | None, tuple[Finding, ...]]:
    """Return a record, or None and what is wrong with it."""
    data, findings = forms.judged(raw, "release", place, "release-record-malformed")
    if data is None or findings:
        return None, findings
    before = data["previous"]
    previous = before and Previous(before["version"], before["checksums"].removeprefix("sha256:"))
    listed = [item for item in data["resources"] if isinstance(item["path"], str) and "bytes" in item]
    sizes = {item["path"]: int(item["bytes"]) for item in listed}
    return Record(data["name"], data["version"], data["created"], data["content"], previous, sizes), ()


def differences(record: Record, entry: Entry, place: str) -> Iterator[Finding]:
    """Yield what a record says otherwise than the index does: the index was made for another release."""
    before = record.previous.version if record.previous else None
    pairs = {
        "version": (record.version, entry.version),
        "created": (record.created, entry.created),
        "content": (record.content, entry.content),
        "previous": (before, entry.previous),
    }
    for member, (value, limit) in pairs.items():
        if value != limit:
            shown = {"value": value or "none", "limit": limit or "none"}
            yield finding("release-record-different", {"member": member}, path=place, pointer=f"/{member}", **shown)
