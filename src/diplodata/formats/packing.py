"""A file of a package as the bytes that were packed into it: gzip, or a zip archive of one table."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO, cast

from diplodata.catalogue import finding
from diplodata.formats.refusal import PackedFileError, UnknownCompressionError
from diplodata.formats.text_table import HashingStream
from diplodata.model.finding import Finding
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.model.package import Resource

_MIB = 1024 * 1024

#: Bytes of an archive that are held in memory; a larger one becomes a temporary file.
_HELD = 64 * _MIB

#: What the readers of packed bytes raise when the bytes are damaged, cut, encrypted or packed by an unknown method.
_DAMAGE = (OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)


def compression_of(resource: Resource, path: str) -> str:
    """Return ``gz``, ``zip``, another declared compression, or the empty text.

    What is declared decides, as it does for frictionless; without it the extension. ``no`` declares nothing.
    """
    declared = resource.descriptor.get("compression")
    if isinstance(declared, str) and declared not in ("", "no"):
        return declared.lower()
    extension = path.lower().rpartition(".")[2]
    return extension if extension in _UNPACKING else ""


def told(error: PackedFileError, resource: Resource, path: str) -> Finding:
    """Say in one finding why a file cannot be unpacked."""
    place: dict[str, Any] = {"resource": resource.name, "path": path}
    if isinstance(error, UnknownCompressionError):
        return finding("format-error", value=error.problem, **place)
    code = "limit-exceeded" if error.limit else "source-error"
    return finding(code, {"problem": error.problem}, limit=error.limit, **place)


def unpacked(stream: HashingStream, resource: Resource, path: str, limits: Limits = DEFAULT_LIMITS) -> BinaryIO:
    """Return a stream of what is packed in another one, or that one itself.

    Args:
        stream: the bytes on disk.
        resource: says how they are packed, and which member of an archive is meant.
        path: the file.
        limits: how much may come out.

    Raises:
        PackedFileError: it cannot be unpacked, or far more comes out than went in; reading from the stream may raise
            it as well.
    """
    compression = compression_of(resource, path)
    if not compression:
        return cast("BinaryIO", stream)
    if compression not in _UNPACKING:
        raise UnknownCompressionError(compression)
    try:
        inner = _UNPACKING[compression](stream, resource, limits)
    except _DAMAGE as error:
        raise PackedFileError(f"it is no archive that can be unpacked ({error})") from error
    return cast("BinaryIO", io.BufferedReader(_Unpacked(inner, stream, limits)))


def _gzip(stream: HashingStream, _: Resource, __: Limits) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=cast("BinaryIO", stream)))


def _zip(stream: HashingStream, resource: Resource, limits: Limits) -> IO[bytes]:
    """Open the member that is named, or the first one."""
    # An archive is read from its end, and a stream is not.
    copy = tempfile.SpooledTemporaryFile(_HELD, prefix="diplodata-")  # noqa: SIM115 - closed with the last reference
    shutil.copyfileobj(stream, copy, _MIB)
    archive = zipfile.ZipFile(copy)
    members = archive.infolist()
    if len(members) > limits.archive_members:
        raise PackedFileError("its archive has more members than the limit archive_members allows", "archive_members")
    names = [item.filename for item in members if not item.is_dir()]
    inner = resource.descriptor.get("innerpath") or (names[0] if names else None)
    if inner not in names:
        raise PackedFileError(f"its archive has no {inner}" if inner else "its archive is empty")
    return archive.open(inner)


#: Compression -> how it is opened.
_UNPACKING: dict[str, Callable[[HashingStream, Resource, Limits], IO[bytes]]] = {"gz": _gzip, "zip": _zip}


class _Unpacked(io.RawIOBase):
    """Stops when far more comes out than went in."""

    def __init__(self, inner: IO[bytes], outer: HashingStream, limits: Limits) -> None:
        self._inner = inner
        self._outer = outer
        self._limits = limits
        self._size = 0

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(min(len(buffer), _MIB))
        except _DAMAGE as error:
            raise PackedFileError(f"it is no archive that can be unpacked ({error})") from error
        self._size += len(data)
        for limit, allowed in self._allowed():
            if self._size > allowed:
                raise PackedFileError(f"it unpacks to more than the limit {limit} allows", limit)
        buffer[: len(data)] = data
        return len(data)

    def _allowed(self) -> tuple[tuple[str, int], ...]:
        return (
            ("archive_ratio", _MIB + self._limits.archive_ratio * self._outer.bytes),
            ("member_bytes", self._limits.member_bytes),
        )

    def readable(self) -> bool:
        return True
