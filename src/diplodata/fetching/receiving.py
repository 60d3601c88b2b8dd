"""The files of one release, received one after the other; each is right before the next one begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from diplodata.errors import AbsentError, SizeError
from diplodata.fetching import target
from diplodata.fetching.workshop import PartFile, Workshop
from diplodata.model.limits import TransferLimits
from diplodata.published import record, sums
from diplodata.published.places import Place
from diplodata.remote.transfer import Wanted

#: Is told the path of a file, the bytes of it that are there, and its size if that is known.
Progress = Callable[[str, int, int | None], None]


def quiet(_path: str, _there: int, _size: int | None) -> None:
    """Say nothing of the progress."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """What receives the files of a release into a workshop."""

    place: Place
    workshop: Workshop
    limits: TransferLimits
    progress: Progress
    #: Folder of the release, seen from the place.
    at: str
    digests: Mapping[str, str]

    def receive(self, path: str, size: int | None = None, most: int | None = None) -> int:
        """Receive a file, unless it is there; return the bytes that came.

        Args:
            path: the file, as SHA256SUMS lists it.
            size: its size, where that is known.
            most: bytes at which it is given up when it is not.

        Raises:
            RefusedError: it is not there, or has other bytes than are listed.
            FetchError: it does not come.
        """
        sha256 = self.digests[path]
        if self.workshop.has(sha256) or self.workshop.adopt(path, sha256):
            self.progress(path, size or 0, size)
            return 0
        source = f"{self.place.name}{'' if self.place.name.endswith('/') else '/'}{self.at}{path}"
        part = self.workshop.part(sha256, source, size)
        try:
            return self._receive(part, path, Wanted(size, most or self.limits.file_bytes))
        finally:
            part.close()

    def _receive(self, part: PartFile, path: str, wanted: Wanted) -> int:
        """Receive a file; if it was resumed and is wrong, once more as a whole."""
        told = _Told(part, self.progress, path, wanted.size)
        self._copy(told, path, wanted)
        came = part.length - part.resumed
        if not part.is_right():
            part.restart()
            self._copy(told, path, wanted)
            came += part.length
        if not part.is_right():
            self._refuse(part, path)
        part.finish()
        return came

    def _copy(self, sink: _Told, path: str, wanted: Wanted) -> None:
        try:
            self.place.copy(self.at + path, sink, wanted)
        except AbsentError as error:
            raise target.missing(self.place, self.at + path) from error
        except SizeError as error:
            raise target.resized(self.place, self.at + path, wanted.size or 0, record.NAME) from error

    def _refuse(self, part: PartFile, path: str) -> None:
        part.discard()
        raise target.different(self.place, self.at + path, part.sha256, self.digests[path], sums.NAME)


class _Told:
    """A part of a file that tells of its progress."""

    def __init__(self, part: PartFile, progress: Progress, path: str, size: int | None) -> None:
        self._part = part
        self._progress = progress
        self._path = path
        self._size = size

    @property
    def tag(self) -> str | None:
        return self._part.tag

    @tag.setter
    def tag(self, tag: str | None) -> None:
        self._part.tag = tag

    @property
    def length(self) -> int:
        return self._part.length

    def add(self, data: bytes) -> None:
        self._part.add(data)
        self._progress(self._path, self._part.length, self._size)

    def restart(self) -> None:
        self._part.restart()
