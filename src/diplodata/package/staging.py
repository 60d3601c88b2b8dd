"""Write beside, then rename: a reader sees nothing, or all of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diplodata.errors import UsageError


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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
