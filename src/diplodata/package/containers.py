"""Where the files of a package lie: a folder or a zip archive, opened without following links."""

from __future__ import annotations

import errno
import io
import os
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast

from diplodata.errors import LimitError, SourceError
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.package import paths

#: Deflate and stored: all that the standard library unpacks in bounded memory.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MIB = 1024 * 1024

#: What the standard library raises for a member that is not as the archive says.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class UnreadableFileError(Exception):
    """A file of the package cannot be opened; carries the code of the finding it becomes."""

    def __init__(self, code: str, path: str, problem: str) -> None:
        super().__init__(problem)
        self.code = code
        self.path = path
        self.problem = problem


class Container(Protocol):
    """Opens files by their path inside the package."""

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading; raises UnreadableFileError."""
        ...

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 when it cannot be opened."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...


class Folder:
    """A folder on disk.

    * A path is walked part by part below one descriptor, so nothing outside can be reached.
    * Symbolic links are refused wherever they point.
    """

    def __init__(self, root: Path) -> None:
        try:
            self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise SourceError(f"{root}: {error.strerror}.") from error

    def open(self, path: str) -> BinaryIO:
        """Open a regular file; raises UnreadableFileError."""
        _refuse_unsafe(path)
        try:
            descriptor = self._walk(path.split("/"))
        except OSError as error:
            raise _unreadable(path, error) from error
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            os.close(descriptor)
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise UnreadableFileError("scheme-error", path, f"it is {kind}")
        return cast("BinaryIO", os.fdopen(descriptor, "rb"))

    def size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 when it cannot be opened."""
        try:
            with self.open(path) as stream:
                return os.fstat(stream.fileno()).st_size
        except UnreadableFileError:
            return 0

    def _walk(self, parts: list[str]) -> int:
        here = os.dup(self._root)
        try:
            for name in parts[:-1]:
                below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
                os.close(here)
                here = below
            # O_NONBLOCK: opening a named pipe must not wait for a writer.
            return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
        except NotADirectoryError as error:
            # A link in the middle of a path gives ENOTDIR; tell it from a plain file.
            if stat.S_ISLNK(os.lstat(name, dir_fd=here).st_mode):
                raise OSError(errno.ELOOP, "symbolic link") from error
            raise
        finally:
            os.close(here)

    def close(self) -> None:
        """Close the folder."""
        os.close(self._root)


class Archive:
    """A zip archive, read member by member and never unpacked to disk.

    * Two names that are equal after Unicode and case folding are refused.
    * What a member unpacks to is counted and capped.
    """

    def __init__(self, path: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(f"{path} is not a zip archive that can be read: {error}.") from error
        members = [item for item in self._zip.infolist() if not item.is_dir()]
        if len(members) > limits.archive_members:
            raise LimitError(
                f"{path} has {len(members)} members; the limit archive_members is {limits.archive_members}."
            )
        self._members = _distinct(path, members)
        self.prefix = _prefix(list(self._members))

    def open(self, path: str) -> BinaryIO:
        """Open a member; raises UnreadableFileError."""
        _refuse_unsafe(path)
        member = self._members.get(self.prefix + path)
        if member is None:
            raise UnreadableFileError("scheme-error", path, "it is not in the archive")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UnreadableFileError("unsafe-path", path, "it is a symbolic link")
        if member.flag_bits & 1 or member.compress_type not in _METHODS:
            raise UnreadableFileError("scheme-error", path, "it is encrypted or packed by an unknown method")
        allowed = min(self._limits.member_bytes, _MIB + self._limits.archive_ratio * member.compress_size)
        try:
            stream = self._zip.open(member)
        except _DAMAGED as error:
            raise _damaged(path, error) from error
        return cast("BinaryIO", _Capped(stream, allowed, path))

    def size(self, path: str) -> int:
        """Return the unpacked size of a member in bytes; 0 when there is none."""
        member = self._members.get(self.prefix + path)
        return member.file_size if member else 0

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()


class _Capped(io.BufferedIOBase):
    """A reader that stops when more comes out of an archive than its limits allow."""

    def __init__(self, stream: IO[bytes], allowed: int, path: str) -> None:
        self._stream = stream
        self._left = allowed
        self._path = path

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            data = self._stream.read(self._left + 1 if size is None or size < 0 else size)
        except _DAMAGED as error:
            raise _damaged(self._path, error) from error
        self._left -= len(data)
        if self._left < 0:
            raise LimitError(f"{self._path} unpacks to more than the limits member_bytes and archive_ratio allow.")
        return data

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(size if size >= 0 else _MIB)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()


def _damaged(path: str, error: Exception) -> UnreadableFileError:
    return UnreadableFileError("source-error", path, f"the archive is damaged ({error})")


def _refuse_unsafe(path: str) -> None:
    reason = paths.problem(path)
    if reason:
        raise UnreadableFileError("unsafe-path", path, reason)


def _unreadable(path: str, error: OSError) -> UnreadableFileError:
    if error.errno == errno.ELOOP:
        return UnreadableFileError("unsafe-path", path, "it is or goes through a symbolic link")
    return UnreadableFileError("scheme-error", path, (error.strerror or str(error)).lower())


def _distinct(path: Path, members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    seen: set[str] = set()
    for member in members:
        folded = unicodedata.normalize("NFC", member.filename).casefold()
        if folded in seen:
            raise SourceError(f"{path} holds two members named {member.filename!r} (case aside).")
        seen.add(folded)
    return {member.filename: member for member in members}


def _prefix(names: list[str]) -> str:
    """Return the one folder that holds the descriptor, as archives of a folder have it."""
    if "datapackage.json" in names:
        return ""
    folders = [name.removesuffix("datapackage.json") for name in names if name.count("/") == 1]
    found = [folder for folder in folders if folder + "datapackage.json" in names]
    return found[0] if len(set(found)) == 1 else ""
