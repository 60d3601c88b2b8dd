"""A file of a package as the bytes that were packed into it: gzip, or a zip archive of one table."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, BinaryIO, cast

from diplodata.errors import LimitError
from diplodata.formats.text_table import HashingStream
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.model.package import Resource

_MIB = 1024 * 1024

#: What the readers of packed bytes raise when the bytes are damaged, cut, encrypted or packed by an unknown method.
_DAMAGE = (OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)


class PackedFileError(Exception):
    """A packed file cannot be unpacked; its text completes the sentence "it cannot be read: …"."""


def compression_of(resource: Resource, path: str) -> str:
    """Return ``gz``, ``zip``, another declared compression, or the empty text.

    What is declared decides, as it does for frictionless; without it the extension.
    """
    declared = resource.descriptor.get("compression")
    if isinstance(declared, str) and declared:
        return declared.lower()
    extension = path.lower().rpartition(".")[2]
    return extension if extension in _UNPACKING else ""


def is_known(compression: str) -> bool:
    """Whether files of that compression are read."""
    return compression in ("", *_UNPACKING)


def unpacked(stream: HashingStream, resource: Resource, path: str, limits: Limits = DEFAULT_LIMITS) -> BinaryIO:
    """Return a stream of what is packed in another one, or that one itself.

    Args:
        stream: the bytes on disk.
        resource: says how they are packed, and which member of an archive is meant.
        path: the file, for messages.
        limits: how much may come out.

    Raises:
        PackedFileError: it cannot be unpacked; reading from the stream may raise it as well.
        LimitError: far more comes out than went in; raised by reading.
    """
    open_packed = _UNPACKING.get(compression_of(resource, path))
    if open_packed is None:
        return cast("BinaryIO", stream)
    try:
        inner = open_packed(stream, resource)
    except _DAMAGE as error:
        raise PackedFileError(f"it is no archive that can be unpacked ({error})") from error
    return cast("BinaryIO", io.BufferedReader(_Unpacked(inner, stream, path, limits)))


def _gzip(stream: HashingStream, _: Resource) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=cast("BinaryIO", stream)))


def _zip(stream: HashingStream, resource: Resource) -> IO[bytes]:
    """Open the member that is named, or the first one."""
    archive = zipfile.ZipFile(io.BytesIO(stream.read()))
    names = [item.filename for item in archive.infolist() if not item.is_dir()]
    inner = resource.descriptor.get("innerpath") or (names[0] if names else None)
    if inner not in names:
        raise PackedFileError(f"its archive has no {inner}" if inner else "its archive is empty")
    return archive.open(inner)


#: Compression -> how it is opened.
_UNPACKING: dict[str, Callable[[HashingStream, Resource], IO[bytes]]] = {"gz": _gzip, "zip": _zip}


class _Unpacked(io.RawIOBase):
    """Stops when far more comes out than went in."""

    def __init__(self, inner: IO[bytes], outer: HashingStream, path: str, limits: Limits) -> None:
        self._inner = inner
        self._outer = outer
        self._path = path
        self._limits = limits
        self._size = 0

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(min(len(buffer), _MIB))
        except _DAMAGE as error:
            raise PackedFileError(f"it is no archive that can be unpacked ({error})") from error
        self._size += len(data)
        if self._size > min(self._limits.member_bytes, _MIB + self._limits.archive_ratio * self._outer.bytes):
            raise LimitError(f"{self._path} unpacks to more than the limits member_bytes and archive_ratio allow.")
        buffer[: len(data)] = data
        return len(data)

    def readable(self) -> bool:
        return True
