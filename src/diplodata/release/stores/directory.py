"""Releases in a folder: one lock, one rename that replaces nothing, one index.

A release appears by a rename, and counts when index.json lists it. Before the rename a note of what is meant is
written, so that the next run can tell a release that was never listed from one that somebody put there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from diplodata.errors import ReleaseError
from diplodata.model.release import Index, VerifiedRelease
from diplodata.release import checksums, index, semver, sign
from diplodata.release.stores import durable
from diplodata.release.stores.store import SIGNATURE, Change

#: Seconds to wait for another publisher, who holds the lock for as long as a rename takes.
PATIENCE = 60.0

_STAGED = (".release-", ".part")
_NOTE = ".unlisted"


class Directory:
    """A folder on a disk of this machine."""

    def __init__(self, root: Path, place: str) -> None:
        self.place = place
        self.folder: Path | None = root
        self._root = root
        self._releases = root / "releases"

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file; None when there is none."""
        try:
            with (self._root / path).open("rb") as stream:
                raw = stream.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if len(raw) > limit:
            raise ReleaseError(f"{self.address(path)} is larger than {limit} bytes.")
        return raw

    def fetch(self, path: str, target: Path) -> bool:
        """Copy a file to a place on this machine; False when there is none."""
        try:
            shutil.copyfile(self._root / path, target)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def address(self, path: str) -> str:
        """Return where a file is."""
        return str(self._root / path)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give an empty folder beside the releases; it is locked, so that nobody takes it for a leftover."""
        made = [path for path in (*reversed(self._root.parents), self._root, self._releases) if not path.exists()]
        self._releases.mkdir(parents=True, exist_ok=True)
        for path in made:
            path.chmod(0o755)
        try:
            with self._locked():
                self._clean()
                folder = Path(tempfile.mkdtemp(prefix=_STAGED[0], suffix=_STAGED[1], dir=self._releases))
                lock = durable.locked(folder)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
        finally:
            self._forget(made)

    def _forget(self, made: list[Path]) -> None:
        """Remove folders that were made and are empty, as they are when nothing was published."""
        with suppress(OSError):
            for path in reversed(made):
                path.rmdir()

    def check(self, release: VerifiedRelease) -> None:
        """Compare a published release with one that was built, file by file."""
        place = self._releases / release.version
        for line in checksums.differences(place):
            raise ReleaseError(f"The published release {release.version} is damaged: {line}.")
        published = checksums.read(place)
        # What people wrote is named before what was made of it.
        data = {item["path"] for item in release.record["resources"] if isinstance(item["path"], str)}
        for name in sorted(published.keys() | release.files.keys(), key=lambda item: (item not in data, item)):
            facts = release.files.get(name)
            if facts is None or published.get(name) != facts.sha256:
                raise ReleaseError(
                    f"Version {release.version} is published with other content ({name}); a version never changes. "
                    "Raise the version in the descriptor."
                )

    def commit(self, change: Change, release: VerifiedRelease | None, signer: sign.Signer | None) -> Index:
        """Rename a release to its place, then replace the index."""
        if release is not None:
            durable.settle(release.folder)
        with self._locked():
            self._clean()
            current = self.read(index.NAME, index.LARGEST)
            known = index.read(current, self.address(index.NAME)) if current is not None else None
            wanted = change(known)
            if wanted == known:
                return wanted
            raw = index.text(wanted)
            signature = signer.sign(raw, sign.INDEX) if signer else None
            note = self._place(release) if release is not None else None
            try:
                self._replace(index.NAME, raw)
            except BaseException:
                # What failed may be what comes after the rename; then the index is the new one.
                if release is not None and note is not None and self.read(index.NAME, index.LARGEST) != raw:
                    (self._releases / release.version).rename(release.folder)
                    note.unlink(missing_ok=True)
                raise
            if signature is not None:
                self._replace(SIGNATURE, signature)
            if note is not None:
                note.unlink()
        return wanted

    def _place(self, release: VerifiedRelease) -> Path | None:
        """Rename a release to its place; return the note that it is not listed yet, None when it was there already."""
        place = self._releases / release.version
        if place.exists():
            # Nobody but a person puts releases here that the index does not know: listed when it is the same.
            self.check(release)
            return None
        note = self._releases / f".{release.version}{_NOTE}"
        durable.write(note, release.checksums.sha256.encode())
        try:
            durable.rename(release.folder, place)
        except OSError as error:
            note.unlink(missing_ok=True)
            raise ReleaseError(f"{place} cannot be made: {error.strerror}; nothing was changed.") from error
        durable.sync(self._releases)
        return note

    def put(self, path: str, data: bytes) -> None:
        """Write a file that may change."""
        if self.read(path, len(data)) != data:
            with self._locked():
                self._replace(path, data)

    def _replace(self, path: str, data: bytes) -> None:
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = self._root / f".publish-{target.name}.part"
        try:
            durable.write(beside, data)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        durable.sync(target.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        end = time.monotonic() + PATIENCE
        while (lock := durable.try_lock(self._root)) is None:
            if time.monotonic() > end:
                raise ReleaseError(f"Another publisher has held {self.place} for {PATIENCE:.0f} seconds; try again.")
            time.sleep(0.02)
        try:
            yield
        finally:
            os.close(lock)

    def _clean(self) -> None:
        """Take away what a run left behind that was ended; called under the lock."""
        for path in self._root.glob(".publish-*.part"):
            path.unlink()
        for note in self._releases.glob(f".*{_NOTE}"):
            self._undo(note)
        for folder in self._releases.glob(f"{_STAGED[0]}*{_STAGED[1]}"):
            lock = durable.try_lock(folder)
            # Locked: its publisher is at work.
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)

    def _undo(self, note: Path) -> None:
        """Take back a release that was renamed to its place and never listed."""
        version = note.name[1:].removesuffix(_NOTE)
        current = self.read(index.NAME, index.LARGEST)
        known = index.read(current, self.address(index.NAME)) if current is not None else None
        place = self._releases / version
        if semver.is_version(version) and (known is None or known.entry(version) is None) and place.is_dir():
            sums = place / checksums.NAME
            if sums.is_file() and checksums.facts(sums).sha256.encode() == note.read_bytes():
                aside = Path(tempfile.mkdtemp(prefix=_STAGED[0], suffix=_STAGED[1], dir=self._releases))
                # A rename onto an empty folder replaces it.
                place.rename(aside)
                shutil.rmtree(aside)
        note.unlink()
