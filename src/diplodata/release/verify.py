"""Read a release back from disk: is every byte as its checksums say, and was it these bytes that were validated?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from diplodata.errors import ReleaseError
from diplodata.model.release import FileFacts, StagedRelease, VerifiedRelease
from diplodata.release import checksums


def verify(staged: StagedRelease) -> VerifiedRelease:
    """Return the release as verified.

    Raises:
        ReleaseError: a file is absent, unlisted or changed, or its validation was one of other bytes.
    """
    for line in checksums.differences(staged.folder):
        raise ReleaseError(f"The release {staged.version} is damaged: {line}.")
    files = checksums.facts_of(staged.folder)
    for line in _not_validated(_read(staged, "validation.json"), files):
        raise ReleaseError(f"The release {staged.version} is not what was validated: {line}.")
    sums = checksums.facts(staged.folder / checksums.NAME)
    return VerifiedRelease(staged.folder, staged.version, files, sums, _read(staged, "release.json"))


def _read(staged: StagedRelease, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((staged.folder / name).read_text(encoding="utf-8"))
    return data


def _not_validated(report: Mapping[str, Any], files: Mapping[str, FileFacts]) -> Iterator[str]:
    """Yield what keeps a report from being one of these files: the report says of which bytes it speaks."""
    if not report["valid"]:
        yield "it has errors"
    for item in report["resources"]:
        facts = files.get(item["path"])
        if item["rows"] is not None and (facts is None or facts.sha256 != item["sha256"]):
            yield f"{item['path']} has another digest in validation.json"
