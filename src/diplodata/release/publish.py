"""Publish a release into a folder: immutable, in one rename."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diplodata.errors import ReleaseError
from diplodata.model.release import VerifiedRelease
from diplodata.model.report import Report
from diplodata.package.locate import open_source
from diplodata.release import checksums
from diplodata.release.build import build, version_of
from diplodata.release.verify import verify
from diplodata.site import page
from diplodata.validation import Options, validate_opened


class InvalidPackageError(ReleaseError):
    """The package has errors, so it is not published; the report says which."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.subject} is not published: it is not valid.")
        self.report = report


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of a publish."""

    folder: Path
    version: str
    #: Whether the version was new; False when the same bytes were there already.
    is_new: bool


def publish(target: str | Path, source: str | Path = ".") -> Publication:
    """Validate a package and write it as a release below a folder.

    Args:
        target: the folder that holds all releases; it is made when it is not there.
        source: the package.

    Raises:
        InvalidPackageError: the package has errors.
        ReleaseError: the version is there with other bytes, or the release cannot be built.
        SourceError: the source cannot be read as a package.
    """
    releases = Path(target) / "releases"
    with open_source(source) as opened:
        version = version_of(opened)
        report = validate_opened(opened, Options())
        if not report.valid:
            raise InvalidPackageError(report)
        releases.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{version}.", suffix=".part", dir=releases))
        try:
            verified = verify(build(opened, report, staging))
            is_new = _commit(verified, releases / version)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    _write_index(Path(target))
    return Publication(releases / version, version, is_new)


def _commit(release: VerifiedRelease, place: Path) -> bool:
    """Move a verified release to its place; return False when the same bytes are there already."""
    if place.exists():
        _compare(release, place)
        return False
    _make_readable(release.folder)
    try:
        # A rename onto a folder that appeared meanwhile fails unless that folder is empty.
        release.folder.rename(place)
    except OSError as error:
        raise ReleaseError(f"{place} appeared meanwhile; nothing was changed.") from error
    return True


def _make_readable(folder: Path) -> None:
    """Let a web server read a release whatever the umask of the publisher was."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _compare(release: VerifiedRelease, place: Path) -> None:
    for line in checksums.differences(place):
        raise ReleaseError(f"The published release {release.version} is damaged: {line}.")
    published = checksums.read(place)
    for name in sorted(published.keys() | release.files.keys()):
        facts = release.files.get(name)
        if facts is None or published.get(name) != facts.sha256:
            raise ReleaseError(
                f"Version {release.version} is published with other content ({name}); a version never changes. "
                "Raise the version in the descriptor."
            )


def _write_index(target: Path) -> None:
    """Write the page that lists all releases, newest first."""
    folders = [path for path in (target / "releases").iterdir() if not path.name.startswith(".")]
    records = [_record(path) for path in folders if (path / "release.json").is_file()]
    records.sort(key=lambda record: _order(str(record["version"])), reverse=True)
    text, place = page.releases(records), target / "index.html"
    if place.is_file() and place.read_text(encoding="utf-8") == text:
        return
    beside = target / f".index.html.{os.getpid()}.part"
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _record(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    title = json.loads((folder / "datapackage.json").read_text(encoding="utf-8")).get("title")
    return record | {"title": title or record["name"] or "Releases"}


def _order(version: str) -> tuple[list[int], str]:
    """Order versions by their numbers; a version with a suffix comes before the one without (semver 11)."""
    core, _, suffix = version.partition("-")
    numbers = [int(part) if part.isdigit() else 0 for part in core.partition("+")[0].split(".")]
    return numbers, suffix or "~"
