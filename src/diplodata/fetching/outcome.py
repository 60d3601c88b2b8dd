"""What comes of a fetch: a verified folder, or the reasons for which nothing was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from diplodata.errors import FetchError
from diplodata.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Fetched:
    """A release that lies in a folder, every byte of it as it was published."""

    folder: Path
    version: str
    #: Digest of its SHA256SUMS, by which it can be asked for again with ``--expect``.
    sha256: str
    #: Files of the release in the folder.
    files: int
    #: Bytes that were received, or read from another folder.
    received: int
    #: Whether the folder is new or was replaced; False when all of it was there already.
    is_new: bool
    #: Why the release was withdrawn, if it was.
    withdrawn: str | None
    #: The form of the data that was taken; None for all.
    only: str | None


class RefusedError(FetchError):
    """What is published is not what it should be; nothing was written under the final name."""

    def __init__(self, place: str, findings: Sequence[Finding]) -> None:
        errors = [item for item in findings if item.severity == "error"]
        super().__init__(f"{place} is refused: {errors[0].message if errors else 'it is not as it should be.'}")
        self.findings = tuple(findings)
