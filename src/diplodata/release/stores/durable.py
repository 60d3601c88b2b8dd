"""What a file system is asked for: bytes that outlast a power cut, locks, and a rename that replaces nothing."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

from diplodata.errors import ReleaseError

#: renameat2(2): fail when the new name is taken, and the folder that relative paths start from.
_NOREPLACE = 1
_AT_FDCWD = -100

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


def write(path: Path, data: bytes) -> None:
    """Write a file whose bytes are on the disk when this returns; everyone may read it, whatever the umask is."""
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        path.chmod(0o644)
        os.fsync(stream.fileno())


def sync(path: Path) -> None:
    """Have a file or folder on the disk; an error means that nobody knows what is there."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settle(folder: Path) -> None:
    """Make all of a folder readable for everyone, whatever the umask is, and have it on the disk."""
    for path in sorted(folder.rglob("*"), key=lambda item: len(item.parts), reverse=True):
        path.chmod(0o755 if path.is_dir() else 0o644)
        sync(path)
    folder.chmod(0o755)
    sync(folder)


def rename(source: Path, target: Path) -> None:
    """Rename a folder to a name that nothing has.

    Raises:
        OSError: the name is taken, or the file system refuses.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is not None:
        if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _NOREPLACE) == 0:
            return
        code = ctypes.get_errno()
        # Some file systems do not know the flag; the lock keeps other publishers away there.
        if code not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(code, os.strerror(code), str(target))
    if target.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def try_lock(folder: Path) -> int | None:
    """Return a handle that holds a folder until it is closed, or the process ends; None when another has it.

    Raises:
        ReleaseError: the file system, or the machine, has no such locks.
    """
    try:
        import fcntl
    except ImportError as error:
        raise ReleaseError("A folder is published to on Linux or macOS; on Windows, use WSL.") from error
    handle = os.open(folder, _FOLDER)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The folder that is locked may have been removed meanwhile, and another made in its place.
        if os.path.samestat(os.fstat(handle), folder.stat()):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError as error:
        os.close(handle)
        raise ReleaseError(f"{folder} cannot be locked: {error.strerror}; publish to a local disk.") from error
    os.close(handle)
    return None


def locked(folder: Path) -> int:
    """Return a handle that holds a folder that nobody else knows yet."""
    handle = try_lock(folder)
    if handle is None:
        raise ReleaseError(f"{folder} is held by somebody else.")
    return handle
