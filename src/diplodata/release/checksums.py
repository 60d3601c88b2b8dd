"""SHA256SUMS of a release: written, read back, and what differs from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from diplodata.errors import ReleaseError
from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS
from diplodata.model.release import FileFacts
from diplodata.published import sums

NAME = sums.NAME

#: What SHA256SUMS does not list: itself, and its signature, which is made of it.
_APART = (NAME, sums.SIGNATURE)


def facts(path: Path) -> FileFacts:
    """Return size and digest of a file as it lies on disk."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileFacts(stream.tell(), digest)


def facts_of(folder: Path) -> dict[str, FileFacts]:
    """Return size and digest of every file of a folder but SHA256SUMS and its signature, by path, sorted."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name: facts(folder / name) for name in found if name not in _APART}


def write(folder: Path) -> None:
    """Write SHA256SUMS over all other files of a folder, in the form that ``sha256sum -c`` takes."""
    lines = (f"{item.sha256}  {name}\n" for name, item in facts_of(folder).items())
    (folder / NAME).write_text("".join(lines), encoding="utf-8")


def read(folder: Path) -> dict[str, str]:
    """Return the digests that SHA256SUMS lists, by path.

    Raises:
        ReleaseError: there is no such file, or a line of it cannot be read.
    """
    path = folder / NAME
    if not path.is_file():
        raise ReleaseError(f"{path}: no such file, so this is no release.")
    return parse(path.read_bytes(), str(path))


def parse(raw: bytes, path: str) -> dict[str, str]:
    """Return the digests that the bytes of a SHA256SUMS list, by path.

    Args:
        raw: the bytes.
        path: where they lie, for the message.

    Raises:
        ReleaseError: a line of it cannot be read.
    """
    listed = sums.read(raw, path, DEFAULT_TRANSFER_LIMITS.files)
    for item in listed.findings:
        raise ReleaseError(item.message)
    return dict(listed.digests)


def differences(folder: Path) -> Iterator[str]:
    """Yield how a folder differs from its SHA256SUMS: absent, unlisted or changed files."""
    listed, found = read(folder), facts_of(folder)
    for name in sorted(listed.keys() | found.keys()):
        if name not in found:
            yield f"{name} is absent"
        elif name not in listed:
            yield f"{name} is not listed"
        elif listed[name] != found[name].sha256:
            yield f"{name} has the digest {found[name].sha256}, listed is {listed[name]}"
