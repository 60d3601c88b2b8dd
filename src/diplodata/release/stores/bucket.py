"""Releases in an object store that speaks S3: objects that are only ever created, and an index that is swapped.

A bucket has no renames and no locks. Its conditions stand in for both: ``If-None-Match: *`` creates an object once
(RFC 9110, 13.1.2), and ``If-Match`` replaces the index that was read, and no other.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diplodata.errors import ReleaseError
from diplodata.model.release import Index, VerifiedRelease
from diplodata.release import checksums, index, sign
from diplodata.release.stores.objects import PAUSE, Objects, Seen
from diplodata.release.stores.store import SIGNATURE, Change

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
_NAME = re.compile(r"(?!\.{1,2}$)[\w!*'(). -]+")

#: S3 takes objects up to this size in one request, and only in one can they be created once.
_LARGEST = 5 * 2**30

#: How often the index is read anew when others publish at the same time.
_ROUNDS = 20


class Bucket:
    """A place below ``s3://bucket/prefix``; credentials, region and endpoint come from AWS_… in the environment."""

    def __init__(self, place: str) -> None:
        match = _ADDRESS.fullmatch(place)
        prefix = ((match[2] or "") if match else "").rstrip("/")
        if match is None or (prefix and not all(_NAME.fullmatch(part) for part in prefix.split("/"))):
            raise ReleaseError(f"{place!r} is no address of a bucket, such as s3://bucket/prefix.")
        self.place = place.rstrip("/")
        self.folder: Path | None = None
        self._objects = Objects(self.place, match[1], prefix)
        self._is_probed = False

    def read(self, path: str, limit: int) -> bytes | None:
        """Return an object; None when there is none."""
        found = self._objects.get(path, limit)
        return None if found is None else found.raw

    def fetch(self, path: str, target: Path) -> bool:
        """Copy an object to a place on this machine; False when there is none."""
        return self._objects.fetch(path, target)

    def address(self, path: str) -> str:
        """Return where an object is."""
        return f"{self.place}/{path}"

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Give an empty folder on this machine; nothing is sent before all of a release is there."""
        self._probe()
        with tempfile.TemporaryDirectory(prefix="diplodata-") as folder:
            yield Path(folder)

    def _probe(self) -> None:
        if not self._is_probed:
            self._objects.probe()
            self._is_probed = True

    def check(self, release: VerifiedRelease) -> None:
        """Compare a published release with one that was built, by its checksums."""
        name = f"releases/{release.version}/{checksums.NAME}"
        published = self.read(name, release.checksums.bytes + 2**20)
        if published is None:
            raise ReleaseError(f"The published release {release.version} is damaged: {checksums.NAME} is absent.")
        if hashlib.sha256(published).hexdigest() != release.checksums.sha256:
            raise ReleaseError(
                f"Version {release.version} is published with other content; a version never changes. "
                "Raise the version in the descriptor."
            )

    def commit(self, change: Change, release: VerifiedRelease | None, signer: sign.Signer | None) -> Index:
        """Create the objects of a release, then swap the index."""
        self._probe()
        current, _ = self._index()
        # Whatever forbids the release now is said before anything is sent.
        if change(current) == current and current is not None:
            return current
        created = self._create(release) if release is not None else []
        for number in range(_ROUNDS):
            current, seen = self._index()
            try:
                wanted = change(current)
            except ReleaseError:
                # The index moved on to where this release can never be listed, so its objects are nobody's.
                if release is not None and (current is None or current.entry(release.version) is None):
                    self._delete(created)
                raise
            if wanted == current or self._swap(wanted, seen, signer):
                return wanted
            time.sleep(PAUSE * number)
        raise ReleaseError(f"{self.place} changes all the time; publish again.")

    def _index(self) -> tuple[Index | None, Seen | None]:
        seen = self._objects.get(index.NAME, index.LARGEST)
        return (index.read(seen.raw, self.address(index.NAME)) if seen else None), seen

    def _swap(self, wanted: Index, seen: Seen | None, signer: sign.Signer | None) -> bool:
        """Replace the index that was seen, and sign it; False when it is another one by now."""
        raw = index.text(wanted)
        signature = signer.sign(raw, sign.INDEX) if signer else None
        if not self._objects.swap(index.NAME, raw, seen):
            return False
        if signature is not None:
            self._objects.overwrite(SIGNATURE, signature)
        return True

    def _create(self, release: VerifiedRelease) -> list[str]:
        """Create every object of a release; return those that were not there before.

        * SHA256SUMS goes first: it takes the version, and whoever builds other bytes is told before sending them.
        * What was sent before an error stays, so that the next run of the same bytes goes on from there.
        """
        too_large = [name for name, facts in release.files.items() if facts.bytes > _LARGEST]
        if too_large:
            raise ReleaseError(f"{too_large[0]} is larger than 5 GiB, which S3 does not create in one request.")
        signature = checksums.NAME + sign.SUFFIX
        extra = [signature] if (release.folder / signature).is_file() else []
        base = f"releases/{release.version}/"
        names = (checksums.NAME, *release.files, *extra)
        return [base + name for name in names if self._create_one(base + name, release.folder / name)]

    def _create_one(self, path: str, file: Path) -> bool:
        """Create an object; False when the same bytes are there already."""
        state = self._objects.create(path, file, lambda: self._holds(path, file))
        if state == "other":
            folder = self.address(path).rpartition("/")[0]
            raise ReleaseError(
                f"{self.address(path)} is there with other bytes, of a version that is not listed: somebody publishes "
                f"it at this moment, or a run was ended. Raise the version, or remove {folder} if nobody does."
            )
        return state == "new"

    def _holds(self, path: str, file: Path) -> bool | None:
        """Whether an object has the bytes of a file; None when there is no such object."""
        with tempfile.TemporaryDirectory(prefix="diplodata-") as folder:
            there = Path(folder) / "object"
            return checksums.facts(there) == checksums.facts(file) if self.fetch(path, there) else None

    def _delete(self, paths: list[str]) -> None:
        for path in reversed(paths):
            self._objects.delete(path)

    def put(self, path: str, data: bytes) -> None:
        """Write an object that may change."""
        if self.read(path, len(data) + index.LARGEST) != data:
            self._objects.overwrite(path, data)
