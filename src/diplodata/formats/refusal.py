"""Why a file is not read to its end."""

from __future__ import annotations


class ReadingError(Exception):
    """A file cannot be read to its end."""

    def __init__(self, problem: str, limit: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        #: The limit that it went beyond, if it was that.
        self.limit = limit


class PackedFileError(ReadingError):
    """A file cannot be unpacked, so nothing is known of what it holds."""


class UnknownCompressionError(PackedFileError):
    """A file is packed in a way that is not read; its text names the way."""
