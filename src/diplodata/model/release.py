"""Releases as values: the two states that publishing tells apart by type, and the index of what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Size and digest of one file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StagedRelease:
    """A release as built: nobody has looked at its bytes yet."""

    folder: Path
    version: str


@dataclass(frozen=True, slots=True)
class VerifiedRelease:
    """A release whose bytes were read back from disk and agree with its checksums; only ``verify`` makes one."""

    folder: Path
    version: str
    files: Mapping[str, FileFacts]
    #: Size and digest of SHA256SUMS itself.
    checksums: FileFacts
    #: The content of release.json.
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Yank:
    """That a release is withdrawn: it stays where it is, and no channel leads to it."""

    reason: str
    #: Moment in RFC 3339.
    date: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One release in the index."""

    version: str
    #: Moment in RFC 3339.
    created: str
    #: Size and digest of its SHA256SUMS, which holds the digests of everything else.
    checksums: FileFacts
    #: Digest of the content of the tables, whatever their format.
    content: str
    #: The release that it follows; None for the first.
    previous: str | None
    yanked: Yank | None = None

    @property
    def path(self) -> str:
        """The folder of the release, seen from the index."""
        return f"releases/{self.version}/"


@dataclass(frozen=True, slots=True)
class Index:
    """What is published at one place: the content of index.json."""

    name: str | None
    title: str
    #: Grows by one with every change.
    serial: int
    #: Moment of the newest change in RFC 3339.
    updated: str
    #: Newest version first.
    releases: tuple[Entry, ...]

    def entry(self, version: str) -> Entry | None:
        """Return the entry of a version, or None."""
        return next((item for item in self.releases if item.version == version), None)
