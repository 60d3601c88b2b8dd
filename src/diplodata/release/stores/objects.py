"""Objects in a store that speaks S3, through obstore: each request is tried until there is an answer.

An answer may be lost after the request was carried out. So whoever is refused looks whether it is their own bytes that
are there.
"""

from __future__ import annotations

import mimetypes
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from diplodata.errors import MissingExtraError, ReleaseError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Store

#: How often a request is tried, and the seconds before the second time, which double.
TRIES = 6
PAUSE = 0.2

_FOREVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=60"

#: Endings that the system may not know, or not alike everywhere.
_TYPES = {
    ".atom": "application/atom+xml",
    ".cff": "application/yaml",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xml": "application/xml",
    "": "text/plain; charset=utf-8",
}

#: Endings of files that a browser carries out where it finds them, and those of them that publishing writes.
_ACTIVE = (".htm", ".html", ".js", ".mht", ".mjs", ".shtml", ".svg", ".svgz", ".xht", ".xhtml", ".xml", ".xsl")
_OURS = re.compile(r"index\.html|sitemap\.xml|releases/[^/]+/index\.html")

Answer = TypeVar("Answer")


class _ConflictError(Exception):
    """Two requests met (409), and neither was carried out for certain."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as it was read, and what a later condition names it by."""

    raw: bytes
    tag: str | None


class Objects:
    """The objects below a prefix of a bucket."""

    def __init__(self, place: str, bucket: str, prefix: str) -> None:
        self._place = place
        self._store = _opened(bucket, prefix)

    def get(self, path: str, limit: int) -> Seen | None:
        """Return an object; None when there is none."""
        import obstore

        def ask() -> Seen | None:
            try:
                answer = obstore.get(self._store, path)
            except FileNotFoundError:
                return None
            if answer.meta["size"] > limit:
                raise ReleaseError(f"{self._place}/{path} is larger than {limit} bytes.")
            return Seen(bytes(answer.bytes()), answer.meta["e_tag"])

        return self._tried(ask, f"{self._place}/{path} cannot be read")

    def fetch(self, path: str, target: Path) -> bool:
        """Copy an object to a place on this machine, part by part; False when there is none."""
        import obstore

        def ask() -> bool:
            try:
                answer = obstore.get(self._store, path)
            except FileNotFoundError:
                return False
            with target.open("wb") as stream:
                for part in answer.stream(min_chunk_size=2**20):
                    stream.write(part)
            return True

        return self._tried(ask, f"{self._place}/{path} cannot be read")

    def create(self, path: str, file: Path, same: Callable[[], bool | None]) -> Literal["new", "same", "other"]:
        """Create an object.

        Args:
            path: its name.
            file: its bytes.
            same: whether an object of that name has these bytes; None when there is none.
        """
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        def ask() -> Literal["new", "same", "other"]:
            try:
                obstore.put(self._store, path, file, mode="create", attributes=_attributes(path, _FOREVER))
            except (AlreadyExistsError, PreconditionError) as error:
                found = same()
                if found is None:
                    raise _ConflictError(f"{error}") from error
                return "same" if found else "other"
            return "new"

        return self._tried(ask, f"{self._place}/{path} cannot be written")

    def swap(self, path: str, data: bytes, seen: Seen | None) -> bool:
        """Replace an object that is still as it was seen; False when it is not."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        mode: Any = "create" if seen is None else {"e_tag": seen.tag}

        def ask() -> bool:
            try:
                obstore.put(self._store, path, data, mode=mode, attributes=_attributes(path, _SHORTLY))
            except (AlreadyExistsError, PreconditionError) as error:
                there = self.get(path, 2**40)
                if there == seen:
                    raise _ConflictError(f"{error}") from error
                return there is not None and there.raw == data
            return True

        return self._tried(ask, f"{self._place}/{path} cannot be written")

    def overwrite(self, path: str, data: bytes) -> None:
        """Write an object, whatever is there."""
        import obstore

        def ask() -> None:
            obstore.put(self._store, path, data, attributes=_attributes(path, _SHORTLY), use_multipart=False)

        self._tried(ask, f"{self._place}/{path} cannot be written")

    def delete(self, path: str) -> None:
        """Remove an object, if that can be done; what cannot be removed is in nobody's way."""
        import obstore

        def ask() -> None:
            with suppress(FileNotFoundError):
                obstore.delete(self._store, path)

        with suppress(ReleaseError):
            self._tried(ask, f"{self._place}/{path} cannot be removed")

    def probe(self) -> None:
        """Refuse a store that ignores conditions: it would let the later of two publishers win unseen.

        Raises:
            ReleaseError: it does.
        """
        path = f".probe/{secrets.token_hex(16)}"
        stale = {"e_tag": f'"{"0" * 32}"'}
        try:
            self._is_carried_out(path, "create")
            again = self._is_carried_out(path, "create")
            over = self._is_carried_out(path, stale)
        finally:
            self.delete(path)
        # An answer to the first request may have been lost, so only the others count.
        if again or over:
            raise ReleaseError(
                f"{self._place} is not published to: the store overwrites objects although the request forbids it "
                "(If-None-Match, If-Match), so that one publisher could undo the work of another."
            )

    def _is_carried_out(self, path: str, mode: Any) -> bool:
        import obstore
        from obstore.exceptions import AlreadyExistsError, NotSupportedError, PreconditionError

        def ask() -> bool:
            try:
                obstore.put(self._store, path, secrets.token_bytes(8), mode=mode)
            except (AlreadyExistsError, PreconditionError):
                if self.get(path, 2**20) is None:
                    raise _ConflictError("it is neither there nor created") from None
                return False
            except NotSupportedError as error:
                raise ReleaseError(f"{self._place} is not published to: the store knows no conditions.") from error
            return True

        return self._tried(ask, f"{self._place} cannot be written to")

    def _tried(self, ask: Callable[[], Answer], problem: str) -> Answer:
        """Ask until there is an answer."""
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        for number in range(TRIES):
            try:
                return ask()
            except (PermissionDeniedError, UnauthenticatedError) as error:
                raise ReleaseError(f"{problem}: access is denied.") from error
            except FileNotFoundError as error:
                raise ReleaseError(f"{problem}: there is no such bucket.") from error
            except (BaseError, OSError, _ConflictError) as error:
                if number + 1 == TRIES:
                    raise ReleaseError(f"{problem}, after {TRIES} tries: {_said(error)}") from error
                time.sleep(PAUSE * 2**number)
        raise AssertionError("the last try ends in an answer or an error")


def _said(error: Exception) -> str:
    """Return the first line of what a library says, without what it appends for its developers."""
    return str(error).partition("\n")[0][:300]


def _opened(bucket: str, prefix: str) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise MissingExtraError("Publishing to a bucket needs the extra s3: pip install 'diplodata[s3]'.") from error
    # The tries are counted here, where a conflict (409) is tried again as well.
    retry: RetryConfig = {"max_retries": 0, "retry_timeout": timedelta(seconds=180)}
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
    client: ClientConfig = {"timeout": timedelta(minutes=30)}
    if endpoint.startswith("http://"):
        # Whoever names an address without TLS means it.
        client["allow_http"] = True
    return S3Store(bucket, prefix=prefix or None, client_options=client, retry_config=retry)


def _attributes(path: str, cache: str) -> Any:
    return {"Content-Type": content_type(path), "Cache-Control": cache}


def content_type(path: str) -> str:
    """Return what an object is served as: pages are ours alone, and a page among the data is only downloaded."""
    suffix = Path(path).suffix.lower()
    if suffix in _ACTIVE and not _OURS.fullmatch(path):
        return "application/octet-stream"
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
