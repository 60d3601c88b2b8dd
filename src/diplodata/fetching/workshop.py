"""The folder in which a release is put together: parts that can be resumed, then the whole, then one rename.

* It lies beside the folder that is asked for, under a hidden name that a later run finds again.
* One run works in it at a time.
* A file is there under its digest, so a release that shares files with an earlier one takes them from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from diplodata.errors import FetchError
from diplodata.fetching.outcome import RefusedError

_CHUNK = 1024 * 1024


class PartFile:
    """A file that is received into ``<digest>.part``, bound to its digest, size and address."""

    def __init__(self, folder: Path, sha256: str, source: str, size: int | None) -> None:
        self._path = folder / f"{sha256}.part"
        self._note = folder / f"{sha256}.json"
        self._binding = {"sha256": sha256, "source": source, "size": size}
        self._sha256 = sha256
        # O_NOFOLLOW: what stands there already may be anybody's.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._stream = os.fdopen(os.open(self._path, flags, 0o644), "r+b")
        self._tag: str | None = None
        self._reset()
        self._resume()

    def _reset(self) -> None:
        self._digest = hashlib.sha256()
        self._length = 0
        self.resumed = 0

    def _resume(self) -> None:
        """Take the bytes of an earlier run, if they are of the same file; they are digested anew."""
        note = self._read_note()
        if note is None:
            self.restart()
            return
        while data := self._stream.read(_CHUNK):
            self._digest.update(data)
            self._length += len(data)
        self.resumed = self._length
        self._tag = note

    def _read_note(self) -> str | None:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        is_bound = isinstance(note, dict) and {key: note.get(key) for key in self._binding} == self._binding
        return note["tag"] if is_bound and isinstance(note.get("tag"), str) else None

    @property
    def tag(self) -> str | None:
        """What the server calls this version of the file."""
        return self._tag

    @tag.setter
    def tag(self, tag: str | None) -> None:
        if tag != self._tag:
            self._tag = tag
            self._note.write_text(json.dumps({**self._binding, "tag": tag}), encoding="utf-8")

    @property
    def length(self) -> int:
        """Bytes that are there."""
        return self._length

    def add(self, data: bytes) -> None:
        """Write and digest bytes."""
        self._stream.write(data)
        self._digest.update(data)
        self._length += len(data)

    def restart(self) -> None:
        """Forget the bytes that are there."""
        self._stream.seek(0)
        self._stream.truncate()
        self._note.unlink(missing_ok=True)
        self._tag = None
        self._reset()

    def is_right(self) -> bool:
        """Whether the bytes have the digest that they should have."""
        return self._digest.hexdigest() == self._sha256

    @property
    def sha256(self) -> str:
        """The digest of the bytes that are there."""
        return self._digest.hexdigest()

    def finish(self) -> None:
        """Give the file the name of its digest; it has to be right."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._path.replace(self._path.with_suffix(""))
        self._note.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the bytes for a later run."""
        if not self._stream.closed:
            self._stream.close()

    def discard(self) -> None:
        """Remove the bytes."""
        self.close()
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


class Workshop:
    """The hidden folder beside a target, locked for one run."""

    def __init__(self, dest: Path) -> None:
        self.dest = dest
        self.folder = dest.with_name(f".{dest.name}.fetch")
        self._old = self.folder / "old"
        self.release = self.folder / "release"

    def __enter__(self) -> Self:
        self._lock = self._locked()
        try:
            self._recover()
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is refused is of no use to a later run; what broke off is.
        if kind is None or issubclass(kind, RefusedError):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            shutil.rmtree(self.release, ignore_errors=True)
            with suppress(OSError):
                # Nothing was received yet.
                self.folder.rmdir()
        os.close(self._lock)

    def _locked(self) -> int:
        self.dest.parent.mkdir(parents=True, exist_ok=True)
        while True:
            self.folder.mkdir(exist_ok=True)
            try:
                lock = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(lock)
                raise FetchError(f"Another fetch into {self.dest} is at work; wait for it.") from error
            # Whoever had the lock may have removed the folder that it was a lock of.
            if self._is_same(lock):
                return lock
            os.close(lock)

    def _is_same(self, lock: int) -> bool:
        try:
            return os.path.samestat(os.fstat(lock), self.folder.stat())
        except FileNotFoundError:
            return False

    def _recover(self) -> None:
        """Bring back what a run that was killed between two renames took away."""
        if self._old.exists() and not self.dest.exists():
            self._old.rename(self.dest)
        shutil.rmtree(self._old, ignore_errors=True)
        shutil.rmtree(self.release, ignore_errors=True)

    def part(self, sha256: str, source: str, size: int | None) -> PartFile:
        """Return the part of a file, with what an earlier run received of it."""
        return PartFile(self.folder, sha256, source, size)

    def has(self, sha256: str) -> bool:
        """Whether a file is there as a whole, with the digest that it should have."""
        return _digest(self.folder / sha256) == sha256

    def adopt(self, path: str, sha256: str) -> bool:
        """Take a file from the target when it has the digest that is asked for."""
        place = self.dest / path
        if place.is_symlink() or _digest(place) != sha256:
            return False
        shutil.copyfile(place, self.folder / sha256)
        _sync(self.folder / sha256)
        return self.has(sha256)

    def text(self, sha256: str) -> bytes:
        """Return the bytes of a small file that is there as a whole."""
        return (self.folder / sha256).read_bytes()

    def put(self, path: str, sha256: str) -> None:
        """Put a file that is there as a whole at its place in the release; it stays for other places."""
        target = self.release / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self.folder / sha256, target)
        except OSError:
            # Some file systems have no links.
            shutil.copyfile(self.folder / sha256, target)
            _sync(target)

    def write(self, path: str, data: bytes) -> None:
        """Write a small file at its place in the release."""
        target = self.release / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def commit(self) -> None:
        """Put the release in the place of the target."""
        for folder in sorted((path for path in self.release.rglob("*") if path.is_dir()), reverse=True):
            _sync(folder)
        _sync(self.release)
        if self.dest.exists():
            # An empty folder is replaced by the rename itself; one that is filled meanwhile keeps it from happening.
            if any(self.dest.iterdir()):
                self.dest.rename(self._old)
            else:
                self.dest.rmdir()
        self.release.rename(self.dest)
        _sync(self.dest.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str | None:
    """Return the digest of a file; None when there is none."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
