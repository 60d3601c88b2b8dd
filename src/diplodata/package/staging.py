"""Write beside, then rename: a reader sees nothing, or all of it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from diplodata.errors import StagingError, UsageError


@contextmanager
def folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target; it becomes the target when the block ends well.

    Raises:
        UsageError: the target exists and is no empty folder.
    """
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise UsageError(f"{target} exists already; choose another target, or remove it first.")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    try:
        yield beside
        beside.chmod(0o777 & ~_umask())
        # Renaming a folder onto an empty one replaces it; onto a filled one it fails.
        beside.rename(target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def file(target: Path) -> Iterator[Path]:
    """Give a path beside the target; the file becomes the target when the block ends well.

    Raises:
        UsageError: the target exists.
    """
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} exists already; choose another target, or remove it first.")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield beside
        os.link(beside, target)
    except FileExistsError as error:
        raise UsageError(f"{target} appeared meanwhile; nothing was changed.") from error
    finally:
        beside.unlink(missing_ok=True)


def exchange(root: Path, files: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Give files below a folder other bytes: all of them, or none.

    * Everything is written beside first, so that what can fail has failed before the first file changes.
    * Owner, group and permissions stay.

    Args:
        root: the folder.
        files: path below it -> the bytes that it has and those that it gets, in the order in which they change.

    Raises:
        StagingError: a file cannot be written, or is no longer what it was; nothing was changed.
    """
    written: dict[Path, Path] = {}
    try:
        for name, (before, after) in files.items():
            target = root / name
            if target.is_symlink():
                raise StagingError(f"{target} is a symbolic link, which is not followed; nothing was written.")
            if target.read_bytes() != before:
                raise StagingError(f"{target} changed meanwhile; nothing was written.")
            written[target] = target.with_name(f".{target.name}.{os.getpid()}.part")
            _write_like(target, written[target], after)
        _rename(written, {root / name: before for name, (before, _) in files.items()})
    except OSError as error:
        problem = (error.strerror or str(error)).lower()
        raise StagingError(f"{error.filename} cannot be written: {problem}; nothing was changed.") from error
    finally:
        for beside in written.values():
            beside.unlink(missing_ok=True)


def _rename(written: Mapping[Path, Path], before: Mapping[Path, bytes]) -> None:
    done: list[Path] = []
    try:
        for target, beside in written.items():
            beside.replace(target)
            done.append(target)
    except BaseException:
        for target in done:
            beside = written[target]
            _write_like(target, beside, before[target])
            beside.replace(target)
        raise


def _write_like(target: Path, beside: Path, data: bytes) -> None:
    """Write a new file with the owner and permissions of another one."""
    state = target.stat()
    # O_EXCL: whatever stands there already, a link too, is nobody's to write through.
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        if (os.geteuid(), os.getegid()) != (state.st_uid, state.st_gid):
            with suppress(PermissionError):
                os.fchown(stream.fileno(), state.st_uid, state.st_gid)
        os.fchmod(stream.fileno(), stat.S_IMODE(state.st_mode))
        os.fsync(stream.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
