"""Where releases lie: a folder or a web address, behind the same few questions."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from diplodata.errors import AbsentError, FetchError, LimitError, SizeError, UnsafePathError
from diplodata.model.limits import TransferLimits
from diplodata.package.containers import Folder, UnreadableFileError
from diplodata.remote import address as addresses
from diplodata.remote import client as clients
from diplodata.remote.clock import Clock
from diplodata.remote.sinks import Memory, Sink
from diplodata.remote.transfer import Wanted, receive

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies below a folder."""

    #: Paths of regular files, sorted.
    files: tuple[str, ...]
    #: Path and kind of everything else but folders.
    odd: tuple[tuple[str, str], ...] = ()


class OddFileError(UnsafePathError):
    """What stands at a path is no file that is read: a link, a folder, a device."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} is not read: {problem}.")
        self.problem = problem


class Place(Protocol):
    """A folder with one release or many."""

    @property
    def name(self) -> str:
        """What messages call it; what a partly received file is bound to."""
        ...

    @property
    def can_list(self) -> bool:
        """Whether it says which files it holds."""
        ...

    def copy(self, path: str, sink: Sink, wanted: Wanted) -> None:
        """Give the bytes of a file; raises AbsentError, OddFileError, SizeError, LimitError, FetchError."""
        ...

    def listing(self, path: str) -> Listing | None:
        """Return what lies below a path; None when that cannot be known."""
        ...

    def parent(self) -> Place | None:
        """Return the place that holds this one, to be closed by the caller."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...


class FolderPlace:
    """A folder on disk, in which no symbolic link is followed."""

    can_list = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = Folder(root)

    @property
    def name(self) -> str:
        """The path of the folder."""
        return str(self._root)

    def copy(self, path: str, sink: Sink, wanted: Wanted) -> None:
        """Read a file from its start; what the sink has already is read again."""
        sink.restart()
        most = wanted.most if wanted.size is None else wanted.size
        try:
            with self._folder.open(path) as stream:
                while data := stream.read(_CHUNK):
                    if sink.length + len(data) > most:
                        raise _too_long(self._root / path, wanted)
                    sink.add(data)
        except UnreadableFileError as error:
            raise _unreadable(self._root / path, error) from error
        if wanted.size is not None and sink.length != wanted.size:
            raise SizeError(f"{self._root / path} has {sink.length} bytes, and should have {wanted.size}.")

    def listing(self, path: str) -> Listing:
        """Return what lies below a path."""
        found = sorted(_walk(self._root / path, ""))
        odd = tuple((name, kind) for name, kind in found if kind)
        return Listing(tuple(name for name, kind in found if not kind), odd)

    def parent(self) -> FolderPlace | None:
        """Return the folder that holds this one."""
        above = self._root.resolve().parent
        return FolderPlace(above) if above != self._root.resolve() else None

    def close(self) -> None:
        """Close the folder."""
        self._folder.close()


def _walk(folder: Path, before: str) -> Iterator[tuple[str, str]]:
    """Yield every path below a folder that is no folder, and what it is when it is no regular file."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except FileNotFoundError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, f"{before}{entry.name}/")
        else:
            yield before + entry.name, _kind(entry.stat(follow_symlinks=False).st_mode)


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    return "a symbolic link" if stat.S_ISLNK(mode) else "not a regular file"


def _too_long(path: Path, wanted: Wanted) -> FetchError | LimitError:
    if wanted.size is None:
        return LimitError(f"{path} has more than {wanted.most} bytes, the limit for it.")
    return SizeError(f"{path} has more than {wanted.size} bytes, which it should have.")


def _unreadable(path: Path, error: UnreadableFileError) -> FetchError | OddFileError:
    cause = error.__cause__
    if error.code == "unsafe-path" or cause is None:
        return OddFileError(str(path), error.problem)
    if isinstance(cause, FileNotFoundError | NotADirectoryError):
        return AbsentError(f"{path}: no such file.")
    return FetchError(f"{path} cannot be read: {error.problem}.")


class WebPlace:
    """A folder at a web address."""

    can_list = False

    def __init__(self, address: addresses.Address, client: clients.Client) -> None:
        self._address = address
        self._client = client

    @property
    def name(self) -> str:
        """The address of the folder."""
        return str(self._address)

    def copy(self, path: str, sink: Sink, wanted: Wanted) -> None:
        """Receive a file, beginning where the sink ends."""
        receive(self._client, self._address.below(path), sink, wanted)

    def listing(self, path: str) -> None:
        """Return nothing: a web server lists no files that could be relied upon."""

    def parent(self) -> WebPlace | None:
        """Return the folder above, asked by the same client."""
        above = self._address.parent
        return WebPlace(above, self._client) if above else None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def is_address(text: str) -> bool:
    """Whether a text is meant as an address, not as a path."""
    return "://" in text


def open_place(text: str, limits: TransferLimits, clock: Clock, resolver: clients.Resolver = clients.resolve) -> Place:
    """Open a folder or a web address, which may be given by its index.json.

    Raises:
        FetchError: it is neither.
        SourceError: the folder cannot be opened.
    """
    if text.endswith("/index.json"):
        text = text.removesuffix("index.json")
    if is_address(text):
        address = addresses.base(text)
        return WebPlace(address, clients.Client(address, limits, clock, resolver))
    if not Path(text).is_dir():
        raise FetchError(f"{text}: no such folder; a place is a folder, or begins with http:// or https://.")
    return FolderPlace(Path(text))


def read(place: Place, path: str, most: int, size: int | None = None) -> bytes:
    """Return a small file as a whole; raises what ``Place.copy`` raises."""
    sink = Memory()
    place.copy(path, sink, Wanted(size, most))
    return bytes(sink.data)
