"""Read a release back from disk: is every byte as its checksums say, and does the package validate?"""

from __future__ import annotations

import json

from diplodata.errors import ReleaseError
from diplodata.model.release import StagedRelease, VerifiedRelease
from diplodata.release import checksums
from diplodata.validation import validate


def verify(staged: StagedRelease) -> VerifiedRelease:
    """Return the release as verified.

    Raises:
        ReleaseError: a file is absent, unlisted or changed, or the package in the release is not valid.
    """
    for line in checksums.differences(staged.folder):
        raise ReleaseError(f"The release {staged.version} is damaged: {line}.")
    report = validate(staged.folder / "datapackage.json")
    if not report.valid:
        first = next(item for item in report.findings if item.severity == "error")
        raise ReleaseError(f"The release {staged.version} does not validate: {first.message}")
    record = json.loads((staged.folder / "release.json").read_text(encoding="utf-8"))
    return VerifiedRelease(staged.folder, staged.version, checksums.facts_of(staged.folder), record)
