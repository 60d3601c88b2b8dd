"""index.json beside the releases, read strictly: it decides which release is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diplodata.catalogue import finding
from diplodata.model.finding import Finding
from diplodata.model.release import Entry, FileFacts, Index, Yank
from diplodata.published import forms

NAME = "index.json"
SIGNATURE = f"{NAME}.sig"
_CODE = "release-index-malformed"


@dataclass(frozen=True, slots=True)
class ReadIndex:
    """An index, and the versions to which its channels lead."""

    index: Index
    channels: Mapping[str, str]


def read(raw: bytes) -> tuple[ReadIndex | None, tuple[Finding, ...]]:
    """Return an index, or None and what is wrong with it."""
    data, findings = forms.judged(raw, "index", NAME, _CODE)
    if data is None or findings:
        return None, findings
    releases = tuple(map(_entry, data["releases"]))
    index = Index(data["name"], data["title"], data["serial"], data["updated"], releases)
    wrong = tuple(_problems(index, data))
    if wrong:
        return None, tuple(
            finding(_CODE, {"problem": problem}, path=NAME, pointer=pointer) for pointer, problem in wrong
        )
    return ReadIndex(index, data["channels"]), ()


def _entry(item: Mapping[str, Any]) -> Entry:
    yanked = item["yanked"]
    return Entry(
        version=item["version"],
        created=item["created"],
        checksums=FileFacts(int(item["checksums"]["bytes"]), item["checksums"]["sha256"]),
        content=item["content"],
        previous=item["previous"],
        yanked=yanked and Yank(yanked["reason"], yanked["date"]),
    )


def _problems(index: Index, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what no schema can say."""
    seen: set[str] = set()
    for number, (entry, item) in enumerate(zip(index.releases, data["releases"], strict=True)):
        if entry.version in seen:
            yield f"/releases/{number}/version", f"the version {entry.version} is there twice"
        seen.add(entry.version)
        if item["path"] != entry.path:
            yield f"/releases/{number}/path", f"the release {entry.version} lies in {entry.path}, not in another folder"
    for name, version in data["channels"].items():
        problem = _channel_problem(name, index.entry(version))
        if problem:
            yield f"/channels/{name}", f"the channel {name} leads to {version}, {problem}"


def _channel_problem(name: str, entry: Entry | None) -> str | None:
    if entry is None:
        return "which is not listed"
    if entry.yanked is not None:
        return "which is withdrawn"
    return None if name == "latest" or entry.version.startswith(f"{name}.") else "which is of another line"
