"""A file of a package that is read in a process of its own, while it is hashed here."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from diplodata.catalogue import finding
from diplodata.formats import packing
from diplodata.formats.refusal import PackedFileError, ReadingError
from diplodata.formats.text_table import Facts, HashingStream, Opener, algorithms
from diplodata.model.finding import Finding
from diplodata.model.package import Resource

if TYPE_CHECKING:
    from diplodata.formats.reader_process import ReaderPool

_MIB = 1024 * 1024

#: Bytes of a file that are hashed while its reader makes the next frame.
_HASHED = 4 * _MIB

#: Name under which the processes are kept with the package.
_KEPT = "readers"

#: Formats that are read in a process of their own.
FORMATS = ("ods", "parquet", "sqlite", "xls", "xlsx")


def get_ready(opener: Opener, resources: Iterable[Resource]) -> None:
    """Start a reader when there is a file for it, so that it is there when the file is asked for."""
    formats = [resource.format for resource in resources if resource.format in FORMATS and resource.paths]
    if formats:
        _pool(opener).start(formats[0])


def _pool(opener: Opener) -> ReaderPool:
    # Packages without such files need not wait for the modules that start processes.
    from diplodata.formats.reader_process import ReaderPool

    return opener.keep(_KEPT, ReaderPool)


class Isolated:
    """One pass over a file; ``findings`` says what went wrong, and ``facts`` is complete, when it is over."""

    def __init__(self, opener: Opener, resource: Resource, request: Mapping[str, Any], code: str) -> None:
        self._opener = opener
        self._resource = resource
        self._request = request
        self._code = code
        self.facts = Facts()
        self.findings: list[Finding] = []
        self.has_failed = False
        self._stream: HashingStream | None = None
        self._frames: Iterator[tuple[int, pa.Buffer]] = iter(())

    def header(self) -> Mapping[str, Any] | None:
        """Return what the reader says of the file first; None when it cannot read the file."""
        if len(self._resource.paths) > 1:
            self.refuse("it has several parts, which only text can have")
            return None
        file = self._opener.open(self._resource.place)
        self._stream = HashingStream(file, algorithms(self._resource.descriptor))
        pool = _pool(self._opener)
        try:
            if _has_descriptor(file) and not packing.compression_of(self._resource, self._resource.place):
                self._frames = pool.frames(file.fileno(), self._request)
            else:
                spool = self._spooled()
                self._frames = _closing(spool, pool.frames(spool.fileno(), self._request))
            _, content = next(self._frames)
        except PackedFileError as error:
            self.has_failed = True
            self.findings.append(packing.told(error, self._resource, self._resource.place))
            self.finish()
            return None
        except ReadingError as error:
            self.refuse(error.problem, error.limit)
            self.finish()
            return None
        header: Mapping[str, Any] = json.loads(content.to_pybytes())
        return header

    def _spooled(self) -> BinaryIO:
        """Copy the file to where a reader can go back and forth in it."""
        assert self._stream is not None
        stream = packing.unpacked(self._stream, self._resource, self._resource.place)
        spool = tempfile.TemporaryFile(prefix="diplodata-")  # noqa: SIM115 - closed when the reader is done
        while data := stream.read(_MIB):
            spool.write(data)
        spool.flush()
        return spool

    def contents(self) -> Iterator[pa.Buffer]:
        """Yield the contents of the frames behind the header."""
        assert self._stream is not None
        try:
            for _, content in self._frames:
                yield content
                self._stream.read(_HASHED)
        except ReadingError as error:
            self.refuse(error.problem, error.limit)
        except GeneratorExit:
            self._stream.close()
            raise
        self.finish()

    def refuse(self, problem: str, limit: str | None = None) -> None:
        """Say that the file is not read, and why."""
        self.has_failed = True
        place = self._resource.place
        code = "limit-exceeded" if limit else self._code
        message = f"{place} cannot be read: {problem}." if code == "format-error" else None
        members = {"resource": self._resource.name, "path": place, "limit": limit, "message": message}
        self.findings.append(finding(code, {"problem": problem}, **members))

    def finish(self) -> None:
        """Hash what is left."""
        if self._stream is not None and not self._stream.closed:
            self._stream.fill(self.facts)
            self._stream.close()


def _has_descriptor(file: BinaryIO) -> bool:
    try:
        file.fileno()
    except (AttributeError, io.UnsupportedOperation):
        return False
    return True


def _closing(file: BinaryIO, frames: Iterator[tuple[int, pa.Buffer]]) -> Iterator[tuple[int, pa.Buffer]]:
    """Close a file when all has been said of it."""
    with file:
        yield from frames
