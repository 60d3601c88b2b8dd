"""A release as a value, in the two states that publishing tells apart by type."""

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
    #: The content of release.json.
    record: Mapping[str, Any]
