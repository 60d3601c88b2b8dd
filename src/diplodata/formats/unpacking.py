"""Files packed by gzip: unpacked as they are read, up to what the limits allow."""

from __future__ import annotations

import gzip
import zlib
from typing import BinaryIO, cast

from diplodata.formats.refusal import ReadingError
from diplodata.formats.text_table import HashingStream
from diplodata.model.limits import DEFAULT_LIMITS, Limits
from diplodata.model.package import Resource

_MIB = 1024 * 1024


def is_packed(resource: Resource) -> bool:
    """Whether the file of a resource is packed by gzip, by its name or by what is declared of it."""
    return resource.place.lower().endswith(".gz") or resource.descriptor.get("compression") == "gz"


class Unpacked:
    """What a packed file holds, read from a stream that hashes the file itself."""

    def __init__(self, stream: HashingStream, limits: Limits = DEFAULT_LIMITS) -> None:
        self._stream = stream
        self._limits = limits
        self._file = gzip.GzipFile(fileobj=cast("BinaryIO", stream))
        self._size = 0

    def read(self, size: int = _MIB) -> bytes:
        """Read up to that many bytes.

        Raises:
            ReadingError: the file is damaged, or unpacks to more than the limits allow.
        """
        try:
            data = self._file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise ReadingError(f"it is no gzip file that can be unpacked ({error})") from error
        self._size += len(data)
        if self._size > min(self._limits.member_bytes, _MIB + self._limits.archive_ratio * self._stream.bytes):
            problem = "it unpacks to more than the limits member_bytes and archive_ratio allow"
            raise ReadingError(problem, "archive_ratio")
        return data
