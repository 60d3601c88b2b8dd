"""What comes by standard input, as a file: it is kept in a temporary folder, named by what it holds."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from diplodata import strict_json
from diplodata.errors import DiplodataError, LimitError, SourceError
from diplodata.model.limits import DEFAULT_LIMITS
from diplodata.package.opened import OpenedPackage

#: The source that stands for standard input.
NAME = "-"

#: How temporary folders begin.
_FOLDER = "diplodata-stdin-"

_PORTION = 1024 * 1024

#: First bytes -> extension, for formats that are not text.
_MAGIC = {b"PAR1": ".parquet", b"SQLi": ".sqlite", b"\xd0\xcf\x11\xe0": ".xls"}

#: A member of a zip archive -> extension, for workbooks.
_WORKBOOKS = {"[Content_Types].xml": ".xlsx", "mimetype": ".ods"}


@contextmanager
def on_disk(source: str | Path) -> Iterator[str | Path]:
    """Give a source a place on disk; every other source than standard input has one.

    Raises:
        SourceError: there is nothing on standard input, or it is packed by gzip.
        LimitError: there is more than a limit allows.
    """
    if str(source) != NAME:
        yield source
        return
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as folder:
        path = _kept(sys.stdin.buffer, Path(folder) / "stdin")
        try:
            yield path
        except DiplodataError as error:
            # Nobody knows the temporary folder.
            error.args = (str(error).replace(str(path), "standard input"),)
            raise


def _kept(stream: BinaryIO, path: Path) -> Path:
    size = 0
    with path.open("wb") as target:
        while data := stream.read(_PORTION):
            size += len(data)
            if size > DEFAULT_LIMITS.member_bytes:
                raise LimitError(f"Standard input is larger than {DEFAULT_LIMITS.member_bytes} bytes, member_bytes.")
            target.write(data)
    if not size:
        raise SourceError("There is nothing on standard input.")
    return path.rename(path.with_suffix(_suffix(path)))


def _suffix(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head[:2] == b"\x1f\x8b":
        raise SourceError("What comes by standard input is packed by gzip; unpack it first.")
    if head[:4] == b"PK\x03\x04":
        return _of_archive(path)
    return _MAGIC.get(head[:4]) or _of_text(path)


def _of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return ".zip"
    return next((suffix for member, suffix in _WORKBOOKS.items() if member in names), ".zip")


def _of_text(path: Path) -> str:
    """Tell JSON, NDJSON and CSV apart: by the first mark, and by whether the first line is a JSON text of its own."""
    with path.open("rb") as stream:
        line = b"\n"
        while line and not line.strip():
            line = stream.readline(DEFAULT_LIMITS.record_bytes)
        if line.lstrip()[:1] not in (b"{", b"["):
            return ".csv"
        has_more = any(other.strip() for other in iter(lambda: stream.readline(_PORTION), b""))
    try:
        strict_json.parse(line)
    except strict_json.JsonProblemError:
        return ".ndjson" if line.rstrip().endswith((b"}", b"]")) and has_more and len(line.rstrip()) > 2 else ".json"
    return ".ndjson" if has_more else ".json"


def refuse_descriptor(opened: OpenedPackage) -> None:
    """Refuse a descriptor that came by standard input: its files would be looked for in the temporary folder.

    Raises:
        SourceError: it names files.
    """
    place = Path(opened.place)
    is_kept = place.name == "stdin.json" and place.parent.name.startswith(_FOLDER)
    if is_kept and opened.origin is None and any(item.paths for item in opened.package.resources):
        raise SourceError(f"{place} holds a descriptor, and nothing says where its files lie; name the file.")
